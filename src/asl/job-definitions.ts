/** The job definitions that a document names. */
import { asObject } from "../base/json";
import { type StatesDocument, walkStates } from "./document";
import { integrationOf } from "./integration";
import { isJsonataText } from "./query-language";

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

/** Returns the names of all job definitions in a document; `null` if a task computes the name when it runs. */
export function namedJobDefinitions(document: StatesDocument): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const { state } of walkStates(document)) {
    if (state.Type !== "Task" || integrationOf(state.Resource)?.action !== "batch:submitJob") continue;
    const { JobDefinition } = asObject(state.Parameters ?? state.Arguments);
    if (typeof JobDefinition !== "string" || isJsonataText(JobDefinition)) return null;
    names.add(jobDefinitionName(JobDefinition));
  }
  return names;
}
