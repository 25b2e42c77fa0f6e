import { stateWords } from "../../../../src/asl/diagram/state-words";
import type { State } from "../../../../src/asl/document";

function task(resource: string, Parameters: object = {}): string {
  const [line] = stateWords("Task", { Type: "Task", Resource: resource, Parameters } as unknown as State);
  return line!;
}

const AWS = "arn:aws:states:::";

test.each<[string, object, string]>([
  ["batch:submitJob.sync", { JobDefinition: "${TrainModelJobDefinitionArn}" }, "Batch job train-model"],
  ["batch:submitJob.sync", { JobDefinition: "${Theirs}" }, "Batch job Theirs"],
  ["batch:submitJob.sync", { JobDefinition: "train:7" }, "Batch job train"],
  ["batch:submitJob.sync", { "JobDefinition.$": "$.definition" }, "Batch job $.definition"],
  [
    "batch:submitJob",
    { JobDefinition: "arn:aws:batch:eu-west-1:123456789012:job-definition/train:7" },
    "Batch job train, not awaited",
  ],
  ["lambda:invoke", { FunctionName: "tidy" }, "Lambda tidy"],
  ["lambda:invoke", { FunctionName: "${TidyFunctionArn}" }, "Lambda TidyFunction"],
  ["lambda:invoke", { FunctionName: "${TidyArn}:$LATEST" }, "Lambda Tidy"],
  ["lambda:invoke", { FunctionName: "{% 'tidy' %}" }, "Lambda tidy"],
  ["lambda:invoke", {}, "Lambda"],
  [
    "lambda:invoke.waitForTaskToken",
    { FunctionName: "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:approve:$LATEST" },
    "Lambda approve, waits for a token",
  ],
  [
    "states:startExecution.sync:2",
    { StateMachineArn: "arn:aws:states:eu-west-1:123456789012:stateMachine:publish" },
    "state machine publish",
  ],
  ["states:startExecution", { StateMachineArn: "${ChildArn}" }, "state machine Child, not awaited"],
  ["sns:publish", { TopicArn: "arn:aws:sns:eu-west-1:123456789012:alerts" }, "SNS topic alerts"],
  ["sqs:sendMessage", { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/done" }, "SQS queue done"],
  ["dynamodb:getItem", { TableName: "orders" }, "DynamoDB getItem orders"],
  ["aws-sdk:dynamodb:query", { "TableName.$": "$.table" }, "DynamoDB query $.table"],
  ["aws-sdk:s3:getObject", { Bucket: "${DataBucket}", "Key.$": "$.key" }, "read s3://DataBucket/$.key"],
  ["aws-sdk:s3:putObject", { Bucket: "${DataBucket}", Key: "a.json" }, "write s3://DataBucket/a.json"],
  ["aws-sdk:s3:headObject", { Bucket: "b", Key: "a.json" }, "look up s3://b/a.json"],
  ["aws-sdk:s3:deleteObject", { Bucket: "b", Key: "a.json" }, "delete s3://b/a.json"],
  ["aws-sdk:s3:listObjectsV2", { Bucket: "b", Prefix: "in/" }, "list s3://b/in/"],
  [
    "aws-sdk:s3:copyObject",
    { Bucket: "b", Key: "a", CopySource: "${DataBucket}/d/e" },
    "copy s3://DataBucket/d/e to s3://b/a",
  ],
  ["aws-sdk:s3:copyObject", { Bucket: "b", Key: "a", "CopySource.$": "$.source" }, "copy $.source to s3://b/a"],
  ["aws-sdk:s3:listBuckets", {}, "S3 listBuckets"],
  ["events:putEvents", { Entries: [{ DetailType: "order-placed" }] }, "EventBridge event order-placed"],
  ["http:invoke", { Method: "GET", ApiEndpoint: "https://example.com/orders" }, "HTTP GET https://example.com/orders"],
  ["aws-sdk:rekognition:detectLabels", {}, "rekognition:detectLabels"],
])("describes a task of %s with %j", (integration, parameters, words) => {
  expect(task(AWS + integration, parameters)).toBe(words);
});

test.each([
  ["arn:aws:lambda:eu-west-1:123456789012:function:tidy", "Lambda tidy"],
  ["arn:aws:states:eu-west-1:123456789012:activity:review", "activity review"],
  ["${TidyArn}", "Tidy"],
])("describes a task with the Resource %s", (resource, words) => {
  expect(task(resource)).toBe(words);
});

test("cuts very long names", () => {
  expect(task(`${AWS}lambda:invoke`, { FunctionName: "f".repeat(300) })).toBe(`Lambda ${"f".repeat(79)}…`);
});

const LIST = { Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: { Bucket: "bucket", Prefix: "in/" } };
const FILE = { Resource: "arn:aws:states:::s3:getObject", Parameters: { Bucket: "bucket", "Key.$": "$.key" } };
const DISTRIBUTED = { ProcessorConfig: { Mode: "DISTRIBUTED" } };

test.each<[object, string[]]>([
  [{}, ["for each of $"]],
  [{ ItemsPath: "$.items", MaxConcurrency: 5 }, ["for each of $.items", "at most 5 at a time"]],
  [{ Items: "{% $states.input.rows %}" }, ["for each of $.rows"]],
  [{ ItemProcessor: DISTRIBUTED, ItemReader: LIST }, ["for each object under s3://bucket/in/", "distributed"]],
  [{ ItemReader: { ...LIST, Parameters: { Bucket: "bucket" } } }, ["for each object under s3://bucket"]],
  [{ ItemReader: { ...FILE, ReaderConfig: { InputType: "CSV" } } }, ["for each row of s3://bucket/$.key"]],
  [{ ItemReader: { ...FILE, ReaderConfig: { InputType: "JSONL" } } }, ["for each line of s3://bucket/$.key"]],
  [{ ItemReader: { ...FILE, ReaderConfig: { InputType: "JSON" } } }, ["for each item of s3://bucket/$.key"]],
  [
    { ItemReader: { ...FILE, ReaderConfig: { InputType: "MANIFEST" } } },
    ["for each object in the inventory s3://bucket/$.key"],
  ],
  [
    { ItemReader: { ...LIST, ReaderConfig: { InputType: "CSV", Transformation: "LOAD_AND_FLATTEN" } } },
    ["for each row of the objects under s3://bucket/in/"],
  ],
  [
    {
      ItemProcessor: DISTRIBUTED,
      ItemReader: { Resource: FILE.Resource, Arguments: { Bucket: "b", Key: "{% $states.input.key %}" } },
      ItemBatcher: { MaxItemsPerBatch: 100 },
      ToleratedFailurePercentage: 5,
      ToleratedFailureCountPath: "$.most",
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "b", Prefix: "out" } },
    },
    [
      "for each item of s3://b/$.key",
      "distributed, in batches of 100",
      "up to $.most or 5 % may fail",
      "results to s3://b/out",
    ],
  ],
  [{ ItemBatcher: { MaxInputBytesPerBatch: 1000 } }, ["for each of $", "in batches of 1000 bytes"]],
])("describes a Map with %j", (fields, lines) => {
  expect(stateWords("Map", { Type: "Map", ...fields } as unknown as State)).toEqual(lines);
});
