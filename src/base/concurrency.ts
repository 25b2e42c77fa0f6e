/** Runs work at the same time. When these functions return or throw, all work that they started has ended. */
import { setMaxListeners } from "node:events";
import type { Clock } from "./clock";

/** Thrown by work that ended because its signal aborted. */
export class Aborted extends Error {}

/** Returns the answer, or throws `Aborted` as soon as `signal` aborts. A call between two attempts does not see the signal. */
export async function orAborted<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw new Aborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Aborted());
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([ask(), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * Runs `work` for every index from 0 to `count - 1`, at most `limit` at a time. After the first failure it starts nothing more,
 * aborts the rest, waits for it, and throws the failure. It throws `Aborted` if `parent` has aborted.
 */
export async function runAll(
  count: number,
  limit: number,
  parent: AbortSignal,
  work: (index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await following(parent, async (stop) => {
    const failures: unknown[] = [];
    let next = 0;
    const worker = async () => {
      while (next < count && !stop.signal.aborted) {
        try {
          await work(next++, stop.signal);
        } catch (failure) {
          failures.push(failure);
          stop.abort();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
    if (parent.aborted) throw new Aborted();
    if (failures.length > 0) throw failures[0];
  });
}

/** Runs `work` for at most `seconds`, if they are given. Then it aborts the work, waits for its end, and throws `timeout`. */
export async function withTimeout<T>(
  seconds: number | undefined,
  timeout: Error,
  clock: Clock,
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (seconds === undefined) return work(parent);
  return following(parent, async (stop) => {
    const done = new AbortController();
    let timedOut = false;
    const timer = clock.sleep(seconds * 1000, done.signal).then(() => {
      timedOut = !done.signal.aborted && !parent.aborted;
      stop.abort();
    });
    try {
      const result = await work(stop.signal);
      if (timedOut) throw timeout;
      return result;
    } catch (failure) {
      throw timedOut ? timeout : failure;
    } finally {
      done.abort();
      await timer;
    }
  });
}

/** Runs `work` with a controller that aborts when `parent` aborts. */
async function following<T>(parent: AbortSignal, work: (controller: AbortController) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const follow = () => controller.abort();
  if (parent.aborted) follow();
  // Each concurrent item of a Map listens to the signals. This is not a leak. Node.js would warn about one at eleven listeners.
  setMaxListeners(0, parent, controller.signal);
  parent.addEventListener("abort", follow);
  try {
    return await work(controller);
  } finally {
    parent.removeEventListener("abort", follow);
  }
}
