import type { StatesDocument } from "../asl/document";
import { batchJobs } from "../asl/job-definitions";
import { jobDefinitionPlaceholder, resourceName } from "../project/names";
import type { JobSettings, Settings } from "../project/settings-types";
import { isMocked, type Mocks } from "./mocks";

/** Jobs of the settings, by name. */
export type Jobs = Readonly<Record<string, JobSettings>>;

/** Returns the jobs that an execution may run: those that a task without a mock names. A task that computes the name may run any. */
export function jobsToRun(settings: Settings, document: StatesDocument, mocks: Mocks | null): Jobs {
  const jobs = Object.entries(settings.jobs);
  const jobOf = (definition: string | null) =>
    jobs.find(([name]) => [jobDefinitionPlaceholder(name), resourceName(settings, name)].includes(definition ?? ""));
  const found = batchJobs(document)
    .filter(({ task }) => !isMocked(task, mocks))
    .map(({ definition }) => jobOf(definition));
  return found.includes(undefined) ? settings.jobs : Object.fromEntries(jobs.filter((job) => found.includes(job)));
}
