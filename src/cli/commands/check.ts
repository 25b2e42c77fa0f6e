import { say } from "../../base/message";
import { firstLines } from "../../base/text";
import type { CheckedWorkflow } from "../../project/checked-workflow";
import { defineCommand, onUnlessNegated, toggle } from "../define-command";
import { DOCUMENT, MOCK } from "../flags";
import { printJson } from "../printing";
import type { Project } from "../session";

export const check = defineCommand({
  name: "check",
  description: "find the mistakes in a document, without AWS",
  arguments: { document: DOCUMENT },
  flags: {
    json: toggle("print the problems as one JSON document"),
    local: onUnlessNegated("accept what AWS can do and the local run cannot; always for a given document"),
    ...MOCK,
  },
  action: async ({ document, json, local, mock }, session) => {
    const { describeProblem } = await import("../../project/file-problem");
    const checked = await (document === undefined ? checkProject(session, local) : checkFile(document));
    const { name } = checked;
    const problems = mock === undefined ? checked.problems : await withoutMocked(mock, checked);
    if (json) printJson(session, { document: name, problems });
    else if (problems.length === 0) say(session.stderr, `${name}: no problems`);
    else say(session.stderr, firstLines(problems, describeProblem).join("\n"));
    return problems.some(({ severity }) => severity === "error") ? 1 : 0;
  },
});

async function checkProject({ environment, context }: Project, local: boolean) {
  const { loadSettings } = await import("../../project/load-settings");
  const { resourceName } = await import("../../project/names");
  const { checkWorkflow } = await import("../../project/workflow-files");
  const settings = loadSettings(environment, context);
  const stateMachines = [settings.name, resourceName(settings)];
  return { name: settings.document, stateMachines, ...checkWorkflow(settings, { local }) };
}

async function checkFile(file: string) {
  const { checkAnyDocument, fileOf, stateMachineNameOf } = await import("../../project/any-document");
  const stateMachines = [stateMachineNameOf(fileOf(file))];
  return { name: file, stateMachines, ...checkAnyDocument(fileOf(file), { local: false }) };
}

/** Checks a mock file too, and leaves out the warnings of tasks that it answers. */
async function withoutMocked(mock: string, { document, problems, stateMachines }: CheckedWorkflow & Named) {
  if (document === null) return problems;
  const { foreignTasks } = await import("../../asl/local-tasks");
  const { isMocked } = await import("../../local/mocks");
  const { mocksOf } = await import("../../testing/read-mocks");
  const mocks = mocksOf({ mock }, { document, stateMachines });
  const answered = foreignTasks(document).filter(({ name }) => isMocked(name, mocks));
  const places = new Set(answered.map(({ pointer }) => `${pointer}/Resource`));
  return problems.filter(({ rule, pointer }) => rule !== "not-mocked" || !places.has(pointer));
}

interface Named {
  readonly stateMachines: readonly string[];
}
