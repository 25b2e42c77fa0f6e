/** Finds the values of the jobs' secrets for a local run, which does not ask AWS for them. */
import { UsageError } from "../base/errors";
import type { Jobs } from "./jobs-to-run";

type Variables = Readonly<Record<string, string | undefined>>;

/** The places that can have the value of a secret. An earlier one wins. */
export interface SecretSources {
  /** Variables that the user gave for all jobs. */
  readonly given: Variables;
  /** The lines of the file with secrets: `TOKEN`, or `train.TOKEN` for one job only. */
  readonly file: Variables;
  /** The name of that file, for messages. */
  readonly fileName: string;
  /** The environment of the command. */
  readonly environment: Variables;
}

/**
 * Returns the values of the secrets of each job, by job and variable.
 *
 * @throws UsageError if a value is missing; the message shows no value
 */
export function secretValues(jobs: Jobs, sources: SecretSources): Record<string, Record<string, string>> {
  const missing: string[] = [];
  const findValue = (job: string, variable: string): string => {
    const { given, file, environment } = sources;
    const value = given[variable] || file[`${job}.${variable}`] || file[variable] || environment[variable];
    if (!value) missing.push(`  ${variable}=…   (for the job ${job})`);
    return value ?? "";
  };
  const values = Object.entries(jobs).map(([job, { secrets }]) => [
    job,
    Object.fromEntries(Object.keys(secrets).map((variable) => [variable, findValue(job, variable)])),
  ]);
  if (missing.length > 0) {
    const fix = `add these lines to ${sources.fileName}, set the variables in the environment, or mock the states of the jobs`;
    throw new UsageError(`secrets have no value here; ${fix}:\n${missing.join("\n")}`);
  }
  return Object.fromEntries(values) as Record<string, Record<string, string>>;
}
