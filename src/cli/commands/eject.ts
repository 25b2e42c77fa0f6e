/** `npm run eject -- [folder]`: writes the stacks as plain Terraform configurations, by default into `terraform`. */
import { relative } from "node:path";
import { compose } from "../../../main";
import { runScript, UsageError } from "../../base/errors";
import { loadSettings } from "../../project/load-settings";
import { PROJECT_FOLDER } from "../../project/project-folder";
import { eject } from "../../terraform/eject-stacks";

function main([folder = "terraform", ...others]: string[]): void {
  if (others.length > 0 || folder.startsWith("-")) throw new UsageError("usage: npm run eject -- [folder]");
  const settings = loadSettings(process.env);
  const synthesize = (outdir: string) => compose(settings, { outdir, skipValidation: true }).synth();
  const written = eject(synthesize, folder).map((path) => relative(PROJECT_FOLDER, path));
  console.error(`written: ${written.join(", ")}; docs/moving-on.md says what is left to do`);
}

if (require.main === module) void runScript(() => main(process.argv.slice(2)), { exitCode: 2 });
