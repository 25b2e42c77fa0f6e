import { QUEUE } from "../../../../scripts/demo/example-job";
import type { BatchDeps } from "../../../../src/local/batch/batch-deps";
import { NO_ADDITIONS } from "../../../../src/local/batch/job-additions";
import { SubmittedJobs } from "../../../../src/local/batch/submitted-jobs";

type Own = "definitions" | "engine" | "slots" | "emit" | "clock";

/** The dependencies of a job in a run without additions. The ids of its jobs are `id-1`, `id-2`, … */
export function batchDependencies(own: Pick<BatchDeps, Own> & Partial<BatchDeps>): BatchDeps {
  let ids = 0;
  return {
    queues: [QUEUE],
    additions: NO_ADDITIONS,
    reuse: null,
    jobs: new SubmittedJobs(),
    newId: () => `id-${++ids}`,
    forceSignal: new AbortController().signal,
    ...own,
  };
}
