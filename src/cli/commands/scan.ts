/**
 * `npm run scan`: checkov over the stacks, the bootstrap's too, with the settings in force.
 * Exit codes: 0 nothing found, 1 something found or stopped, 2 checkov is missing or failed, or the settings are wrong.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compose } from "../../../main";
import { synthesizeBootstrap } from "../../../stacks/bootstrap-stack";
import { UsageError } from "../../base/errors";
import { loadSettings } from "../../project/load-settings";
import type { Settings } from "../../project/settings-types";
import type { BootstrapProps } from "../../terraform/bootstrap-account";
import { findCheckov, scan } from "../../terraform/scan-stacks";

/** A bootstrap that makes everything it can make. The names do not matter. */
const BOOTSTRAP: BootstrapProps = {
  repository: "owner/repo",
  branch: "main",
  bucket: "states",
  existingBucket: false,
  mainOnly: false,
  existingProvider: false,
  stateInBucket: false,
};

/** Synthesizes all stacks that are scanned into a folder. */
export function synthesizeAll(settings: Settings, outdir: string): void {
  compose(settings, { outdir, skipValidation: true }).synth();
  synthesizeBootstrap(settings, BOOTSTRAP, outdir);
}

async function main(): Promise<number> {
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupted.abort());
  let folder: string | undefined;
  try {
    const checkov = findCheckov(process.env.PATH);
    const settings = loadSettings(process.env);
    folder = await mkdtemp(join(tmpdir(), "workflow-scan-"));
    synthesizeAll(settings, folder);
    const { findings, passed } = await scan(folder, checkov, { signal: interrupted.signal });
    for (const line of findings) console.log(line);
    console.log(`checkov: ${passed} checks passed, ${findings.length} failed`);
    return findings.length === 0 ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 1;
    console.error(error instanceof UsageError ? error.message : error);
    return 2;
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true });
  }
}

if (require.main === module) {
  void main().then((code) => {
    process.exitCode = code;
  });
}
