import { defineCommand } from "../define-command";
import { FOLLOWING, LATEST_EXECUTION, LOCAL_RUN } from "../flags";

export const watch = defineCommand({
  name: "watch",
  description: "follow an execution from its beginning; Ctrl-C detaches",
  arguments: { execution: LATEST_EXECUTION },
  flags: { ...FOLLOWING, ...LOCAL_RUN },
  action: async (given, session) => (await import("../follow")).watch(given, session),
});
