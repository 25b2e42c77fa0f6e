import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSynthesized, type SynthesizedWorkflow } from "./execution/synthesized";
import { compose } from "./main";
import type { Settings } from "./settings";

/**
 * Synthesizes the app into a folder of its own and reads what a deployment would hold. Without CDKTF's own validations,
 * which for some backends ask for a terraform binary; our checks run all the same.
 */
export function synthesize(settings: Settings): SynthesizedWorkflow {
  const outdir = mkdtempSync(join(tmpdir(), "workflow-synth-"));
  try {
    compose(settings, { outdir, skipValidation: true }).synth();
    return readSynthesized(outdir, settings);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
