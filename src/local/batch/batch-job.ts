/**
 * Runs a job as AWS Batch does: queue, attempts, result. Returns the job as Step Functions does.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/jobs.html
 */
import type { Clock } from "../../base/clock";
import type { Json, JsonObject } from "../../base/json";
import type { EventSink, JobAttempt, JobStatus, Place } from "../../execution/events";
import type { ContainerSpec, Engine } from "../engines/engine";
import { StatesError } from "../interpreter/states-error";
import { type AttemptEnd, runAttempt, STATUS_REASON } from "./job-attempt";
import { type EvaluateOnExit, isRetried, type JobDefinition } from "./job-definition";
import { jobDetail } from "./job-detail";
import { type JobPlan, planJob } from "./job-plan";
import type { Slots } from "./slots";

/** Everything that the jobs of an execution share. */
export interface BatchDeps {
  readonly definitions: readonly JobDefinition[];
  readonly queue: { readonly name: string; readonly arn: string };
  readonly engine: Engine;
  readonly slots: Slots;
  readonly emit: EventSink;
  readonly clock: Clock;
  /** Returns a new UUID. */
  readonly newId: () => string;
  /** Kills at once every container that Batch has asked to end. */
  readonly forceSignal: AbortSignal;
}

/**
 * Submits a job and waits for its end, as `batch:submitJob.sync` does. Resolves to the job as DescribeJobs gives it, in
 * PascalCase. `signal` terminates the job: the promise settles when nothing is left of its container.
 *
 * @throws StatesError `States.TaskFailed`, with the job as JSON in its cause, if the job failed or was terminated;
 * `Batch.ClientException` or `States.Runtime` if the request makes no job
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 */
export async function runJob(
  place: Place,
  parameters: Json,
  deps: BatchDeps,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { emit, engine, clock, slots, queue, newId, forceSignal } = deps;
  const plan = planJob(parameters, deps.definitions, queue);
  const job = { id: newId(), plan, queueArn: queue.arn, createdAt: clock.now() };
  const attempts: Attempt[] = [];
  const enter = (status: JobStatus, reason: string | null = null) =>
    emit({ type: "job-status", at: clock.now(), jobId: job.id, status, reason });

  const attempt = async (): Promise<AttemptEnd> => {
    enter("STARTING");
    const spec = containerSpec(job.id, plan, attempts.length + 1, engine.name, queue.name);
    const { stopped, ...ended } = await runAttempt(
      spec,
      plan.timeoutSeconds,
      { engine, clock, signal, forceSignal },
      {
        started: () => enter("RUNNING"),
        line: (line, bytes) => emit({ type: "job-log", at: clock.now(), jobId: job.id, line, bytes }),
      },
    );
    attempts.push({ ...ended, taskId: newId().replaceAll("-", "") });
    emit({ type: "job-attempt", at: ended.stoppedAt, jobId: job.id, attempt: ended });
    return { ...ended, stopped };
  };

  emit({ ...place, type: "job-submitted", at: job.createdAt, jobId: job.id, jobName: plan.name });
  enter("SUBMITTED");
  let end: AttemptEnd | null;
  do {
    enter("RUNNABLE");
    end = (await slots.take(plan.vcpus, signal)) ? await attempt().finally(() => slots.give(plan.vcpus)) : null;
  } while (end !== null && attempts.length < plan.attempts && mayRetry(end, plan.evaluateOnExit));

  const status = end !== null && succeeded(end) ? "SUCCEEDED" : "FAILED";
  const statusReason = end?.statusReason ?? STATUS_REASON.terminated;
  enter(status, statusReason);
  const isTerminated = end === null || end.stopped === "terminated";
  const detail = jobDetail({ ...job, attempts, status, statusReason, isTerminated, stoppedAt: clock.now() });
  if (status === "FAILED") throw new StatesError("States.TaskFailed", JSON.stringify(detail));
  return detail;
}

// --- internal ---

interface Attempt extends JobAttempt {
  /** The id of its Amazon ECS task. */
  readonly taskId: string;
}

function succeeded({ stopped, exitCode }: AttemptEnd): boolean {
  return stopped === null && exitCode === 0;
}

/** Batch retries neither a job that was terminated nor one that timed out. */
function mayRetry(end: AttemptEnd, rules: readonly EvaluateOnExit[]): boolean {
  return end.stopped === null && !succeeded(end) && isRetried(end, rules);
}

function containerSpec(
  jobId: string,
  plan: JobPlan,
  attempt: number,
  environmentName: string,
  queueName: string,
): ContainerSpec {
  const { image, localCommand, user, readonlyRootFilesystem } = plan.definition;
  return {
    name: `${plan.name}-${jobId}-${attempt}`,
    image,
    localCommand,
    command: plan.command,
    // @see https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
    environment: {
      ...plan.environment,
      AWS_BATCH_CE_NAME: environmentName,
      AWS_BATCH_JOB_ATTEMPT: String(attempt),
      AWS_BATCH_JOB_ID: jobId,
      AWS_BATCH_JQ_NAME: queueName,
    },
    vcpus: plan.vcpus,
    memoryMiB: plan.memoryMiB,
    user,
    readonlyRootFilesystem,
  };
}
