import type { Clock } from "../../base/clock";
import { counted } from "../../base/terminal-text";
import type { JobWait } from "../../execution/events";
import { WaitTelling } from "./wait-telling";

/** Takes the reason why a job waits, and its place. */
export type TellWait = (wait: JobWait) => void;

interface Waiting {
  /** The vCPUs that the job asks for. `share` is the part that it gets. */
  readonly vcpus: number;
  readonly share: number;
  /** `null` if nothing is told about the job. */
  readonly tell: TellWait | null;
  told: JobWait | null;
  readonly signal: AbortSignal;
  readonly resolve: (placed: boolean) => void;
}

/** The first jobs of the queue are told why they wait. With all jobs, the work would grow with the square of their number. */
const JOBS_TOLD = 10;

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
  private readonly telling: WaitTelling | null;

  /** Without a clock, no job is told why it waits. */
  constructor(
    vcpus: number,
    private readonly maxJobs = Number.POSITIVE_INFINITY,
    clock: Clock | null = null,
  ) {
    this.capacity = thousandths(vcpus);
    this.free = this.capacity;
    this.freeJobs = maxJobs;
    this.telling = clock === null ? null : new WaitTelling(clock, () => this.tellFirst());
  }

  /**
   * Waits for free vCPUs. Resolves to `true` when the job has them; the job must release them later. Resolves to `false` if
   * `signal` aborts first. `tell` learns why a job waits that is among the first ones, and again when that changes.
   */
  take(vcpus: number, signal: AbortSignal, tell: TellWait | null = null): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    // One listener per signal, not per job, because adding a listener to an AbortSignal gets slower with each one.
    if (!this.watched.has(signal)) {
      this.watched.add(signal);
      signal.addEventListener("abort", () => this.dropAborted(), { once: true });
    }
    return new Promise((resolve) => {
      this.waiting.push({ vcpus, share: this.share(vcpus), signal, resolve, tell, told: null });
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
    this.telling?.changed(this.placed === this.waiting.length);
  }

  private tellFirst(): void {
    for (const [index, next] of this.waiting.slice(this.placed, this.placed + JOBS_TOLD).entries()) {
      const wait = { reason: this.reasonFor(next), place: index + 1 };
      if (wait.reason === next.told?.reason && wait.place === next.told.place) continue;
      next.told = wait;
      next.tell?.(wait);
    }
  }

  private reasonFor({ vcpus, share }: Waiting): string {
    if (share > this.free) {
      const all = counted(this.capacity / 1000, "vCPU");
      const alone = thousandths(vcpus) > this.capacity ? `: the job asks for ${vcpus}, so it runs alone` : "";
      return `waiting for ${share / 1000} of ${all}${alone}`;
    }
    if (this.freeJobs === 0) return `waiting for a job to end: --max-jobs is ${this.maxJobs}`;
    return "waiting for the jobs before it";
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
