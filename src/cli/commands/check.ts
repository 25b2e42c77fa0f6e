import type { Doubt } from "../../asl/permissions/doubts";
import { say } from "../../base/message";
import { firstLines } from "../../base/text";
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
    const { name, problems } = await (document === undefined
      ? checkProject(session, { local, mock })
      : checkFile(document, { mock }));
    if (json) printJson(session, { document: name, problems });
    else if (problems.length === 0) say(session.stderr, `${name}: no problems`);
    else say(session.stderr, firstLines(problems, describeProblem).join("\n"));
    return problems.some(({ severity }) => severity === "error") ? 1 : 0;
  },
});

/** Rules about the role of the state machine, which a project writes. For other documents, `permissions` tells its rights. */
const OF_THE_ROLE: ReadonlySet<string> = new Set<Doubt["rule"]>(["unknown-right", "wide-right"]);

interface MockFlag {
  readonly mock: string | undefined;
}

async function checkProject({ environment, context }: Project, { local, mock }: MockFlag & { local: boolean }) {
  const { loadSettings } = await import("../../project/load-settings");
  const { resourceName } = await import("../../project/names");
  const { checkWorkflow } = await import("../../project/workflow-files");
  const { mockReader } = await import("../../testing/read-mocks");
  const settings = loadSettings(environment, context);
  const { mocked } = mockReader(mock, [settings.name, resourceName(settings)]);
  return { name: settings.document, problems: checkWorkflow(settings, { local, mocked }).problems };
}

async function checkFile(file: string, { mock }: MockFlag) {
  const { checkAnyDocument, fileOf, stateMachineNameOf } = await import("../../project/any-document");
  const { mockReader } = await import("../../testing/read-mocks");
  const { mocked } = mockReader(mock, [stateMachineNameOf(fileOf(file))]);
  const { problems } = checkAnyDocument(fileOf(file), { local: false, mocked });
  return { name: file, problems: problems.filter(({ rule }) => !OF_THE_ROLE.has(rule)) };
}
