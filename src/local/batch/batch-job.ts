/**
 * One job as AWS Batch runs it and as Step Functions hands it back: queue, attempts, timeout, result. What a container is, the
 * engine knows.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/jobs.html
 */
import { setMaxListeners } from "node:events";
import type { Clock } from "../../base/clock";
import type { Json, JsonObject } from "../../base/json";
import {
  type EventSink,
  type JobAttempt,
  type JobStatus,
  type Place,
  STOPPED_WITH_STATE,
} from "../../execution/events";
import type { ContainerEnd, ContainerSpec, Engine } from "../engines/engine";
import { StatesError } from "../interpreter/states-error";
import { type JobPlan, planJob } from "./job-plan";
import type { Slots } from "./slots";

/** A registered job definition. */
export interface JobDefinition {
  /** With its revision. */
  readonly arn: string;
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  /** Defaults of the parameters that `Ref::name` in the command stands for. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** @default the image's */
  readonly user?: string;
  readonly readonlyRootFilesystem: boolean;
  /** Of one attempt; `null` for none. */
  readonly timeoutSeconds: number | null;
  /** 1 to 10. */
  readonly attempts: number;
  readonly evaluateOnExit: readonly ExitRule[];
  /** What runs in place of the image where there is no Docker engine; `null`: nothing does. */
  readonly localCommand: readonly string[] | null;
}

/**
 * What to do after a failed attempt that all the patterns match. A pattern may end in `*`.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html
 */
export interface ExitRule {
  /** `retry` or `exit`, in upper or lower case. */
  readonly action: string;
  readonly onReason?: string;
  readonly onStatusReason?: string;
  readonly onExitCode?: string;
}

/** What the jobs of an execution share. */
export interface BatchDeps {
  readonly definitions: readonly JobDefinition[];
  readonly queue: { readonly name: string; readonly arn: string };
  readonly engine: Engine;
  readonly slots: Slots;
  readonly emit: EventSink;
  readonly clock: Clock;
  /** A new UUID. */
  readonly newId: () => string;
  /** Kills at once what terminating a job has only asked to end. */
  readonly forceSignal: AbortSignal;
}

/** From SIGTERM to SIGKILL. @see https://docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html */
const STOP_MILLISECONDS = 30_000;

/** A container that outlives SIGKILL for so long has lost its host: an engine may hang. */
const LOST_MILLISECONDS = 30_000;
/** The same, where the user does not wait any longer. */
const FORCED_LOST_MILLISECONDS = 1000;

/** What Batch says, word for word: the rules of retry strategies match it. */
const STATUS_REASON = {
  exited: "Essential container in task exited",
  "not-started": "Task failed to start",
  timeout: "Job attempt duration exceeded timeout",
  // TerminateJob takes a reason of the caller's own.
  terminated: STOPPED_WITH_STATE,
} as const;

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
const OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";

/** Of the reason of a container. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerDetail.html */
const REASON_CHARACTERS = 255;

/**
 * Submits a job and waits for its end, as `batch:submitJob.sync` does; resolves to the job as DescribeJobs gives it, in
 * PascalCase. `signal` terminates the job: the promise settles when nothing is left of its container.
 *
 * Throws `StatesError`: `States.TaskFailed`, with the job as JSON for its cause, for a job that failed or was terminated;
 * `Batch.ClientException` or `States.Runtime` for a request that makes no job.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 */
export async function runJob(
  place: Place,
  parameters: Json,
  deps: BatchDeps,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { emit, clock, slots } = deps;
  const plan = planJob(parameters, deps.definitions, deps.queue);
  const job: Job = { id: deps.newId(), plan, createdAt: clock.now(), attempts: [] };
  const enter = (status: JobStatus, reason: string | null = null) =>
    emit({ type: "job-status", at: clock.now(), jobId: job.id, status, reason });

  emit({ ...place, type: "job-submitted", at: job.createdAt, jobId: job.id, jobName: plan.name });
  enter("SUBMITTED");
  let end: JobEnd;
  do {
    enter("RUNNABLE");
    if (!(await slots.take(plan.vcpus, signal))) {
      end = { status: "FAILED", reason: STATUS_REASON.terminated, terminated: true, mayRetry: false };
      break;
    }
    try {
      end = await runAttempt(job, deps, signal, enter);
    } finally {
      slots.give(plan.vcpus);
    }
  } while (end.mayRetry && isRetried(job));

  enter(end.status, end.reason);
  const detail = jobDetail(job, end, deps.queue.arn, clock.now());
  if (end.status === "FAILED") throw new StatesError("States.TaskFailed", JSON.stringify(detail));
  return detail;
}

// --- internal ---

interface Job {
  readonly id: string;
  readonly plan: JobPlan;
  readonly createdAt: number;
  readonly attempts: Attempt[];
}

interface Attempt extends JobAttempt {
  /** The id of its Amazon ECS task. */
  readonly taskId: string;
}

interface JobEnd {
  readonly status: "SUCCEEDED" | "FAILED";
  readonly reason: string;
  readonly terminated: boolean;
  /** Neither a job that was terminated nor one that timed out is retried. */
  readonly mayRetry: boolean;
}

/** Runs the next attempt of a job and adds it to the job's. */
async function runAttempt(
  job: Job,
  { engine, emit, clock, queue, newId, forceSignal }: BatchDeps,
  signal: AbortSignal,
  enter: (status: JobStatus) => void,
): Promise<JobEnd> {
  const { id, plan, attempts } = job;
  const seen: { startedAt: number | null; stopped: "timeout" | "terminated" | null } = {
    startedAt: null,
    stopped: null,
  };
  const over = new AbortController();

  enter("STARTING");
  const container = engine.run(containerSpec(job, engine.name, queue.name), {
    started: () => {
      seen.startedAt = clock.now();
      enter("RUNNING");
      if (plan.timeoutSeconds !== null) void timeOut(plan.timeoutSeconds);
    },
    line: (line, bytes) => emit({ type: "job-log", at: clock.now(), jobId: id, line, bytes }),
  });

  async function timeOut(seconds: number): Promise<void> {
    await clock.sleep(seconds * 1000, over.signal);
    if (!over.signal.aborted) await stop("timeout");
  }
  async function stop(why: "timeout" | "terminated"): Promise<void> {
    if (seen.stopped !== null) return;
    seen.stopped = why;
    container.kill("SIGTERM");
    await clock.sleep(STOP_MILLISECONDS, over.signal);
    if (!over.signal.aborted) await kill(LOST_MILLISECONDS);
  }
  let lose: (end: ContainerEnd) => void;
  const lost = new Promise<ContainerEnd>((resolve) => {
    lose = resolve;
  });
  async function kill(patience: number): Promise<void> {
    container.kill("SIGKILL");
    await clock.sleep(patience, over.signal);
    lose({ kind: "host-lost", statusReason: `Host EC2 (instance ${engine.name}) terminated.` });
  }
  const unlisten = [
    onAbort(signal, () => void stop("terminated")),
    onAbort(forceSignal, () => void kill(FORCED_LOST_MILLISECONDS)),
  ];

  const end = await Promise.race([container.ended, lost]);
  over.abort();
  for (const remove of unlisten) remove();

  const { startedAt, stopped } = seen;
  const reason = stopped === null ? statusReason(end) : STATUS_REASON[stopped];
  const attempt: JobAttempt = {
    startedAt,
    stoppedAt: clock.now(),
    exitCode: end.kind === "exited" ? end.exitCode : null,
    reason: containerReason(end),
    statusReason: reason,
  };
  attempts.push({ ...attempt, taskId: newId().replaceAll("-", "") });
  emit({ type: "job-attempt", at: attempt.stoppedAt, jobId: id, attempt });
  const succeeded = stopped === null && attempt.exitCode === 0;
  return {
    status: succeeded ? "SUCCEEDED" : "FAILED",
    reason,
    terminated: stopped === "terminated",
    mayRetry: !succeeded && stopped === null,
  };
}

function containerSpec({ id, plan, attempts }: Job, environmentName: string, queueName: string): ContainerSpec {
  const { image, localCommand, user = null, readonlyRootFilesystem } = plan.definition;
  const number = attempts.length + 1;
  return {
    name: `${plan.name}-${id}-${number}`,
    image,
    localCommand,
    command: plan.command,
    // @see https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
    environment: {
      ...plan.environment,
      AWS_BATCH_CE_NAME: environmentName,
      AWS_BATCH_JOB_ATTEMPT: String(number),
      AWS_BATCH_JOB_ID: id,
      AWS_BATCH_JQ_NAME: queueName,
    },
    vcpus: plan.vcpus,
    memoryMiB: plan.memoryMiB,
    user,
    readonlyRootFilesystem,
  };
}

function statusReason(end: ContainerEnd): string {
  return end.kind === "host-lost" ? end.statusReason : STATUS_REASON[end.kind];
}

function containerReason(end: ContainerEnd): string | null {
  if (end.kind === "not-started") return end.reason.slice(0, REASON_CHARACTERS);
  return end.kind === "exited" && end.exitCode !== 0 && end.outOfMemory ? OUT_OF_MEMORY : null;
}

/** The first rule that matches decides; without one that does, a job is retried. */
function isRetried({ plan, attempts }: Job): boolean {
  if (attempts.length >= plan.attempts) return false;
  const { exitCode, reason, statusReason } = attempts.at(-1)!;
  const rule = plan.evaluateOnExit.find(
    ({ onExitCode, onReason, onStatusReason }) =>
      matches(onExitCode, String(exitCode ?? "")) &&
      matches(onReason, reason ?? "") &&
      matches(onStatusReason, statusReason ?? ""),
  );
  return rule === undefined || rule.action.toLowerCase() === "retry";
}

/** A pattern that ends in `*` needs the same start, any other the same text; letter case counts. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/**
 * What DescribeJobs says of the job, for a definition with `resourceRequirements`. What is not known here, such as roles and
 * networks, is left out.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_JobDetail.html
 */
function jobDetail(
  { id, plan, createdAt, attempts }: Job,
  end: JobEnd,
  queueArn: string,
  stoppedAt: number,
): JsonObject {
  const { definition } = plan;
  const [arn, partition, , region, account] = queueArn.split(":");
  const last = attempts.at(-1);
  const container = ({ exitCode, reason, startedAt, taskId }: Attempt): JsonObject => ({
    ...(exitCode === null ? {} : { ExitCode: exitCode }),
    ...(startedAt === null ? {} : { LogStreamName: `${definition.name}/default/${taskId}` }),
    NetworkInterfaces: [],
    ...(reason === null ? {} : { Reason: reason }),
    TaskArn: `${arn}:${partition}:ecs:${region}:${account}:task/${definition.name}/${taskId}`,
  });
  const started = (at: number | null | undefined): JsonObject => (at == null ? {} : { StartedAt: at });
  return {
    Attempts: attempts.map((attempt) => ({
      Container: container(attempt),
      ...started(attempt.startedAt),
      StatusReason: attempt.statusReason,
      StoppedAt: attempt.stoppedAt,
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
      ],
      Ulimits: [],
      ...(definition.user === undefined ? {} : { User: definition.user }),
      Volumes: [],
      ...(last === undefined ? { NetworkInterfaces: [] } : container(last)),
    },
    CreatedAt: createdAt,
    DependsOn: [],
    IsCancelled: end.terminated && last === undefined,
    IsTerminated: end.terminated,
    JobArn: `${arn}:${partition}:batch:${region}:${account}:job/${id}`,
    JobDefinition: definition.arn,
    JobId: id,
    JobName: plan.name,
    JobQueue: queueArn,
    Parameters: { ...plan.parameters },
    RetryStrategy: {
      Attempts: plan.attempts,
      EvaluateOnExit: plan.evaluateOnExit.map(({ action, onExitCode, onReason, onStatusReason }) => ({
        Action: action,
        ...(onExitCode === undefined ? {} : { OnExitCode: onExitCode }),
        ...(onReason === undefined ? {} : { OnReason: onReason }),
        ...(onStatusReason === undefined ? {} : { OnStatusReason: onStatusReason }),
      })),
    },
    ...started(last?.startedAt),
    Status: end.status,
    StatusReason: end.reason,
    StoppedAt: stoppedAt,
    Tags: { ...plan.tags },
    ...(plan.timeoutSeconds === null ? {} : { Timeout: { AttemptDurationSeconds: plan.timeoutSeconds } }),
  };
}

/** Calls `listener` when `signal` aborts, or now if it has; returns what takes the listener off again. */
function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) listener();
  // As many jobs as run at once listen: no leak, of which Node would warn at eleven.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}
