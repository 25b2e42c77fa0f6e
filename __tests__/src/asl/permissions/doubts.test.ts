import type { StatesDocument } from "../../../../src/asl/document";
import { permissions } from "../../../../src/asl/permissions/document-permissions";
import type { JsonObject } from "../../../../src/base/json";

/** Returns what a document of one state leaves open. */
function doubts(state: JsonObject): string[] {
  const document = { StartAt: "a", States: { a: state } } as unknown as StatesDocument;
  return permissions(document).doubts.map(
    ({ severity, rule, pointer, message, fix }) => `${severity} ${rule} ${pointer}: ${message}; ${fix}`,
  );
}

function task(service: string, Parameters?: JsonObject): JsonObject {
  return { Type: "Task", Resource: `arn:aws:states:::${service}`, End: true, ...(Parameters && { Parameters }) };
}

const HERE = "${Region}:${AccountId}";

test.each<[string, JsonObject, string[]]>([
  [
    "a kind of resources is a limit",
    task("dynamodb:getItem", { "TableName.$": "$.t" }),
    [
      `hint wide-right /States/a: the role may use dynamodb:GetItem on arn:\${Partition}:dynamodb:${HERE}:table/*, because TableName is known only when the state runs; write TableName as a text, or as a placeholder for an ARN, to narrow the role`,
    ],
  ],
  [
    "every bucket is none",
    task("aws-sdk:s3:getObject", { "Bucket.$": "$.b", Key: "k" }),
    [
      "warning wide-right /States/a: the role may use s3:GetObject, s3:ListBucket on arn:${Partition}:s3:::*/k, arn:${Partition}:s3:::*, because Bucket is known only when the state runs; write Bucket as a text, or as a placeholder for an ARN, to narrow the role",
    ],
  ],
  [
    "the input is the whole request",
    task("sqs:sendMessage"),
    [
      `warning wide-right /States/a: the role may use sqs:SendMessage on arn:\${Partition}:sqs:${HERE}:*, because QueueUrl is known only when the state runs; write QueueUrl as a text, or as a placeholder for an ARN, to narrow the role`,
    ],
  ],
  [
    "the value of a parameter is no ARN and no URL",
    task("sqs:sendMessage", { QueueUrl: "${QueueUrl}" }),
    [
      `warning wide-right /States/a: the role may use sqs:SendMessage on arn:\${Partition}:sqs:${HERE}:*, because QueueUrl does not say which resource it is; write QueueUrl as a text, or as a placeholder for an ARN, to narrow the role`,
    ],
  ],
  [
    "a parameter is missing",
    task("sns:publish", { Message: "m" }),
    [
      `warning wide-right /States/a: the role may use sns:Publish on arn:\${Partition}:sns:${HERE}:*, because the request has no TopicArn; write TopicArn as a text, or as a placeholder for an ARN, to narrow the role`,
    ],
  ],
  [
    "the resources of an action are not known here",
    task("aws-sdk:qldb:listLedgers", {}),
    [
      "warning wide-right /States/a: the role may use qldb:ListLedgers on every resource, because the resources of the action are not known here; limit the role with the setting `permissionsBoundary` if that is too much",
    ],
  ],
  [
    "the role that a call passes is known only when the state runs",
    task("aws-sdk:scheduler:createSchedule", { Name: "s", Target: { "RoleArn.$": "$.role" } }),
    [
      "warning unknown-right /States/a: the role of the state machine lacks iam:PassRole: the role in RoleArn is known only when the state runs; add the right to the setting `statements`",
    ],
  ],
  [
    "ECS passes the roles of the task definition",
    task("ecs:runTask", { TaskDefinition: "t" }),
    [
      "warning unknown-right /States/a: the role of the state machine lacks iam:PassRole: the roles of the task definition are not in the document; add the right to the setting `statements`",
    ],
  ],
  [
    "the IAM action of an API action is not known",
    task("aws-sdk:glue:getUnfilteredTableMetadata", {}),
    [
      "warning unknown-right /States/a: the role of the state machine lacks a right: the IAM action of aws-sdk:glue:getUnfilteredTableMetadata is not known here; add the right to the setting `statements`",
    ],
  ],
  [
    "the Resource is a placeholder",
    { Type: "Task", Resource: "${DDBPutItem}", End: true },
    [
      "warning unknown-right /States/a: the role of the state machine lacks a right: the Resource ${DDBPutItem} is known only when it is deployed; add the right to the setting `statements`",
    ],
  ],
  [
    "the tables of a transaction are known only when the state runs",
    task("aws-sdk:dynamodb:transactGetItems", { TransactItems: [{ Get: { "TableName.$": "$.t" } }] }),
    [
      `hint wide-right /States/a: the role may use dynamodb:GetItem on arn:\${Partition}:dynamodb:${HERE}:table/*, because TableName is known only when the state runs; write TableName as a text, or as a placeholder for an ARN, to narrow the role`,
    ],
  ],
  [
    "the service is not known",
    task("aws-sdk:dynamodbb:getItem", {}),
    [
      "warning unknown-integration /States/a/Resource: the Resource is no integration that is known here, got: arn:aws:states:::aws-sdk:dynamodbb:getItem; did you mean aws-sdk:dynamodb:getItem? Otherwise look it up in the Step Functions documentation, and add its rights to the setting `statements`",
    ],
  ],
  [
    "an API action of the SDK has no .sync",
    task("aws-sdk:glue:startJobRun.sync", { JobName: "j" }),
    [
      "error unknown-integration /States/a/Resource: the Resource is no integration that is known here, got: arn:aws:states:::aws-sdk:glue:startJobRun.sync; did you mean glue:startJobRun.sync or aws-sdk:glue:startJobRun?",
    ],
  ],
  [
    "an integration has only the patterns that AWS documents",
    task("sns:publish.sync", {}),
    [
      "error unknown-integration /States/a/Resource: the Resource is no integration that is known here, got: arn:aws:states:::sns:publish.sync; did you mean sns:publish or sns:publish.waitForTaskToken?",
    ],
  ],
  [
    "an API action without aws-sdk has no .sync either",
    task("glue:startCrawler.sync", {}),
    [
      "error unknown-integration /States/a/Resource: the Resource is no integration that is known here, got: arn:aws:states:::glue:startCrawler.sync; did you mean glue:startJobRun.sync or aws-sdk:glue:startCrawler?",
    ],
  ],
  [
    "an API action of the SDK begins with a small letter",
    task("aws-sdk:dynamodb:Query", {}),
    [
      "error unknown-integration /States/a/Resource: the Resource is no integration that is known here, got: arn:aws:states:::aws-sdk:dynamodb:Query; did you mean aws-sdk:dynamodb:query?",
    ],
  ],
  [
    "a service of the SDK has small letters",
    task("aws-sdk:DynamoDB:Query", {}),
    [
      "error unknown-integration /States/a/Resource: the Resource is no integration that is known here, got: arn:aws:states:::aws-sdk:DynamoDB:Query; did you mean aws-sdk:dynamodb:query?",
    ],
  ],
  [
    "a misspelt integration is an error",
    task("sns:publsh", {}),
    [
      "error unknown-integration /States/a/Resource: the Resource is no integration that is known here, got: arn:aws:states:::sns:publsh; did you mean sns:publish?",
    ],
  ],
  [
    "an API action without aws-sdk is an error",
    task("dynamodb:query", {}),
    [
      "error unknown-integration /States/a/Resource: the Resource is no integration that is known here, got: arn:aws:states:::dynamodb:query; did you mean dynamodb:putItem or aws-sdk:dynamodb:query?",
    ],
  ],
  [
    "any role may be the one of Credentials",
    { ...task("sns:publish", {}), Credentials: { "RoleArn.$": "$.role" } },
    [
      "warning wide-right /States/a: the role may use sts:AssumeRole on *, because RoleArn is known only when the state runs; write RoleArn as a text, or as a placeholder for an ARN, to narrow the role",
    ],
  ],
])("%s", (_, state, expected) => {
  expect(doubts(state)).toEqual(expected);
});

test.each([
  ["a function by its ARN", "arn:aws:lambda:eu-west-1:123456789012:function:f", ["lambda:InvokeFunction"]],
  ["a function by a placeholder", "${ResizeFunctionArn}", ["lambda:InvokeFunction"]],
  ["a function by a placeholder of Terraform", "${resize_arn}", ["lambda:InvokeFunction"]],
  ["a function by the name of a placeholder", "${ResizeLambda}", ["lambda:InvokeFunction"]],
  ["an activity", "arn:aws:states:eu-west-1:123456789012:activity:a", []],
])("a Resource is %s", (_, Resource, actions) => {
  const document = { StartAt: "a", States: { a: { Type: "Task", Resource, End: true } } } as unknown as StatesDocument;
  const { statements, doubts: open } = permissions(document);
  expect(open).toEqual([]);
  expect(statements.flatMap((statement) => statement.actions)).toEqual(actions);
  expect(statements.flatMap(({ resources }) => resources)).toEqual(
    actions.length > 0 ? [Resource, `${Resource}:*`] : [],
  );
});

test("a role in the data of a call is not passed", () => {
  expect(doubts(task("states:startExecution", { StateMachineArn: "m", Input: { "RoleArn.$": "$.role" } }))).toEqual([]);
  expect(doubts(task("lambda:invoke", { FunctionName: "f", Payload: { "Role.$": "$.role" } }))).toEqual([]);
});

test("the conditions of a statement limit the services that take a role, and the HTTP endpoint", () => {
  const document = {
    StartAt: "a",
    States: {
      a: task("emr-serverless:startJobRun", { ApplicationId: "x", ExecutionRoleArn: "${JobRoleArn}" }),
      b: task("http:invoke", {
        ApiEndpoint: "https://api.example.com/a",
        Method: "POST",
        Authentication: { ConnectionArn: "${ConnectionArn}" },
      }),
    },
  } as unknown as StatesDocument;
  const conditions = Object.fromEntries(
    permissions(document).statements.flatMap(({ sid, conditions: of }) => (of === undefined ? [] : [[sid, of]])),
  );
  expect(conditions).toEqual({
    InvokeHttpPOSTHttpsApiExampleComA: [
      { test: "StringLike", variable: "states:HTTPEndpoint", values: ["https://api.example.com/a"] },
      { test: "StringEquals", variable: "states:HTTPMethod", values: ["POST"] },
    ],
    PassRolesToEmrServerless: [
      { test: "StringEquals", variable: "iam:PassedToService", values: ["emr-serverless.amazonaws.com"] },
    ],
  });
});

test.each<[string, JsonObject, string[]]>([
  ["transactWriteItems", { TransactItems: [{ Put: { TableName: "a" } }, { Delete: { TableName: "b" } }] }, ["a", "b"]],
  ["batchGetItem", { RequestItems: { a: {}, b: {} } }, ["a", "b"]],
])("%s is limited to its tables", (action, parameters, tables) => {
  const document = { StartAt: "a", States: { a: task(`aws-sdk:dynamodb:${action}`, parameters) } };
  const { statements, doubts: open } = permissions(document as unknown as StatesDocument);
  expect(open).toEqual([]);
  const expected = tables.map((name) => `arn:\${Partition}:dynamodb:${HERE}:table/${name}`);
  expect(new Set(statements.flatMap(({ resources }) => resources))).toEqual(new Set(expected));
});

test("statements that differ in their conditions stay apart", () => {
  const call = (ApiEndpoint: string) =>
    task("http:invoke", { ApiEndpoint, Method: "GET", Authentication: { ConnectionArn: "${ConnectionArn}" } });
  const document = {
    StartAt: "a",
    States: { a: call("https://a.b/c"), b: call("https://a/b/c"), c: call("https://a.b/c") },
  };
  const { statements } = permissions(document as unknown as StatesDocument);
  const invoking = statements.filter(({ actions }) => actions.includes("states:InvokeHTTPEndpoint"));
  expect(invoking.map(({ sid, conditions }) => [sid, conditions![0]!.values])).toEqual([
    ["InvokeHttpGETHttpsABC", ["https://a.b/c"]],
    ["InvokeHttpGETHttpsABC2", ["https://a/b/c"]],
  ]);
});
