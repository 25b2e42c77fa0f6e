import { Aborted } from "../../../base/concurrency";

/**
 * Runs `work` for each value of a list that may be longer than the memory, at most `limit` at a time. Reads on only when the next
 * value can start. When `work` throws, or `parent` aborts, nothing more starts, the rest is aborted, and its end is awaited.
 */
export async function runEach<T>(
  values: AsyncIterable<T>,
  limit: number,
  parent: AbortSignal,
  work: (value: T, index: number, stop: AbortController) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const follow = () => stop.abort();
  if (parent.aborted) follow();
  parent.addEventListener("abort", follow);
  const failures: unknown[] = [];
  let running = 0;
  let wake = () => {};
  const start = async (value: T, index: number) => {
    running += 1;
    try {
      await work(value, index, stop);
    } catch (failure) {
      failures.push(failure);
      stop.abort();
    }
    running -= 1;
    wake();
  };
  const untilFewerThan = async (most: number) => {
    while (running >= most) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  try {
    let index = 0;
    for await (const value of values) {
      await untilFewerThan(limit);
      if (failures.length > 0 || parent.aborted) break;
      void start(value, index);
      index += 1;
    }
  } catch (failure) {
    failures.push(failure);
    stop.abort();
  } finally {
    await untilFewerThan(1);
    parent.removeEventListener("abort", follow);
  }
  if (parent.aborted) throw new Aborted();
  if (failures.length > 0) throw failures[0];
}
