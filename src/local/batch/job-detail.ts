/**
 * Describes a job as DescribeJobs does, in PascalCase, for a definition with `resourceRequirements`. What only AWS knows, such as the
 * address of a task, is made up.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_JobDetail.html
 */
import { asObject, type JsonObject } from "../../base/json";
import type { JobAttempt } from "../../execution/events";
import type { JobPlan } from "./job-plan";
import type { JobOutcome } from "./submitted-jobs";

/** An attempt with the id of its Amazon ECS task. */
export interface Attempt extends JobAttempt {
  readonly taskId: string;
}

/** A job that has ended. */
export interface EndedJob {
  readonly id: string;
  readonly plan: JobPlan;
  readonly createdAt: number;
  readonly stoppedAt: number;
  readonly attempts: readonly Attempt[];
  readonly status: JobOutcome;
  readonly statusReason: string;
  readonly isTerminated: boolean;
  /** The outcomes of the children of an array job. @default it is no array job */
  readonly children?: readonly JobOutcome[];
}

export function jobDetail(job: EndedJob): JsonObject {
  const { id, plan, attempts, children } = job;
  const { definition } = plan;
  const queueArn = plan.queue.arn;
  const containers = attempts.map((attempt) => attemptContainer(attempt, plan));
  const arn = jobArn(queueArn, id);
  const startedAt = attempts.at(-1)?.startedAt ?? null;
  return {
    ...(children !== undefined && { ArrayProperties: arrayProperties(children, job.stoppedAt) }),
    Attempts: attempts.map(({ startedAt, statusReason, stoppedAt }, index) => ({
      Container: containers[index]!,
      ...(startedAt !== null && { StartedAt: startedAt }),
      StatusReason: statusReason,
      StoppedAt: stoppedAt,
      TaskProperties: [],
    })),
    Container: {
      Command: [...plan.command],
      Environment: Object.entries(plan.environment).map(([Name, Value]) => ({ Name, Value })),
      Image: definition.image,
      MountPoints: [],
      ReadonlyRootFilesystem: definition.readonlyRootFilesystem,
      ResourceRequirements: [
        { Type: "VCPU", Value: String(plan.vcpus) },
        { Type: "MEMORY", Value: String(plan.memoryMiB) },
        ...(plan.gpus === 0 ? [] : [{ Type: "GPU", Value: String(plan.gpus) }]),
      ],
      Secrets: [],
      Ulimits: [],
      ...(definition.user !== null && { User: definition.user }),
      Volumes: [],
      ...containerProperties(definition.container),
      ...(containers.at(-1) ?? { NetworkInterfaces: [] }),
    },
    CreatedAt: job.createdAt,
    DependsOn: plan.dependsOn.map((dependency) => ({ ...dependency })),
    EksAttempts: [],
    IsCancelled: job.isTerminated && attempts.length === 0,
    IsTerminated: job.isTerminated,
    JobArn: arn,
    JobDefinition: definition.arn,
    JobId: id,
    JobName: plan.name,
    JobQueue: queueArn,
    Parameters: { ...plan.parameters },
    PlatformCapabilities: [...definition.platformCapabilities],
    PropagateTags: definition.propagateTags,
    RetryStrategy: { Attempts: plan.attempts, EvaluateOnExit: plan.evaluateOnExit.map((rule) => ({ ...rule })) },
    ...(startedAt !== null && { StartedAt: startedAt }),
    Status: job.status,
    StatusReason: job.statusReason,
    StoppedAt: job.stoppedAt,
    Tags: { ...plan.tags, resourceArn: arn },
    ...(plan.timeoutSeconds !== null && { Timeout: { AttemptDurationSeconds: plan.timeoutSeconds } }),
  };
}

/** Returns the ARN of a job in the account of its queue. */
export function jobArn(queueArn: string, id: string): string {
  return arnLike(queueArn, "batch", `job/${id}`);
}

// --- internal ---

function attemptContainer(
  { exitCode, reason, startedAt, taskId }: Attempt,
  { definition, queue }: JobPlan,
): JsonObject {
  return {
    ...(exitCode !== null && { ExitCode: exitCode }),
    ...(startedAt !== null && { LogStreamName: `${logPrefix(definition)}/default/${taskId}` }),
    // Each task on Fargate has a network interface of its own.
    NetworkInterfaces: definition.platformCapabilities.includes("FARGATE")
      ? [{ AttachmentId: attachmentId(taskId), PrivateIpv4Address: "10.0.0.10" }]
      : [],
    ...(reason !== null && { Reason: reason }),
    TaskArn: arnLike(queue.arn, "ecs", `task/AWSBatch-${queue.name}/${taskId}`),
  };
}

function logPrefix({ container, name }: JobPlan["definition"]): string {
  const { Options } = asObject(container.LogConfiguration);
  return String(asObject(Options)["awslogs-stream-prefix"] ?? name);
}

/** The properties of each definition, for all its jobs. */
const OF_DEFINITIONS = new WeakMap<JsonObject, JsonObject>();

/** Fills in what Batch adds to the properties of a definition. */
function containerProperties(container: JsonObject): JsonObject {
  const known = OF_DEFINITIONS.get(container);
  if (known !== undefined) return known;
  const { LogConfiguration, ...others } = container;
  const properties =
    LogConfiguration === undefined
      ? others
      : { ...others, LogConfiguration: { ...asObject(LogConfiguration), SecretOptions: [] } };
  OF_DEFINITIONS.set(container, properties);
  return properties;
}

function arrayProperties(children: readonly JobOutcome[], at: number): JsonObject {
  const waiting = ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"].map((status) => [status, 0]);
  const counted = (["SUCCEEDED", "FAILED"] as const).map((status) => [
    status,
    children.filter((outcome) => outcome === status).length,
  ]);
  return {
    Size: children.length,
    StatusSummary: Object.fromEntries([...waiting, ...counted]),
    StatusSummaryLastUpdatedAt: at,
  };
}

/** Formats the id of a task as a UUID. */
function attachmentId(taskId: string): string {
  return taskId.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The beginnings of ARNs, by another ARN and the service. */
const PREFIXES = new Map<string, string>();

/** Returns the ARN of a resource in the partition, region and account of another ARN. */
function arnLike(other: string, service: string, resource: string): string {
  const id = `${other} ${service}`;
  let prefix = PREFIXES.get(id);
  if (prefix === undefined) {
    const [arn, partition, , region, account] = other.split(":");
    prefix = `${arn}:${partition}:${service}:${region}:${account}`;
    PREFIXES.set(id, prefix);
  }
  return `${prefix}:${resource}`;
}
