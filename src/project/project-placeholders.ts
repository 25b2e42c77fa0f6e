/** The placeholders of the document to which the project gives values. */
import { WORKFLOW_QUEUE } from "../asl/check/subject";
import { hasOwnQueue } from "./job-compute";
import { jobDefinitionPlaceholder, jobOfPlaceholder, jobQueuePlaceholder } from "./names";
import type { Settings } from "./settings-types";

/** The placeholder for the bucket with the data of the jobs. */
export const DATA_BUCKET_PLACEHOLDER = "DataBucket";

/** Returns the placeholders that have a value in a deployment, without those of the job definitions. */
export function deploymentPlaceholders(settings: Settings): string[] {
  const jobs = Object.keys(settings.jobs);
  return [
    ...["Partition", "Region", "AccountId", "StateMachineName", WORKFLOW_QUEUE],
    ...(settings.data === "none" ? [] : [DATA_BUCKET_PLACEHOLDER]),
    ...jobs.filter((name) => hasOwnQueue(settings, name)).map(jobQueuePlaceholder),
  ];
}

/** Returns what to set so that a placeholder gets a value; `null` if no setting has it. */
export function settingOfPlaceholder(placeholder: string): string | null {
  if (placeholder === DATA_BUCKET_PLACEHOLDER) {
    return 'set `data` in cdktf.json to "create", or to the name of a bucket that exists';
  }
  const job = jobOfPlaceholder(placeholder.replace(/JobQueueArn$/, "JobDefinitionArn"));
  return job !== null && placeholder === jobQueuePlaceholder(job)
    ? `give the job \`${job}\` a \`compute\` of its own in cdktf.json, or write \${JobQueueArn} for the queue of all jobs`
    : null;
}

/** Returns all placeholders to which the project gives a value. */
export function projectPlaceholders(settings: Settings): string[] {
  return [...deploymentPlaceholders(settings), ...Object.keys(settings.jobs).map(jobDefinitionPlaceholder)];
}
