/** The lines about jobs that wait. */
import { type Line, printable, stopwatch } from "../base/terminal-text";
import type { ExecutionEvent } from "./events";
import { LONGEST_REASON } from "./failure-lines";
import type { Job, Tally } from "./tally";
import { needsAction, type WaitingJob, waitText } from "./waits";

/** The most reasons that have a line. */
const REASONS_SHOWN = 3;
const EXPLAIN = "`npx workflow doctor --queue` explains it";

/** Describes the waits of now, in one line for each reason. */
export function waitLines({ waits }: Tally, now: number): Line[] {
  return waits
    .byReason()
    .slice(0, REASONS_SHOWN)
    .map((jobs) => groupLine(jobs, now));
}

/** Describes a wait when its reason comes for the first time. Empty for other waits. */
export function newWaitLines(tally: Tally, job: Job, event: Extract<ExecutionEvent, { type: "job-waiting" }>): Line[] {
  if (!tally.waits.isNews(event)) return [];
  const text = `${job.name}: ${waitText(printableWait(event.wait))}`;
  return needsAction(event.wait.reason) ? [[{ text: `${text}; ${EXPLAIN}`, style: "yellow" }]] : [[{ text }]];
}

// --- internal ---

function groupLine(jobs: readonly WaitingJob[], now: number): Line {
  const [first] = jobs;
  const places = jobs.flatMap(({ wait }) => wait!.place ?? []);
  const since = jobs.reduce((earliest, { waitingSince }) => Math.min(earliest, waitingSince), now);
  const wait = {
    reason: first!.wait!.reason,
    place: places.length > 0 ? places.reduce((a, b) => Math.min(a, b)) : null,
  };
  const who = jobs.length === 1 ? first!.name : `${first!.name} and ${jobs.length - 1} more`;
  const style = needsAction(wait.reason) ? "yellow" : "dim";
  return [{ text: `⋯ ${who}: ${waitText(printableWait(wait), stopwatch(now - since))}`, style }];
}

function printableWait<W extends { readonly reason: string | null }>(wait: W): W {
  return { ...wait, reason: wait.reason === null ? null : printable(wait.reason, LONGEST_REASON) };
}
