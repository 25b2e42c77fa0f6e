/** Reads the lines that a job writes to CloudWatch Logs. */
import type { JobDetail } from "@aws-sdk/client-batch";
import {
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  type GetLogEventsCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Clock } from "../base/clock";
import type { ExecutionEvent } from "../execution/events";
import { listOf, textOf, timeOf } from "./answers";
import type { AwsClients } from "./clients";
import type { DispensableCall } from "./patient-calls";

/** The number of lines of a failed job that the choice `failed` reads. */
const LAST_LINES = 50;
/** The last lines of a container arrive in CloudWatch Logs a moment after Batch reports its end. */
const LATE_LINES_SECONDS = 2;
/** After this time, all lines have arrived. */
const SETTLED_SECONDS = 60;
/** Batch uses this log group if the job definition names none. */
const DEFAULT_LOG_GROUP = "/aws/batch/job";

export interface LogDependencies {
  readonly aws: AwsClients;
  readonly call: DispensableCall;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The log of one job. Each of its attempts has a stream of its own. */
export class JobLog {
  private group: string | null = null;
  /** The time at which the end of the job was observed. */
  private endSeenAt: number | null = null;
  private cursor: { readonly stream: string; token: string | undefined } | null = null;

  constructor(
    private readonly jobId: string,
    private readonly deps: LogDependencies,
  ) {}

  /** Notes that the job has ended: the wait for its last lines begins now. */
  noteEnd(): void {
    this.endSeenAt ??= this.deps.clock.now();
  }

  noteGroup({ container }: JobDetail): void {
    this.group ??= textOf(container?.logConfiguration?.options?.["awslogs-group"]) ?? null;
  }

  /** Reads the next page of a stream. `at` stands in for times that the answer lacks. */
  async readOn(stream: string, at: number): Promise<{ events: ExecutionEvent[]; isEnd: boolean }> {
    if (this.cursor?.stream !== stream) this.cursor = { stream, token: undefined };
    const { cursor } = this;
    const page = await this.page(stream, { startFromHead: true, nextToken: cursor.token });
    if (page === null) return { events: [], isEnd: true };
    // At the end, AWS returns the token that it was given. Without a token, the next page would be the first one again.
    const token = textOf(page.nextForwardToken);
    const isEnd = token === undefined || token === cursor.token;
    cursor.token = token ?? cursor.token;
    return { events: this.linesOf(page, at), isEnd };
  }

  /** Reads the rest of the stream of an attempt that stopped at `stoppedAt`, page by page. */
  async *readToEnd(stream: string, stoppedAt: number): AsyncGenerator<ExecutionEvent[]> {
    for (;;) {
      const askedAt = this.deps.clock.now();
      const { events, isEnd } = await this.readOn(stream, stoppedAt);
      if (events.length > 0) yield events;
      if (isEnd && (await this.isSettled(stoppedAt, askedAt))) return;
    }
  }

  /** Reads the last lines of the stream of an attempt that stopped at `stoppedAt`. */
  async lastLines(stream: string, stoppedAt: number): Promise<ExecutionEvent[]> {
    for (;;) {
      const askedAt = this.deps.clock.now();
      const page = await this.page(stream, { startFromHead: false, limit: LAST_LINES });
      const events = page === null ? [] : this.linesOf(page, stoppedAt);
      if (await this.isSettled(stoppedAt, askedAt)) return events;
    }
  }

  /** Returns whether all lines were there at `askedAt`. If not, waits until they should be. */
  private async isSettled(stoppedAt: number, askedAt: number): Promise<boolean> {
    const { clock, signal } = this.deps;
    const seenAt = this.endSeenAt ?? askedAt;
    const lateUntil = seenAt - stoppedAt >= SETTLED_SECONDS * 1000 ? 0 : seenAt + LATE_LINES_SECONDS * 1000;
    if (askedAt >= lateUntil) return true;
    await clock.sleep(lateUntil - askedAt, signal);
    return false;
  }

  private page(
    logStreamName: string,
    how: Pick<GetLogEventsCommandInput, "startFromHead" | "limit" | "nextToken">,
  ): Promise<GetLogEventsCommandOutput | null> {
    const query = { logGroupName: this.group ?? DEFAULT_LOG_GROUP, logStreamName, ...how };
    return this.deps.call("the logs of the jobs are not shown", (options) =>
      this.deps.aws.logs.send(new GetLogEventsCommand(query), options).catch(noStreamYet),
    );
  }

  /** A message can hold several lines. */
  private linesOf({ events }: GetLogEventsCommandOutput, at: number): ExecutionEvent[] {
    return listOf(events).flatMap(({ timestamp, message }) =>
      (textOf(message) ?? "")
        .replace(/\r?\n?$/, "")
        .split(/\r?\n/)
        .map((line): ExecutionEvent => ({ type: "job-log", at: timeOf(timestamp) ?? at, jobId: this.jobId, line })),
    );
  }
}

// --- internal ---

/** A container that has written nothing has no stream. */
function noStreamYet(error: Error): null {
  if (error.name === "ResourceNotFoundException") return null;
  throw error;
}
