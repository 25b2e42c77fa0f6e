/**
 * Replays executions that were recorded on AWS, and prints how many of them end here as on AWS. The folder of the recordings
 * brings its own comparer, `compare.mjs`: it knows what the recorder replaced.
 *
 *     npm run test:recordings -- FOLDER [--out FILE]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runScript, UsageError } from "../../src/base/errors";
import { replaceFile } from "../../src/base/output-file";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { type DefinitionRecord, misjudged } from "./judged-definitions";
import { type Difference, type ExecutionRecord, shortcomings, tableOf, unnamed } from "./verdicts";

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { out: { type: "string" } } });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) {
    throw new UsageError("usage: npm run test:recordings -- FOLDER [--out FILE]");
  }
  if (!existsSync(folder)) {
    console.log(`recordings: skipped, there is no folder ${folder}`);
    return;
  }
  const files = readdirSync(folder).filter((name) => /^executions-.*\.jsonl$/.test(name));
  const records = files.flatMap((name) => readLines<ExecutionRecord>(join(folder, name)));
  const differences = await compare(folder, files);
  console.log(tableOf(records, differences));
  const unexplained = unnamed(differences, readFileSync(join(PROJECT_FOLDER, PAGE), "utf8"));
  console.log(["", `differences that ${PAGE} does not name: ${unexplained.length}`, ...unexplained].join("\n"));
  const judged = ["create-failures.jsonl", "validations.jsonl"].map((name) => join(folder, name)).filter(existsSync);
  const succeeded = records.filter(({ status }) => status === "SUCCEEDED");
  const wrong = misjudged([...judged.flatMap((path) => readLines<DefinitionRecord>(path)), ...succeeded.map(accepted)]);
  console.log(["", `definitions that check judges otherwise than AWS: ${wrong.length}`, ...wrong].join("\n"));
  if (values.out !== undefined) replaceFile(values.out, linesOf(differences));
  const reasons = shortcomings(records, differences);
  for (const reason of reasons) console.error(reason);
  process.exitCode = reasons.length > 0 ? 1 : 0;
}

// --- internal ---

/** The reasons of the known differences. */
const PAGE = "docs/language.md";

/** Runs the comparer of the folder. It sends each execution to one process of ours. Returns the executions that are not equal. */
async function compare(folder: string, files: readonly string[]): Promise<Difference[]> {
  const scratch = mkdtempSync(join(tmpdir(), "workflow-recordings-"));
  try {
    const out = join(scratch, "differences.jsonl");
    const answerer = [
      process.execPath,
      "-r",
      join(PROJECT_FOLDER, "bin/register.js"),
      require.resolve("./answer-lines"),
    ];
    const paths = files.map((name) => join(folder, name));
    const options = [join(folder, "compare.mjs"), "--lines", "--out", out, ...paths, "--", ...answerer];
    const child = spawn(process.execPath, options, { stdio: ["ignore", "ignore", "inherit"] });
    await once(child, "close");
    if (!existsSync(out)) throw new UsageError(`${join(folder, "compare.mjs")} did not compare the executions`);
    return readLines<Difference>(out);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** AWS accepted a definition that ran to its end. */
function accepted({ id, definition }: ExecutionRecord): DefinitionRecord {
  return { id, definition, result: { result: "OK" } };
}

function readLines<T>(path: string): T[] {
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}

function linesOf(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

void runScript(main, { exitCode: 2 });
