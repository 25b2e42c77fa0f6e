import { defineCommand } from "../define-command";
import { DESTROY, STACKS } from "../lifecycle/lifecycle-flags";

export const destroy = defineCommand({
  name: "destroy",
  description: "stop the running executions, and destroy all stacks but the bucket for data, or the named ones",
  arguments: STACKS,
  flags: DESTROY,
  action: async (request, session) => (await import("../lifecycle/lifecycle")).destroy(request, session),
});
