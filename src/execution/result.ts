/** The result of an execution as one JSON document. `--json` prints it. */

import type { StatesDocument } from "../asl/document";
import { isoTime } from "../base/clock";
import type { Json } from "../base/json";
import { type Costs, collectCosts, type Pricing, type RunCost } from "./cost/costs";
import type { EventSink, ExecutionStatus, JobStatus, MapRunCounts } from "./events";
import { itemValues } from "./item-values";
import { CollectedJob, type JobResult } from "./job-result";
import { LOG_CHARACTERS } from "./log-tail";
import { collectUse, type SizeAdvice } from "./size-advice";

/** One execution. Times are ISO 8601 in UTC. */
export interface ExecutionResult {
  name: string;
  status: ExecutionStatus | "RUNNING";
  input: Json;
  output: Json;
  error: string | null;
  cause: string | null;
  startedAt: string;
  stoppedAt: string | null;
  /** The number of redrives. */
  redriveCount: number;
  /** The runs of distributed Maps. */
  mapRuns: MapRunResult[];
  /** The names of the states that mocks answered. */
  mockedStates: string[];
  readonly jobs: JobResult[];
  /** Smaller sizes that would do. */
  readonly advice: SizeAdvice[];
  /** Absent if no prices were asked for. */
  readonly cost?: RunCost | undefined;
}

/** One run of a distributed Map. */
interface MapRunResult {
  readonly state: string;
  readonly indices: readonly number[];
  readonly arn: string;
  /** The items by status. */
  items: MapRunCounts;
}

/**
 * Collects the events of one execution of `document` into its result. The result is complete after `execution-ended`.
 * `logCharacters` returns the number of characters to keep of the log of a job that has ended with a status.
 */
export function collectResult(
  document: StatesDocument,
  pricing: Pricing | null = null,
  logCharacters: (status: JobStatus) => number = () => LOG_CHARACTERS,
): {
  readonly result: ExecutionResult;
  readonly sink: EventSink;
  readonly costs: Costs | null;
} {
  const costs = pricing === null ? null : collectCosts(pricing);
  const result: ExecutionResult = {
    name: "",
    status: "RUNNING",
    input: null,
    output: null,
    error: null,
    cause: null,
    startedAt: "",
    stoppedAt: null,
    redriveCount: 0,
    mapRuns: [],
    mockedStates: [],
    get jobs() {
      return [...jobs].map(([id, job]) => job.result(costs?.ofJob(id)));
    },
    get advice() {
      return use.advice();
    },
    get cost() {
      return costs?.ofRun();
    },
  };
  const jobs = new Map<string, CollectedJob>();
  const mapRuns = new Map<string, MapRunResult>();

  const items = itemValues(document);
  const use = collectUse();

  const sink: EventSink = (event) => {
    items.take(event);
    use.sink(event);
    costs?.record(event);
    switch (event.type) {
      case "execution-started":
        Object.assign(result, { name: event.name, input: event.input, startedAt: isoTime(event.at) });
        break;
      case "execution-ended": {
        const { status, output, error, cause, at } = event;
        Object.assign(result, { status, output, error, cause, stoppedAt: isoTime(at) });
        break;
      }
      case "execution-redriven":
        Object.assign(result, { status: "RUNNING", output: null, error: null, cause: null, stoppedAt: null });
        result.redriveCount = event.redriveCount;
        break;
      case "map-run": {
        const { mapRunArn: arn, state, indices, counts: items } = event;
        const known = mapRuns.get(arn) ?? { state, indices, arn, items };
        if (!mapRuns.has(arn)) result.mapRuns.push(known);
        mapRuns.set(arn, known);
        known.items = items;
        break;
      }
      case "task-mocked":
        if (!result.mockedStates.includes(event.state)) result.mockedStates.push(event.state);
        break;
      case "job-submitted":
        jobs.set(event.jobId, new CollectedJob(event, items.itemOf(event), logCharacters));
        break;
      default:
        if ("jobId" in event) jobs.get(event.jobId)!.record(event);
    }
  };
  return { result, sink, costs };
}
