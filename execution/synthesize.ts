import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runScript, UsageError } from "../errors";
import { PROJECT_FOLDER, type Settings } from "../settings";
import { readSynthesized, type SynthesizedWorkflow } from "./synthesized";

/**
 * Synthesizes the app and reads what a deployment would hold. In a process of its own, with `environment`: CDKTF's
 * memory would make each process that a job starts more expensive, by the time that it takes to fork.
 *
 * @throws UsageError with what the stacks said when they cannot be synthesized
 */
export async function synthesize(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<SynthesizedWorkflow> {
  const folder = await mkdtemp(join(tmpdir(), "workflow-synth-"));
  try {
    const args = ["-r", "ts-node/register/transpile-only", __filename, folder, JSON.stringify(settings)];
    await promisify(execFile)(process.execPath, args, {
      cwd: PROJECT_FOLDER,
      env: environment,
      ...(signal && { signal }),
    });
    return readSynthesized(folder, settings);
  } catch (cause) {
    const { stderr } = cause as { stderr?: string };
    if (stderr === undefined) throw cause;
    throw new UsageError(`the stacks cannot be synthesized:\n${stderr.trim()}`, { cause });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Without CDKTF's own validations, which for some backends ask for a terraform binary; ours are part of the stacks. */
function main(outdir: string, settings: Settings): void {
  const { compose } = require("../main") as typeof import("../main");
  void runScript(() => compose(settings, { outdir, skipValidation: true }).synth(), { exitCode: 1 });
}

if (require.main === module) main(process.argv[2]!, JSON.parse(process.argv[3]!));
