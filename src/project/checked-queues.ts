/** The project's job queues and job definitions, for the check of a document. */
import { type CheckedJob, type CheckedQueue, WORKFLOW_QUEUE } from "../asl/check/subject";
import { computeLimits, hasOwnQueue, jobCompute } from "./job-compute";
import { jobDefinitionPlaceholder, jobQueuePlaceholder } from "./names";
import type { Settings } from "./settings-types";

/** Returns the job queues, by placeholder. */
export function checkedQueues(settings: Settings): Record<string, CheckedQueue> {
  const { maxVcpus, architecture } = settings;
  const own = Object.keys(settings.jobs)
    .filter((jobName) => hasOwnQueue(settings, jobName))
    .map((jobName) => {
      const compute = jobCompute(settings, jobName);
      const queue = { ...computeLimits(compute, maxVcpus), architecture: compute.architecture };
      return [jobQueuePlaceholder(jobName), queue] as const;
    });
  return {
    [WORKFLOW_QUEUE]: { ...computeLimits(settings, maxVcpus), architecture },
    ...Object.fromEntries(own),
  };
}

/** Returns the job definitions, by placeholder. */
export function checkedJobs(settings: Settings): Record<string, CheckedJob> {
  return Object.fromEntries(
    Object.entries(settings.jobs).map(([jobName, job]) => {
      const queue = hasOwnQueue(settings, jobName) ? jobQueuePlaceholder(jobName) : WORKFLOW_QUEUE;
      return [jobDefinitionPlaceholder(jobName), { ...job, queue }];
    }),
  );
}
