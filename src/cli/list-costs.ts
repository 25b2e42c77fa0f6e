/** Reads the costs of the executions of a list. */
import { Aborted, runAll } from "../base/concurrency";
import { say } from "../base/message";
import { counted } from "../base/terminal-text";
import { collectCosts, type RunCost } from "../execution/cost/costs";
import type { FoundExecution } from "./found-execution";
import type { Terminal, Timed } from "./session";

/** An account may read histories at least 20 times a second. */
const READ_AT_A_TIME = 4;

/**
 * Returns the cost of each execution; `null` if it runs, or after a Ctrl-C. An execution whose cost is not known yet is read: its
 * history and its jobs, without their output.
 */
export async function readCosts(
  executions: readonly FoundExecution[],
  { clock, stderr, onInterrupt }: Terminal & Timed,
): Promise<(RunCost | null)[]> {
  const costs = executions.map(({ cost }) => cost);
  const unread = executions.flatMap(({ status, cost }, index) =>
    status !== "RUNNING" && cost === null ? [index] : [],
  );
  if (unread.length === 0) return costs;
  stderr.write(`reading the jobs of ${counted(unread.length, "execution")}\n`);
  const enough = new AbortController();
  const stopListening = onInterrupt(() => enough.abort());
  const messages = new Set<string>();
  try {
    await runAll(unread.length, READ_AT_A_TIME, enough.signal, async (next, signal) => {
      const { watch, pricing } = executions[unread[next]!]!;
      const { record, ofRun } = collectCosts(pricing);
      const end = await watch({
        clock,
        signal,
        logs: "none",
        emit: (event) => (event.type === "notice" ? messages.add(event.message) : record(event)),
      });
      if (end !== null) costs[unread[next]!] = ofRun();
    });
  } catch (error) {
    if (!(error instanceof Aborted)) throw error;
  } finally {
    stopListening();
  }
  for (const message of messages) say(stderr, message);
  return costs;
}
