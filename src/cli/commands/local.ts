import { defineCommand } from "../define-command";
import { LOCAL } from "../flags";

export const local = defineCommand({
  name: "local",
  description: "run the workflow here: the state machine that would be deployed, its jobs in containers or processes",
  flags: LOCAL,
  action: async (given, session) => (await import("../run-here")).runHere(given, session),
});
