/**
 * The script of the page. esbuild bundles the modules in `page/` for the first report. The result is kept until one of them
 * changes, so there is nothing to build and nothing to forget.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Returns the script, from the cache if nothing has changed. Does not load esbuild then. */
export function pageScript(file = CACHE_FILE): string {
  const cached = readCache(file);
  if (cached !== null) return cached;
  const { inputs, script } = bundle();
  writeCache(file, { inputs, key: keyOf(inputs), script });
  return script;
}

// --- internal ---

interface Bundle {
  /** The files of this project that the script is made from. */
  readonly inputs: readonly string[];
  readonly script: string;
}

/** `key` is a hash of what the inputs held. */
interface CachedBundle extends Bundle {
  readonly key: string;
}

const PROJECT = join(__dirname, "../../..");
const CACHE_FILE = join(PROJECT, "node_modules/.cache/workflow/report-page.json");

function bundle(): Bundle {
  // Its synchronous form leaves no process behind.
  const { buildSync } = require("esbuild") as typeof import("esbuild");
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: PROJECT,
    entryPoints: [require.resolve("./page/page.ts")],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2023",
    // The report names the licences itself.
    legalComments: "none",
    tsconfigRaw: "{}",
    metafile: true,
    write: false,
  });
  const own = Object.keys(metafile.inputs).filter((path) => !path.startsWith("node_modules/"));
  // The versions of the packages are in package.json.
  return { inputs: ["package.json", ...own], script: outputFiles[0]!.text };
}

function keyOf(inputs: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of inputs) hash.update(readFileSync(join(PROJECT, path))).update("\0");
  return hash.digest("hex");
}

/** Returns the script; `null` if it must be bundled. */
function readCache(file: string): string | null {
  try {
    const { inputs, key, script } = JSON.parse(readFileSync(file, "utf8")) as CachedBundle;
    return key === keyOf(inputs) ? script : null;
  } catch {
    return null;
  }
}

/** A cache that cannot be written costs the next report a second, and nothing else. */
function writeCache(file: string, cached: CachedBundle): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(cached));
    renameSync(`${file}.${process.pid}`, file);
  } catch {}
}
