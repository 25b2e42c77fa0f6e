/** Writes the stacks as plain Terraform configurations, for a project that goes on without CDKTF. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { FileError, UsageError } from "../base/errors";
import { whyItFailed } from "../base/file-errors";
import type { JsonObject } from "../base/json";
import { replaceFile } from "../base/output-file";
import { makeTemporaryFolder } from "../base/temporary-folder";
import { PROJECT_FOLDER } from "../project/project-folder";
import { toHcl } from "./hcl";

/** Synthesizes the app into a folder. */
export type SynthesizeInto = (outdir: string) => void;

/**
 * Writes the main.tf of each stack into `<folder>/stacks/<stack>`, and returns the paths. The stacks name images and states by
 * relative paths, so `folder` must be as deep as cdktf.out.
 * @throws UsageError when a stack cannot be ejected, a FileError when a file cannot be written; then nothing is written
 */
export function eject(synthesize: SynthesizeInto, folder: string, project: string = PROJECT_FOLDER): string[] {
  const target = resolve(project, folder);
  if (dirname(target) !== project) {
    throw new UsageError(
      `\`folder\` must be directly below the project, because the stacks use relative paths, got: ${folder}; use one such as terraform`,
    );
  }
  if (existsSync(target) && (!statSync(target).isDirectory() || readdirSync(target).length > 0)) {
    throw new UsageError(`\`folder\` must be new or empty, got: ${folder}; remove it or use another one`);
  }
  const files = Object.entries(ejectedStacks(synthesize)).map(
    ([stack, hcl]) => [join(target, "stacks", stack, "main.tf"), hcl] as const,
  );
  try {
    for (const [path, hcl] of files) {
      mkdirSync(dirname(path), { recursive: true });
      replaceFile(path, hcl);
    }
  } catch (cause) {
    rmSync(target, { recursive: true, force: true });
    throw new FileError(`\`folder\` cannot be written to ${target}: ${whyItFailed(cause)}`, { cause });
  }
  return files.map(([path]) => path);
}

/** The HCL of each stack, by name. */
export function ejectedStacks(synthesize: SynthesizeInto): Record<string, string> {
  const folder = makeTemporaryFolder("workflow-eject");
  try {
    const stacks = synthesizeAs("json", synthesize, folder);
    const generated = synthesizeAs("hcl", synthesize, folder);
    return Object.fromEntries(
      readdirSync(stacks).map((stack) => {
        const others = readdirSync(join(stacks, stack)).filter((file) => file !== "cdk.tf.json");
        if (others.length > 0) {
          throw new UsageError(
            `\`${stack}\` cannot be ejected: it has files of its own, ${others.join(", ")}; eject without them`,
          );
        }
        const configuration = JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8")) as JsonObject;
        return [stack, toHcl(configuration, readFileSync(join(generated, stack, "cdk.tf"), "utf8"))];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// --- internal ---

/** Synthesizes the app in one of CDKTF's two formats, and returns the folder of its stacks. */
function synthesizeAs(format: "json" | "hcl", synthesize: SynthesizeInto, folder: string): string {
  // CDKTF's option `hclOutput` decides the names of the files. Their content depends on this variable alone.
  const before = process.env.SYNTH_HCL_OUTPUT;
  process.env.SYNTH_HCL_OUTPUT = String(format === "hcl");
  try {
    synthesize(join(folder, format));
  } finally {
    if (before === undefined) delete process.env.SYNTH_HCL_OUTPUT;
    else process.env.SYNTH_HCL_OUTPUT = before;
  }
  return join(folder, format, "stacks");
}
