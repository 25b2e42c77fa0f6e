/** The jobs that wait, grouped by the reason: many jobs that wait for the same thing are told once. */
import type { ExecutionEvent, JobWait } from "./events";

/** A job that may wait. */
export interface WaitingJob {
  readonly name: string;
  /** `null` if the job does not wait, or if nothing is known about its wait. */
  wait: JobWait | null;
  /** The time of its submission, or of the end of its last attempt. */
  waitingSince: number;
}

type WaitingEvent = Extract<ExecutionEvent, { type: "job-waiting" }>;

export class Waits {
  private readonly groups = new Map<string | null, Set<WaitingJob>>();
  /** The first event of each reason. */
  private readonly told = new Map<string, WaitingEvent>();

  /** Takes an event of a job that waits. */
  begin(job: WaitingJob, event: WaitingEvent): void {
    const { reason, place } = event.wait;
    if (reason !== null && !this.told.has(reason)) this.told.set(reason, event);
    this.end(job);
    if (reason === null && place === null) return;
    job.wait = event.wait;
    this.groups.set(reason, (this.groups.get(reason) ?? new Set()).add(job));
  }

  end(job: WaitingJob): void {
    if (job.wait === null) return;
    const { reason } = job.wait;
    const group = this.groups.get(reason)!;
    group.delete(job);
    if (group.size === 0) this.groups.delete(reason);
    job.wait = null;
  }

  /** Returns whether the event was the first one with its reason. */
  isNews(event: WaitingEvent): boolean {
    return this.told.get(event.wait.reason ?? "") === event;
  }

  /** Returns the jobs of each reason, in the order in which the reasons came. */
  byReason(): readonly (readonly WaitingJob[])[] {
    return [...this.groups.values()].map((group) => [...group]);
  }
}

// --- words ---

/** The start of a reason of the local run, which is a sentence of its own. */
const WAITING_FOR = "waiting for ";

/**
 * The reasons of Batch that last until a person acts. The other reasons can pass by themselves.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html
 */
const NEEDS_ACTION = /^(MISCONFIGURATION|ACTION_REQUIRED|UNDETERMINED)\b/;

/** Returns whether a job with this reason waits until a person changes something. */
export function needsAction(reason: string | null): boolean {
  return reason !== null && NEEDS_ACTION.test(reason);
}

/** Describes a wait, with its time if there is one: `waiting 12:03 · 3rd in the queue · MISCONFIGURATION:…`. */
export function waitText({ reason, place }: JobWait, time: string | null = null): string {
  const where = place === null ? null : placeText(place);
  const parts = reason?.startsWith(WAITING_FOR)
    ? [reason, time, where]
    : [time === null ? "waiting" : `waiting ${time}`, where, reason];
  return parts.filter((part) => part !== null).join(" · ");
}

/** Describes a place in a queue: `3rd in the queue`. */
function placeText(place: number): string {
  const endings: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };
  return `${place}${endings[ORDINALS.select(place)] ?? "th"} in the queue`;
}

const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });
