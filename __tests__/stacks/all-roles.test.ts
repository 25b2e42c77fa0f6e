/** The rights of every role, with all settings on. The expectation is written from AWS's documentation, and uses no table of the project. */
import { loadSettings } from "../../src/project/load-settings";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { EVERYTHING } from "../everything";
import { rightLines, rolesOf } from "./policies";
import { synth } from "./stacks";

const BATCH = "arn:aws:batch:eu-west-1:123456789012";
const STATE_MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:state-machine";
const RULE = "arn:aws:events:eu-west-1:123456789012:rule/StepFunctionsGetEventsForBatchJobsRule";

/** The actions on all resources, and why they cannot have others. `rights.test.ts` asks the Service Authorization Reference, too. */
const WITHOUT_RESOURCE: Readonly<Record<string, string>> = {
  "batch:DescribeJobs": "has no resource in IAM",
  "ecr:GetAuthorizationToken": "the token is for the account",
  "logs:CreateLogDelivery": "a delivery has no ARN",
  "logs:DeleteLogDelivery": "a delivery has no ARN",
  "logs:DescribeLogGroups": "Step Functions lists all log groups",
  "logs:DescribeResourcePolicies": "resource policies are the account's",
  "logs:GetLogDelivery": "a delivery has no ARN",
  "logs:ListLogDeliveries": "a delivery has no ARN",
  "logs:PutResourcePolicy": "resource policies are the account's",
  "logs:UpdateLogDelivery": "a delivery has no ARN",
  "ssmmessages:CreateControlChannel": "a channel has no ARN",
  "ssmmessages:CreateDataChannel": "a channel has no ARN",
  "ssmmessages:OpenControlChannel": "a channel has no ARN",
  "ssmmessages:OpenDataChannel": "a channel has no ARN",
  "xray:GetSamplingRules": "has no resource in IAM",
  "xray:GetSamplingTargets": "has no resource in IAM",
  "xray:PutTelemetryRecords": "has no resource in IAM",
  "xray:PutTraceSegments": "has no resource in IAM",
};

const rights = new Map(
  [...rolesOf(synth(WorkflowStack, loadSettings({}, EVERYTHING)))].map(([id, { statements, attached }]) => [
    id.replace(/_role_[0-9A-F]{8}$|_[0-9A-F]{8}$/, ""),
    { lines: rightLines(statements), attached },
  ]),
);

test("these are all roles", () => {
  expect([...rights.keys()].sort()).toEqual([
    "alarms",
    "batch_compute-environment_instances",
    "batch_echo-job-role",
    "batch_execution-role",
    "batch_train-job-role",
    "object",
    "schedule",
    "state-machine",
  ]);
});

test.each<[string, string[]]>([
  ["schedule", [`Allow states:StartExecution on ${STATE_MACHINE}`]],
  ["object", [`Allow states:StartExecution on ${STATE_MACHINE}`]],
  [
    "alarms",
    ["alarms_topic", "on-call"].map((topic) => `Allow sns:Publish on arn:aws:sns:eu-west-1:123456789012:${topic}`),
  ],
  ["batch_compute-environment_instances", []],
  [
    "state-machine",
    [
      // A job's definition with and without its revision, and both queues: see the user guide of Batch, "Example IAM policies".
      ...["job-definition/batch_echo-job", "job-definition/batch_train-job"].flatMap((definition) => [
        `Allow batch:SubmitJob on ${BATCH}:${definition}`,
        `Allow batch:SubmitJob on ${BATCH}:${definition}:*`,
      ]),
      ...["batch_queue", "batch_train-queue"].map((queue) => `Allow batch:SubmitJob on ${BATCH}:job-queue/${queue}`),
      `Allow batch:TerminateJob on ${BATCH}:job/*`,
      // https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html#batch-iam
      ...["DescribeRule", "PutRule", "PutTargets"].map((action) => `Allow events:${action} on ${RULE}`),
      // HeadObject is a GetObject in IAM.
      "Allow s3:GetObject on arn:aws:s3:::echo--dev-123456789012-euw1/in/config.json",
      // The setting `statements`.
      "Allow s3:GetObject on arn:aws:s3:::other/*",
    ],
  ],
])("%s has these rights on resources, and no others", (role, lines) => {
  expect(rights.get(role)!.lines.filter((line) => !line.endsWith(" on *"))).toEqual(lines.sort());
});

test("only the actions that have no resource are allowed on all resources", () => {
  const onAll = [...rights.values()].flatMap(({ lines }) => lines.filter((line) => line.endsWith(" on *")));
  const actions = onAll.map((line) => line.split(" ")[1]!);
  expect([...new Set(actions)].sort()).toEqual(Object.keys(WITHOUT_RESOURCE).sort());
});

test("only the instances have a policy of AWS: the one that Batch asks for", () => {
  const attached = [...rights].flatMap(([role, { attached }]) =>
    attached.map((arn) => [role, arn.replace(/^.*:iam/, "")]),
  );
  expect(attached).toEqual([
    ["batch_compute-environment_instances", "::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"],
  ]);
});
