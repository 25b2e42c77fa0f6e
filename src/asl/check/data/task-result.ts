/** The shape of the result of a Task, as far as it is known. */
import { type State, walkStrings } from "../../document";
import { integrationOf } from "../../integration";
import { s3ActionOf } from "../../s3-calls";
import { ANYTHING, labelled, listShape, OBJECT, objectShape, type Shape, scalarShape } from "./data-shape";
import { s3Result } from "./s3-result";

/** Returns the shape of a Task's result, before any selection. */
export function taskResult(state: State): Shape {
  const s3Action = s3ActionOf(state.Resource);
  if (s3Action !== null) return s3Result(s3Action);
  const { action, suffix } = integrationOf(state.Resource) ?? {};
  if (action !== "batch:submitJob" || readsToken(state)) return ANYTHING;
  return suffix === ".sync" ? JOB : suffix === "" ? SUBMITTED : ANYTHING;
}

// --- internal ---

/** A job that gets a task token may give the result itself. */
function readsToken({ Parameters = null, Arguments = null }: State): boolean {
  return [Parameters, Arguments].some((request) =>
    [...walkStrings(request)].some(({ text }) => text.includes("Task.Token")),
  );
}

const TEXT = scalarShape("string");
const NUMBER = scalarShape("number");
const BOOLEAN = scalarShape("boolean");
const LIST = listShape(ANYTHING, null);

/** @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerDetail.html */
const CONTAINER = objectShape([
  ...named(TEXT, "ContainerInstanceArn", "ExecutionRoleArn", "Image", "InstanceType", "JobRoleArn", "LogStreamName"),
  ...named(TEXT, "Reason", "TaskArn", "User"),
  ...named(NUMBER, "ExitCode", "Memory", "Vcpus"),
  ...named(BOOLEAN, "EnableExecuteCommand", "Privileged", "ReadonlyRootFilesystem"),
  ["Command", listShape(TEXT, null)],
  ...named(
    LIST,
    "Environment",
    "MountPoints",
    "NetworkInterfaces",
    "ResourceRequirements",
    "Secrets",
    "Ulimits",
    "Volumes",
  ),
  ...named(OBJECT, "EphemeralStorage", "FargatePlatformConfiguration", "LinuxParameters", "LogConfiguration"),
  ...named(OBJECT, "NetworkConfiguration", "RepositoryCredentials", "RuntimePlatform"),
]);

/** @see https://docs.aws.amazon.com/batch/latest/APIReference/API_AttemptDetail.html */
const ATTEMPT = objectShape([
  [
    "Container",
    objectShape([
      ...named(TEXT, "ContainerInstanceArn", "LogStreamName", "Reason", "TaskArn"),
      ["ExitCode", NUMBER],
      ["NetworkInterfaces", LIST],
    ]),
  ],
  ...named(NUMBER, "StartedAt", "StoppedAt"),
  ["StatusReason", TEXT],
  ["TaskProperties", LIST],
]);

/** The answer of DescribeJobs for a job that has ended. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_JobDetail.html */
const JOB = labelled(
  "the result of a Batch job",
  objectShape([
    ...named(
      TEXT,
      "JobId",
      "JobArn",
      "JobDefinition",
      "JobName",
      "JobQueue",
      "ShareIdentifier",
      "Status",
      "StatusReason",
    ),
    ...named(NUMBER, "CreatedAt", "SchedulingPriority", "StartedAt", "StoppedAt"),
    ...named(BOOLEAN, "IsCancelled", "IsTerminated", "PropagateTags"),
    ["Attempts", listShape(ATTEMPT, null)],
    ["Container", CONTAINER],
    ["Parameters", OBJECT],
    ["Tags", OBJECT],
    ["Timeout", objectShape([["AttemptDurationSeconds", NUMBER]])],
    [
      "RetryStrategy",
      objectShape([
        ["Attempts", NUMBER],
        ["EvaluateOnExit", LIST],
      ]),
    ],
    ...named(LIST, "ConsumableResources", "DependsOn", "EksAttempts", "PlatformCapabilities"),
    ...named(OBJECT, "ArrayProperties", "ConsumableResourceProperties", "EcsProperties", "EksProperties"),
    ...named(OBJECT, "NodeDetails", "NodeProperties"),
  ]),
);

/** The answer of SubmitJob. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html */
const SUBMITTED = labelled(
  "the answer of SubmitJob",
  objectShape([
    ...named(TEXT, "JobId", "JobArn", "JobName"),
    ...named(OBJECT, "SdkHttpMetadata", "SdkResponseMetadata"),
  ]),
);

function named(shape: Shape, ...names: string[]): (readonly [string, Shape])[] {
  return names.map((name) => [name, shape]);
}
