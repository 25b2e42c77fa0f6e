import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { type ChildOptions, runChild } from "../base/children";
import { FileError, runScript, UsageError } from "../base/errors";
import { readLines } from "../base/log-lines";
import { writingTo } from "../base/output-file";
import { inTemporaryFolder } from "../base/temporary-folder";
import { PROJECT_FOLDER } from "../project/project-folder";
import type { Settings } from "../project/settings-types";
import { readSynthesized, type SynthesizedWorkflow } from "./synthesized";

/** The exit code where the stacks refuse something. Any other failure ends with 1. */
const REFUSED = 2;
/** Of what the stacks say when they cannot be synthesized: the last lines. */
const KEPT_LINES = 200;

/**
 * Synthesizes the app and reads what a deployment would hold. In a process of its own, with `environment`: CDKTF's
 * memory would make each process that a job starts more expensive, by the time that it takes to fork.
 *
 * @throws UsageError with what the stacks said when they cannot be synthesized, or when `signal` has stopped that; a
 * FileError when the temporary folder cannot be written
 */
export async function synthesize(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<SynthesizedWorkflow> {
  return inTemporaryFolder("workflow-synth", async (folder) => {
    // In a file: an argument must not be longer than 128 KiB.
    writingTo(folder, () => writeFileSync(join(folder, SETTINGS_FILE), JSON.stringify(settings)));
    const lines: string[] = [];
    const read: ChildOptions["read"] = ({ stdout, stderr }) => {
      stdout.resume();
      readLines(stderr, (line) => {
        if (lines.push(line) > KEPT_LINES) lines.shift();
      });
    };
    const args = ["-r", "ts-node/register/transpile-only", __filename, folder];
    const code = await runChild(process.execPath, args, { cwd: PROJECT_FOLDER, env: environment, signal, read });
    if (code === 0) return readSynthesized(folder, settings);
    const by = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
    const why = lines.join("\n").trim() || (by === undefined ? `exit code ${code}` : `${by} ended the process`);
    if (code === REFUSED) throw new UsageError(`the stacks cannot be synthesized:\n${why}`);
    throw new FileError(`the stacks cannot be synthesized:\n${why}`);
  });
}

const SETTINGS_FILE = "settings.json";

/** Without CDKTF's own validations, which for some backends ask for a terraform binary; ours are part of the stacks. */
function main(outdir: string): void {
  const settings = JSON.parse(readFileSync(join(outdir, SETTINGS_FILE), "utf8")) as Settings;
  const { compose } = require("../../main") as typeof import("../../main");
  const app = () => compose(settings, { outdir, skipValidation: true });
  void runScript(() => writingTo(outdir, () => app().synth()), { exitCode: REFUSED });
}

if (require.main === module) main(process.argv[2]!);
