/** Runs a job, or a child of an array job: waits for its dependencies and for free vCPUs, then makes its attempts. */
import { setMaxListeners } from "node:events";
import type { Clock } from "../../base/clock";
import { type JobAttempt, type JobStatus, type JobUsage, type Place, placeName } from "../../execution/events";
import type { ContainerSpec } from "../engines/engine";
import type { BatchDeps } from "./batch-deps";
import { type JobAdditions, jobMounts, jobVariables } from "./job-additions";
import { type AttemptEnd, runAttempt, STATUS_REASON } from "./job-attempt";
import { type EvaluateOnExit, isRetried } from "./job-definition";
import type { Attempt } from "./job-detail";
import type { JobPlan } from "./job-plan";
import type { TellWait } from "./slots";
import type { JobOutcome } from "./submitted-jobs";
import { TELL_MILLISECONDS } from "./wait-telling";

/** A job to run. */
export interface JobToRun {
  readonly id: string;
  readonly place: Place;
  readonly plan: JobPlan;
  /** The variables of a child of an array job. */
  readonly environment: Readonly<Record<string, string>>;
  /** The jobs that must succeed before. */
  readonly before: readonly Promise<JobOutcome>[];
}

/** The end of a job. */
export interface JobEnd {
  readonly attempts: readonly Attempt[];
  readonly status: JobOutcome;
  readonly statusReason: string;
  readonly isTerminated: boolean;
}

export interface JobListener {
  readonly entered: (status: JobStatus) => void;
  /** Learns why the job waits; `null` if nothing is told about it. */
  readonly waiting: TellWait | null;
  readonly line: (line: string, bytes?: Buffer) => void;
  readonly attempted: (attempt: JobAttempt) => void;
  readonly used: (usage: JobUsage) => void;
}

/** Runs a job to its end. `signal` terminates it: the promise settles when nothing is left of its container. */
export async function runToEnd(
  { id, place, plan, environment, before }: JobToRun,
  { additions, engine, clock, slots, newId, forceSignal }: BatchDeps,
  signal: AbortSignal,
  listener: JobListener,
): Promise<JobEnd> {
  const attempts: Attempt[] = [];
  const failure = firstFailure(before, signal);
  if (listener.waiting !== null && before.length > 0)
    void tellDependencies(before.length, failure, clock, listener.waiting);
  if ((await failure) && !signal.aborted) {
    return { attempts, status: "FAILED", statusReason: DEPENDENCY_FAILED, isTerminated: false };
  }

  const attempt = async (): Promise<AttemptEnd> => {
    listener.entered("STARTING");
    const spec = containerSpec({ id, place }, plan, attempts.length + 1, engine.name, environment, additions);
    const { stopped, usage, ...ended } = await runAttempt(
      spec,
      { timeoutSeconds: plan.timeoutSeconds, onFargate: plan.definition.platformCapabilities.includes("FARGATE") },
      { engine, clock, signal, forceSignal },
      { started: () => listener.entered("RUNNING"), line: listener.line },
    );
    attempts.push({ ...ended, taskId: newId().replaceAll("-", "") });
    listener.attempted(ended);
    if (usage !== null) listener.used(usage);
    return { ...ended, stopped, usage };
  };

  let end: AttemptEnd | null;
  do {
    listener.entered("RUNNABLE");
    end = (await slots.take(plan.vcpus, signal, listener.waiting))
      ? await attempt().finally(() => slots.give(plan.vcpus))
      : null;
  } while (end !== null && attempts.length < plan.attempts && mayRetry(end, plan.evaluateOnExit));
  return {
    attempts,
    status: end !== null && succeeded(end) ? "SUCCEEDED" : "FAILED",
    statusReason: end?.statusReason ?? STATUS_REASON.terminated,
    isTerminated: end === null || end.stopped === "terminated",
  };
}

// --- internal ---

const DEPENDENCY_FAILED = "Dependent Job failed";

/** Waits until all jobs have succeeded, one has failed, or `signal` aborts. Resolves to whether one has failed. */
async function firstFailure(before: readonly Promise<JobOutcome>[], signal: AbortSignal): Promise<boolean> {
  if (before.length === 0) return false;
  const failed = Promise.race(before.map((job) => untilFailed(job)));
  const all = Promise.all(before).then((outcomes) => outcomes.includes("FAILED"));
  let stopWaiting = () => {};
  // Each waiting job listens to the signal. This is not a leak. Node.js would warn about one at eleven listeners.
  setMaxListeners(0, signal);
  const aborted = new Promise<boolean>((resolve) => {
    stopWaiting = () => resolve(false);
    signal.addEventListener("abort", stopWaiting, { once: true });
  });
  try {
    return signal.aborted ? false : await Promise.race([failed, all, aborted]);
  } finally {
    signal.removeEventListener("abort", stopWaiting);
  }
}

/** Tells that a job waits for others, if it does so for a while. */
async function tellDependencies(count: number, over: Promise<unknown>, clock: Clock, tell: TellWait): Promise<void> {
  const settled = new AbortController();
  void over.then(() => settled.abort());
  await clock.sleep(TELL_MILLISECONDS, settled.signal);
  if (settled.signal.aborted) return;
  const jobs = count === 1 ? "a job" : `${count} jobs`;
  tell({ reason: `waiting for ${jobs} that it depends on`, place: null });
}

/** Resolves to `true` when the job has failed, and never if it succeeds. */
function untilFailed(job: Promise<JobOutcome>): Promise<boolean> {
  return new Promise((resolve) => {
    void job.then((outcome) => outcome === "FAILED" && resolve(true));
  });
}

function succeeded({ stopped, exitCode }: AttemptEnd): boolean {
  return stopped === null && exitCode === 0;
}

/** Batch retries neither a job that was terminated nor one that timed out. */
function mayRetry(end: AttemptEnd, rules: readonly EvaluateOnExit[]): boolean {
  return end.stopped === null && !succeeded(end) && isRetried(end, rules);
}

function containerSpec(
  { id: jobId, place }: Pick<JobToRun, "id" | "place">,
  plan: JobPlan,
  attempt: number,
  environmentName: string,
  environment: Readonly<Record<string, string>>,
  additions: JobAdditions,
): ContainerSpec {
  const { name: definition, image, localCommand, sharedMemoryMiB, user, readonlyRootFilesystem } = plan.definition;
  return {
    // The name of a container has no colon.
    name: `${plan.name}-${jobId.replace(":", "-")}-${attempt}`,
    place: placeName(place) + jobId.replace(/^[^:]*/, ""),
    image,
    localCommand,
    command: plan.command,
    // @see https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
    ...jobVariables({ definition, environment: plan.environment }, additions, {
      ...environment,
      AWS_BATCH_CE_NAME: environmentName,
      AWS_BATCH_JOB_ATTEMPT: String(attempt),
      AWS_BATCH_JOB_ID: jobId,
      AWS_BATCH_JQ_NAME: plan.queue.name,
    }),
    vcpus: plan.vcpus,
    memoryMiB: plan.memoryMiB,
    gpus: plan.gpus,
    sharedMemoryMiB,
    user,
    readonlyRootFilesystem,
    initProcess: plan.definition.initProcess,
    mounts: jobMounts(plan.definition.mounts, additions),
    hosts: additions.hosts,
  };
}
