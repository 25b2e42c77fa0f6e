/** The rules for the events of every execution, here and on AWS. */
import type { ExecutionEvent } from "../../src/execution/events";

const STATUSES = ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];
const ENDS = ["state-succeeded", "state-failed", "state-caught", "state-aborted"];

/** Returns the rules that a stream of events breaks. Everything that starts must end once, and the execution must end last. */
export function eventFaults(events: readonly ExecutionEvent[]): string[] {
  const open = new Map<string, number>();
  const jobs = new Map<string, boolean>();
  const faults = new Set<string>();
  for (const event of events) {
    if ("indices" in event) {
      const place = JSON.stringify([event.state, event.indices]);
      if (event.type === "state-entered") open.set(place, (open.get(place) ?? 0) + 1);
      else if ((open.get(place) ?? 0) <= 0) faults.add(`events, ${event.type} of a state that does not run`);
      if (ENDS.includes(event.type)) open.set(place, (open.get(place) ?? 0) - 1);
    }
    if (event.type === "job-submitted") jobs.set(event.jobId, false);
    if (event.type === "job-status" && (event.status === "SUCCEEDED" || event.status === "FAILED")) {
      if (jobs.get(event.jobId) !== false) faults.add("events, a job ends twice, or was never submitted");
      jobs.set(event.jobId, true);
    }
  }
  const last = events.at(-1);
  if (events[0]?.type !== "execution-started") faults.add("events, the first one does not start the execution");
  if (last?.type !== "execution-ended") faults.add("events, the last one does not end the execution");
  else if (!STATUSES.includes(last.status)) faults.add(`events, the status is ${last.status}`);
  if ([...open.values()].some((count) => count !== 0)) faults.add("events, a state has no end");
  if ([...jobs.values()].includes(false)) faults.add("events, a job has no end");
  return [...faults];
}
