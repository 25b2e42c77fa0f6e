import type { Clock } from "../../src/base/clock";

/** A clock that stands still while code runs, and jumps to the next sleeper when nothing runs. */
export class FakeClock implements Clock {
  private time: number;
  private readonly sleepers = new Set<{ until: number; wake: () => void }>();
  private readonly tickers = new Set<{ next: number; every: number; callback: () => void }>();
  private jumping = false;

  constructor(startedAt = 0) {
    this.time = startedAt;
  }

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = {
        until: this.time + milliseconds,
        wake: () => {
          this.sleepers.delete(sleeper);
          signal?.removeEventListener("abort", sleeper.wake);
          resolve();
        },
      };
      this.sleepers.add(sleeper);
      signal?.addEventListener("abort", sleeper.wake, { once: true });
      this.jump();
    });
  }

  every(milliseconds: number, callback: () => void): () => void {
    const ticker = { next: this.time + milliseconds, every: milliseconds, callback };
    this.tickers.add(ticker);
    return () => this.tickers.delete(ticker);
  }

  /** Lets time pass and runs the interval callbacks. Wakes no sleeper. */
  advance(milliseconds: number): void {
    this.passUntil(this.time + milliseconds);
  }

  /** True while an interval callback is registered. */
  get isTicking(): boolean {
    return this.tickers.size > 0;
  }

  private passUntil(time: number): void {
    for (;;) {
      const [due] = [...this.tickers].sort((a, b) => a.next - b.next);
      if (due === undefined || due.next > time) break;
      this.time = due.next;
      due.next += due.every;
      due.callback();
    }
    this.time = Math.max(this.time, time);
  }

  private jump(): void {
    if (this.jumping) return;
    this.jumping = true;
    setImmediate(() => {
      this.jumping = false;
      const next = [...this.sleepers].sort((a, b) => a.until - b.until)[0];
      if (!next) return;
      this.passUntil(next.until);
      next.wake();
      this.jump();
    });
  }
}
