import type { StatesDocument } from "../../../src/asl/document";
import { loadSettings } from "../../../src/project/load-settings";
import { findTakenSids, sidsOfJob, sidsOfStateMachine } from "../../../src/project/taken-sids";
import { loadWorkflow } from "../../../src/project/workflow-files";
import { WorkflowStack } from "../../../stacks/workflow-stack";
import { EVERYTHING } from "../../everything";
import { rolesOf } from "../../stacks/policies";
import { synth } from "../../stacks/stacks";

const settings = loadSettings({}, EVERYTHING);
const { document } = loadWorkflow(settings);

test("the names that are taken are those of the statements in the roles", () => {
  const roles = rolesOf(synth(WorkflowStack, settings));
  const sidsOf = (role: RegExp) =>
    [...roles]
      .filter(([id]) => role.test(id))
      .flatMap(([, { statements }]) => statements.flatMap(({ Sid }) => Sid ?? []));
  expect(sidsOfJob(settings, settings.jobs.echo!)).toEqual(sidsOf(/^batch_echo-job-role/));
  expect([...sidsOfStateMachine(settings, document), "Other"].sort()).toEqual(sidsOf(/^state-machine_role/).sort());
});

test("a statement with the name of one that the role has is an error", () => {
  const own = (Sid: string) => ({ Sid, Effect: "Allow" as const, Action: "s3:GetObject", Resource: "*" });
  const { echo } = settings.jobs;
  const given = {
    ...settings,
    statements: [own("Mine"), own("Logging")],
    jobs: { echo: { ...echo!, statements: [own("Shell"), own("Mount2")] } },
  };
  const nothing = { StartAt: "A", States: { A: { Type: "Succeed" } } } as unknown as StatesDocument;
  expect(findTakenSids(given, nothing).map(({ pointer, message, fix }) => `${pointer} ${message}; ${fix}`)).toEqual([
    '/context/statements/1/Sid `statements[1].Sid` must be none of Logging, Tracing, which the role already has, got: "Logging"; write another name, or leave Sid out',
    '/context/jobs/echo/statements/0/Sid `jobs.echo.statements[0].Sid` must be none of FindData, UseData, Mount0, Mount1, Shell, which the role already has, got: "Shell"; write another name, or leave Sid out',
  ]);
});
