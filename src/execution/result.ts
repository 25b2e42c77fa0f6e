/** The result of an execution as one JSON document. `--json` prints it. */
import type { Json } from "../base/json";
import type { EventSink, ExecutionStatus, JobStatus, MapRunCounts } from "./events";
import { hintFor } from "./hints";

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
  /** The runs of distributed Maps. */
  mapRuns: MapRunResult[];
  /** The names of the states that mocks answered. */
  mockedStates: string[];
  jobs: JobResult[];
}

/** One run of a distributed Map. */
interface MapRunResult {
  readonly state: string;
  readonly indices: readonly number[];
  readonly arn: string;
  /** The items by status. */
  items: MapRunCounts;
}

/** One Batch job of an execution. */
export interface JobResult {
  state: string;
  /** Index of the item in each Map around the state, outermost first; empty outside Maps. */
  indices: readonly number[];
  name: string;
  id: string;
  status: JobStatus;
  /** The reason of the status, if Batch gives one. */
  statusReason: string | null;
  /** The exit code of the last attempt. */
  exitCode: number | null;
  attempts: AttemptResult[];
  startedAt: string | null;
  stoppedAt: string | null;
  /** The name of the earlier execution whose job has given its result; `null` if the job has run. */
  reusedFrom: string | null;
  /** The last lines of the job's output, `LOG_CHARACTERS` at most. */
  readonly log: string;
  /** The setting that may help, if the job failed for a known reason. */
  readonly hint?: string | undefined;
}

/** One attempt of a job. */
interface AttemptResult {
  startedAt: string | null;
  stoppedAt: string;
  exitCode: number | null;
  reason: string | null;
  statusReason: string | null;
}

/** The characters that are kept of each log. One line says how many earlier lines are left out. */
export const LOG_CHARACTERS = 8192;

/**
 * Collects the events of one execution into its result. The result is complete after `execution-ended`. `logCharacters` returns
 * the number of characters to keep of the log of a job that has ended.
 */
export function collectResult(logCharacters: (job: JobResult) => number = () => LOG_CHARACTERS): {
  readonly result: ExecutionResult;
  readonly sink: EventSink;
} {
  const result: ExecutionResult = {
    name: "",
    status: "RUNNING",
    input: null,
    output: null,
    error: null,
    cause: null,
    startedAt: "",
    stoppedAt: null,
    mapRuns: [],
    mockedStates: [],
    jobs: [],
  };
  const jobs = new Map<string, { job: JobResult; log: LogTail }>();
  const mapRuns = new Map<string, MapRunResult>();

  const sink: EventSink = (event) => {
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
          name: event.jobName,
          id: event.jobId,
          status: "SUBMITTED",
          statusReason: null,
          exitCode: null,
          attempts: [],
          startedAt: null,
          stoppedAt: null,
          reusedFrom: null,
          get log() {
            return log.toString();
          },
          get hint() {
            return hintOf(this);
          },
        };
        result.jobs.push(job);
        jobs.set(job.id, { job, log });
        break;
      }
      case "job-reused":
        jobs.get(event.jobId)!.job.reusedFrom = event.execution;
        break;
      case "job-attempt": {
        const { startedAt, stoppedAt, ...end } = event.attempt;
        const { job } = jobs.get(event.jobId)!;
        job.attempts.push({
          startedAt: startedAt === null ? null : isoTime(startedAt),
          stoppedAt: isoTime(stoppedAt),
          ...end,
        });
        job.exitCode = end.exitCode;
        break;
      }
      case "job-log":
        jobs.get(event.jobId)!.log.add(event.line);
        break;
      case "job-status": {
        const { job, log } = jobs.get(event.jobId)!;
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
  return { result, sink };
}

function hintOf({ status, statusReason, attempts, log }: JobResult): string | undefined {
  if (status !== "FAILED") return undefined;
  return hintFor([statusReason, ...attempts.map(({ reason }) => reason), log]) ?? undefined;
}

/** Formats a time as ISO 8601 in UTC. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Keeps the last lines of a log, so that long logs take little memory. On AWS, lines also arrive after the end of the job. */
class LogTail {
  private lines: string[] = [];
  private most = LOG_CHARACTERS;
  private characters = 0;
  private leftOut = 0;

  add(line: string): void {
    this.lines.push(line);
    this.characters += line.length + 1;
    this.trim();
  }

  /** Lowers the limit to `characters`. */
  shrink(characters: number): void {
    this.most = characters;
    this.trim();
  }

  toString(): string {
    const note = this.leftOut > 0 ? [`(${this.leftOut} earlier lines left out)`] : [];
    return [...note, ...this.lines].map((line) => `${line}\n`).join("");
  }

  private trim(): void {
    while (this.characters > this.most && this.lines.length > 1) {
      this.characters -= this.lines.shift()!.length + 1;
      this.leftOut += 1;
    }
    const only = this.lines[0];
    if (this.characters <= this.most || only === undefined) return;
    // This makes a copy. A slice would keep the whole string in memory.
    this.lines = [Buffer.from(`…${only.slice(-this.most)}`).toString()];
    this.characters = this.most;
  }
}
