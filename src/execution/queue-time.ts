import type { JobStatus } from "./events";

const IN_QUEUE: ReadonlySet<JobStatus> = new Set(["SUBMITTED", "RUNNABLE"]);

/** Measures how long a job is in its queue. */
export class QueueTime {
  private milliseconds = 0;
  private isOver = false;

  /** `since`: the time at which the job has entered the queue; `null` while it is out of it. */
  constructor(private since: number | null) {}

  enter(at: number): void {
    this.since = at;
  }

  /** Returns the seconds so far, after the next status of the job; `null` until the job has left the queue once. */
  seconds(before: JobStatus, { status, at }: { readonly status: JobStatus; readonly at: number }): number | null {
    const leaves = status === "STARTING" || status === "RUNNING" || IN_QUEUE.has(before);
    if (!IN_QUEUE.has(status) && leaves && this.since !== null) {
      this.milliseconds += Math.max(0, at - this.since);
      this.since = null;
      this.isOver = true;
    }
    return this.isOver ? this.milliseconds / 1000 : null;
  }
}
