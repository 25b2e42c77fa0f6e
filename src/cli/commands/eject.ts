import { relative } from "node:path";
import { say } from "../../base/message";
import { PROJECT_FOLDER } from "../../project/project-folder";
import { defineCommand, optional, withDefault } from "../define-command";

export const eject = defineCommand({
  name: "eject",
  description: "write the stacks as plain Terraform, to go on without CDKTF",
  arguments: { folder: withDefault(optional("a new or empty folder, directly in the project"), "terraform") },
  action: async ({ folder }, { environment, context, stderr }) => {
    const { loadSettings } = await import("../../project/load-settings");
    const { eject } = await import("../../terraform/eject-stacks");
    const settings = loadSettings(environment, context);
    const { compose } = await import("../../../main");
    const written = eject((outdir) => compose(settings, { outdir }).synth(), folder);
    const files = written.map((path) => relative(PROJECT_FOLDER, path)).join(", ");
    say(stderr, `written: ${files}; docs/moving-on.md says what is left to do`);
  },
});
