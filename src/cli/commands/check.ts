import { say } from "../../base/message";
import { firstLines } from "../../base/text";
import { defineCommand, onUnlessNegated, toggle } from "../define-command";
import { printJson } from "../printing";

export const check = defineCommand({
  name: "check",
  description: "find the mistakes in the document, without AWS",
  flags: {
    json: toggle("print the problems as one JSON document"),
    local: onUnlessNegated("accept what AWS can do and the local run cannot"),
  },
  action: async ({ json, local }, session) => {
    const { loadSettings } = await import("../../project/load-settings");
    const { checkWorkflow, describeProblem } = await import("../../project/workflow-files");
    const settings = loadSettings(session.environment, session.context);
    const { problems } = checkWorkflow(settings, { local });
    if (json) printJson(session, { document: settings.document, problems });
    else if (problems.length === 0) say(session.stderr, `${settings.document}: no problems`);
    else say(session.stderr, firstLines(problems, describeProblem).join("\n"));
    return problems.some(({ severity }) => severity === "error") ? 1 : 0;
  },
});
