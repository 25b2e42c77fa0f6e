/**
 * Ejects: writes the stacks as plain Terraform configurations, for those who go on without CDKTF.
 * `npm run eject -- [folder]`, by default `terraform`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { compose } from "../../../main";
import { FileError, runScript, UsageError } from "../../base/errors";
import { whyItFailed } from "../../base/file-errors";
import type { JsonObject } from "../../base/json";
import { replaceFile } from "../../base/output-file";
import { makeTemporaryFolder } from "../../base/temporary-folder";
import { loadSettings } from "../../project/load-settings";
import { PROJECT_FOLDER } from "../../project/project-folder";
import type { Settings } from "../../project/settings-types";
import { toHcl } from "../../terraform/hcl";

/**
 * Writes each stack's main.tf into `<folder>/stacks/<stack>`, and returns their paths. `folder` must be new or empty, and as
 * deep as cdktf.out: the stacks name images and state by relative paths.
 * @throws UsageError when that cannot be done, a FileError when a file cannot be written; then nothing is written
 */
export function eject(settings: Settings, folder: string, project: string = PROJECT_FOLDER): string[] {
  const target = resolve(project, folder);
  if (dirname(target) !== project) {
    throw new UsageError(
      `\`folder\` must be directly below the project, as the paths in the stacks need it, got: ${folder}; give one such as terraform`,
    );
  }
  if (existsSync(target) && (!statSync(target).isDirectory() || readdirSync(target).length > 0)) {
    throw new UsageError(`\`folder\` must be new or empty, got: ${folder}; remove it or give another`);
  }
  const files = Object.entries(ejectedStacks(settings)).map(
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

/** The HCL of each stack, by its name. */
export function ejectedStacks(settings: Settings): Record<string, string> {
  const folder = makeTemporaryFolder("workflow-eject");
  try {
    const stacks = synthesize(settings, join(folder, "json"), false);
    const generated = synthesize(settings, join(folder, "hcl"), true);
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

/** Synthesizes the app and returns the folder of its stacks. */
function synthesize(settings: Settings, outdir: string, hcl: boolean): string {
  // The option `hclOutput` decides the files' names only: their content is decided by the variable, which overrides it.
  const before = process.env.SYNTH_HCL_OUTPUT;
  process.env.SYNTH_HCL_OUTPUT = String(hcl);
  try {
    compose(settings, { outdir, skipValidation: true }).synth();
  } finally {
    if (before === undefined) delete process.env.SYNTH_HCL_OUTPUT;
    else process.env.SYNTH_HCL_OUTPUT = before;
  }
  return join(outdir, "stacks");
}

function main([folder = "terraform", ...others]: string[]): void {
  if (others.length > 0 || folder.startsWith("-")) throw new UsageError("usage: npm run eject -- [folder]");
  const written = eject(loadSettings(process.env), folder).map((path) => relative(PROJECT_FOLDER, path));
  console.error(`written: ${written.join(", ")}; docs/moving-on.md says what is left to do`);
}

if (require.main === module) void runScript(() => main(process.argv.slice(2)), { exitCode: 2 });
