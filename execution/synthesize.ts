import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { inTemporaryFolder } from "../base/temporary-folder";
import { FileError, runScript, UsageError } from "../errors";
import { PROJECT_FOLDER, type Settings } from "../settings";
import { readSynthesized, type SynthesizedWorkflow } from "./synthesized";

/** The exit code where the stacks refuse something. Any other failure ends with 1. */
const REFUSED = 2;

/**
 * Synthesizes the app and reads what a deployment would hold. In a process of its own, with `environment`: CDKTF's
 * memory would make each process that a job starts more expensive, by the time that it takes to fork.
 *
 * @throws UsageError with what the stacks said when they cannot be synthesized; a FileError when that is for want of space or the like
 */
export async function synthesize(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<SynthesizedWorkflow> {
  return inTemporaryFolder("workflow-synth", async (folder) => {
    try {
      const args = ["-r", "ts-node/register/transpile-only", __filename, folder, JSON.stringify(settings)];
      await promisify(execFile)(process.execPath, args, {
        cwd: PROJECT_FOLDER,
        env: environment,
        ...(signal && { signal }),
      });
    } catch (cause) {
      const { stderr, code } = cause as { stderr?: string; code?: number };
      if (stderr === undefined) throw cause;
      const said = stderr.trim();
      if (code === REFUSED) throw new UsageError(`the stacks cannot be synthesized:\n${said}`, { cause });
      throw new FileError(`the stacks cannot be synthesized in the temporary folder ${folder}:\n${said}`, { cause });
    }
    return readSynthesized(folder, settings);
  });
}

/** Without CDKTF's own validations, which for some backends ask for a terraform binary; ours are part of the stacks. */
function main(outdir: string, settings: Settings): void {
  const { compose } = require("../main") as typeof import("../main");
  void runScript(() => compose(settings, { outdir, skipValidation: true }).synth(), { exitCode: REFUSED });
}

if (require.main === module) main(process.argv[2]!, JSON.parse(process.argv[3]!));
