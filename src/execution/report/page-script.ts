/**
 * The script of the page. The first report bundles the modules in `page/` with esbuild. Later reports use the cached bundle
 * until one of its sources changes.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { replaceFile } from "../../base/output-file";
import { PROJECT_FOLDER } from "../../project/project-folder";

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
  /** The sources of the bundle in this project. */
  readonly inputs: readonly string[];
  readonly script: string;
}

/** `key` is a hash of the contents of the inputs. */
interface CachedBundle extends Bundle {
  readonly key: string;
}

const CACHE_FILE = join(PROJECT_FOLDER, "node_modules/.cache/workflow/report-page.json");

function bundle(): Bundle {
  // The synchronous call leaves no process behind.
  const { buildSync } = require("esbuild") as typeof import("esbuild");
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: PROJECT_FOLDER,
    entryPoints: [require.resolve("./page/page.ts")],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2023",
    // The footer of the report names the licence.
    legalComments: "none",
    tsconfigRaw: "{}",
    metafile: true,
    write: false,
  });
  const own = Object.keys(metafile.inputs).filter((path) => !path.startsWith("node_modules/"));
  // package.json pins the versions of the packages.
  return { inputs: ["package.json", ...own], script: outputFiles[0]!.text };
}

function keyOf(inputs: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of inputs) hash.update(readFileSync(join(PROJECT_FOLDER, path))).update("\0");
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

/** Writes the cache. If it cannot be written, the next report only takes a second longer. */
function writeCache(file: string, cached: CachedBundle): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, JSON.stringify(cached));
  } catch {}
}
