/** The result of an execution as one JSON document. `--json` prints it. */

import type { StatesDocument } from "../asl/document";
import type { Json } from "../base/json";
import { type Cost, type Costs, collectCosts, type Pricing, type RunCost } from "./cost/costs";
import { dockerRun } from "./docker-run";
import type { EventSink, ExecutionStatus, JobDescription, JobStatus, JobUsage, JobWait, MapRunCounts } from "./events";
import { hintFor } from "./hints";
import { itemValues } from "./item-values";
import { LOG_CHARACTERS, LogTail } from "./log-tail";
import { notReusedText } from "./not-reused";
import { QueueTime } from "./queue-time";
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
  /** How often its failed states were run again with `redrive`. */
  redriveCount: number;
  /** The runs of distributed Maps. */
  mapRuns: MapRunResult[];
  /** The names of the states that mocks answered. */
  mockedStates: string[];
  jobs: JobResult[];
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

/** The fields of a description; each is `null` if nothing is known of the job. */
export type JobFacts = { [Field in keyof JobDescription]: JobDescription[Field] | null };

/** One Batch job of an execution. */
export interface JobResult extends JobFacts {
  state: string;
  /** Index of the item in each Map around the state, outermost first; empty outside Maps. */
  indices: readonly number[];
  /** The value of the innermost item; a text that ends in `…` if it is long. `null` outside Maps, or if it is not known. */
  item: Json;
  name: string;
  id: string;
  status: JobStatus;
  /** The reason of the status, if Batch gives one. */
  statusReason: string | null;
  /** The exit code of the last attempt. */
  exitCode: number | null;
  attempts: AttemptResult[];
  /** The use of the last attempt; `null` if it is not known. */
  usage: JobUsage | null;
  /** Why the job waits; `null` if it does not wait, or if nothing is known about its wait. */
  wait: JobWait | null;
  /** The time in its queue, of all attempts; `null` before the first one. */
  waitedSeconds: number | null;
  startedAt: string | null;
  stoppedAt: string | null;
  /** The name of the earlier execution whose job has given its result; `null` if the job has run. */
  reusedFrom: string | null;
  /** Why the job of a resumed run has run, in words. Absent if it was reused, or if no run is resumed. */
  readonly notReused?: string | undefined;
  /** The last lines of the job's output, `LOG_CHARACTERS` at most. */
  readonly log: string;
  /** A line for a shell that runs the job by itself; `null` if there is no image. */
  readonly dockerRun: string | null;
  /** The setting that may help, if the job failed for a known reason. */
  readonly hint?: string | undefined;
  /** The cost of the attempts that are over. Absent if no prices were asked for. */
  readonly cost?: Cost | undefined;
}

/** One attempt of a job. */
interface AttemptResult {
  startedAt: string | null;
  stoppedAt: string;
  exitCode: number | null;
  reason: string | null;
  statusReason: string | null;
  /** The failure of `--chaos` that ended the attempt. */
  injected?: string;
}

/** Returns the description of a job; `null` if nothing is known of it. */
export function descriptionOf(facts: JobFacts): JobDescription | null {
  if (facts.image === null) return null;
  const fields = Object.keys(UNKNOWN) as (keyof JobDescription)[];
  return Object.fromEntries(fields.map((field) => [field, facts[field]])) as unknown as JobDescription;
}

/**
 * Collects the events of one execution of `document` into its result. The result is complete after `execution-ended`.
 * `logCharacters` returns the number of characters to keep of the log of a job that has ended.
 */
export function collectResult(
  document: StatesDocument,
  pricing: Pricing | null = null,
  logCharacters: (job: JobResult) => number = () => LOG_CHARACTERS,
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
    jobs: [],
    get advice() {
      return use.advice();
    },
    get cost() {
      return costs?.ofRun();
    },
  };
  const jobs = new Map<string, { job: JobResult; log: LogTail; queue: QueueTime }>();
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
      case "job-submitted": {
        const log = new LogTail();
        const job: JobResult = {
          state: event.state,
          indices: event.indices,
          item: items.itemOf(event),
          name: event.jobName,
          id: event.jobId,
          status: "SUBMITTED",
          statusReason: null,
          exitCode: null,
          attempts: [],
          usage: null,
          wait: null,
          waitedSeconds: null,
          startedAt: null,
          stoppedAt: null,
          reusedFrom: null,
          notReused: event.notReused && notReusedText(event.notReused),
          ...UNKNOWN,
          get log() {
            return log.toString();
          },
          get dockerRun() {
            const description = descriptionOf(this);
            return description === null ? null : dockerRun(description);
          },
          get hint() {
            return hintOf(this);
          },
          get cost() {
            return costs?.ofJob(this.id);
          },
        };
        result.jobs.push(job);
        jobs.set(job.id, { job, log, queue: new QueueTime(event.at) });
        break;
      }
      case "job-reused":
        jobs.get(event.jobId)!.job.reusedFrom = event.execution;
        break;
      case "job-attempt": {
        const { startedAt, stoppedAt, ...end } = event.attempt;
        const { job, queue } = jobs.get(event.jobId)!;
        queue.enter(stoppedAt);
        job.wait = null;
        job.attempts.push({
          startedAt: startedAt === null ? null : isoTime(startedAt),
          stoppedAt: isoTime(stoppedAt),
          ...end,
        });
        job.exitCode = end.exitCode;
        break;
      }
      case "job-described":
        Object.assign(jobs.get(event.jobId)!.job, event.job);
        break;
      case "job-usage":
        jobs.get(event.jobId)!.job.usage = event.usage;
        break;
      case "job-waiting":
        jobs.get(event.jobId)!.job.wait = event.wait;
        break;
      case "job-log":
        jobs.get(event.jobId)!.log.add(event.line);
        break;
      case "job-status": {
        const { job, log, queue } = jobs.get(event.jobId)!;
        job.waitedSeconds = queue.seconds(job.status, event);
        job.wait = null;
        job.status = event.status;
        job.statusReason = event.reason;
        if (event.status === "RUNNING") job.startedAt ??= isoTime(event.at);
        if (event.status === "SUCCEEDED" || event.status === "FAILED") {
          job.stoppedAt = isoTime(event.at);
          log.shrink(logCharacters(job));
        }
        break;
      }
    }
  };
  return { result, sink, costs };
}

const UNKNOWN: JobFacts = {
  definition: null,
  image: null,
  command: null,
  environment: null,
  secrets: null,
  vcpus: null,
  memoryMiB: null,
  gpus: null,
  compute: null,
  architecture: null,
  instanceTypes: null,
  ephemeralStorageGiB: null,
  sharedMemoryMiB: null,
  user: null,
  readonlyRootFilesystem: null,
  initProcess: null,
};

function hintOf({ status, statusReason, attempts, log }: JobResult): string | undefined {
  if (status !== "FAILED") return undefined;
  return hintFor([statusReason, ...attempts.map(({ reason }) => reason), log]) ?? undefined;
}

/** Formats a time as ISO 8601 in UTC. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
