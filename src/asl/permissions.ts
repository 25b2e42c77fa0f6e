/**
 * The IAM permissions that a document needs, and no others. They are derived from the document. Placeholders stay in the resources:
 * `Partition`, `Region`, `AccountId` and `StateMachineName` are among them, whether the document has them or not.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
 */
import { asObject, type Json, type JsonObject } from "../base/json";
import { type StateLocation, type StatesDocument, walkStates } from "./document";
import { integrationOf } from "./integration";
import { isDistributed } from "./map-mode";
import { isJsonataText } from "./query-language";

/** One statement of an IAM policy; its effect is Allow. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** An integration without a rule. */
export interface UnknownIntegration {
  readonly location: StateLocation;
  /** The field of the state that names the service, such as `Resource` or `ItemReader/Resource`. */
  readonly field: string;
  readonly resource: string;
}

/** Returns the integrations that have a rule, as written after `states:::`. */
export function knownIntegrations(): string[] {
  return Object.keys(TASK_RIGHTS).sort();
}

/** Returns the integrations without a rule, in the order of the document. */
export function unknownIntegrations(document: StatesDocument): UnknownIntegration[] {
  return [...serviceUses(document)].flatMap((use) =>
    use.rights === undefined ? [{ location: use.location, field: use.field, resource: use.resource }] : [],
  );
}

/**
 * Returns the statements for a document, sorted and merged: the order of its states does not matter.
 * Throws an error that names every integration without a rule, and its state.
 */
export function permissions(document: StatesDocument): Statement[] {
  const unknown = unknownIntegrations(document);
  if (unknown.length > 0) {
    const uses = unknown.map(
      ({ location, resource }) => `${[...location.parents, location.name].join("/")}: ${resource}`,
    );
    throw new Error(
      `no IAM rule for ${uses.join(", ")}; known integrations are ${knownIntegrations().join(", ")}; ` +
        "use one of these or add a rule to TASK_RIGHTS in src/asl/permissions.ts",
    );
  }
  const statements = [...serviceUses(document)].flatMap(({ rights, request }) => rights!(request));
  for (const { state } of walkStates(document)) {
    if (isDistributed(state)) statements.push(...DISTRIBUTED_MAP);
  }
  return merge(statements);
}

// --- internal ---

/** The parameters of a call. */
interface Request {
  has(parameter: string): boolean;
  /** `null` if the parameter is missing, is not a text, or is known only when the state runs. */
  text(parameter: string): string | null;
  /** Returns whether the reader of a Map has this option. */
  reads(option: string, value: string): boolean;
}

type Rights = (request: Request) => Statement[];

const PARTITION = "${Partition}";
const HERE = "${Region}:${AccountId}";
const SELF = "${StateMachineName}";

/** The integrations of a Task. Services that need `iam:PassRole` are left out: the document does not name the role. */
const TASK_RIGHTS: Readonly<Record<string, Rights>> = {
  "batch:submitJob": submitJob,
  "batch:submitJob.sync": (request) => [...submitJob(request), ...WAIT_FOR_JOBS],
  "dynamodb:deleteItem": table("DeleteItem"),
  "dynamodb:getItem": table("GetItem"),
  "dynamodb:putItem": table("PutItem"),
  "dynamodb:updateItem": table("UpdateItem"),
  "lambda:invoke": invoke,
  "lambda:invoke.waitForTaskToken": invoke,
  "sns:publish": publish,
  "sqs:sendMessage": sendMessage,
  "sqs:sendMessage.waitForTaskToken": sendMessage,
  "states:startExecution": startExecution,
};

/** The sources of a distributed Map's items. @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
const READER_RIGHTS: Readonly<Record<string, Rights>> = {
  "s3:getObject": (request) => {
    // The items are not in a manifest itself, but in the objects that it names.
    const key = request.reads("InputType", "MANIFEST") ? null : request.text("Key");
    return [readItems(request, key)];
  },
  "s3:listObjectsV2": (request) => {
    const list = allow("ListItems", ["s3:ListBucket"], [bucket(request.text("Bucket"))]);
    if (!request.reads("Transformation", "LOAD_AND_FLATTEN")) return [list];
    const prefix = request.text("Prefix");
    return [list, readItems(request, prefix === null ? null : `${prefix}*`)];
  },
};

/** The targets of a distributed Map's results. */
const WRITER_RIGHTS: Readonly<Record<string, Rights>> = {
  "s3:putObject": (request) => {
    const prefix = request.text("Prefix");
    return [
      allow(
        "WriteResults",
        ["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
        objects(request.text("Bucket"), prefix === null ? null : `${prefix}/*`),
      ),
    ];
  },
};

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html */
const WAIT_FOR_JOBS: readonly Statement[] = [
  // Batch does not scope the description of jobs, and a job's ARN is not known before it is submitted.
  allow("DescribeJobs", ["batch:DescribeJobs"], ["*"]),
  allow("TerminateJobs", ["batch:TerminateJob"], [`arn:${PARTITION}:batch:${HERE}:job/*`]),
  allow(
    "HearOfJobs",
    ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
    [`arn:${PARTITION}:events:${HERE}:rule/StepFunctionsGetEventsForBatchJobsRule`],
  ),
];

/** The ARNs use the name of the state machine: a reference to it would be a circle, because it depends on this policy. @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
const DISTRIBUTED_MAP: readonly Statement[] = [
  allow("StartMapRuns", ["states:StartExecution"], [`arn:${PARTITION}:states:${HERE}:stateMachine:${SELF}`]),
  allow(
    "FollowMapRuns",
    ["states:DescribeExecution", "states:StopExecution"],
    [`arn:${PARTITION}:states:${HERE}:execution:${SELF}:*`],
  ),
  allow("RedriveMapRuns", ["states:RedriveExecution"], [`arn:${PARTITION}:states:${HERE}:execution:${SELF}/*:*`]),
];

function readItems(request: Request, key: string | null): Statement {
  return allow("ReadItems", ["s3:GetObject"], objects(request.text("Bucket"), key));
}

function submitJob(request: Request): Statement[] {
  const definitions = arns(request.text("JobDefinition"), "batch", "job-definition/").map((arn) =>
    arn.replace(/:\d+$/, ""),
  );
  const resources = [
    ...arns(request.text("JobQueue"), "batch", "job-queue/"),
    // Batch checks the permission on the definition without a revision if a job names none, and otherwise on the revision.
    ...definitions.flatMap((arn) => (arn.endsWith("*") ? [arn] : [arn, `${arn}:*`])),
  ];
  const submit = allow("SubmitJobs", ["batch:SubmitJob"], resources);
  if (!request.has("Tags")) return [submit];
  // A job with tags needs this permission on the job, the definition and the queue.
  return [submit, allow("TagJobs", ["batch:TagResource"], [...resources, `arn:${PARTITION}:batch:${HERE}:job/*`])];
}

/** Returns the right to assume the role of a task. That role then needs the rights of the task. @see https://docs.aws.amazon.com/step-functions/latest/dg/tutorial-access-cross-acct-resources.html */
function assumeRole(credentials: Json): Rights {
  const role = requestOf({ Parameters: credentials }).text("RoleArn");
  return () => [allow("AssumeRoles", ["sts:AssumeRole"], [role ?? "*"])];
}

function table(action: string): Rights {
  return (request) => [
    allow(`${action}s`, [`dynamodb:${action}`], arns(request.text("TableName"), "dynamodb", "table/")),
  ];
}

function invoke(request: Request): Statement[] {
  const functions = arns(request.text("FunctionName"), "lambda", "function:");
  return [
    allow(
      "InvokeFunctions",
      ["lambda:InvokeFunction"],
      functions.flatMap((arn) => [arn, `${arn}:*`]),
    ),
  ];
}

function publish(request: Request): Statement[] {
  // A text message to a telephone number has no ARN.
  const topics = request.has("PhoneNumber") ? ["*"] : arns(request.text("TopicArn"), "sns", "");
  return [allow("PublishMessages", ["sns:Publish"], topics)];
}

function sendMessage(request: Request): Statement[] {
  const [, region, account, name] =
    request.text("QueueUrl")?.match(/^https:\/\/sqs\.([^.]+)\.[^/]+\/([^/]+)\/([^/]+)$/) ?? [];
  const queue = name === undefined ? `${HERE}:*` : `${region}:${account}:${name}`;
  return [allow("SendMessages", ["sqs:SendMessage"], [`arn:${PARTITION}:sqs:${queue}`])];
}

function startExecution(request: Request): Statement[] {
  return [
    allow(
      "StartExecutions",
      ["states:StartExecution"],
      arns(request.text("StateMachineArn"), "states", "stateMachine:"),
    ),
  ];
}

/** Returns the ARN of a resource that is given by ARN, placeholder or name. An unknown name stands for all of its kind. */
function arns(name: string | null, service: string, kind: string): string[] {
  if (name === null) return [`arn:${PARTITION}:${service}:${HERE}:${kind}*`];
  return [/^arn:|^\$\{\w*Arn\}/.test(name) ? name : `arn:${PARTITION}:${service}:${HERE}:${kind}${name}`];
}

function bucket(name: string | null): string {
  return `arn:${PARTITION}:s3:::${name ?? "*"}`;
}

function objects(bucketName: string | null, key: string | null): string[] {
  return [`${bucket(bucketName)}/${key ?? "*"}`];
}

function allow(sid: string, actions: readonly string[], resources: readonly string[]): Statement {
  return { sid, actions, resources };
}

function merge(statements: readonly Statement[]): Statement[] {
  const sids = [...new Set(statements.map(({ sid }) => sid))].sort();
  return sids.map((sid) => {
    const same = statements.filter((statement) => statement.sid === sid);
    return {
      sid,
      actions: [...same[0]!.actions].sort(),
      resources: [...new Set(same.flatMap(({ resources }) => resources))].sort(),
    };
  });
}

interface ServiceUse {
  readonly location: StateLocation;
  readonly field: string;
  readonly resource: string;
  readonly request: Request;
  readonly rights: Rights | undefined;
}

function* serviceUses(document: StatesDocument): Generator<ServiceUse, void, undefined> {
  for (const location of walkStates(document)) {
    const { state } = location;
    const callers: readonly (readonly [string, JsonObject, Readonly<Record<string, Rights>>])[] = [
      ["Resource", state.Type === "Task" ? state : {}, TASK_RIGHTS],
      ["ItemReader/Resource", state.Type === "Map" ? asObject(state.ItemReader) : {}, READER_RIGHTS],
      ["ResultWriter/Resource", state.Type === "Map" ? asObject(state.ResultWriter) : {}, WRITER_RIGHTS],
    ];
    for (const [field, caller, table] of callers) {
      if (typeof caller.Resource !== "string") continue;
      const name = integrationOf(caller.Resource)?.name;
      const own = name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
      yield {
        location,
        field,
        resource: caller.Resource,
        request: requestOf(caller),
        rights: caller.Credentials === undefined ? own : assumeRole(caller.Credentials),
      };
    }
  }
}

function requestOf(caller: JsonObject): Request {
  const parameters = asObject(caller.Parameters ?? caller.Arguments);
  return {
    has: (name) => parameters[name] !== undefined || parameters[`${name}.$`] !== undefined,
    text: (name) => {
      const value = parameters[name];
      return typeof value === "string" && !isJsonataText(value) ? value : null;
    },
    reads: (option, value) => asObject(caller.ReaderConfig)[option] === value,
  };
}
