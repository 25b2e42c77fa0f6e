import { narrowResources } from "../../../../src/asl/permissions/narrow-resources";
import { requestOf } from "../../../../src/asl/permissions/service-request";
import type { JsonObject } from "../../../../src/base/json";

const HERE = "${Region}:${AccountId}";

test.each<[string, JsonObject, string[]]>([
  ["s3:GetObject", { Bucket: "b", Key: "k" }, ["arn:${Partition}:s3:::b/k"]],
  ["s3:GetObject", { Bucket: "b", "Key.$": "$.k" }, ["arn:${Partition}:s3:::b/*"]],
  ["s3:ListBucket", { Bucket: "${DataBucketName}" }, ["arn:${Partition}:s3:::${DataBucketName}"]],
  ["dynamodb:Query", { TableName: "t" }, [`arn:\${Partition}:dynamodb:${HERE}:table/t`]],
  ["dynamodb:Query", { TableName: "${OrdersTableArn}" }, ["${OrdersTableArn}"]],
  [
    "dynamodb:Query",
    { TableName: "t", IndexName: "i" },
    [`arn:\${Partition}:dynamodb:${HERE}:table/t`, `arn:\${Partition}:dynamodb:${HERE}:table/t/index/*`],
  ],
  [
    "lambda:InvokeFunction",
    { FunctionName: "f" },
    [`arn:\${Partition}:lambda:${HERE}:function:f`, `arn:\${Partition}:lambda:${HERE}:function:f:*`],
  ],
  ["lambda:InvokeFunction", { FunctionName: "f:live" }, [`arn:\${Partition}:lambda:${HERE}:function:f:live`]],
  [
    "secretsmanager:GetSecretValue",
    { SecretId: "my/secret" },
    [`arn:\${Partition}:secretsmanager:${HERE}:secret:my/secret-??????`],
  ],
  ["ssm:GetParameter", { Name: "/a/b" }, [`arn:\${Partition}:ssm:${HERE}:parameter/a/b`]],
  ["ecs:RunTask", { TaskDefinition: "t" }, [`arn:\${Partition}:ecs:${HERE}:task-definition/t:*`]],
  ["ecs:RunTask", { TaskDefinition: "t:3" }, [`arn:\${Partition}:ecs:${HERE}:task-definition/t:3`]],
  [
    "ecs:DescribeTasks",
    { Cluster: "arn:aws:ecs:eu-west-1:123456789012:cluster/c", Tasks: ["x"] },
    [`arn:\${Partition}:ecs:${HERE}:task/c/*`],
  ],
  ["glue:StartCrawler", { Name: "c" }, [`arn:\${Partition}:glue:${HERE}:crawler/c`]],
  ["athena:StartQueryExecution", {}, [`arn:\${Partition}:athena:${HERE}:workgroup/primary`]],
  ["athena:StartQueryExecution", { WorkGroup: "w" }, [`arn:\${Partition}:athena:${HERE}:workgroup/w`]],
  [
    "states:DescribeExecution",
    { ExecutionArn: "arn:aws:states:eu-west-1:123456789012:execution:m:e" },
    ["arn:aws:states:eu-west-1:123456789012:execution:m:e"],
  ],
  [
    "sqs:ReceiveMessage",
    { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/q" },
    ["arn:${Partition}:sqs:eu-west-1:123456789012:q"],
  ],
  ["rds:StopDBInstance", { DbInstanceIdentifier: "d" }, [`arn:\${Partition}:rds:${HERE}:db:d`]],
  ["kms:Decrypt", { KeyId: "1234" }, [`arn:\${Partition}:kms:${HERE}:key/1234`]],
  [
    "logs:PutLogEvents",
    { LogGroupName: "g", LogStreamName: "s" },
    [`arn:\${Partition}:logs:${HERE}:log-group:g:log-stream:s`],
  ],
  [
    "logs:FilterLogEvents",
    { LogGroupName: "g" },
    [`arn:\${Partition}:logs:${HERE}:log-group:g`, `arn:\${Partition}:logs:${HERE}:log-group:g:*`],
  ],
  ["bedrock:Retrieve", { KnowledgeBaseId: "k" }, [`arn:\${Partition}:bedrock:${HERE}:knowledge-base/k`]],
  ["sts:AssumeRole", { RoleArn: "arn:aws:iam::123456789012:role/r" }, ["arn:aws:iam::123456789012:role/r"]],
  ["athena:GetQueryExecution", { QueryExecutionId: "1" }, [`arn:\${Partition}:athena:${HERE}:workgroup/*`]],
  ["scheduler:DeleteSchedule", { Name: "s" }, [`arn:\${Partition}:scheduler:${HERE}:schedule/default/s`]],
  [
    "transcribe:GetTranscriptionJob",
    { TranscriptionJobName: "j" },
    [`arn:\${Partition}:transcribe:${HERE}:transcription-job/j`],
  ],
  [
    "elasticmapreduce:AddJobFlowSteps",
    { JobFlowId: "j-1" },
    [`arn:\${Partition}:elasticmapreduce:${HERE}:cluster/j-1`],
  ],
  ["events:DisableRule", { Name: "r" }, [`arn:\${Partition}:events:${HERE}:rule/r`]],
  [
    "autoscaling:UpdateAutoScalingGroup",
    { AutoScalingGroupName: "g" },
    [`arn:\${Partition}:autoscaling:${HERE}:autoScalingGroup:*:autoScalingGroupName/g`],
  ],
  [
    "ecs:RunTask",
    { TaskDefinition: "arn:aws:ecs:eu-west-1:123456789012:task-definition/t" },
    ["arn:aws:ecs:eu-west-1:123456789012:task-definition/t:*"],
  ],
  [
    "rekognition:CreateDataset",
    { ProjectArn: "arn:aws:rekognition:eu-west-1:123456789012:project/p/1" },
    ["arn:aws:rekognition:eu-west-1:123456789012:project/p/1"],
  ],
  [
    "ec2:CreateImage",
    { Name: "n", InstanceId: "i-1" },
    [
      "arn:${Partition}:ec2:${Region}::image/*",
      "arn:${Partition}:ec2:${Region}::snapshot/*",
      `arn:\${Partition}:ec2:${HERE}:instance/i-1`,
    ],
  ],
  ["polly:SynthesizeSpeech", { Text: "t" }, ["*"]],
  ["ec2:DescribeInstances", { InstanceIds: ["i-1"] }, ["*"]],
  ["textract:DetectDocumentText", {}, ["*"]],
])("%s of %j is limited to %j", (action, Parameters, resources) => {
  expect(narrowResources(action, requestOf({ Parameters }))).toEqual({ resources, open: [], isUnknown: false });
});

test.each<[string, JsonObject, string[], string[]]>([
  ["dynamodb:GetItem", { "TableName.$": "$.t" }, [`arn:\${Partition}:dynamodb:${HERE}:table/*`], ["TableName"]],
  ["s3:PutObject", { "Bucket.$": "$.b", "Key.$": "$.k" }, ["arn:${Partition}:s3:::*/*"], ["Bucket"]],
  ["kms:Decrypt", { KeyId: "alias/a" }, [`arn:\${Partition}:kms:${HERE}:key/*`], ["KeyId"]],
  ["sqs:SendMessage", { QueueUrl: "${QueueUrl}" }, [`arn:\${Partition}:sqs:${HERE}:*`], ["QueueUrl"]],
])("%s of %j stays open to %j", (action, Parameters, resources, open) => {
  expect(narrowResources(action, requestOf({ Parameters }))).toEqual({ resources, open, isUnknown: false });
});

test("an action that the table does not have is limited to a resource that is given by its ARN, if any", () => {
  const ResourceArn = "arn:aws:qldb:eu-west-1:123456789012:ledger/l";
  expect(narrowResources("qldb:TagResource", requestOf({ Parameters: { ResourceArn } }))).toEqual({
    resources: [ResourceArn],
    open: [],
    isUnknown: false,
  });
  expect(narrowResources("qldb:ListLedgers", requestOf({ Parameters: {} }))).toEqual({
    resources: ["*"],
    open: [],
    isUnknown: true,
  });
});
