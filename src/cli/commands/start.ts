import { defineCommand } from "../define-command";
import { DETACH, FOLLOWING, INPUT } from "../flags";

export const start = defineCommand({
  name: "start",
  description: "run the workflow on AWS, and follow it to its end",
  flags: { ...INPUT, ...DETACH, ...FOLLOWING },
  action: async (given, session) => (await import("../follow")).start(given, session),
});
