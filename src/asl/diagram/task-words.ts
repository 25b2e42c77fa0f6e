/** The work of a Task in short words: the service, and the job, function or other resource that it calls. */
import { asObject, type Json, type JsonObject, objectsOf } from "../../base/json";
import type { State } from "../document";
import { calledDirectly, integrationOf } from "../integration";
import { givenRequest } from "../query-language";
import { fieldOf, s3Address, shortName, valueWords } from "./value-words";

/** Describes the work of a Task: `Batch job train`, `Lambda tidy`, `DynamoDB getItem orders`. */
export function taskWords(state: State): string {
  const request = asObject(givenRequest(state));
  const integration = integrationOf(state.Resource);
  if (integration === null) return functionWords(state.Resource);
  const action = integration.action.replace(/^aws-sdk:/, "");
  const [service = "", operation = ""] = action.split(":");
  const own = Object.hasOwn(ACTIONS, action) ? ACTIONS[action]! : null;
  const resource = Object.hasOwn(RESOURCES, service) ? RESOURCES[service]!(request) : "";
  const called = Object.hasOwn(SERVICES, service) ? `${SERVICES[service]} ${operation}` : action;
  const what = own === null ? [called, resource] : [own.words, own.resource(request)];
  const words = what.filter((word) => word !== "").join(" ");
  if (integration.suffix === ".waitForTaskToken") return `${words}, waits for a token`;
  return own?.awaited && integration.suffix === "" ? `${words}, not awaited` : words;
}

// --- internal ---

interface Action {
  readonly words: string;
  /** Returns the name of the resource in a request. */
  readonly resource: (request: JsonObject) => string;
  /** True if the state can wait for the end of the work. */
  readonly awaited?: boolean;
}

const named = (field: string) => (request: JsonObject) => {
  const value = fieldOf(request, field);
  return value === undefined ? "" : shortName(value);
};

/** The actions that start one named thing. */
const ACTIONS: Readonly<Record<string, Action>> = {
  "batch:submitJob": { words: "Batch job", resource: named("JobDefinition"), awaited: true },
  "lambda:invoke": { words: "Lambda", resource: named("FunctionName") },
  "states:startExecution": { words: "state machine", resource: named("StateMachineArn"), awaited: true },
  "sfn:startExecution": { words: "state machine", resource: named("StateMachineArn") },
  "s3:copyObject": {
    words: "copy",
    resource: (request) => `${sourceWords(fieldOf(request, "CopySource"))} to ${objectWords(request)}`,
  },
  "s3:deleteObject": { words: "delete", resource: objectWords },
  "s3:getObject": { words: "read", resource: objectWords },
  "s3:headObject": { words: "look up", resource: objectWords },
  "s3:listObjectsV2": { words: "list", resource: objectWords },
  "s3:putObject": { words: "write", resource: objectWords },
  "sns:publish": { words: "SNS topic", resource: named("TopicArn") },
  "sqs:sendMessage": { words: "SQS queue", resource: named("QueueUrl") },
  "ecs:runTask": { words: "ECS task", resource: named("TaskDefinition"), awaited: true },
  "glue:startJobRun": { words: "Glue job", resource: named("JobName"), awaited: true },
  "codebuild:startBuild": { words: "CodeBuild project", resource: named("ProjectName"), awaited: true },
  "bedrock:invokeModel": { words: "Bedrock model", resource: named("ModelId") },
  "events:putEvents": {
    words: "EventBridge event",
    resource: ({ Entries }) => named("DetailType")(objectsOf(Entries)[0] ?? {}),
  },
  "http:invoke": { words: "HTTP", resource: (request) => callWords(request, fieldOf(request, "ApiEndpoint")) },
  "apigateway:invoke": { words: "API Gateway", resource: (request) => callWords(request, fieldOf(request, "Path")) },
};

/** The resource of every action of a service. */
const RESOURCES: Readonly<Record<string, (request: JsonObject) => string>> = {
  dynamodb: named("TableName"),
  s3: (request) => (fieldOf(request, "Bucket") === undefined ? "" : objectWords(request)),
};

/** The names of services as AWS writes them. */
const SERVICES: Readonly<Record<string, string>> = {
  athena: "Athena",
  bedrock: "Bedrock",
  cloudformation: "CloudFormation",
  dynamodb: "DynamoDB",
  ec2: "EC2",
  ecs: "ECS",
  eks: "EKS",
  glue: "Glue",
  lambda: "Lambda",
  rds: "RDS",
  s3: "S3",
  sagemaker: "SageMaker",
  secretsmanager: "Secrets Manager",
  sfn: "Step Functions",
  sns: "SNS",
  sqs: "SQS",
  ssm: "SSM",
};

function objectWords(request: JsonObject): string {
  return s3Address(fieldOf(request, "Bucket"), fieldOf(request, "Key") ?? fieldOf(request, "Prefix"));
}

/** The source of a copy is one text, `bucket/key`. */
function sourceWords(source: Json | undefined): string {
  const [, bucket, key] = /^\/?(\$\{\w+\}|[^/${]+)\/(.+)$/s.exec(typeof source === "string" ? source : "") ?? [];
  return bucket === undefined ? valueWords(source) : s3Address(bucket, key);
}

function callWords(request: JsonObject, target: Json | undefined): string {
  const method = fieldOf(request, "Method");
  return [method, target].flatMap((word) => (word === undefined ? [] : [valueWords(word)])).join(" ");
}

/** Describes a function, an activity, or a placeholder that may be either. */
function functionWords(resource: Json | undefined): string {
  const called = calledDirectly(resource);
  if (called === "function") return `Lambda ${shortName(resource)}`;
  return called === "activity" ? `activity ${shortName(resource)}` : shortName(resource);
}
