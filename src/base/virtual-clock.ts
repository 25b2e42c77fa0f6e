import type { Clock } from "./clock";

/**
 * A clock whose time passes only when nothing runs: then it jumps to the next sleeper. A year takes no longer than a second.
 * Sleepers wake in the order of their times, and in the order in which they came.
 */
export class VirtualClock implements Clock {
  protected time: number;
  private readonly sleepers: Sleeper[] = [];
  private isWatching = false;
  /** True if code has asked for the time, or a sleeper has come or gone, since the last turn of the event loop. */
  private isBusy = false;

  constructor(startedAt = 0) {
    this.time = startedAt;
  }

  now(): number {
    this.isBusy = true;
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper: Sleeper = {
        until: this.time + milliseconds,
        isAwake: false,
        wake: () => {
          this.isBusy = true;
          sleeper.isAwake = true;
          signal?.removeEventListener("abort", sleeper.wake);
          resolve();
        },
      };
      this.sleepers.splice(this.placeOf(sleeper.until), 0, sleeper);
      this.isBusy = true;
      signal?.addEventListener("abort", sleeper.wake, { once: true });
      this.watch();
    });
  }

  /** Never calls back: the callbacks of a clock redraw a display, and here no time passes to look at it. */
  every(_milliseconds: number, _callback: () => void): () => void {
    return () => {};
  }

  protected passUntil(time: number): void {
    this.time = Math.max(this.time, time);
  }

  // --- internal ---

  /** Returns the index of a new sleeper: behind all that wake before it or at the same time. */
  private placeOf(until: number): number {
    let [first, last] = [0, this.sleepers.length];
    while (first < last) {
      const middle = (first + last) >> 1;
      if (this.sleepers[middle]!.until <= until) first = middle + 1;
      else last = middle;
    }
    return first;
  }

  /** Jumps after a whole turn of the event loop in which no code has used the clock. Long work uses it in each turn. */
  private watch(): void {
    if (this.isWatching) return;
    this.isWatching = true;
    setImmediate(() => {
      this.isWatching = false;
      if (this.isBusy) this.isBusy = false;
      else this.jump();
      while (this.sleepers[0]?.isAwake) this.sleepers.shift();
      if (this.sleepers.length > 0) this.watch();
    });
  }

  private jump(): void {
    const next = this.sleepers.find(({ isAwake }) => !isAwake);
    if (next === undefined) return;
    this.passUntil(next.until);
    next.wake();
  }
}

interface Sleeper {
  readonly until: number;
  isAwake: boolean;
  readonly wake: () => void;
}
