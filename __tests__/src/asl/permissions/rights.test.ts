/**
 * The rights follow the document, both ways. What an integration needs is told here a second time, from AWS's pages, not
 * from the tables of the product: a right that is missing there, or one too many, fails.
 */

import * as fc from "fast-check";
import type { StatesDocument } from "../../../../src/asl/document";
import { permissions } from "../../../../src/asl/permissions/document-permissions";
import { optimizedNames } from "../../../../src/asl/permissions/optimized-tasks";
import type { JsonObject } from "../../../../src/base/json";

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

const EVENTS = ["events:PutTargets", "events:PutRule", "events:DescribeRule"];
const ROLE = "arn:aws:iam::123456789012:role/r";
const JOB = { JobName: "a", JobQueue: "q", JobDefinition: "d" };
const QUEUE = { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/q" };
const API = {
  ApiEndpoint: "abc.execute-api.eu-west-1.amazonaws.com",
  Method: "GET",
  Stage: "prod",
  Path: "bills",
  AuthType: "IAM_ROLE",
};
const APPLICATION = { ApplicationId: "a" };
const APPLICATION_RUN = { ApplicationId: "a", JobRunId: "r", ExecutionRoleArn: ROLE };
const HTTP = {
  ApiEndpoint: "https://api.example.com/a",
  Method: "GET",
  Authentication: { ConnectionArn: "arn:aws:events:eu-west-1:123456789012:connection/c/1" },
};
const QUERY = {
  QueryString: "select 1",
  QueryExecutionContext: { Database: "d", Catalog: "c" },
  ResultConfiguration: { OutputLocation: "s3://b/results" },
};
const TABLES = [
  ...["CreateDatabase", "GetDatabase", "GetDatabases", "UpdateDatabase", "DeleteDatabase"],
  ...["CreateTable", "UpdateTable", "GetTable", "GetTables", "DeleteTable", "BatchDeleteTable"],
  ...["BatchCreatePartition", "CreatePartition", "UpdatePartition", "GetPartition", "GetPartitions"],
  ...["BatchGetPartition", "DeletePartition", "BatchDeletePartition"],
].map((name) => `glue:${name}`);
const START_QUERY = [
  ...["athena:StartQueryExecution", "athena:GetDataCatalog", "lakeformation:GetDataAccess", ...TABLES],
  ...["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
  ...["s3:ListMultipartUploadParts", "s3:AbortMultipartUpload", "s3:PutObject"],
];

/** The parameters and the actions of the call, and the actions that `.sync` needs beside them. */
type Row = readonly [
  parameters: JsonObject,
  call: readonly string[],
  sync?: readonly string[] | undefined,
  more?: readonly string[],
];

/**
 * `more` are further patterns.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
 */
const ROWS: Readonly<Record<string, Row>> = {
  "apigateway:invoke": [API, ["execute-api:Invoke"], undefined, [".waitForTaskToken"]],
  "athena:getQueryExecution": [{}, ["athena:GetQueryExecution"]],
  "athena:getQueryResults": [{ WorkGroup: "w" }, ["athena:GetQueryResults", "s3:GetObject"]],
  "athena:startQueryExecution": [QUERY, START_QUERY, ["athena:GetQueryExecution", "athena:StopQueryExecution"]],
  "athena:stopQueryExecution": [{}, ["athena:StopQueryExecution"]],
  "batch:submitJob": [JOB, ["batch:SubmitJob"], ["batch:DescribeJobs", "batch:TerminateJob", ...EVENTS]],
  "bedrock:createModelCustomizationJob": [
    { BaseModelIdentifier: "amazon.titan-text-express-v1", CustomModelName: "m", RoleArn: ROLE },
    ["bedrock:CreateModelCustomizationJob", "iam:PassRole"],
    ["bedrock:GetModelCustomizationJob", "bedrock:StopModelCustomizationJob"],
  ],
  "bedrock:invokeModel": [
    { ModelId: "cohere.command-text-v14" },
    ["bedrock:InvokeModel"],
    undefined,
    [".waitForTaskToken"],
  ],
  "codebuild:batchDeleteBuilds": [{}, ["codebuild:BatchDeleteBuilds"]],
  "codebuild:batchGetReports": [{}, ["codebuild:BatchGetReports"]],
  "codebuild:deleteBuildBatch": [{}, ["codebuild:DeleteBuildBatch"]],
  "codebuild:retryBuildBatch": [
    {},
    ["codebuild:RetryBuildBatch"],
    ["codebuild:StopBuildBatch", "codebuild:BatchGetBuildBatches", ...EVENTS],
  ],
  "codebuild:startBuild": [
    { ProjectName: "p" },
    ["codebuild:StartBuild"],
    ["codebuild:StopBuild", "codebuild:BatchGetBuilds", "codebuild:BatchGetReports", ...EVENTS],
  ],
  "codebuild:startBuildBatch": [
    { ProjectName: "p" },
    ["codebuild:StartBuildBatch"],
    ["codebuild:StopBuildBatch", "codebuild:BatchGetBuildBatches", ...EVENTS],
  ],
  "codebuild:stopBuild": [{}, ["codebuild:StopBuild"]],
  "codebuild:stopBuildBatch": [{}, ["codebuild:StopBuildBatch"]],
  "databrew:startJobRun": [{ Name: "j" }, ["databrew:StartJobRun"], ["databrew:ListJobRuns", "databrew:StopJobRun"]],
  "dynamodb:deleteItem": [{ TableName: "t" }, ["dynamodb:DeleteItem"]],
  "dynamodb:getItem": [{ TableName: "t" }, ["dynamodb:GetItem"]],
  "dynamodb:putItem": [{ TableName: "t" }, ["dynamodb:PutItem"]],
  "dynamodb:updateItem": [{ TableName: "t" }, ["dynamodb:UpdateItem"]],
  "ecs:runTask": [
    { Cluster: "c", TaskDefinition: "t", Overrides: { TaskRoleArn: ROLE } },
    ["ecs:RunTask", "iam:PassRole"],
    ["ecs:DescribeTasks", "ecs:StopTask", ...EVENTS],
    [".waitForTaskToken"],
  ],
  "eks:call": [{}, []],
  "eks:createCluster": [
    { Name: "c", RoleArn: ROLE },
    ["eks:CreateCluster", "iam:PassRole"],
    ["eks:DescribeCluster", "eks:DeleteCluster"],
  ],
  "eks:createFargateProfile": [
    { ClusterName: "c", FargateProfileName: "p", PodExecutionRoleArn: ROLE },
    ["eks:CreateFargateProfile", "iam:PassRole"],
    ["eks:DescribeFargateProfile", "eks:DeleteFargateProfile"],
  ],
  "eks:createNodegroup": [
    { ClusterName: "c", NodegroupName: "n", NodeRole: ROLE },
    ["eks:CreateNodegroup", "iam:PassRole"],
    ["eks:DescribeNodegroup", "eks:DeleteNodegroup"],
  ],
  "eks:deleteCluster": [{ Name: "c" }, ["eks:DeleteCluster"], ["eks:DescribeCluster"]],
  "eks:deleteFargateProfile": [
    { ClusterName: "c", FargateProfileName: "p" },
    ["eks:DeleteFargateProfile"],
    ["eks:DescribeFargateProfile"],
  ],
  "eks:deleteNodegroup": [{ ClusterName: "c", NodegroupName: "n" }, ["eks:DeleteNodegroup"], ["eks:DescribeNodegroup"]],
  "eks:runJob": [{}, [], [], [".waitForTaskToken"]],
  "elasticmapreduce:addStep": [
    { ClusterId: "j-1" },
    ["elasticmapreduce:AddJobFlowSteps"],
    ["elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps", ...EVENTS],
  ],
  "elasticmapreduce:cancelStep": [{ ClusterId: "j-1" }, ["elasticmapreduce:CancelSteps"]],
  "elasticmapreduce:createCluster": [
    { Name: "c", ServiceRole: "service", JobFlowRole: "nodes" },
    ["elasticmapreduce:RunJobFlow", "iam:PassRole"],
    ["elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows", ...EVENTS],
  ],
  "elasticmapreduce:modifyInstanceFleetByName": [
    { ClusterId: "j-1" },
    ["elasticmapreduce:ModifyInstanceFleet", "elasticmapreduce:ListInstanceFleets"],
  ],
  "elasticmapreduce:modifyInstanceGroupByName": [
    { ClusterId: "j-1" },
    ["elasticmapreduce:ModifyInstanceGroups", "elasticmapreduce:ListInstanceGroups"],
  ],
  "elasticmapreduce:setClusterTerminationProtection": [
    { ClusterId: "j-1" },
    ["elasticmapreduce:SetTerminationProtection"],
  ],
  "elasticmapreduce:terminateCluster": [
    { ClusterId: "j-1" },
    ["elasticmapreduce:TerminateJobFlows"],
    ["elasticmapreduce:DescribeCluster", ...EVENTS],
  ],
  "emr-containers:createVirtualCluster": [{}, ["emr-containers:CreateVirtualCluster", "iam:CreateServiceLinkedRole"]],
  "emr-containers:deleteVirtualCluster": [
    { Id: "v" },
    ["emr-containers:DeleteVirtualCluster"],
    ["emr-containers:DescribeVirtualCluster"],
  ],
  "emr-containers:startJobRun": [
    { VirtualClusterId: "v", ExecutionRoleArn: ROLE },
    ["emr-containers:StartJobRun"],
    ["emr-containers:DescribeJobRun", "emr-containers:CancelJobRun"],
  ],
  "emr-serverless:cancelJobRun": [
    { ApplicationId: "a", JobRunId: "r" },
    ["emr-serverless:CancelJobRun"],
    ["emr-serverless:GetJobRun", ...EVENTS],
  ],
  "emr-serverless:createApplication": [
    { Name: "a" },
    ["emr-serverless:CreateApplication", "iam:CreateServiceLinkedRole"],
    ["emr-serverless:GetApplication", "emr-serverless:DeleteApplication", ...EVENTS],
  ],
  "emr-serverless:deleteApplication": [
    APPLICATION,
    ["emr-serverless:DeleteApplication"],
    ["emr-serverless:GetApplication", ...EVENTS],
  ],
  "emr-serverless:startApplication": [
    APPLICATION,
    ["emr-serverless:StartApplication"],
    ["emr-serverless:GetApplication", "emr-serverless:StopApplication", ...EVENTS],
  ],
  "emr-serverless:startJobRun": [
    APPLICATION_RUN,
    ["emr-serverless:StartJobRun", "iam:PassRole"],
    ["emr-serverless:GetJobRun", "emr-serverless:CancelJobRun", ...EVENTS],
  ],
  "emr-serverless:stopApplication": [
    APPLICATION,
    ["emr-serverless:StopApplication"],
    ["emr-serverless:GetApplication", ...EVENTS],
  ],
  "events:putEvents": [
    { Entries: [{ Detail: {}, EventBusName: "e" }] },
    ["events:PutEvents"],
    undefined,
    [".waitForTaskToken"],
  ],
  "glue:startJobRun": [
    { JobName: "j" },
    ["glue:StartJobRun"],
    ["glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"],
  ],
  "http:invoke": [
    HTTP,
    [
      ...["states:InvokeHTTPEndpoint", "events:RetrieveConnectionCredentials"],
      ...["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
    ],
  ],
  "lambda:invoke": [{ FunctionName: "f" }, ["lambda:InvokeFunction"], undefined, [".waitForTaskToken"]],
  "mediaconvert:createJob": [
    { Role: ROLE, Queue: "q", Settings: {} },
    ["mediaconvert:CreateJob", "iam:PassRole"],
    ["mediaconvert:GetJob", "mediaconvert:CancelJob", ...EVENTS],
  ],
  "sagemaker:createEndpoint": [{ EndpointName: "e", EndpointConfigName: "c" }, ["sagemaker:CreateEndpoint"]],
  "sagemaker:createEndpointConfig": [{ EndpointConfigName: "c" }, ["sagemaker:CreateEndpointConfig"]],
  "sagemaker:createHyperParameterTuningJob": sagemakerJob("HyperParameterTuningJob", {
    TrainingJobDefinition: { RoleArn: ROLE },
  }),
  "sagemaker:createLabelingJob": sagemakerJob("LabelingJob", { RoleArn: ROLE }),
  "sagemaker:createModel": [{ ModelName: "m", ExecutionRoleArn: ROLE }, ["sagemaker:CreateModel", "iam:PassRole"]],
  "sagemaker:createProcessingJob": sagemakerJob("ProcessingJob", { RoleArn: ROLE }),
  "sagemaker:createTrainingJob": sagemakerJob("TrainingJob", { RoleArn: ROLE }),
  "sagemaker:createTransformJob": sagemakerJob("TransformJob", {}),
  "sagemaker:updateEndpoint": [{ EndpointName: "e", EndpointConfigName: "c" }, ["sagemaker:UpdateEndpoint"]],
  "sns:publish": [
    { TopicArn: "arn:aws:sns:eu-west-1:123456789012:t" },
    ["sns:Publish"],
    undefined,
    [".waitForTaskToken"],
  ],
  "sqs:sendMessage": [QUEUE, ["sqs:SendMessage"], undefined, [".waitForTaskToken"]],
  "states:startExecution": [
    { StateMachineArn: "arn:aws:states:eu-west-1:123456789012:stateMachine:m" },
    ["states:StartExecution"],
    ["states:DescribeExecution", "states:StopExecution", ...EVENTS],
    [".sync:2", ".waitForTaskToken"],
  ],
};

function sagemakerJob(kind: string, parameters: JsonObject): Row {
  const roles = Object.keys(parameters).length > 0 ? ["iam:PassRole"] : [];
  return [
    { [`${kind}Name`]: "j", ...parameters },
    [`sagemaker:Create${kind}`, "sagemaker:AddTags", "sagemaker:ListTags", ...roles],
    [`sagemaker:Describe${kind}`, `sagemaker:Stop${kind}`, ...EVENTS],
  ];
}

/** The integrations with their patterns. */
const TASKS: Readonly<Record<string, Use>> = Object.fromEntries(
  Object.entries(ROWS).flatMap(([name, [parameters, call, sync, more = []]]) =>
    ["", ...(sync ? [".sync"] : []), ...more].map((pattern) => {
      const waits = pattern.startsWith(".sync") ? sync! : [];
      return [name + pattern, task(name + pattern, parameters, [...call, ...waits])] as const;
    }),
  ),
);

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

/** Actions without a kind of resource, or on data that is wherever its owner put it. */
const ANY_RESOURCE = [
  "batch:DescribeJobs",
  "eks:CreateCluster",
  "elasticmapreduce:RunJobFlow",
  "emr-containers:CreateVirtualCluster",
  "emr-serverless:CreateApplication",
  "lakeformation:GetDataAccess",
  "states:InvokeHTTPEndpoint",
];

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
  return [...new Set(permissions(document).statements.flatMap(({ actions }) => actions))].sort();
}

function needed(names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => USES[name]!.actions))].sort();
}

test("this file covers exactly the known integrations", () => {
  expect(Object.keys(TASKS).sort()).toEqual(optimizedNames());
});

test.each(NAMES)("%s has exactly the permissions that it needs", (name) => {
  expect(granted([name])).toEqual(needed([name]));
});

const someNames = fc.subarray(NAMES, { minLength: 1, maxLength: 20 });
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
  const anywhere = permissions({ StartAt: name, States } as unknown as StatesDocument).statements.filter(
    ({ resources }) => resources.includes("*"),
  );
  const expected = name === "a text message" ? ["sns:Publish"] : ANY_RESOURCE;
  expect(anywhere.flatMap(({ actions }) => actions).filter((action) => !expected.includes(action))).toEqual([]);
});

test.each([
  ["only that object", { Bucket: "b", Key: "k.json" }, { InputType: "JSON" }, "arn:${Partition}:s3:::b/k.json"],
  [
    "all objects that an inventory may name",
    { Bucket: "b", Key: "i/manifest.json" },
    { InputType: "CSV", ManifestType: "S3_INVENTORY" },
    "arn:${Partition}:s3:::b/*",
  ],
  [
    "all objects that a manifest may name",
    { Bucket: "b", Key: "i/manifest.json" },
    { InputType: "MANIFEST" },
    "arn:${Partition}:s3:::b/*",
  ],
])("an ItemReader of an S3 object may read %s", (_, parameters, config, resource) => {
  const { state } = distributedMap({ ItemReader: s3("getObject", parameters, config) }, []);
  const document = { StartAt: "a", States: { a: state } } as unknown as StatesDocument;
  expect(permissions(document).statements.find(({ sid }) => sid === "ReadItems")?.resources).toEqual([resource]);
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
  expect(permissions(document).statements.find(({ sid }) => sid === "ReadItems")?.resources).toEqual([resource]);
});
