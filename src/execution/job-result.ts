/** The jobs of an execution as `--json` and the report give them. */
import { isoTime } from "../base/clock";
import type { Json } from "../base/json";
import type { Cost } from "./cost/costs";
import { dockerRun } from "./docker-run";
import type { ExecutionEvent, JobAttempt, JobDescription, JobStatus, JobUsage, JobWait } from "./events";
import { hintFor } from "./hints";
import { LogTail } from "./log-tail";
import { notReusedText } from "./not-reused";
import { QueueTime } from "./queue-time";

/** The fields of a description; each is `null` if nothing is known of the job. */
export type JobFacts = { [Field in keyof JobDescription]: JobDescription[Field] | null };

/** One Batch job of an execution. */
export interface JobResult extends JobFacts {
  readonly state: string;
  /** Index of the item in each Map around the state, outermost first; empty outside Maps. */
  readonly indices: readonly number[];
  /** The value of the innermost item; a text that ends in `…` if it is long. `null` outside Maps, or if it is not known. */
  readonly item: Json;
  readonly name: string;
  readonly id: string;
  readonly status: JobStatus;
  /** The reason of the status, if Batch gives one. */
  readonly statusReason: string | null;
  /** The exit code of the last attempt. */
  readonly exitCode: number | null;
  readonly attempts: readonly AttemptResult[];
  /** The use of the last attempt; `null` if it is not known. */
  readonly usage: JobUsage | null;
  /** The reason why the job waits; `null` if it does not wait, or if nothing is known about its wait. */
  readonly wait: JobWait | null;
  /** The time in its queue, of all attempts; `null` before the first one. */
  readonly waitedSeconds: number | null;
  readonly startedAt: string | null;
  readonly stoppedAt: string | null;
  /** The name of the earlier execution whose job has given its result; `null` if the job has run. */
  readonly reusedFrom: string | null;
  /** The reason why the job of a resumed run has run, in words. Absent if it was reused, or if no run is resumed. */
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
  readonly startedAt: string | null;
  readonly stoppedAt: string;
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly statusReason: string | null;
  /** The failure of `--chaos` that ended the attempt. */
  readonly injected?: string;
}

/** Returns the description of a job; `null` if nothing is known of it. */
export function descriptionOf(facts: JobFacts): JobDescription | null {
  if (facts.image === null) return null;
  const fields = Object.keys(UNKNOWN) as (keyof JobDescription)[];
  return Object.fromEntries(fields.map((field) => [field, facts[field]])) as unknown as JobDescription;
}

type Submitted = Extract<ExecutionEvent, { type: "job-submitted" }>;

/** Collects the events of one job. There can be many: it holds little, and shares the descriptions of the events. */
export class CollectedJob {
  private readonly queue: QueueTime;
  private readonly attempts: JobAttempt[] = [];
  private readonly log = new LogTail();
  private description: JobDescription | null = null;
  private status: JobStatus = "SUBMITTED";
  private statusReason: string | null = null;
  private usage: JobUsage | null = null;
  private wait: JobWait | null = null;
  private waitedSeconds: number | null = null;
  private startedAt: number | null = null;
  private stoppedAt: number | null = null;
  private reusedFrom: string | null = null;

  /** `logCharacters` returns the number of characters to keep of the log of a job that has ended with a status. */
  constructor(
    private readonly submitted: Submitted,
    private readonly item: Json,
    private readonly logCharacters: (status: JobStatus) => number,
  ) {
    this.queue = new QueueTime(submitted.at);
  }

  /** Adds an event of the job. */
  record(event: Extract<ExecutionEvent, { jobId: string }>): void {
    switch (event.type) {
      case "job-reused":
        this.reusedFrom = event.execution;
        break;
      case "job-attempt":
        this.queue.enter(event.attempt.stoppedAt);
        this.wait = null;
        this.attempts.push(event.attempt);
        break;
      case "job-described":
        this.description = event.job;
        break;
      case "job-usage":
        this.usage = event.usage;
        break;
      case "job-waiting":
        this.wait = event.wait;
        break;
      case "job-log":
        this.log.add(event.line);
        break;
      case "job-status":
        this.enter(event);
        break;
    }
  }

  /** Returns the job so far. @param cost absent if no prices were asked for */
  result(cost: Cost | undefined): JobResult {
    const { submitted, description, status, statusReason } = this;
    const log = this.log.toString();
    const reasons = () => [statusReason, ...this.attempts.map(({ reason }) => reason), log];
    const hint = status === "FAILED" ? (hintFor(reasons()) ?? undefined) : undefined;
    return {
      state: submitted.state,
      indices: submitted.indices,
      item: this.item,
      name: submitted.jobName,
      id: submitted.jobId,
      status,
      statusReason,
      exitCode: this.attempts.at(-1)?.exitCode ?? null,
      attempts: this.attempts.map(attemptResult),
      usage: this.usage,
      wait: this.wait,
      waitedSeconds: this.waitedSeconds,
      startedAt: timeOrNull(this.startedAt),
      stoppedAt: timeOrNull(this.stoppedAt),
      reusedFrom: this.reusedFrom,
      ...(submitted.notReused !== undefined && { notReused: notReusedText(submitted.notReused) }),
      ...(description ?? UNKNOWN),
      log,
      dockerRun: description === null ? null : dockerRun(description),
      ...(hint !== undefined && { hint }),
      ...(cost !== undefined && { cost }),
    };
  }

  private enter(event: Extract<ExecutionEvent, { type: "job-status" }>): void {
    this.waitedSeconds = this.queue.seconds(this.status, event);
    this.wait = null;
    this.status = event.status;
    this.statusReason = event.reason;
    if (event.status === "RUNNING") this.startedAt ??= event.at;
    if (event.status === "SUCCEEDED" || event.status === "FAILED") {
      this.stoppedAt = event.at;
      this.log.shrink(this.logCharacters(event.status));
    }
  }
}

// --- internal ---

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

function attemptResult({ startedAt, stoppedAt, ...end }: JobAttempt): AttemptResult {
  return { startedAt: timeOrNull(startedAt), stoppedAt: isoTime(stoppedAt), ...end };
}

function timeOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : isoTime(milliseconds);
}
