/**
 * Submits jobs as AWS Batch does, and gives them as Step Functions does.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/jobs.html
 */
import { type Json, type JsonObject, stringifyJson } from "../../base/json";
import type { JobAttempt, JobStatus, JobUsage, JobWait, Place } from "../../execution/events";
import { StatesError } from "../interpreter/states-error";
import type { EarlierJob, JobToWatch } from "../reuse/job-reuse";
import { finishedJob } from "../reuse/stored-results";
import { type ArrayEnd, runChildren } from "./array-job";
import type { BatchDeps } from "./batch-deps";
import { describeJob } from "./describe-job";
import { jobArn, jobDetail } from "./job-detail";
import { type JobPlan, planJob } from "./job-plan";
import { type JobEnd, runToEnd } from "./job-run";
import type { JobOutcome } from "./submitted-jobs";

/**
 * Submits a job and waits for its end, as `batch:submitJob.sync` does. Resolves to the job as DescribeJobs gives it, in
 * PascalCase. `signal` terminates the job: the promise settles when nothing is left of its container.
 *
 * @throws StatesError `States.TaskFailed`, with the job as JSON in its cause, if the job failed or was terminated;
 * `Batch.ClientException` or `States.Runtime` if the request makes no job
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 */
export async function runJob(
  { state, indices }: Place,
  parameters: Json,
  deps: BatchDeps,
  signal: AbortSignal,
): Promise<JsonObject> {
  const plan = planJob(parameters, deps.definitions, deps.queues);
  const place = { state, indices };
  // Other jobs decide how these end. So they run again.
  const isAlone = plan.arraySize === null && plan.dependsOn.length === 0;
  const found = isAlone ? await deps.reuse?.consider(plan, place) : deps.reuse?.ofOthers;
  if (found !== undefined && "execution" in found) return reuse(place, plan, found, deps);
  const detail = await submit(place, plan, { ...deps, ...found }, signal).ended;
  if (detail.Status === "FAILED") throw new StatesError("States.TaskFailed", stringifyJson(detail));
  return detail;
}

/**
 * Submits a job, as `batch:submitJob` does, and returns the response of SubmitJob. The job goes on. `signal` terminates it.
 *
 * @throws StatesError as `runJob`, if the request makes no job
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
 */
export function submitJob(
  { state, indices }: Place,
  parameters: Json,
  deps: BatchDeps,
  signal: AbortSignal,
): JsonObject {
  const plan = planJob(parameters, deps.definitions, deps.queues);
  const { response, ended } = submit({ state, indices }, plan, { ...deps, ...deps.reuse?.ofOthers }, signal);
  ended.catch((error) => deps.jobs.lose(error));
  return response;
}

// --- internal ---

/** Returns the job as it ended in an earlier execution. It keeps its id, which its program may have used as a name. */
function reuse(
  place: Place,
  plan: JobPlan,
  { job, execution }: EarlierJob,
  { emit, clock, additions }: BatchDeps,
): JsonObject {
  const at = clock.now();
  const jobId = job.id;
  emit({ ...place, type: "job-submitted", at, jobId, jobName: plan.name });
  emit({ type: "job-described", at, jobId, job: describeJob(plan, additions) });
  emit({ ...place, type: "job-reused", at, jobId, execution });
  emit({ type: "job-status", at, jobId, status: "SUCCEEDED", reason: job.statusReason });
  return jobDetail({ ...job, plan, status: "SUCCEEDED", isTerminated: false });
}

function submit(
  place: Place,
  plan: JobPlan,
  deps: BatchDeps & Partial<Pick<JobToWatch, "keep" | "notReused">>,
  signal: AbortSignal,
): { response: JsonObject; ended: Promise<JsonObject> } {
  const { emit, clock, newId, jobs, keep, notReused } = deps;
  const { queue, arraySize: size, dependsOn } = plan;
  jobs.check(dependsOn, size);
  const job = { id: newId(), place, plan, createdAt: clock.now() };
  const enter = (status: JobStatus, reason: string | null = null) =>
    emit({ type: "job-status", at: clock.now(), jobId: job.id, status, reason });
  const listener = {
    entered: (status: JobStatus) => enter(status),
    waiting: (wait: JobWait) => emit({ type: "job-waiting", at: clock.now(), jobId: job.id, wait }),
    line: (line: string, bytes?: Buffer) =>
      emit({ type: "job-log", at: clock.now(), jobId: job.id, line, ...(bytes && { bytes }) }),
    attempted: (attempt: JobAttempt) => emit({ type: "job-attempt", at: attempt.stoppedAt, jobId: job.id, attempt }),
    used: (usage: JobUsage) => emit({ type: "job-usage", at: clock.now(), jobId: job.id, usage }),
  };

  const why = notReused === undefined ? {} : { notReused };
  emit({ ...place, type: "job-submitted", at: job.createdAt, jobId: job.id, jobName: plan.name, ...why });
  emit({ type: "job-described", at: job.createdAt, jobId: job.id, job: describeJob(plan, deps.additions) });
  enter("SUBMITTED");
  const run = (): Promise<JobEnd | ArrayEnd> =>
    size === null
      ? runToEnd({ ...job, environment: {}, before: jobs.before(dependsOn, job.id, null) }, deps, signal, listener)
      : runChildren({ ...job, size }, deps, signal, listener);
  const ended = run().then(async (end) => {
    const stoppedAt = clock.now();
    // Before anyone is told of the success: a run that is killed then has not lost it.
    if (end.status === "SUCCEEDED") await keep?.(finishedJob({ ...job, ...end, stoppedAt }));
    enter(end.status, end.statusReason);
    return jobDetail({ ...job, ...end, stoppedAt });
  });
  const outcome = ended.then(
    ({ Status }): JobOutcome => (Status === "SUCCEEDED" ? "SUCCEEDED" : "FAILED"),
    (): JobOutcome => "FAILED",
  );
  jobs.add(job.id, size, outcome);
  return { response: { JobArn: jobArn(queue.arn, job.id), JobId: job.id, JobName: plan.name }, ended };
}
