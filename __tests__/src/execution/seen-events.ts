import { LineCutter } from "../../../src/base/log-lines";
import type { ExecutionEvent } from "../../../src/execution/events";
import { hideSecrets } from "../../../src/execution/hide-secrets";

/** Returns the events that the views see. */
export function seen(events: readonly ExecutionEvent[], values: readonly string[] = ["hunter2"]): ExecutionEvent[] {
  const told: ExecutionEvent[] = [];
  const { sink, hide } = hideSecrets((event) => told.push(event));
  hide(values);
  for (const event of events) sink(event);
  return told;
}

/** The lines of a job's output, as an engine tells them. */
export function logOf(output: Buffer): ExecutionEvent[] {
  const events: ExecutionEvent[] = [];
  const cutter = new LineCutter((line, bytes) => events.push({ at: 1, type: "job-log", jobId: "1", line, bytes }));
  cutter.push(output);
  cutter.end();
  const attempt = { startedAt: 1, stoppedAt: 2, exitCode: 0, reason: null, statusReason: null };
  return [...events, { at: 2, type: "job-attempt", jobId: "1", attempt }];
}

/** Returns the output that the events tell. */
export const written = (events: readonly ExecutionEvent[]) =>
  Buffer.concat(events.flatMap((event) => (event.type === "job-log" ? event.bytes! : []))).toString("latin1");
