/** Judges a job queue: one finding for each cause of a wait. */
import { counted, printable, stopwatch } from "../../../base/terminal-text";
import { type Finding, ok } from "../finding";
import { QUEUE_CAUSES, type QueueCause } from "./queue-causes";
import type { QueueFacts } from "./queue-facts";

/** A finding about a queue. `name` is the name of the queue and of the cause. */
export type QueueFinding = Finding & { readonly name: string; readonly queue: string; readonly cause: string | null };

/** Returns the findings about a queue. The first one says what waits. */
export function examineQueue(facts: QueueFacts, now: number): QueueFinding[] {
  const { name: queue } = facts;
  const causes = QUEUE_CAUSES.map((cause) => ({
    ...printableFinding(judge(cause, facts)),
    name: `${queue}, ${cause.name}`,
    queue,
    cause: cause.name,
  }));
  return [{ ...printableFinding(describeWaiting(facts, now)), name: queue, queue, cause: null }, ...causes];
}

// --- internal ---

function judge({ find, fix, passes }: QueueCause, facts: QueueFacts): Finding {
  const verdict = find(facts);
  if (verdict === null) return ok("not found");
  if ("found" in verdict) return { status: passes ? "warning" : "failure", message: verdict.found, fix };
  // An idle queue gives no reason to look further.
  if (facts.waiting?.length === 0) return ok("no job waits");
  return { status: "warning", message: `cannot be seen from here: ${verdict.unseen}`, fix };
}

function describeWaiting({ waiting }: QueueFacts, now: number): Finding {
  if (waiting === null) return { status: "warning", message: "AWS does not show the jobs that wait", fix: RIGHTS };
  const [first] = waiting;
  if (first === undefined) return ok("no job waits");
  const count = waiting.length === MOST_SHOWN ? `${MOST_SHOWN} jobs or more` : counted(waiting.length, "job");
  const since = first.since === null ? "" : ` for ${stopwatch(now - first.since)}`;
  const reason = first.reason ?? "Batch gives no reason";
  return ok(`${count} in the queue; the first one, ${first.name}, waits${since}: ${reason}`);
}

/** The jobs that a snapshot of a queue holds at most. */
const MOST_SHOWN = 100;
const RIGHTS = "grant these credentials batch:GetJobQueueSnapshot or batch:ListJobs, and batch:DescribeJobs";

function printableFinding({ status, message, fix }: Finding): Finding {
  return { status, message: printable(message), ...(fix !== undefined && { fix }) };
}
