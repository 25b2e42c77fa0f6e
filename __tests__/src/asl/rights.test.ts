/**
 * The rights follow the document, both ways. What an integration needs is told here a second time, from AWS's pages, not
 * from `permissions.ts`: a right that is missing there, or one too many, fails.
 */

import * as fc from "fast-check";
import type { StatesDocument } from "../../../src/asl/document";
import { knownIntegrations, permissions } from "../../../src/asl/permissions";
import type { JsonObject } from "../../../src/base/json";

/** A use of a service: what stands in the document, and the actions that it takes. */
interface Use {
  readonly state: JsonObject;
  readonly actions: readonly string[];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
const DISTRIBUTED_MAP = [
  "states:StartExecution",
  "states:DescribeExecution",
  // No longer in AWS's example, which once had it: an execution that is stopped stops those of its items.
  "states:StopExecution",
  "states:RedriveExecution",
];

/**
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 */
const TASKS: Readonly<Record<string, Use>> = {
  "batch:submitJob": task("batch:submitJob", { JobName: "a", JobQueue: "q", JobDefinition: "d" }, ["batch:SubmitJob"]),
  "batch:submitJob.sync": task("batch:submitJob.sync", { JobName: "a", JobQueue: "q", JobDefinition: "d" }, [
    "batch:SubmitJob",
    "batch:DescribeJobs",
    "batch:TerminateJob",
    "events:PutTargets",
    "events:PutRule",
    "events:DescribeRule",
  ]),
  "dynamodb:deleteItem": task("dynamodb:deleteItem", { TableName: "t" }, ["dynamodb:DeleteItem"]),
  "dynamodb:getItem": task("dynamodb:getItem", { TableName: "t" }, ["dynamodb:GetItem"]),
  "dynamodb:putItem": task("dynamodb:putItem", { TableName: "t" }, ["dynamodb:PutItem"]),
  "dynamodb:updateItem": task("dynamodb:updateItem", { TableName: "t" }, ["dynamodb:UpdateItem"]),
  "lambda:invoke": task("lambda:invoke", { FunctionName: "f" }, ["lambda:InvokeFunction"]),
  "lambda:invoke.waitForTaskToken": task("lambda:invoke.waitForTaskToken", { FunctionName: "f" }, [
    "lambda:InvokeFunction",
  ]),
  "sns:publish": task("sns:publish", { TopicArn: "arn:aws:sns:eu-west-1:123456789012:t" }, ["sns:Publish"]),
  "sqs:sendMessage": task("sqs:sendMessage", { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/q" }, [
    "sqs:SendMessage",
  ]),
  "sqs:sendMessage.waitForTaskToken": task(
    "sqs:sendMessage.waitForTaskToken",
    { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/q" },
    ["sqs:SendMessage"],
  ),
  "states:startExecution": task("states:startExecution", { StateMachineArn: "m" }, ["states:StartExecution"]),
};

/** Beside the integrations: what a Map in distributed mode does, and fields that take a right of their own. */
const OTHERS: Readonly<Record<string, Use>> = {
  "a job with tags": task("batch:submitJob", { JobName: "a", JobQueue: "q", JobDefinition: "d", Tags: { a: "b" } }, [
    "batch:SubmitJob",
    "batch:TagResource",
  ]),
  "a task with a role of its own": {
    state: { ...TASKS["batch:submitJob.sync"]!.state, Credentials: { RoleArn: "arn:aws:iam::123456789012:role/r" } },
    actions: ["sts:AssumeRole"],
  },
  "a text message": task("sns:publish", { PhoneNumber: "+49123456789" }, ["sns:Publish"]),
  "a distributed Map": distributedMap({}, []),
  "a distributed Map of an object": distributedMap(
    { ItemReader: s3("getObject", { Bucket: "b", Key: "k.json" }, { InputType: "JSON" }) },
    ["s3:GetObject"],
  ),
  "a distributed Map of an inventory": distributedMap(
    { ItemReader: s3("getObject", { Bucket: "b", Key: "i/manifest.json" }, { InputType: "MANIFEST" }) },
    ["s3:GetObject"],
  ),
  "a distributed Map of a bucket": distributedMap({ ItemReader: s3("listObjectsV2", { Bucket: "b" }) }, [
    "s3:ListBucket",
  ]),
  "a distributed Map of what a bucket's objects hold": distributedMap(
    { ItemReader: s3("listObjectsV2", { Bucket: "b", Prefix: "p/" }, { Transformation: "LOAD_AND_FLATTEN" }) },
    ["s3:ListBucket", "s3:GetObject"],
  ),
  "a distributed Map that writes": distributedMap({ ResultWriter: s3("putObject", { Bucket: "b", Prefix: "p" }) }, [
    "s3:PutObject",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:AbortMultipartUpload",
  ]),
  "an inline Map": { state: map({}, { a: { Type: "Succeed" } }), actions: [] },
  "a Wait": { state: { Type: "Wait", Seconds: 1, End: true }, actions: [] },
};

const USES = { ...TASKS, ...OTHERS };
const NAMES = Object.keys(USES);

/** Uses that do without a resource: a job's description has none, nor has a telephone. */
const ANY_RESOURCE: Readonly<Record<string, readonly string[]>> = {
  "batch:submitJob.sync": ["batch:DescribeJobs"],
  "a text message": ["sns:Publish"],
};

function task(service: string, Parameters: JsonObject, actions: readonly string[]): Use {
  return { state: { Type: "Task", Resource: `arn:\${Partition}:states:::${service}`, Parameters, End: true }, actions };
}

function map(more: JsonObject, States: JsonObject, ProcessorConfig: JsonObject = { Mode: "INLINE" }): JsonObject {
  const ItemProcessor = { ProcessorConfig, StartAt: Object.keys(States)[0]!, States };
  return { Type: "Map", ItemProcessor, End: true, ...more };
}

function distributedMap(more: JsonObject, actions: readonly string[]): Use {
  const distributed = { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" };
  return { state: map(more, { a: { Type: "Succeed" } }, distributed), actions: [...DISTRIBUTED_MAP, ...actions] };
}

function s3(action: string, Parameters: JsonObject, ReaderConfig?: JsonObject): JsonObject {
  return { Resource: `arn:\${Partition}:states:::s3:${action}`, Parameters, ...(ReaderConfig && { ReaderConfig }) };
}

/** The layouts of the states in a document: side by side, or all inside one state. */
const NESTINGS: Readonly<Record<string, (states: JsonObject) => JsonObject>> = {
  "beside each other": (states) => states,
  "in a Map": (states) => ({ around: map({}, states) }),
  "in a Parallel": (states) => ({
    around: {
      Type: "Parallel",
      Branches: Object.entries(states).map(([name, state]) => ({ StartAt: name, States: { [name]: state } })),
      End: true,
    },
  }),
  "in a Parallel in a Map": (states) => ({ outer: map({}, NESTINGS["in a Parallel"]!(states)) }),
};

function granted(names: readonly string[], nesting = "beside each other"): string[] {
  const named = Object.fromEntries(names.map((name) => [name, USES[name]!.state]));
  const States = { start: { Type: "Pass", End: true }, ...NESTINGS[nesting]!(named) };
  return actionsOf({ StartAt: "start", States } as unknown as StatesDocument);
}

function actionsOf(document: StatesDocument): string[] {
  return [...new Set(permissions(document).flatMap(({ actions }) => actions))].sort();
}

function needed(names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => USES[name]!.actions))].sort();
}

test("this file covers exactly the known integrations", () => {
  expect(Object.keys(TASKS).sort()).toEqual(knownIntegrations());
});

test.each(NAMES)("%s has exactly the permissions that it needs", (name) => {
  expect(granted([name])).toEqual(needed([name]));
});

test("two integrations together have the permissions of both", () => {
  const pairs = NAMES.flatMap((one) => NAMES.map((other) => [one, other]));
  expect(pairs.map((pair) => granted(pair))).toEqual(pairs.map(needed));
});

const someNames = fc.subarray(NAMES, { minLength: 1 });
const someNesting = fc.constantFrom(...Object.keys(NESTINGS));

test("several integrations at any depth have the permissions of all", () => {
  fc.assert(
    fc.property(someNames, someNesting, (names, nesting) => {
      expect(granted(names, nesting)).toEqual(needed(names));
    }),
  );
});

test("removing a state removes the permissions that no other state needs", () => {
  fc.assert(
    fc.property(someNames, someNesting, fc.nat(), (names, nesting, pick) => {
      const gone = names[pick % names.length]!;
      const others = names.filter((name) => name !== gone);
      const before = granted(names, nesting);
      const after = others.length === 0 ? granted([]) : granted(others, nesting);
      expect(before.filter((action) => !after.includes(action))).toEqual(
        needed([gone]).filter((action) => !needed(others).includes(action)),
      );
      expect(after.filter((action) => !before.includes(action))).toEqual([]);
    }),
  );
});

test.each(NAMES)("%s is granted on named resources, except for actions without resource types", (name) => {
  const States = { [name]: USES[name]!.state };
  const anywhere = permissions({ StartAt: name, States } as unknown as StatesDocument).filter(({ resources }) =>
    resources.includes("*"),
  );
  expect(anywhere.flatMap(({ actions }) => actions)).toEqual(ANY_RESOURCE[name] ?? []);
});

test.each([
  ["only that object", { Bucket: "b", Key: "k.json" }, { InputType: "JSON" }, "arn:${Partition}:s3:::b/k.json"],
  [
    "all objects that a manifest may name",
    { Bucket: "b", Key: "i/manifest.json" },
    { InputType: "MANIFEST" },
    "arn:${Partition}:s3:::b/*",
  ],
])("an ItemReader of an S3 object may read %s", (_, parameters, config, resource) => {
  const { state } = distributedMap({ ItemReader: s3("getObject", parameters, config) }, []);
  const document = { StartAt: "a", States: { a: state } } as unknown as StatesDocument;
  expect(permissions(document).find(({ sid }) => sid === "ReadItems")?.resources).toEqual([resource]);
});

test.each([
  ["with a prefix", { Bucket: "b", Prefix: "p/" }, "arn:${Partition}:s3:::b/p/*"],
  ["without a prefix", { Bucket: "b" }, "arn:${Partition}:s3:::b/*"],
  [
    "with a prefix that is only known when the state runs",
    { Bucket: "b", "Prefix.$": "$.p" },
    "arn:${Partition}:s3:::b/*",
  ],
])("an ItemReader of the content of S3 objects (%s) may read them", (_, parameters, resource) => {
  const config = { Transformation: "LOAD_AND_FLATTEN" };
  const { state } = distributedMap({ ItemReader: s3("listObjectsV2", parameters, config) }, []);
  const document = { StartAt: "a", States: { a: state } } as unknown as StatesDocument;
  expect(permissions(document).find(({ sid }) => sid === "ReadItems")?.resources).toEqual([resource]);
});
