import type { Clock } from "../../src/base/clock";

/** A clock that stands still while anything runs and jumps to the next sleeper when nothing does. */
export class FakeClock implements Clock {
  private time: number;
  private readonly sleepers = new Set<{ until: number; wake: () => void }>();
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

  private jump(): void {
    if (this.jumping) return;
    this.jumping = true;
    setImmediate(() => {
      this.jumping = false;
      const next = [...this.sleepers].sort((a, b) => a.until - b.until)[0];
      if (!next) return;
      this.time = Math.max(this.time, next.until);
      next.wake();
      this.jump();
    });
  }
}
