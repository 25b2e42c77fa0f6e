import { fillIn, type PlaceholderValues } from "../asl/substitution";
import { hasOwnQueue } from "../project/job-compute";
import { jobDefinitionPlaceholder, jobQueuePlaceholder, resourceName } from "../project/names";
import { DATA_BUCKET_PLACEHOLDER } from "../project/project-placeholders";
import type { Settings } from "../project/settings-types";
import { escapeTemplate } from "./templates";

/** The target of a deployment. Each value may be a reference of Terraform. */
interface Target {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** Name of the bucket for data; `null` if there is none. */
  readonly dataBucket: string | null;
}

/**
 * Returns the values of all placeholders, made of names. The ARN of a job definition has no revision. A policy that a resource
 * needs before it is created cannot refer to that resource, but to its name.
 */
export function namedValues(
  settings: Settings,
  { partition, region, accountId, dataBucket }: Target,
): PlaceholderValues {
  const batchArn = (resource: string) => `arn:${partition}:batch:${region}:${accountId}:${resource}`;
  const jobs = Object.keys(settings.jobs);
  return {
    Partition: partition,
    Region: region,
    AccountId: accountId,
    StateMachineName: resourceName(settings),
    JobQueueArn: batchArn(`job-queue/${resourceName(settings)}`),
    ...(dataBucket !== null && { [DATA_BUCKET_PLACEHOLDER]: dataBucket }),
    ...Object.fromEntries(
      jobs
        .filter((name) => hasOwnQueue(settings, name))
        .map((name) => [jobQueuePlaceholder(name), batchArn(`job-queue/${resourceName(settings, name)}`)]),
    ),
    ...Object.fromEntries(
      jobs.map((name) => [jobDefinitionPlaceholder(name), batchArn(`job-definition/${resourceName(settings, name)}`)]),
    ),
  };
}

/** Returns the values with those of the settings. `convert` makes a text of the settings a part of the text to fill in. */
export function withSubstitutions(
  { substitutions }: Settings,
  values: PlaceholderValues,
  convert: typeof fillIn,
): PlaceholderValues {
  const own = Object.entries(substitutions).map(([name, text]) => [name, convert(text, values, escapeTemplate)]);
  return { ...Object.fromEntries(own), ...values };
}

/** Returns the function that fills in the placeholders of a text for Terraform. */
export function filler(settings: Settings, values: PlaceholderValues): (text: string) => string {
  const all = withSubstitutions(settings, values, fillIn);
  return (text) => fillIn(text, all, escapeTemplate);
}
