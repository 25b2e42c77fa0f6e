/** The time that the code sees. Tests pass a clock of their own, so that they never wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `milliseconds`, or as soon as `signal` aborts; never rejects and leaves no timer behind. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls back every `milliseconds` and keeps nothing alive; returns a function that stops it. */
  every(milliseconds: number, callback: () => void): () => void;
}

/** The longest time that a timer of Node.js takes: 24.8 days. A longer timer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The machine's clock. It runs evenly from the start of this process. So no duration is negative if the machine's clock is set
 * back.
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

/** Writes a time in whole seconds, such as `2026-11-28T19:55:54Z`. */
export function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Returns a function that tells whether so much time has passed since it last said so, or since now. */
export function every(milliseconds: number, clock: Pick<Clock, "now">): () => boolean {
  let last = clock.now();
  return () => {
    if (clock.now() - last < milliseconds) return false;
    last = clock.now();
    return true;
  };
}

/** Formats a time, in milliseconds since 1970, as ISO 8601 in UTC. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
