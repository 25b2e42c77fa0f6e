import { defineCommand } from "../define-command";
import { DETACH, EXECUTION, FOLLOWING } from "../flags";

export const redrive = defineCommand({
  name: "redrive",
  description: "run the failed part of an execution again, and follow it to its end",
  arguments: { execution: EXECUTION },
  flags: { ...DETACH, ...FOLLOWING },
  action: async (given, session) => (await import("../follow")).redrive(given, session),
});
