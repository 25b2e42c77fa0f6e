/**
 * Runs an array job: one child for each index, each with the same plan. The array job ends with its last child.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html
 */
import type { BatchDeps } from "./batch-deps";
import { type JobEnd, type JobListener, type JobToRun, runToEnd } from "./job-run";
import type { JobOutcome } from "./submitted-jobs";

/** The outcomes of the children, by index. */
export interface ArrayEnd extends JobEnd {
  readonly children: readonly JobOutcome[];
}

/** Runs the children of an array job. The lines of a child begin with its index. The array job has no attempts of its own. */
export async function runChildren(
  { id, place, plan, size }: Pick<JobToRun, "id" | "place" | "plan"> & { readonly size: number },
  deps: BatchDeps,
  signal: AbortSignal,
  listener: JobListener,
): Promise<ArrayEnd> {
  const entered = new Set<string>();
  const run = (index: number): Promise<JobEnd> => {
    const child = {
      id: `${id}:${index}`,
      place,
      plan,
      environment: { AWS_BATCH_JOB_ARRAY_INDEX: String(index), AWS_BATCH_JOB_ARRAY_SIZE: String(size) },
      before: deps.jobs.before(plan.dependsOn, id, index),
    };
    return runToEnd(child, deps, signal, {
      // The first child that enters a status stands for all.
      entered: (status) => {
        if (!entered.has(status)) listener.entered(status);
        entered.add(status);
      },
      // The first child is the first one in the queue. As long as it waits, the array job does.
      waiting: index === 0 ? listener.waiting : null,
      line: (line, bytes) =>
        listener.line(`[${index}] ${line}`, bytes && Buffer.concat([Buffer.from(`[${index}] `), bytes])),
      attempted: () => {},
      used: () => {},
    });
  };
  const ends: Promise<JobEnd>[] = [];
  for (let index = 0; index < size; index++) {
    const end = run(index);
    ends.push(end);
    const outcome = end.then(
      ({ status }) => status,
      (): JobOutcome => "FAILED",
    );
    deps.jobs.add(`${id}:${index}`, null, outcome);
  }
  const ended = await Promise.all(ends);
  const isTerminated = ended.some((end) => end.isTerminated);
  const failed = ended.find(({ status }) => status === "FAILED");
  return {
    attempts: [],
    children: ended.map(({ status }) => status),
    status: failed === undefined ? "SUCCEEDED" : "FAILED",
    statusReason: failed === undefined ? ended[0]!.statusReason : isTerminated ? failed.statusReason : CHILD_FAILED,
    isTerminated,
  };
}

// --- internal ---

const CHILD_FAILED = "Array Child Job failed";
