/** Counts the items of distributed Maps, which are executions of their own. */
import { DescribeExecutionCommand, DescribeMapRunCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import type { Clock } from "../base/clock";
import {
  type EventSink,
  type ExecutionStatus,
  MAP_RUN_FAILURES_TOLD,
  type MapRunCounts,
  type Place,
} from "../execution/events";
import { countOf, listOf, textOf, timeOf } from "./answers";
import type { AwsClients } from "./clients";
import type { DispensableCall } from "./patient-calls";

const FAILED = ["FAILED", "TIMED_OUT"] as const;
/** People look at the counts, which are a moment old anyway. */
const PAUSE_SECONDS = 2;

interface MapRun {
  readonly place: Place;
  readonly told: Set<string>;
  announced: boolean;
  counts: MapRunCounts | null;
  lookedAt: number;
}

export class MapRuns {
  private readonly runs = new Map<string, MapRun>();

  constructor(
    private readonly sfn: AwsClients["sfn"],
    private readonly call: DispensableCall,
    private readonly emit: EventSink,
    private readonly clock: Clock,
  ) {}

  /** Follows a Map Run. `announced`: the number of items is already known. */
  follow(mapRunArn: string, place: Place, announced: boolean): void {
    this.runs.set(mapRunArn, { place, announced, told: new Set(), counts: null, lookedAt: -Infinity });
  }

  /** Polls the Map Runs that may have changed. */
  async poll(): Promise<void> {
    for (const [mapRunArn, run] of this.runs) {
      if (this.clock.now() - run.lookedAt >= PAUSE_SECONDS * 1000) await this.look(mapRunArn, run);
    }
  }

  /** Sends the last counts of an ended Map Run. */
  async end(mapRunArn: string): Promise<void> {
    const run = this.runs.get(mapRunArn);
    if (run === undefined) return;
    await this.look(mapRunArn, run);
    this.announce(run);
    this.runs.delete(mapRunArn);
  }

  /** Ends all other Map Runs. They end with the execution. */
  async endAll(): Promise<void> {
    for (const mapRunArn of [...this.runs.keys()]) await this.end(mapRunArn);
  }

  private async look(mapRunArn: string, run: MapRun): Promise<void> {
    run.lookedAt = this.clock.now();
    const answer = await this.call("the items of distributed Maps are not counted", (options) =>
      this.sfn.send(new DescribeMapRunCommand({ mapRunArn }), options),
    );
    const itemCounts = answer?.itemCounts;
    if (!itemCounts) return;
    const counts: MapRunCounts = {
      total: countOf(itemCounts.total) ?? 0,
      pending: countOf(itemCounts.pending) ?? 0,
      running: countOf(itemCounts.running) ?? 0,
      succeeded: countOf(itemCounts.succeeded) ?? 0,
      failed: countOf(itemCounts.failed) ?? 0,
      timedOut: countOf(itemCounts.timedOut) ?? 0,
      aborted: countOf(itemCounts.aborted) ?? 0,
    };
    if (JSON.stringify(counts) === JSON.stringify(run.counts)) return;
    const moreFailed = unsuccessful(counts) > unsuccessful(run.counts);
    run.counts = counts;
    if (counts.total > 0) this.announce(run);
    this.emit({ ...run.place, at: this.clock.now(), type: "map-run", mapRunArn, counts });
    if (moreFailed) await this.tellFailures(mapRunArn, run);
  }

  private announce(run: MapRun): void {
    if (run.announced) return;
    run.announced = true;
    this.emit({ ...run.place, at: this.clock.now(), type: "map-started", total: run.counts?.total ?? 0 });
  }

  private async tellFailures(mapRunArn: string, { place, told }: MapRun): Promise<void> {
    for (const statusFilter of FAILED) {
      const query = { mapRunArn, statusFilter, maxResults: MAP_RUN_FAILURES_TOLD };
      const answer = await this.call("failed items are not named", (options) =>
        this.sfn.send(new ListExecutionsCommand(query), options),
      );
      for (const { executionArn: arn, name, status, stopDate } of listOf(answer?.executions)) {
        const executionArn = textOf(arn);
        if (executionArn === undefined || told.size >= MAP_RUN_FAILURES_TOLD || told.has(executionArn)) continue;
        const child = await this.call("errors of items are not shown", (options) =>
          this.sfn.send(new DescribeExecutionCommand({ executionArn }), options),
        );
        told.add(executionArn);
        this.emit({
          ...place,
          at: timeOf(stopDate) ?? this.clock.now(),
          type: "map-run-failure",
          mapRunArn,
          executionArn,
          name: textOf(name) ?? executionArn,
          status: (textOf(status) ?? statusFilter) as ExecutionStatus,
          error: textOf(child?.error) ?? "",
          cause: textOf(child?.cause) ?? "",
        });
      }
    }
  }
}

function unsuccessful(counts: MapRunCounts | null): number {
  return counts === null ? 0 : counts.failed + counts.timedOut;
}
