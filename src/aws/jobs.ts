/** Follows the Batch jobs of an execution: their states, their attempts, what they write. */
import { DescribeJobsCommand, type JobDetail } from "@aws-sdk/client-batch";
import {
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  type GetLogEventsCommandOutput,
  type OutputLogEvent,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Clock } from "../base/clock";
import { parseMachineJson } from "../base/read-json";
import type { EventSink, ExecutionEvent, JobAttempt, JobStatus } from "../execution/events";
import { listOf, textOf, timeOf } from "./answers";
import type { AwsClients } from "./clients";
import type { DispensableCall } from "./patient-calls";

/** Of which jobs the logs are read; `failed`: the last lines of those that failed. */
export type LogChoice = "all" | "failed" | "none";

/** @see https://docs.aws.amazon.com/batch/latest/APIReference/API_DescribeJobs.html */
const JOBS_AT_A_TIME = 100;
/** A job that runs changes only where Batch tries it again; that it has ended, the history tells. */
const RUNNING_PAUSE_SECONDS = 10;
/** Of the logs of running jobs: GetLogEvents may be called 25 times a second in an account, others use it too. */
const LOG_READS_AT_A_TIME = 5;
/** So many are held in memory; ended jobs are read ahead of their turn, each up to here. */
const LINES_AT_A_TIME = 5000;
/** Of a failed job, where nothing else of it is read. */
const LAST_LINES = 50;
/** What a container writes last arrives in CloudWatch Logs a moment after Batch has told its end. */
const LATE_LINES_SECONDS = 2;
/** After this long, nothing is late any more. */
const SETTLED_SECONDS = 60;
/** Batch's own, where the job definition names none. */
const DEFAULT_LOG_GROUP = "/aws/batch/job";

/** What following jobs has to do with its surroundings. */
interface JobsSurroundings {
  readonly emit: EventSink;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logs: LogChoice;
}

export class Jobs {
  private readonly open = new Map<string, Job>();
  private readonly aws: AwsClients;
  private readonly call: DispensableCall;
  private readonly surroundings: JobsSurroundings;

  constructor(aws: AwsClients, call: DispensableCall, surroundings: JobsSurroundings) {
    this.aws = aws;
    this.call = call;
    this.surroundings = surroundings;
  }

  /** A job of which `SUBMITTED` was told. */
  follow(jobId: string, submittedAt: number): void {
    this.open.set(jobId, startJob(jobId, submittedAt));
  }

  /** The history will not tell the end of this one. */
  abandon(jobId: string): void {
    const job = this.open.get(jobId);
    if (job) Object.assign(job, { abandoned: true, nextLookAt: 0 });
  }

  /** This one has ended: from now on its last lines are awaited. */
  noteEnd(jobId: string): void {
    const job = this.open.get(jobId);
    if (job) job.endSeenAt ??= this.surroundings.clock.now();
  }

  /** Looks at the jobs that may have changed, and reads on in the logs of those that run. */
  async poll(): Promise<void> {
    const now = this.surroundings.clock.now();
    const due = [...this.open.values()].filter(({ nextLookAt }) => nextLookAt <= now);
    const looks = (await this.describe(due)).map(({ job, detail }) => {
      const isOver = isFinal(detail);
      job.nextLookAt = isOver || detail.status === "RUNNING" ? now + RUNNING_PAUSE_SECONDS * 1000 : now;
      if (isOver) job.endSeenAt ??= now;
      return { job, detail, isOver };
    });
    for (const { job, detail, isOver } of looks) {
      // Where the history will tell the end, that is its place among the other events.
      if (!isOver || job.abandoned) await this.deliver(this.news(job, detail, isOver));
    }
    if (this.surroundings.logs === "all") await this.readRunning();
  }

  /**
   * What is left to tell of a job that has ended: its last lines, attempts and state, each part read when it is asked for.
   * `detail` is as in the history, see `jobDetail`.
   */
  async *end(jobId: string, detail: JobDetail): AsyncGenerator<ExecutionEvent[]> {
    const job = this.open.get(jobId);
    if (job !== undefined) yield* this.news(job, detail, true);
  }

  /** Follows jobs that were told to end with the execution, until `deadline`; gives how many still run. */
  async endAll(deadline: number, pauseSeconds: number): Promise<number> {
    const { clock, signal } = this.surroundings;
    for (;;) {
      for (const { id } of this.open.values()) this.abandon(id);
      await this.poll();
      const left = [...this.open.values()].filter(({ isKnown }) => isKnown).length;
      if (left === 0 || clock.now() >= deadline) return left;
      await clock.sleep(pauseSeconds * 1000, signal);
    }
  }

  // --- internal ---

  private async describe(jobs: readonly Job[]): Promise<{ job: Job; detail: JobDetail }[]> {
    const details: JobDetail[] = [];
    for (let first = 0; first < jobs.length; first += JOBS_AT_A_TIME) {
      const ids = jobs.slice(first, first + JOBS_AT_A_TIME).map(({ id }) => id);
      const command = new DescribeJobsCommand({ jobs: ids });
      const answer = await this.call("the jobs are shown as far as the history tells of them", (options) =>
        this.aws.batch.send(command, options),
      );
      details.push(...listOf(answer?.jobs));
    }
    const found = new Map(details.map((detail) => [detail.jobId, detail]));
    for (const job of jobs) job.isKnown = found.has(job.id);
    return jobs.flatMap((job) => (job.isKnown ? [{ job, detail: found.get(job.id)! }] : []));
  }

  /** The events from what was told last up to what is known now, in parts of about a page of log lines. */
  private async *news(job: Job, detail: JobDetail, isOver: boolean): AsyncGenerator<ExecutionEvent[]> {
    const { clock, logs } = this.surroundings;
    if (isOver) job.endSeenAt ??= clock.now();
    job.logGroup ??= logGroupOf(detail);
    const attempts = attemptsOf(detail, job.at);
    let part: ExecutionEvent[] = [];
    for (const [index, { attempt, stream }] of attempts.entries()) {
      if (index < job.attempts) continue;
      const { startedAt, stoppedAt } = attempt;
      part.push(...moveTo(job, startedAt === null ? "STARTING" : "RUNNING", startedAt ?? stoppedAt));
      const isFailed = isOver && detail.status === "FAILED" && index === attempts.length - 1;
      if (stream !== null && logs === "all") {
        for await (const lines of this.readToEnd(job, stream, stoppedAt)) {
          part.push(...lines);
          if (part.length < LINES_AT_A_TIME) continue;
          yield part;
          part = [];
        }
      } else if (stream !== null && logs === "failed" && isFailed) {
        part.push(...(await this.lastLines(job, stream)));
      }
      part.push(...endAttempt(job, attempt));
    }
    const reason = textOf(detail.statusReason) ?? null;
    if (isOver) {
      this.open.delete(job.id);
      part.push({
        type: "job-status",
        at: timeOf(detail.stoppedAt) ?? clock.now(),
        jobId: job.id,
        status: statusOf(detail),
        reason,
      });
    } else {
      const isRunning = detail.status === "RUNNING";
      job.stream = isRunning ? (textOf(detail.container?.logStreamName) ?? null) : null;
      part.push(...moveTo(job, statusOf(detail), isRunning ? timeOf(detail.startedAt) : clock.now()));
    }
    yield part;
  }

  private async deliver(parts: AsyncIterable<ExecutionEvent[]>): Promise<void> {
    for await (const events of parts) for (const event of events) this.surroundings.emit(event);
  }

  /** Each in its turn, where more run than can be read. */
  private async readRunning(): Promise<void> {
    const { clock, emit } = this.surroundings;
    const running = [...this.open.values()].filter(({ stream }) => stream !== null);
    running.sort((a, b) => a.readAt - b.readAt);
    for (const job of running.slice(0, LOG_READS_AT_A_TIME)) {
      job.readAt = clock.now();
      for (const event of (await this.readOn(job, job.stream!)).events) emit(event);
    }
  }

  private async *readToEnd(job: Job, stream: string, stoppedAt: number): AsyncGenerator<ExecutionEvent[]> {
    const { clock } = this.surroundings;
    for (;;) {
      const askedAt = clock.now();
      const { events, isEnd } = await this.readOn(job, stream);
      if (events.length > 0) yield events;
      if (isEnd && (await this.isSettled(job, stoppedAt, askedAt))) return;
    }
  }

  /** The next page of a stream. At its end AWS gives back the token that it was given. */
  private async readOn(job: Job, stream: string): Promise<{ events: ExecutionEvent[]; isEnd: boolean }> {
    if (job.tokenOf !== stream) [job.tokenOf, job.token] = [stream, undefined];
    const nextToken = job.token;
    const page = await this.logEvents(job, stream, { startFromHead: true, nextToken });
    if (page === null) return { events: [], isEnd: true };
    const token = textOf(page.nextForwardToken);
    // Without a token, the next page would be the first one again.
    job.token = token ?? nextToken;
    return { events: logEventsOf(job, page.events), isEnd: token === undefined || token === nextToken };
  }

  private async lastLines(job: Job, stream: string): Promise<ExecutionEvent[]> {
    const { clock } = this.surroundings;
    for (;;) {
      const askedAt = clock.now();
      const page = await this.logEvents(job, stream, { startFromHead: false, limit: LAST_LINES });
      const events = logEventsOf(job, page?.events);
      if (await this.isSettled(job, job.at, askedAt)) return events;
    }
  }

  /** Whether all lines were there at `askedAt`; where not, waits until they should be. */
  private async isSettled({ endSeenAt }: Job, stoppedAt: number, askedAt: number): Promise<boolean> {
    const { clock, signal } = this.surroundings;
    const seenAt = endSeenAt ?? askedAt;
    const lateUntil = seenAt - stoppedAt >= SETTLED_SECONDS * 1000 ? 0 : seenAt + LATE_LINES_SECONDS * 1000;
    if (askedAt >= lateUntil) return true;
    await clock.sleep(lateUntil - askedAt, signal);
    return false;
  }

  private logEvents(
    job: Job,
    logStreamName: string,
    how: Pick<GetLogEventsCommandInput, "startFromHead" | "limit" | "nextToken">,
  ): Promise<GetLogEventsCommandOutput | null> {
    const query = { logGroupName: job.logGroup ?? DEFAULT_LOG_GROUP, logStreamName, ...how };
    return this.call("the jobs' logs are not shown", (options) =>
      this.aws.logs.send(new GetLogEventsCommand(query), options).catch(noStreamYet),
    );
  }
}

/**
 * A job as the history holds it, in PascalCase.
 * `null` where the text is none, such as one that was cut off.
 */
export function jobDetail(text: string): JobDetail | null {
  try {
    const detail = camelCase(parseMachineJson(text)) as JobDetail | null;
    return typeof detail?.jobId === "string" && detail.status !== undefined ? detail : null;
  } catch {
    return null;
  }
}

/** A job that has not ended, and what was told of it. */
interface Job {
  readonly id: string;
  /** How many of its attempts are over. */
  attempts: number;
  /** How far the attempt is that runs; `null` before it has begun. */
  step: Step | null;
  /** When it came there. */
  at: number;
  nextLookAt: number;
  logGroup: string | null;
  /** Of the attempt that runs. */
  stream: string | null;
  /** Where the reading of `tokenOf` goes on. */
  token: string | undefined;
  tokenOf: string | null;
  readAt: number;
  endSeenAt: number | null;
  /** Whether its state is over. */
  abandoned: boolean;
  /** Batch forgets jobs a week after their end. */
  isKnown: boolean;
}

/** What each attempt goes through, in this order. */
const STEPS = ["RUNNABLE", "STARTING", "RUNNING"] as const;
type Step = (typeof STEPS)[number];

function startJob(id: string, submittedAt: number): Job {
  return {
    id,
    attempts: 0,
    step: null,
    at: submittedAt,
    nextLookAt: 0,
    logGroup: null,
    stream: null,
    token: undefined,
    tokenOf: null,
    readAt: -Infinity,
    endSeenAt: null,
    abandoned: false,
    isKnown: true,
  };
}

/** The steps up to `status`, those that went by unseen too: of them nobody knows when. */
function moveTo(job: Job, status: JobStatus, at: number | undefined): ExecutionEvent[] {
  const target = STEPS.indexOf(status as Step);
  const begun = job.step === null ? -1 : STEPS.indexOf(job.step);
  return STEPS.slice(begun + 1, target + 1).map((step) => {
    job.step = step;
    // Since when it could run is told by what was before; when it was prepared, by when it ran.
    if (step !== "RUNNABLE") job.at = Math.max(at ?? job.at, job.at);
    return { type: "job-status", at: job.at, jobId: job.id, status: step, reason: null };
  });
}

function endAttempt(job: Job, attempt: JobAttempt): ExecutionEvent[] {
  job.attempts += 1;
  job.step = null;
  job.stream = null;
  job.at = attempt.stoppedAt;
  return [{ type: "job-attempt", at: attempt.stoppedAt, jobId: job.id, attempt }];
}

/** `endedAt`: of an attempt whose end is not told. */
function attemptsOf(detail: JobDetail, endedAt: number): { attempt: JobAttempt; stream: string | null }[] {
  return listOf(detail.attempts).map(({ container, startedAt, stoppedAt, statusReason }) => ({
    attempt: {
      startedAt: timeOf(startedAt) ?? null,
      stoppedAt: timeOf(stoppedAt) ?? timeOf(startedAt) ?? endedAt,
      exitCode: Number.isSafeInteger(container?.exitCode) ? container!.exitCode! : null,
      reason: textOf(container?.reason) ?? null,
      statusReason: textOf(statusReason) ?? null,
    },
    stream: textOf(container?.logStreamName) ?? null,
  }));
}

const STATUSES: ReadonlySet<unknown> = new Set<JobStatus>(["SUBMITTED", ...STEPS, "SUCCEEDED", "FAILED"]);

/** PENDING is a state of jobs that wait for other jobs. */
function statusOf({ status }: JobDetail): JobStatus {
  return STATUSES.has(status) ? (status as JobStatus) : "SUBMITTED";
}

function isFinal({ status }: JobDetail): boolean {
  return status === "SUCCEEDED" || status === "FAILED";
}

function logGroupOf({ container }: JobDetail): string | null {
  return textOf(container?.logConfiguration?.options?.["awslogs-group"]) ?? null;
}

/** A message can hold several lines. */
function logEventsOf({ id, at }: Job, events: readonly OutputLogEvent[] | undefined): ExecutionEvent[] {
  return listOf(events).flatMap(({ timestamp, message }) =>
    (textOf(message) ?? "")
      .replace(/\r?\n?$/, "")
      .split(/\r?\n/)
      .map((line): ExecutionEvent => ({ type: "job-log", at: timeOf(timestamp) ?? at, jobId: id, line })),
  );
}

/** A container that has written nothing has no stream. */
function noStreamYet(error: Error): null {
  if (error.name === "ResourceNotFoundException") return null;
  throw error;
}

/** Keys of AWS's own; those that users have chosen, such as tags, are none that anybody here asks for. */
function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.slice(0, 1).toLowerCase() + key.slice(1), camelCase(inner)]),
  );
}
