/** The rights of optimized integrations that do more than one call, or whose resources are not parameters. */
import { arnOf, isArn } from "./arn-template";
import { grant, grantOn, grantWide, hearOf, openIn, type Right, take } from "./right";
import type { ServiceRequest } from "./service-request";
import { sidOf } from "./statement";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html */
export function invokeApi(request: ServiceRequest): Right[] {
  // A call without authorization is not signed.
  if (request.text("AuthType") === "NO_AUTH") return [];
  const endpoint = request.text("ApiEndpoint");
  const [, api, region] = /^([^.]+)\.execute-api\.([^.]+)\./.exec(endpoint ?? "") ?? [];
  const path = request.text("Path")?.replace(/^\//, "");
  const tail = `${request.text("Stage") ?? "*"}/${request.text("Method") ?? "*"}/${path ?? "*"}`;
  // An endpoint with a placeholder has the form too, such as `${ApiId}.execute-api.${Region}.amazonaws.com`.
  const arn = `arn:\${Partition}:execute-api:${region ?? "${Region}"}:\${AccountId}:${api ?? "*"}/${tail}`;
  return [
    api === undefined
      ? grantWide("ExecuteApiInvoke", ["execute-api:Invoke"], [arn], openIn(request, "ApiEndpoint"))
      : grant("ExecuteApiInvoke", ["execute-api:Invoke"], [arn]),
  ];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html */
export function invokeModel(request: ServiceRequest): Right[] {
  const model = request.text("ModelId");
  const invoke = (resources: readonly string[]) => grant("BedrockInvokeModel", ["bedrock:InvokeModel"], resources);
  return [
    model === null
      ? grantWide(
          "BedrockInvokeModel",
          ["bedrock:InvokeModel"],
          [foundationModel("*"), arnOf("*", "bedrock", "")],
          openIn(request, "ModelId"),
        )
      : invoke(modelArns(model)),
    ...objectAt("S3GetObject", "s3:GetObject", request.text("Input.S3Uri")),
    ...objectAt("S3PutObject", "s3:PutObject", request.text("Output.S3Uri")),
  ];
}

export function waitForCustomization(): Right[] {
  const actions = ["bedrock:GetModelCustomizationJob", "bedrock:StopModelCustomizationJob"];
  // The ARN of the job has an id that Bedrock chooses.
  return [grant("FollowCustomizationJobs", actions, [arnOf("*", "bedrock", "model-customization-job/")])];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html */
export function runTask(request: ServiceRequest): Right[] {
  const rights = take(["ecs:RunTask"], request);
  // A task with tags needs this permission too. The ARN of the task has an id that ECS chooses.
  return request.has("Tags") ? [...rights, grant("TagTasks", ["ecs:TagResource"], [taskArn(request)])] : rights;
}

export function waitForTask(request: ServiceRequest): Right[] {
  return [
    grant("FollowTasks", ["ecs:DescribeTasks", "ecs:StopTask"], [taskArn(request)]),
    hearOf("StepFunctionsGetEventsForECSTaskRule"),
  ];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html */
export function createEmrCluster(request: ServiceRequest): Right[] {
  const rights = take(["elasticmapreduce:RunJobFlow"], request);
  // The ARN of the cluster has an id that EMR chooses.
  const clusters = [arnOf("*", "elasticmapreduce", "cluster/")];
  return request.has("Tags") ? [...rights, grant("TagClusters", ["elasticmapreduce:AddTags"], clusters)] : rights;
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-eks.html */
export function createVirtualCluster(request: ServiceRequest): Right[] {
  return [...take(["emr-containers:CreateVirtualCluster"], request), serviceLinkedRole("emr-containers.amazonaws.com")];
}

/** The job's role is not passed, but named in a condition. */
export function startContainerJob(request: ServiceRequest): Right[] {
  const [start] = take(["emr-containers:StartJobRun"], request) as [Right];
  const role = request.text("ExecutionRoleArn");
  if (role === null) return [start];
  const conditions = [{ test: "StringEquals", variable: "emr-containers:ExecutionRoleArn", values: [role] }] as const;
  // Each role has a statement of its own.
  const sid = `${start.statement.sid}${role.replace(/\W/g, "")}`;
  return [{ ...start, statement: { ...start.statement, sid, conditions } }];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html */
export function createServerlessApplication(request: ServiceRequest): Right[] {
  return [
    ...take(["emr-serverless:CreateApplication"], request),
    serviceLinkedRole("ops.emr-serverless.amazonaws.com"),
  ];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html */
export function putEvents(request: ServiceRequest): Right[] {
  const entries = request.list("Entries");
  if (entries === null)
    return [
      grantWide(
        "EventsPutEvents",
        ["events:PutEvents"],
        [arnOf("*", "events", "event-bus/")],
        openIn(request, "Entries"),
      ),
    ];
  return entries.map((entry) => {
    if (!entry.has("EventBusName"))
      return grant("EventsPutEvents", ["events:PutEvents"], [arnOf("default", "events", "event-bus/")]);
    return grantOn(["EventsPutEvents", "events:PutEvents"], entry, "EventBusName", "event-bus/");
  });
}

/**
 * The call of an HTTP API, with the secret of its connection.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
 */
export function invokeHttp(request: ServiceRequest): Right[] {
  const endpoint = request.text("ApiEndpoint");
  const method = request.text("Method");
  const connection = request.text("Authentication.ConnectionArn") ?? request.text("InvocationConfig.ConnectionArn");
  const conditions = [
    ...(endpoint === null
      ? []
      : [{ test: "StringLike", variable: "states:HTTPEndpoint", values: [endpoint] } as const]),
    ...(method === null ? [] : [{ test: "StringEquals", variable: "states:HTTPMethod", values: [method] } as const]),
  ];
  const invoke = grant(
    sidOf(`invoke:http:${method ?? "any"}:${endpoint ?? "any"}`),
    ["states:InvokeHTTPEndpoint"],
    // The action has no resources. Its conditions limit it.
    ["*"],
    conditions,
  );
  const retrieve = ["EventsRetrieveConnectionCredentials", ["events:RetrieveConnectionCredentials"]] as const;
  return [
    endpoint === null ? { ...invoke, open: [openIn(request, "ApiEndpoint")] } : invoke,
    connection === null
      ? grantWide(...retrieve, [arnOf("*", "events", "connection/")], openIn(request, "Authentication.ConnectionArn"))
      : grant(...retrieve, [arnOf(connection, "events", "connection/")]),
    // EventBridge chooses the name of the secret.
    grant(
      "ReadConnectionSecrets",
      ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      [arnOf("*", "secretsmanager", "secret:events!connection/")],
    ),
  ];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-mediaconvert.html */
export function createMediaJob(request: ServiceRequest): Right[] {
  const queue = request.isOfRun("Queue") ? request.text("Queue") : "Default";
  const resources = [arnOf(queue, "mediaconvert", "queues/")];
  if (request.has("JobTemplate")) resources.push(arnOf(request.text("JobTemplate"), "mediaconvert", "jobTemplates/"));
  return [
    queue === null
      ? grantWide("MediaconvertCreateJob", ["mediaconvert:CreateJob"], resources, openIn(request, "Queue"))
      : grant("MediaconvertCreateJob", ["mediaconvert:CreateJob"], resources),
  ];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html */
export function sagemaker(action: string): (request: ServiceRequest) => Right[] {
  return (request) => {
    const rights = take([`sagemaker:${action}`], request);
    const resources = rights.flatMap(({ statement }) => statement.resources);
    return request.has("Tags") || action.endsWith("Job")
      ? // Step Functions tags the jobs that it starts.
        [...rights, grant("TagSagemakerJobs", ["sagemaker:AddTags", "sagemaker:ListTags"], resources)]
      : rights;
  };
}

/** A text message to a telephone number has no ARN. @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html */
export function publish(request: ServiceRequest): Right[] {
  if (request.has("PhoneNumber")) return [grant("SnsPublish", ["sns:Publish"], ["*"])];
  const target = request.has("TargetArn") ? "TargetArn" : "TopicArn";
  return [grantOn(["SnsPublish", "sns:Publish"], request, target, "")];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html */
export function waitForExecution(request: ServiceRequest): Right[] {
  const machine = request.text("StateMachineArn");
  const [, name] = /:stateMachine:([^:]+)/.exec(machine ?? "") ?? [];
  const execution =
    name === undefined
      ? arnOf("*", "states", "execution:")
      : machine!.replace(/:stateMachine:.*$/, `:execution:${name}:*`);
  return [
    grant("FollowExecutions", ["states:DescribeExecution", "states:StopExecution"], [execution]),
    hearOf("StepFunctionsGetEventsForStepFunctionsExecutionRule"),
  ];
}

// --- internal ---

/** Ids of inference profiles begin with the regions in which the model runs. */
const PROFILE = /^(us|us-gov|eu|apac|au|ca|jp|global)\.(.+)$/;

function modelArns(model: string): string[] {
  if (isArn(model)) return [model];
  const [, , inner] = PROFILE.exec(model) ?? [];
  if (inner === undefined) return [foundationModel(model)];
  return [arnOf(model, "bedrock", "inference-profile/"), `arn:\${Partition}:bedrock:*::foundation-model/${inner}`];
}

function foundationModel(model: string): string {
  return `arn:\${Partition}:bedrock:\${Region}::foundation-model/${model}`;
}

function objectAt(sid: string, action: string, uri: string | null): Right[] {
  const [, place] = /^s3:\/\/(.+)$/.exec(uri ?? "") ?? [];
  return place === undefined ? [] : [grant(sid, [action], [`arn:\${Partition}:s3:::${place}`])];
}

/** The tasks of a cluster. Without a cluster, ECS uses the one with the name `default`. */
function taskArn(request: ServiceRequest): string {
  const cluster = request.isOfRun("Cluster") ? request.text("Cluster") : "default";
  if (cluster === null || (isArn(cluster) && !cluster.startsWith("arn:"))) return arnOf("*", "ecs", "task/");
  return isArn(cluster) ? `${cluster.replace(":cluster/", ":task/")}/*` : arnOf(`${cluster}/*`, "ecs", "task/");
}

function serviceLinkedRole(service: string): Right {
  const role = `arn:\${Partition}:iam::\${AccountId}:role/aws-service-role/${service}/*`;
  const conditions = [{ test: "StringLike", variable: "iam:AWSServiceName", values: [service] }] as const;
  return grant(sidOf(`create:role:of:${service}`), ["iam:CreateServiceLinkedRole"], [role], conditions);
}
