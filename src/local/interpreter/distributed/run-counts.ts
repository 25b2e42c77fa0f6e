import type { Clock } from "../../../base/clock";
import {
  type EventSink,
  type ExecutionStatus,
  MAP_RUN_FAILURES_TOLD,
  type MapRunCounts,
  type Place,
} from "../../../execution/events";
import type { ChildEnd, ChildResult } from "./child-result";

/** The terminal shows the counts ten times a second. */
const PAUSE_MILLISECONDS = 100;

type Kind = Exclude<keyof MapRunCounts, "total">;

const KIND_OF: Readonly<Record<ChildEnd["status"], Kind>> = {
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  ABORTED: "aborted",
  PENDING: "pending",
};

/** Counts the items of a Map Run, and reports them as the watch of a Map Run on AWS does. */
export class RunCounts {
  private readonly counts: Record<keyof MapRunCounts, number>;
  private reported = "";
  private reportedAt = Number.NEGATIVE_INFINITY;
  private failures: ChildResult[] = [];
  private failuresLeft = MAP_RUN_FAILURES_TOLD;

  constructor(
    private readonly mapRunArn: string,
    private readonly place: Place,
    total: number,
    private readonly emit: EventSink,
    private readonly clock: Clock,
  ) {
    this.counts = { total, pending: total, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 };
    this.report();
  }

  get failed(): number {
    return this.counts.failed;
  }

  get total(): number {
    return this.counts.total;
  }

  start(items: number): void {
    this.move(items, "pending", "running");
  }

  end(items: number, child: ChildResult): void {
    if (child.end.status === "FAILED" && this.failuresLeft > 0) {
      this.failuresLeft -= 1;
      this.failures.push(child);
    }
    this.move(items, "running", KIND_OF[child.end.status]);
  }

  /** Sends the counts if they have changed, and the failures since the last time. */
  report(): void {
    const { place, mapRunArn, clock } = this;
    const counts = { ...this.counts };
    const text = JSON.stringify(counts);
    this.reportedAt = clock.now();
    if (text === this.reported) return;
    this.reported = text;
    this.emit({ ...place, at: clock.now(), type: "map-run", mapRunArn, counts });
    for (const { executionArn, name, end, stoppedAt } of this.failures) {
      if (end.status !== "FAILED") continue;
      const failure = {
        executionArn,
        name,
        status: end.status satisfies ExecutionStatus,
        error: end.error,
        cause: end.cause,
      };
      this.emit({ ...place, at: stoppedAt ?? clock.now(), type: "map-run-failure", mapRunArn, ...failure });
    }
    this.failures = [];
  }

  private move(items: number, from: Kind, to: Kind): void {
    this.counts[from] -= items;
    this.counts[to] += items;
    if (this.clock.now() - this.reportedAt >= PAUSE_MILLISECONDS) this.report();
  }
}
