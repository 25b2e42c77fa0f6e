/** The rights of every role, with all settings on. The expectation is written from AWS's documentation, and uses no table of the project. */
import type { StatesDocument } from "../../src/asl/document";
import { permissions } from "../../src/asl/permissions/document-permissions";
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
      // HeadObject is a GetObject in IAM. Without the right to list, S3 answers 403 for an object that does not exist, and not 404.
      "Allow s3:GetObject on arn:aws:s3:::echo--dev-123456789012-euw1/in/config.json",
      "Allow s3:ListBucket on arn:aws:s3:::echo--dev-123456789012-euw1",
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

const MAP = {
  Type: "Map",
  ItemProcessor: {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    StartAt: "a",
    States: { a: { Type: "Succeed" } },
  },
  End: true,
};
const BUCKET = "arn:aws:s3:::${DataBucket}";
const s3Task = (action: string, Parameters: object) => ({
  ...{ Type: "Task", Resource: `arn:aws:states:::aws-sdk:s3:${action}`, End: true },
  Parameters: { Bucket: "${DataBucket}", ...Parameters },
});
const s3Rights = (resource: string, ...actions: string[]) =>
  actions.map((action) => `Allow s3:${action} on ${BUCKET}${resource}`);

test.each<[string, object, string[]]>([
  [
    "getObject",
    s3Task("getObject", { Key: "a.json" }),
    [...s3Rights("/a.json", "GetObject"), ...s3Rights("", "ListBucket")],
  ],
  [
    "getObject of any key",
    s3Task("getObject", { "Key.$": "$.key" }),
    [...s3Rights("/*", "GetObject"), ...s3Rights("", "ListBucket")],
  ],
  ["putObject", s3Task("putObject", { Key: "a.json", Body: "{}" }), s3Rights("/a.json", "PutObject")],
  ["deleteObject", s3Task("deleteObject", { Key: "a.json" }), s3Rights("/a.json", "DeleteObject")],
  ["listObjectsV2", s3Task("listObjectsV2", {}), s3Rights("", "ListBucket")],
  [
    "copyObject",
    s3Task("copyObject", { Key: "b.json", CopySource: "${DataBucket}/a.json" }),
    [...s3Rights("/a.json", "GetObject"), ...s3Rights("", "ListBucket"), ...s3Rights("/b.json", "PutObject")],
  ],
  [
    "a Map over an object, with its results",
    {
      ...MAP,
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSON" },
        Parameters: { Bucket: "${DataBucket}", Key: "in/items.json" },
      },
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        Parameters: { Bucket: "${DataBucket}", Prefix: "out" },
      },
    },
    [
      ...s3Rights("/in/items.json", "GetObject"),
      // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html ("IAM policies for writing results")
      ...s3Rights("/out/*", "AbortMultipartUpload", "GetObject", "ListMultipartUploadParts", "PutObject"),
    ],
  ],
])("on the data bucket, the state machine gets what the document needs: %s", (_, state, lines) => {
  const { statements } = permissions({ StartAt: "a", States: { a: state } } as unknown as StatesDocument);
  const found = statements.flatMap(({ actions, resources }) =>
    actions.flatMap((action) =>
      resources.map((resource) => `Allow ${action} on ${resource.replace("${Partition}", "aws")}`),
    ),
  );
  expect(found.filter((line) => line.startsWith("Allow s3:")).sort()).toEqual([...lines].sort());
});
