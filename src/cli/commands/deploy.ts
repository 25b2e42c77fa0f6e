import { defineCommand } from "../define-command";
import { DEPLOY, STACKS } from "../lifecycle/lifecycle-flags";

export const deploy = defineCommand({
  name: "deploy",
  description: "deploy all stacks, or the named ones",
  arguments: STACKS,
  flags: DEPLOY,
  action: async (request, session) => (await import("../lifecycle/lifecycle")).deploy(request, session),
});
