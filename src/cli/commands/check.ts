import { say } from "../../base/message";
import { firstLines } from "../../base/text";
import { defineCommand, onUnlessNegated, toggle } from "../define-command";
import { DOCUMENT } from "../flags";
import { printJson } from "../printing";
import type { Project } from "../session";

export const check = defineCommand({
  name: "check",
  description: "find the mistakes in a document, without AWS",
  arguments: { document: DOCUMENT },
  flags: {
    json: toggle("print the problems as one JSON document"),
    local: onUnlessNegated("accept what AWS can do and the local run cannot; always for a given document"),
  },
  action: async ({ document, json, local }, session) => {
    const { describeProblem } = await import("../../project/file-problem");
    const { name, problems } = await (document === undefined ? checkProject(session, local) : checkFile(document));
    if (json) printJson(session, { document: name, problems });
    else if (problems.length === 0) say(session.stderr, `${name}: no problems`);
    else say(session.stderr, firstLines(problems, describeProblem).join("\n"));
    return problems.some(({ severity }) => severity === "error") ? 1 : 0;
  },
});

async function checkProject({ environment, context }: Project, local: boolean) {
  const { loadSettings } = await import("../../project/load-settings");
  const { checkWorkflow } = await import("../../project/workflow-files");
  const settings = loadSettings(environment, context);
  return { name: settings.document, problems: checkWorkflow(settings, { local }).problems };
}

async function checkFile(file: string) {
  const { checkAnyDocument, fileOf } = await import("../../project/any-document");
  return { name: file, problems: checkAnyDocument(fileOf(file), { local: false }).problems };
}
