import { defineCommand, toggle } from "../define-command";
import { printJson } from "../printing";

export const doctor = defineCommand({
  name: "doctor",
  description: "check all that deploying and running need, and say how to get what is missing",
  flags: { json: toggle("print the findings as one JSON document") },
  action: async ({ json }, session) => {
    const { environment, context, stdout } = session;
    const { diagnose, sentence } = await import("../doctor/diagnose");
    const { loadSettings } = await import("../../project/load-settings");
    const question = { settings: loadSettings(environment, context), environment };
    const lines = await diagnose(question, await session.loadProbes(), session.clock);
    if (json) printJson(session, lines);
    else for (const line of lines) stdout.write(`${line.status.padEnd(WIDEST)}  ${sentence(line)}\n`);
    return lines.some(({ status }) => status === "failure") ? 1 : 0;
  },
});

const WIDEST = "failure".length;
