import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StatesDocument } from "../../../../src/asl/document";
import { permissions } from "../../../../src/asl/permissions/document-permissions";
import type { JsonObject } from "../../../../src/base/json";

const ECHO = JSON.parse(
  readFileSync(join(__dirname, "../../../fixtures/echo-jsonpath.asl.json"), "utf8"),
) as StatesDocument;
const HERE = "${Region}:${AccountId}";

/** A document of one task, or of several beside each other. */
function tasks(...states: (readonly [service: string, parameters: JsonObject])[]): StatesDocument {
  const entries = states.map(([service, Parameters], index) => [
    `task${index}`,
    { Type: "Task", Resource: `arn:\${Partition}:states:::${service}`, Parameters, End: true },
  ]);
  return { StartAt: "task0", States: Object.fromEntries(entries) as StatesDocument["States"] };
}

/** A document of one distributed Map. */
function distributed(more: JsonObject = {}): StatesDocument {
  const ProcessorConfig = { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" };
  const ItemProcessor = { ProcessorConfig, StartAt: "item", States: { item: { Type: "Succeed" } } };
  return { StartAt: "list", States: { list: { Type: "Map", ItemProcessor, End: true, ...more } } };
}

function resourcesOf(document: StatesDocument, sid: string): readonly string[] | undefined {
  return permissions(document).statements.find((statement) => statement.sid === sid)?.resources;
}

const JOB = { JobName: "x", JobDefinition: "${EchoJobDefinitionArn}", JobQueue: "${JobQueueArn}" };

test("the example may submit its job to its queue and wait for it, and nothing else", () => {
  expect(permissions(ECHO).statements).toEqual([
    { sid: "DescribeJobs", actions: ["batch:DescribeJobs"], resources: ["*"] },
    {
      sid: "HearOfJobs",
      actions: ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
      resources: ["arn:${Partition}:events:${Region}:${AccountId}:rule/StepFunctionsGetEventsForBatchJobsRule"],
    },
    {
      sid: "SubmitJobs",
      actions: ["batch:SubmitJob"],
      resources: ["${EchoJobDefinitionArn}", "${EchoJobDefinitionArn}:*", "${JobQueueArn}"],
    },
    {
      sid: "TerminateJobs",
      actions: ["batch:TerminateJob"],
      resources: ["arn:${Partition}:batch:${Region}:${AccountId}:job/*"],
    },
  ]);
});

test("a job without .sync needs only the permission to submit", () => {
  expect(permissions(tasks(["batch:submitJob", JOB])).statements.map(({ sid }) => sid)).toEqual(["SubmitJobs"]);
});

test.each<[string, JsonObject, string[]]>([
  [
    "an ARN with a revision, without and with any revision",
    { JobDefinition: "arn:aws:batch:eu-west-1:123456789012:job-definition/echo:7", JobQueue: "${JobQueueArn}" },
    [
      "${JobQueueArn}",
      "arn:aws:batch:eu-west-1:123456789012:job-definition/echo",
      "arn:aws:batch:eu-west-1:123456789012:job-definition/echo:*",
    ],
  ],
  [
    "names, in this account and region",
    { JobDefinition: "echo:7", JobQueue: "main" },
    [
      `arn:\${Partition}:batch:${HERE}:job-definition/echo`,
      `arn:\${Partition}:batch:${HERE}:job-definition/echo:*`,
      `arn:\${Partition}:batch:${HERE}:job-queue/main`,
    ],
  ],
  [
    "any definition and queue of this account and region, if a path selects it",
    { "JobDefinition.$": "$.definition", "JobQueue.$": "$.queue" },
    [`arn:\${Partition}:batch:${HERE}:job-definition/*`, `arn:\${Partition}:batch:${HERE}:job-queue/*`],
  ],
])("a job may be submitted to %s", (_, parameters, resources) => {
  expect(resourcesOf(tasks(["batch:submitJob", { JobName: "x", ...parameters }]), "SubmitJobs")).toEqual(resources);
});

test.each(["Tags", "Tags.$"])("a job with %s may be tagged, and so may its queue and definition", (field) => {
  const document = tasks(["batch:submitJob", { ...JOB, [field]: field === "Tags" ? { a: "b" } : "$.tags" }]);
  expect(permissions(document).statements).toContainEqual({
    sid: "TagJobs",
    actions: ["batch:TagResource"],
    resources: [
      "${EchoJobDefinitionArn}",
      "${EchoJobDefinitionArn}:*",
      "${JobQueueArn}",
      `arn:\${Partition}:batch:${HERE}:job/*`,
    ],
  });
});

test("derives the permissions of a JSONata task from its Arguments", () => {
  const document = tasks(["batch:submitJob", {}]);
  const state = document.States.task0!;
  delete state.Parameters;
  state.Arguments = { ...JOB, JobQueue: "{% $states.input.queue %}" };
  expect(resourcesOf(document, "SubmitJobs")).toEqual([
    "${EchoJobDefinitionArn}",
    "${EchoJobDefinitionArn}:*",
    `arn:\${Partition}:batch:${HERE}:job-queue/*`,
  ]);
});

test("a distributed Map may start, follow and redrive executions of its own state machine", () => {
  expect(permissions(distributed()).statements).toEqual([
    {
      sid: "FollowMapRuns",
      actions: ["states:DescribeExecution", "states:StopExecution"],
      resources: [`arn:\${Partition}:states:${HERE}:execution:\${StateMachineName}:*`],
    },
    {
      sid: "RedriveMapRuns",
      actions: ["states:RedriveExecution"],
      resources: [`arn:\${Partition}:states:${HERE}:execution:\${StateMachineName}/*:*`],
    },
    {
      sid: "StartMapRuns",
      actions: ["states:StartExecution"],
      resources: [`arn:\${Partition}:states:${HERE}:stateMachine:\${StateMachineName}`],
    },
  ]);
});

test("a distributed Map with the older field Iterator has the same permissions", () => {
  const document = distributed();
  const { ItemProcessor, ...state } = document.States.list!;
  document.States.list = { ...state, Iterator: ItemProcessor! };
  expect(permissions(document).statements).toEqual(permissions(distributed()).statements);
});

test.each<[string, string, JsonObject, string, string[], string[]]>([
  [
    "ItemReader",
    "s3:getObject",
    { Bucket: "b", Key: "k.csv" },
    "ReadItems",
    ["s3:GetObject"],
    ["arn:${Partition}:s3:::b/k.csv"],
  ],
  [
    "ItemReader",
    "s3:getObject",
    { Bucket: "b", "Key.$": "$.k" },
    "ReadItems",
    ["s3:GetObject"],
    ["arn:${Partition}:s3:::b/*"],
  ],
  ["ItemReader", "s3:listObjectsV2", { Bucket: "b" }, "ListItems", ["s3:ListBucket"], ["arn:${Partition}:s3:::b"]],
  [
    "ResultWriter",
    "s3:putObject",
    { Bucket: "b", Prefix: "p" },
    "WriteResults",
    ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
    ["arn:${Partition}:s3:::b/p/*"],
  ],
])(
  "an %s of %s with %j gets only the permissions for that object",
  (field, service, Parameters, sid, actions, resources) => {
    const document = distributed({ [field]: { Resource: `arn:aws:states:::${service}`, Parameters } });
    expect(permissions(document).statements).toContainEqual({ sid, actions, resources });
  },
);

test.each<[string, JsonObject, string, string[]]>([
  ["dynamodb:getItem", { TableName: "t" }, "dynamodb:GetItem", [`arn:\${Partition}:dynamodb:${HERE}:table/t`]],
  ["dynamodb:putItem", { "TableName.$": "$.t" }, "dynamodb:PutItem", [`arn:\${Partition}:dynamodb:${HERE}:table/*`]],
  [
    "lambda:invoke",
    { FunctionName: "f" },
    "lambda:InvokeFunction",
    [`arn:\${Partition}:lambda:${HERE}:function:f`, `arn:\${Partition}:lambda:${HERE}:function:f:*`],
  ],
  [
    "sns:publish",
    { TopicArn: "arn:aws:sns:eu-west-1:123456789012:t" },
    "sns:Publish",
    ["arn:aws:sns:eu-west-1:123456789012:t"],
  ],
  ["sns:publish", { TopicArn: "${Topic}" }, "sns:Publish", ["${Topic}"]],
  ["aws-sdk:kinesis:putRecord", { StreamARN: "${Stream}" }, "kinesis:PutRecord", ["${Stream}"]],
  ["states:startExecution", { StateMachineArn: "${Child}" }, "states:StartExecution", ["${Child}"]],
  [
    "sqs:sendMessage.waitForTaskToken",
    { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/q" },
    "sqs:SendMessage",
    ["arn:${Partition}:sqs:eu-west-1:123456789012:q"],
  ],
  ["sns:publish", { PhoneNumber: "+49123456789" }, "sns:Publish", ["*"]],
  ["sqs:sendMessage", { "QueueUrl.$": "$.q" }, "sqs:SendMessage", [`arn:\${Partition}:sqs:${HERE}:*`]],
  [
    "states:startExecution",
    { StateMachineArn: "arn:aws:states:eu-west-1:123456789012:stateMachine:other" },
    "states:StartExecution",
    ["arn:aws:states:eu-west-1:123456789012:stateMachine:other"],
  ],
])("%s with %j", (service, parameters, action, resources) => {
  expect(
    permissions(tasks([service, parameters])).statements.map(({ actions, resources }) => ({ actions, resources })),
  ).toEqual([{ actions: [action], resources }]);
});

test.each<[string, JsonObject, string]>([
  ["the named role", { RoleArn: "arn:aws:iam::123456789012:role/r" }, "arn:aws:iam::123456789012:role/r"],
  ["any role, if a path selects it", { "RoleArn.$": "$.role" }, "*"],
  ["any role, if an expression selects it", { RoleArn: "{% $role %}" }, "*"],
])("a task with Credentials may only assume %s", (_, Credentials, resource) => {
  const document = tasks(["batch:submitJob.sync", JOB], ["ecs:runTask.sync", {}]);
  for (const state of Object.values(document.States)) state.Credentials = Credentials;
  expect(permissions(document).statements).toEqual([
    { sid: "AssumeRoles", actions: ["sts:AssumeRole"], resources: [resource] },
  ]);
});

test("merges the statements of all states, in any order, without duplicates", () => {
  const states = [
    ["batch:submitJob.sync", JOB],
    ["batch:submitJob", { ...JOB, JobDefinition: "${OtherJobDefinitionArn}" }],
    ["sns:publish", { TopicArn: "arn:aws:sns:eu-west-1:123456789012:t" }],
  ] as const;
  const there = permissions(tasks(...states)).statements;
  const back = permissions(tasks(...[...states].reverse())).statements;
  expect(back).toEqual(there);
  expect(there.find(({ sid }) => sid === "SubmitJobs")?.resources).toEqual([
    "${EchoJobDefinitionArn}",
    "${EchoJobDefinitionArn}:*",
    "${JobQueueArn}",
    "${OtherJobDefinitionArn}",
    "${OtherJobDefinitionArn}:*",
  ]);
});
