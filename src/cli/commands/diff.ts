import { defineCommand } from "../define-command";
import { DIFF, STACKS } from "../lifecycle/lifecycle-flags";

export const diff = defineCommand({
  name: "diff",
  description: "show what a deploy would change, stack by stack",
  arguments: STACKS,
  flags: DIFF,
  action: async (request, session) => (await import("../lifecycle/lifecycle")).diff(request, session),
});
