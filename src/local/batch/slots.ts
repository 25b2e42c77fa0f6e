interface Waiting {
  readonly share: number;
  readonly signal: AbortSignal;
  readonly resolve: (placed: boolean) => void;
}

/**
 * The vCPUs that the jobs of a queue share, and the number of jobs that may run at the same time. Jobs start in the order in which
 * they came. A job that needs more vCPUs runs alone.
 */
export class Slots {
  private readonly capacity: number;
  private free: number;
  private freeJobs: number;
  private waiting: Waiting[] = [];
  /** The number of `waiting` jobs that were placed. Removing each one from the front would move all others. */
  private placed = 0;
  private readonly watched = new WeakSet<AbortSignal>();

  constructor(vcpus: number, maxJobs = Number.POSITIVE_INFINITY) {
    this.capacity = thousandths(vcpus);
    this.free = this.capacity;
    this.freeJobs = maxJobs;
  }

  /**
   * Waits for free vCPUs. Resolves to `true` when the job has them; the job must release them later. Resolves to `false` if
   * `signal` aborts first.
   */
  take(vcpus: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    // One listener per signal, not per job, because adding a listener to an AbortSignal gets slower with each one.
    if (!this.watched.has(signal)) {
      this.watched.add(signal);
      signal.addEventListener("abort", () => this.dropAborted(), { once: true });
    }
    return new Promise((resolve) => {
      this.waiting.push({ share: this.share(vcpus), signal, resolve });
      this.place();
    });
  }

  /** Releases the vCPUs of `take`. */
  give(vcpus: number): void {
    this.free += this.share(vcpus);
    this.freeJobs += 1;
    this.place();
  }

  private share(vcpus: number): number {
    return Math.min(thousandths(vcpus), this.capacity);
  }

  private place(): void {
    const fits = (next: Waiting | undefined): next is Waiting => !!next && next.share <= this.free && this.freeJobs > 0;
    for (let next = this.waiting[this.placed]; fits(next); next = this.waiting[this.placed]) {
      this.placed += 1;
      this.freeJobs -= 1;
      this.free -= next.share;
      next.resolve(true);
    }
    if (this.placed > this.waiting.length / 2) {
      this.waiting = this.waiting.slice(this.placed);
      this.placed = 0;
    }
  }

  private dropAborted(): void {
    const waiting = this.waiting.slice(this.placed);
    this.placed = 0;
    this.waiting = waiting.filter(({ signal }) => !signal.aborted);
    for (const { signal, resolve } of waiting) if (signal.aborted) resolve(false);
    this.place();
  }
}

/** Converts to whole numbers, because sums of fractions such as 0.1 are inexact. */
function thousandths(vcpus: number): number {
  return Math.round(vcpus * 1000);
}
