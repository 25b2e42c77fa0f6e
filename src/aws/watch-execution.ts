/** Follows an execution on AWS, and emits the same events as a local run. */
import { setMaxListeners } from "node:events";
import { DescribeExecutionCommand, GetExecutionHistoryCommand, type HistoryEvent } from "@aws-sdk/client-sfn";
import type { Clock } from "../base/clock";
import { Aborted } from "../base/concurrency";
import { UsageError } from "../base/errors";
import type { EventSink, ExecutionEvent, ExecutionStatus } from "../execution/events";
import { countOf, listOf, textOf } from "./answers";
import { parseJobDetail } from "./batch-answers";
import type { AwsClients } from "./clients";
import { HistoryReader } from "./history";
import { Jobs, type LogChoice } from "./jobs";
import { MapRuns } from "./map-runs";
import { type DispensableCall, dispensableCalls, type PatientCall, patientCalls } from "./patient-calls";
import { steadyClock } from "./steady-clock";
import type { HistoryStep } from "./visits";

export interface WatchOptions {
  readonly emit: EventSink;
  readonly clock: Clock;
  /** Detaches: the execution goes on. */
  readonly signal?: AbortSignal;
  readonly logs: LogChoice;
}

/** AWS returns no more events at once. */
const PAGE = 1000;
/**
 * The seconds between two polls, by the age of the watch. People wait for the first jobs and look away later. An account
 * may read histories at least 20 times a second, and all watches share this limit.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const PACE: readonly (readonly [fromSeconds: number, pauseSeconds: number])[] = [
  [0, 0.5],
  [20, 1],
  [120, 2],
  [600, 5],
];
/** AWS may not know an execution for a moment after its start. */
const UNKNOWN_SECONDS = 10;
/** Batch waits 30 s from SIGTERM to SIGKILL, and reports the end some time later. */
const JOB_END_SECONDS = 60;
/** The logs of this many ended jobs are read ahead, while the events of earlier jobs are sent. */
const READ_AHEAD = 4;

/**
 * Follows a running or ended execution from its first event. Returns its end; `null` after `signal` has detached from it.
 */
export async function watchExecution(
  aws: AwsClients,
  executionArn: string,
  { emit, clock: wallClock, logs, signal = new AbortController().signal }: WatchOptions,
): Promise<ExecutionStatus | null> {
  const clock = steadyClock(wallClock);
  // Each concurrent call listens to the signal. This is not a leak. Node.js would warn about one at eleven listeners.
  setMaxListeners(0, signal);
  // After detaching, no event is sent, even if an answer is still on its way.
  const tell: EventSink = (event) => {
    if (!signal.aborted) emit(event);
  };
  const call = patientCalls(clock, tell, signal);
  const dispensable = dispensableCalls(call, clock, tell, signal);
  const jobs = new Jobs({ aws, call: dispensable, emit: tell, clock, signal, logs });
  const mapRuns = new MapRuns(aws.sfn, dispensable, tell, clock);
  const pages = new HistoryPages(aws.sfn, executionArn, call, clock);
  const reader = new HistoryReader(executionArn.split(":").at(-1)!);
  const startedAt = clock.now();
  let ending: Ending | null = null;
  try {
    for (;;) {
      const { events, isLast } = await pages.next();
      const steps = events.flatMap((event) => reader.read(event));
      ending = await deliver(steps, ending, { emit: tell, jobs, mapRuns });
      if (!isLast) continue;
      if (ending !== null && !(await isRunning(aws, executionArn, dispensable))) {
        await mapRuns.endAll();
        // The clock of AWS may differ from this machine's clock.
        const endedAt = Math.min(ending.at, clock.now());
        const left = await jobs.endAll(endedAt + JOB_END_SECONDS * 1000, pauseSeconds(0));
        if (left > 0)
          tell({ at: clock.now(), type: "notice", message: `jobs of the execution that are still running: ${left}` });
        if (signal.aborted) return null;
        tell(ending);
        return ending.status;
      }
      await mapRuns.poll();
      await jobs.poll();
      await clock.sleep(pauseSeconds(clock.now() - startedAt) * 1000, signal);
    }
  } catch (error) {
    if (error instanceof Aborted) return null;
    throw error;
  }
}

// --- internal ---

type Ending = Extract<ExecutionEvent, { type: "execution-ended" }>;

/**
 * Sends the steps of the history, with the end of each job in its place. Holds the end of the execution back, because a
 * redrive may follow.
 */
async function deliver(
  steps: readonly HistoryStep[],
  endedBefore: Ending | null,
  { emit, jobs, mapRuns }: { emit: EventSink; jobs: Jobs; mapRuns: MapRuns },
): Promise<Ending | null> {
  for (const step of steps) {
    if (step.kind === "event" && step.event.type === "job-submitted") jobs.follow(step.event.jobId, step.event.at);
    // Reads all logs at once, so that the watch waits only once for the last lines.
    if (step.kind === "job-ended") jobs.noteEnd(step.jobId);
  }
  const read = steps.flatMap((step) =>
    step.kind === "job-ended" ? [{ step, detail: parseJobDetail(step.detail) }] : [],
  );
  const ahead: { parts: AsyncGenerator<ExecutionEvent[]>; first: Promise<IteratorResult<ExecutionEvent[]>> }[] = [];
  const readAhead = () => {
    while (ahead.length < READ_AHEAD && read.length > 0) {
      const { step, detail } = read.shift()!;
      if (detail === null) jobs.abandon(step.jobId);
      const parts = detail === null ? none() : jobs.end(step.jobId, detail);
      const first = parts.next();
      // The error is thrown when its turn comes. That may be never.
      first.catch(() => {});
      ahead.push({ parts, first });
    }
  };

  let ending = endedBefore;
  for (const step of steps) {
    readAhead();
    switch (step.kind) {
      case "event":
        if (step.event.type === "execution-redriven") ending = null;
        if (step.event.type === "execution-ended") ending = step.event;
        else emit(step.event);
        break;
      case "job-ended": {
        const { parts, first } = ahead.shift()!;
        for (let part = await first; !part.done; part = await parts.next()) for (const event of part.value) emit(event);
        break;
      }
      case "job-abandoned":
        jobs.abandon(step.jobId);
        break;
      case "map-run-started":
        mapRuns.follow(step.mapRunArn, step.place, step.announced);
        break;
      case "map-run-ended":
        await mapRuns.end(step.mapRunArn);
        break;
    }
  }
  return ending;
}

async function* none(): AsyncGenerator<ExecutionEvent[]> {}

/** After a redrive, the execution runs for a moment before its history shows it. */
async function isRunning({ sfn }: AwsClients, executionArn: string, call: DispensableCall): Promise<boolean> {
  const command = new DescribeExecutionCommand({ executionArn });
  const answer = await call("a redrive will not be noticed", (options) => sfn.send(command, options));
  const status = answer?.status;
  return status === "RUNNING" || status === "PENDING_REDRIVE";
}

function pauseSeconds(milliseconds: number): number {
  return PACE.findLast(([fromSeconds]) => milliseconds >= fromSeconds * 1000)![1];
}

/** Reads a history page by page. A full page is read once; only the last page is read again. */
class HistoryPages {
  /** The token of the last page. */
  private token: string | undefined;
  private lastId = 0;
  private readonly unknownUntil: number;

  constructor(
    private readonly sfn: AwsClients["sfn"],
    private readonly executionArn: string,
    private readonly call: PatientCall,
    private readonly clock: Clock,
  ) {
    this.unknownUntil = clock.now() + UNKNOWN_SECONDS * 1000;
  }

  /** Returns the new events. `isLast`: there are no more for now. */
  async next(): Promise<{ events: HistoryEvent[]; isLast: boolean }> {
    const { executionArn, token: nextToken } = this;
    const command = new GetExecutionHistoryCommand({
      executionArn,
      maxResults: PAGE,
      includeExecutionData: true,
      nextToken,
    });
    const page = await this.call((options) =>
      this.sfn.send(command, options).catch((error: Error) => this.otherwise(error)),
    );
    const all = listOf(page.events);
    const events = all.filter(({ id }) => (countOf(id) ?? 0) > this.lastId);
    this.lastId = Math.max(this.lastId, ...events.map(({ id }) => id!));
    const token = textOf(page.nextToken);
    // A page without a next page is read again after a pause.
    const isLast = token === undefined || token === nextToken || all.length === 0;
    this.token = token ?? this.token;
    return { events, isLast };
  }

  private otherwise(error: Error): { events: HistoryEvent[]; nextToken: undefined } {
    const nothing = { events: [], nextToken: undefined };
    if (error.name === "InvalidToken" && this.token !== undefined) {
      // A token expires after 24 hours. The history is read from the beginning, without the known events.
      this.token = undefined;
      return nothing;
    }
    if (error.name !== "ExecutionDoesNotExist") throw error;
    if (this.lastId === 0 && this.clock.now() < this.unknownUntil) return nothing;
    throw new UsageError(`there is no execution \`${this.executionArn}\`, or AWS has deleted it after 90 days`, {
      cause: error,
    });
  }
}
