/** Time, as the execution sees it: tests give one of their own, so that none of them waits. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `milliseconds`, or as soon as `signal` aborts; never rejects and leaves no timer behind. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls back every `milliseconds` and keeps nothing alive; returns a function that stops it. */
  every(milliseconds: number, callback: () => void): () => void;
}

/** A timer of Node's takes no longer a time, and ends at once where it is given one: 24.8 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The machine's own clock. It goes on evenly from the time at which this process started, so that no duration is negative where
 * somebody sets the machine's clock.
 */
export const systemClock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      let timer: NodeJS.Timeout;
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const wait = (left: number) => {
        const slice = Math.min(left, LONGEST_TIMER);
        timer = setTimeout(() => (left > slice ? wait(left - slice) : end()), slice);
      };
      if (signal?.aborted) return resolve();
      signal?.addEventListener("abort", end, { once: true });
      wait(milliseconds);
    }),
  every: (milliseconds, callback) => {
    const timer = setInterval(callback, milliseconds).unref();
    return () => clearInterval(timer);
  },
};
