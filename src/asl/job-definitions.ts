/** The job definitions that a document names. */
import { asObject } from "../base/json";
import { type StatesDocument, walkStates } from "./document";
import { integrationOf } from "./integration";
import { givenRequest, isJsonataText } from "./query-language";

/**
 * Returns the name of the job definition that a request of SubmitJob names: `train` for `train`, `train:3`, its ARN and the
 * placeholder `${train}`.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html ("jobDefinition")
 */
export function jobDefinitionName(reference: string): string {
  const name = reference.replace(/^arn:.*:job-definition\//, "").replace(/:\d+$/, "");
  return /^\$\{(.+)\}$/s.exec(name)?.[1] ?? name;
}

/** A task that runs a Batch job. */
interface BatchJob {
  readonly task: string;
  /** The name of the job definition; `null` if the task computes it when it runs. */
  readonly definition: string | null;
}

/** Returns the tasks of a document that run Batch jobs. */
export function batchJobs(document: StatesDocument): BatchJob[] {
  return [...walkStates(document)].flatMap(({ name: task, state }) => {
    if (state.Type !== "Task" || integrationOf(state.Resource)?.action !== "batch:submitJob") return [];
    const { JobDefinition } = asObject(givenRequest(state));
    const isComputed = typeof JobDefinition !== "string" || isJsonataText(JobDefinition);
    return [{ task, definition: isComputed ? null : jobDefinitionName(JobDefinition) }];
  });
}
