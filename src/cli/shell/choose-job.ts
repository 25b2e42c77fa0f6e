/** Chooses the running job that a user means. */
import { UsageError } from "../../base/errors";
import { suggest } from "../../base/suggest";
import { printable } from "../../base/terminal-text";
import { listed } from "../../base/text";
import type { JobStatus } from "../../execution/events";

/** A job that a user can name. */
export interface NamedJob {
  readonly id: string;
  readonly name: string;
  /** The state with its items: `step2_job[3]`. */
  readonly place: string;
  readonly status: JobStatus;
}

/**
 * Returns the running job with this id, name, state or state with items. `latest` is the one that was submitted last. Without a
 * reference, only one job may run.
 *
 * @param jobs newest first
 * @param none what to say if no job runs
 * @param hasCommand true if the user wrote more words than the reference
 * @throws UsageError if no job or more than one matches
 */
export function chooseJob<J extends NamedJob>(
  jobs: readonly J[],
  reference: string | undefined,
  none: string,
  hasCommand = false,
): J {
  const matching =
    reference === undefined || reference === "latest" ? jobs : jobs.filter((job) => isMeant(job, reference));
  const running = matching.filter(({ status }) => status === "RUNNING");
  const [job] = running;
  if (job !== undefined && (running.length === 1 || reference === "latest")) return job;
  if (job !== undefined) {
    const names = printable(listed(running.map(describe).reverse(), MOST_JOBS), Infinity);
    throw new UsageError(`several jobs are running: ${names}; name one by its state with its items, or by its id`);
  }
  const [waiting] = matching;
  if (reference !== undefined && reference !== "latest" && waiting !== undefined) throw notRunning(waiting);
  const candidates = jobs.filter(({ status }) => status === "RUNNING");
  if (reference === undefined || candidates.length === 0) throw new UsageError(none);
  const places = new Set(candidates.map(({ place }) => place));
  const fix = reference === "latest" ? "" : `; ${suggest(reference, places, "jobs")}`;
  const order = hasCommand ? `; the job comes before the command: shell ${printable(candidates[0]!.place)} -- …` : "";
  throw new UsageError(`no running job is called ${printable(reference) || '""'}${fix}${order}`);
}

/** Returns the error for a job that is known and does not run. */
export function notRunning({ place, status }: Pick<NamedJob, "place" | "status">): UsageError {
  const name = printable(place);
  if (status === "SUCCEEDED" || status === "FAILED") {
    return new UsageError(`the job ${name} has ended: ${status}; its container is gone`);
  }
  return new UsageError(`the job ${name} is ${status}: it has no container yet; try again when it is RUNNING`);
}

// --- internal ---

const MOST_JOBS = 20;

function isMeant({ id, name, place }: NamedJob, reference: string): boolean {
  return [id, name, place, place.replace(/(\[\d+\])*(:\d+)?$/, "")].includes(reference);
}

function describe({ id, place }: NamedJob): string {
  return `${place} (${id})`;
}
