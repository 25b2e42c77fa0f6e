import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Settings } from "../../project/settings-types";
import type { BootstrapProps } from "../../terraform/bootstrap-account";
import { defineCommand } from "../define-command";
import { untilInterrupted } from "../until-interrupted";

export const scan = defineCommand({
  name: "scan",
  description: "scan the stacks, and the stack of the bootstrap, with checkov",
  action: async (_, session) => {
    const { environment, context, stdout } = session;
    const { findCheckov, scan } = await import("../../terraform/scan-stacks");
    const { loadSettings } = await import("../../project/load-settings");
    const checkov = findCheckov(environment.PATH);
    const settings = loadSettings(environment, context);
    const folder = await mkdtemp(join(tmpdir(), "workflow-scan-"));
    const scanFolder = async (signal: AbortSignal) => {
      await synthesizeAll(settings, folder);
      const { findings, passed } = await scan(folder, checkov, { signal });
      for (const line of findings) stdout.write(`${line}\n`);
      stdout.write(`checkov: ${passed} checks passed, ${findings.length} failed\n`);
      return findings.length === 0 ? 0 : 1;
    };
    try {
      return await untilInterrupted(session, scanFolder, () => 1);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
});

/** Synthesizes all stacks that are scanned into a folder. */
export async function synthesizeAll(settings: Settings, outdir: string): Promise<void> {
  const { compose } = await import("../../../main");
  const { synthesizeBootstrap } = await import("../../../stacks/bootstrap-stack");
  compose(settings, { outdir }).synth();
  synthesizeBootstrap(settings, BOOTSTRAP, outdir);
}

/** A bootstrap that creates everything it can create. The names do not matter. */
const BOOTSTRAP: BootstrapProps = {
  repository: "owner/repo",
  branch: "main",
  bucket: "states",
  existingBucket: false,
  mainOnly: false,
  existingProvider: false,
  stateInBucket: false,
};
