/** Follows the Batch jobs of an execution: their states, their attempts and their logs. */
import { DescribeJobsCommand, type JobDetail } from "@aws-sdk/client-batch";
import type { EventSink, ExecutionEvent, JobAttempt, JobStatus, JobWait } from "../execution/events";
import { listOf, textOf, timeOf } from "./answers";
import { attemptsOf, isFinal, STEPS, type Step, statusOf } from "./batch-answers";
import { ContainerInsights } from "./container-insights";
import { EcsClusters } from "./ecs-clusters";
import { descriptionOf, taskOf } from "./job-description";
import { JobLog, type LogDependencies } from "./job-log";
import { JobWaits } from "./job-waits";

/** The jobs whose logs are read; `failed`: the last lines of failed jobs. With `none`, the log of what jobs use is not read either. */
export type LogChoice = "all" | "failed" | "none";

/** @see https://docs.aws.amazon.com/batch/latest/APIReference/API_DescribeJobs.html */
const JOBS_AT_A_TIME = 100;
/** A running job changes only if Batch tries it again. The history tells its end. */
const RUNNING_PAUSE_SECONDS = 10;
/** The logs of running jobs that one poll reads. An account may call GetLogEvents 25 times a second. */
const LOG_READS_AT_A_TIME = 5;
/** The most log lines of one job in memory. Ended jobs are read ahead of their turn, up to this number. */
const LINES_AT_A_TIME = 5000;

interface JobsDependencies extends LogDependencies {
  readonly emit: EventSink;
  readonly logs: LogChoice;
}

export class Jobs {
  private readonly open = new Map<string, Job>();
  private readonly clusters: EcsClusters;
  private readonly insights: ContainerInsights;
  private readonly waits: JobWaits;

  constructor(private readonly deps: JobsDependencies) {
    this.clusters = new EcsClusters(deps);
    this.insights = new ContainerInsights(deps);
    this.waits = new JobWaits(deps.aws.batch, deps.clock, deps.signal);
  }

  /** Follows a job after its `SUBMITTED` event. */
  follow(jobId: string, submittedAt: number): void {
    this.insights.noteStart(submittedAt);
    this.open.set(jobId, new Job(jobId, submittedAt, new JobLog(jobId, this.deps)));
  }

  /** Notes that the history will not contain the end of this job. */
  abandon(jobId: string): void {
    const job = this.open.get(jobId);
    if (job) Object.assign(job, { abandoned: true, nextLookAt: 0 });
  }

  /** Notes that this job has ended: the wait for its last lines begins now. */
  noteEnd(jobId: string): void {
    this.open.get(jobId)?.log.noteEnd();
  }

  /** Polls the jobs that may have changed, and continues to read the logs of running jobs. */
  async poll(): Promise<void> {
    const now = this.deps.clock.now();
    const due = [...this.open.values()].filter(({ nextLookAt }) => nextLookAt <= now);
    const looks = await this.describe(due);
    for (const { job, detail } of looks) {
      const isOver = isFinal(detail);
      job.nextLookAt = isOver || detail.status === "RUNNING" ? now + RUNNING_PAUSE_SECONDS * 1000 : now;
      if (isOver) job.log.noteEnd();
    }
    for (const { job, detail } of looks) {
      // The history gives the end of the other jobs, in order with its other events.
      if (isFinal(detail) && !job.abandoned) continue;
      for await (const events of this.news(job, detail)) this.emitAll(events);
    }
    if (this.deps.logs === "all") await this.readRunning();
  }

  /** Returns the rest of an ended job on demand: its last lines, attempts and state. */
  async *end(jobId: string, detail: JobDetail): AsyncGenerator<ExecutionEvent[]> {
    const job = this.open.get(jobId);
    if (job !== undefined) yield* this.news(job, detail, true);
  }

  /** Follows the jobs that were terminated with the execution, until `deadline`. Returns how many still run. */
  async endAll(deadline: number, pauseSeconds: number): Promise<number> {
    const { clock, signal } = this.deps;
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
      const answer = await this.deps.call("only the history tells about the jobs", (options) =>
        this.deps.aws.batch.send(command, options),
      );
      details.push(...listOf(answer?.jobs));
    }
    const found = new Map(details.map((detail) => [detail.jobId, detail]));
    for (const job of jobs) job.isKnown = found.has(job.id);
    return jobs.flatMap((job) => (job.isKnown ? [{ job, detail: found.get(job.id)! }] : []));
  }

  /** Returns the events since the last call, in parts of about a page of log lines. */
  private async *news(job: Job, detail: JobDetail, isOver = isFinal(detail)): AsyncGenerator<ExecutionEvent[]> {
    const { clock, logs } = this.deps;
    if (isOver) job.log.noteEnd();
    job.log.noteGroup(detail);
    const attempts = attemptsOf(detail, job.at);
    let part = await this.describeNews(job, detail);
    for (const [index, { attempt, stream }] of attempts.entries()) {
      if (index < job.attempts) continue;
      const { startedAt, stoppedAt } = attempt;
      part.push(...job.moveTo(startedAt === null ? "STARTING" : "RUNNING", startedAt ?? stoppedAt));
      const isFailed = isOver && detail.status === "FAILED" && index === attempts.length - 1;
      if (stream !== null && logs === "all") {
        for await (const lines of job.log.readToEnd(stream, stoppedAt)) {
          part.push(...lines);
          if (part.length < LINES_AT_A_TIME) continue;
          yield part;
          part = [];
        }
      } else if (stream !== null && isFailed && logs === "failed") {
        part.push(...(await job.log.lastLines(stream, stoppedAt)));
      }
      part.push(job.endAttempt(attempt));
    }
    const status = statusOf(detail);
    if (isOver) {
      this.open.delete(job.id);
      part.push(...(await this.usageNews(job, detail)));
      const [at, reason] = [timeOf(detail.stoppedAt) ?? clock.now(), textOf(detail.statusReason) ?? null];
      part.push({ type: "job-status", at, jobId: job.id, status, reason });
    } else {
      const isRunning = status === "RUNNING";
      job.stream = isRunning ? (textOf(detail.container?.logStreamName) ?? null) : null;
      part.push(...job.moveTo(status, isRunning ? timeOf(detail.startedAt) : clock.now()));
      part.push(...job.waitFor(this.waits.of(detail, job.at), clock.now()));
    }
    yield part;
  }

  /** Describes the job at the first look, and again when its compute is known. */
  private async describeNews(job: Job, detail: JobDetail): Promise<ExecutionEvent[]> {
    const cluster = taskOf(detail)?.cluster ?? null;
    if (job.describedOn === cluster || (job.describedOn !== undefined && cluster === null)) return [];
    const environment = cluster === null ? null : await this.clusters.environmentOf(cluster);
    const description = descriptionOf(detail, environment);
    if (description === null) return [];
    job.describedOn = cluster;
    return [{ type: "job-described", at: job.at, jobId: job.id, job: description }];
  }

  /** Tells what the last attempt has used, if Container Insights knows it. */
  private async usageNews(job: Job, detail: JobDetail): Promise<ExecutionEvent[]> {
    const task = taskOf(detail);
    const last = attemptsOf(detail, job.at).at(-1)?.attempt;
    if (this.deps.logs === "none" || task === null || last === undefined || last.startedAt === null) return [];
    const environment = await this.clusters.environmentOf(task.cluster);
    if (environment?.hasInsights !== true) return [];
    const { startedAt, stoppedAt } = last;
    const usage = await this.insights.usageOf({ ...task, startedAt, stoppedAt });
    return usage === null ? [] : [{ type: "job-usage", at: job.at, jobId: job.id, usage }];
  }

  /** Continues to read the logs of running jobs, in turn if there are more than one poll may read. */
  private async readRunning(): Promise<void> {
    const running = [...this.open.values()].filter(({ stream }) => stream !== null);
    running.sort((one, other) => one.readAt - other.readAt);
    for (const job of running.slice(0, LOG_READS_AT_A_TIME)) {
      job.readAt = this.deps.clock.now();
      this.emitAll((await job.log.readOn(job.stream!, job.at)).events);
    }
  }

  private emitAll(events: readonly ExecutionEvent[]): void {
    for (const event of events) this.deps.emit(event);
  }
}

const UNKNOWN: JobWait = { reason: null, place: null };

/** A job that has not ended, and the progress of its events. */
class Job {
  /** The attempts that are over. */
  attempts = 0;
  nextLookAt = 0;
  /** The log stream of the attempt that runs. */
  stream: string | null = null;
  readAt = -Infinity;
  /** The state that submitted the job is over. */
  abandoned = false;
  /** The cluster that the last description knew; `undefined` before the first one. */
  describedOn: string | null | undefined;
  /** Batch knows the job. It forgets jobs a week after their end. */
  isKnown = true;
  /** The state of the attempt; `null` before the attempt has begun. */
  private step: Step | null = null;
  /** The wait that was last sent. */
  private wait: JobWait | null = null;

  constructor(
    readonly id: string,
    /** The time of the last event. */
    public at: number,
    readonly log: JobLog,
  ) {}

  /** Returns the steps up to `status`, with the steps that passed between two looks. AWS does not tell their time. */
  moveTo(status: JobStatus, at: number | undefined): ExecutionEvent[] {
    const target = STEPS.indexOf(status as Step);
    const begun = this.step === null ? -1 : STEPS.indexOf(this.step);
    return STEPS.slice(begun + 1, target + 1).map((step) => {
      this.step = step;
      // A job is RUNNABLE from the time of the previous event. An unseen STARTING gets the time of RUNNING.
      if (step !== "RUNNABLE") this.at = Math.max(at ?? this.at, this.at);
      return { type: "job-status", at: this.at, jobId: this.id, status: step, reason: null };
    });
  }

  /** Returns the event of a wait that is new or has changed. A wait ends with the next state of the job, without an event. */
  waitFor(wait: JobWait | null, at: number): ExecutionEvent[] {
    const before = this.wait ?? UNKNOWN;
    const now = wait ?? UNKNOWN;
    this.wait = wait;
    const isOver = this.step !== null && this.step !== "RUNNABLE";
    if (isOver || (now.reason === before.reason && now.place === before.place)) return [];
    return [{ type: "job-waiting", at, jobId: this.id, wait: now }];
  }

  endAttempt(attempt: JobAttempt): ExecutionEvent {
    this.attempts += 1;
    this.step = null;
    this.wait = null;
    this.stream = null;
    this.at = attempt.stoppedAt;
    return { type: "job-attempt", at: attempt.stoppedAt, jobId: this.id, attempt };
  }
}
