/** Events into facts: what the formats of a report have in common. Memory for what is kept of each job, not for what it wrote. */
import { type State, type StatesDocument, walkStates } from "../../asl/document";
import type { EventSink, ExecutionEvent, MapRunCounts, Place } from "../events";
import { collectResult, type ExecutionResult, type JobResult, LOG_CHARACTERS } from "../result";
import { placeKey } from "../tally";

/** What happened in one execution. Times are ISO 8601 in UTC; states, jobs and failures stand in the order of the document. */
export interface Report extends Omit<ExecutionResult, "jobs"> {
  /** Where it ran: `this machine`, or the state machine's ARN or link. */
  readonly place: string;
  readonly document: StatesDocument;
  readonly states: readonly StateReport[];
  readonly jobs: readonly JobReport[];
  readonly failures: readonly FailureReport[];
  /** Failures beyond the first ones. */
  readonly failuresLeftOut: number;
  readonly notices: readonly string[];
}

/** The most serious thing that happened. */
export type Outcome = "failed" | "caught" | "stopped" | "running" | "succeeded" | "not-reached";

/** One state, in all items. */
export interface StateReport {
  readonly name: string;
  readonly type: State["Type"];
  readonly parents: readonly string[];
  readonly outcome: Outcome;
  readonly entered: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Failed, and a Catch went on. */
  readonly caught: number;
  readonly stopped: number;
  /** Retries of Step Functions after an error. The attempts that Batch makes are counted with each job. */
  readonly retries: number;
  /** Of a Map: the lengths of its lists. */
  readonly items: number | null;
  /** Of a distributed Map on AWS, whose items are executions of their own: what came of them. */
  readonly itemRuns: Omit<MapRunCounts, "total"> | null;
  readonly startedAt: string | null;
  readonly stoppedAt: string | null;
}

/** One Batch job. */
export interface JobReport extends JobResult {
  /** Other than `status`, it tells a job that failed from one that was stopped because something else did. */
  readonly outcome: Extract<Outcome, "failed" | "stopped" | "running" | "succeeded">;
  readonly submittedAt: string;
}

/** An error of a state, and what came of it. */
export interface FailureReport {
  readonly at: string;
  readonly state: string;
  readonly indices: readonly number[];
  readonly what: "failed" | "caught" | "retried";
  readonly error: string;
  readonly cause: string;
  /** The state's last job. */
  readonly jobId: string | null;
}

/** Of the log of a job that succeeded, and of those that failed after the first `FULL_LOGS`. */
const SHORT_LOG_CHARACTERS = 1024;
const FULL_LOGS = 200;
const FAILURES_KEPT = 200;
const CAUSE_CHARACTERS = 4096;

/** Takes the events of an execution of `document`; `report` gives the facts so far. */
export function collectReport(
  document: StatesDocument,
  where: { readonly place: string },
): { readonly sink: EventSink; readonly report: () => Report } {
  const states = new Map([...walkStates(document)].map(({ name, state, parents }) => [name, start(state, parents)]));
  const jobs = new Map<string, Submission>();
  const jobAt = new Map<string, string>();
  const failures: FailureReport[] = [];
  const notices: string[] = [];
  let failureCount = 0;
  let failedJobs = 0;
  const { result, sink: collect } = collectResult(({ status }) =>
    status === "FAILED" && ++failedJobs <= FULL_LOGS ? LOG_CHARACTERS : SHORT_LOG_CHARACTERS,
  );

  const sink: EventSink = (event) => {
    collect(event);
    if (event.type === "notice") notices.push(event.message);
    if (event.type === "execution-redriven") {
      for (const state of states.values()) redrive(state);
      failures.splice(0, failures.length, ...failures.map((failure) => ({ ...failure, what: "retried" as const })));
    }
    if (!("state" in event)) return;
    const key = placeKey(event);
    const state = states.get(event.state);
    if (state !== undefined) count(state, event);
    if (event.type === "job-submitted") {
      jobs.set(event.jobId, { submittedAt: event.at, stopped: false });
      jobAt.set(key, event.jobId);
      return;
    }
    const jobId = jobAt.get(key) ?? null;
    const what = FAILURES[event.type];
    if (what !== undefined && "error" in event && ++failureCount <= FAILURES_KEPT) {
      const { at, indices, error } = event;
      const cause = event.cause.slice(0, CAUSE_CHARACTERS);
      failures.push({ at: time(at), state: event.state, indices, what, error, cause, jobId });
    }
    if (event.type === "state-aborted" && jobId !== null) jobs.get(jobId)!.stopped = true;
    if (ENDS[event.type] !== undefined) jobAt.delete(key);
  };

  const report = (): Report => {
    const { jobs: results, ...execution } = result;
    const order = new Map([...states.keys()].map((name, index) => [name, index]));
    const inOrder = (one: Place, other: Place) =>
      (order.get(one.state) ?? order.size) - (order.get(other.state) ?? order.size) ||
      compareIndices(one.indices, other.indices);
    const isOver = execution.status !== "RUNNING";
    return {
      ...execution,
      place: where.place,
      document,
      states: [...states].map(([name, state]) => describeState(name, state, isOver)),
      jobs: results.map((job) => describeJob(job, jobs.get(job.id)!, isOver)).sort(inOrder),
      failures: failures.toSorted(inOrder),
      failuresLeftOut: Math.max(0, failureCount - FAILURES_KEPT),
      notices,
    };
  };
  return { sink, report };
}

// --- internal ---

type StateEvent = Extract<ExecutionEvent, Place>;

interface Submission {
  readonly submittedAt: number;
  stopped: boolean;
}

interface Counts {
  readonly type: State["Type"];
  readonly parents: readonly string[];
  entered: number;
  succeeded: number;
  failed: number;
  caught: number;
  stopped: number;
  retries: number;
  items: number | null;
  /** The last counts of each Map Run. */
  readonly mapRuns: Map<string, MapRunCounts>;
  startedAt: number | null;
  stoppedAt: number | null;
}

/** What ends a state, and the count that it adds to. */
const ENDS: Partial<Record<string, "succeeded" | "failed" | "caught" | "stopped">> = {
  "state-succeeded": "succeeded",
  "state-failed": "failed",
  "state-caught": "caught",
  "state-aborted": "stopped",
};

const FAILURES: Partial<Record<string, FailureReport["what"]>> = {
  "state-failed": "failed",
  "state-caught": "caught",
  "state-retried": "retried",
  "map-run-failure": "failed",
};

const ITEM_RUNS = ["pending", "running", "succeeded", "failed", "timedOut", "aborted"] as const;

function start({ Type: type }: State, parents: readonly string[]): Counts {
  const none = { entered: 0, succeeded: 0, failed: 0, caught: 0, stopped: 0, retries: 0 };
  const items = type === "Map" ? 0 : null;
  return { type, parents, ...none, items, mapRuns: new Map(), startedAt: null, stoppedAt: null };
}

function count(state: Counts, event: StateEvent): void {
  const end = ENDS[event.type];
  if (end !== undefined) {
    state[end] += 1;
    state.stoppedAt = event.at;
  } else if (event.type === "state-entered") {
    state.entered += 1;
    state.startedAt ??= event.at;
  } else if (event.type === "state-retried") {
    state.retries += 1;
  } else if (event.type === "map-started") {
    state.items! += event.total;
  } else if (event.type === "map-run") {
    state.mapRuns.set(event.mapRunArn, event.counts);
  }
}

/** What failed or was stopped is entered again. */
function redrive(state: Counts): void {
  state.entered -= state.failed + state.stopped;
  state.retries += state.failed;
  state.failed = 0;
  state.stopped = 0;
}

function itemRuns({ mapRuns }: Counts): StateReport["itemRuns"] {
  if (mapRuns.size === 0) return null;
  const sum = { pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 };
  for (const counts of mapRuns.values()) for (const kind of ITEM_RUNS) sum[kind] += counts[kind];
  return sum;
}

function describeState(name: string, state: Counts, isOver: boolean): StateReport {
  const { type, parents, entered, succeeded, failed, caught, retries, items } = state;
  const open = entered - succeeded - failed - caught - state.stopped;
  const stopped = state.stopped + (isOver ? open : 0);
  const [startedAt, stoppedAt] = [state.startedAt, state.stoppedAt].map((at) => (at === null ? null : time(at)));
  const outcome = outcomeOf({ entered, failed, caught, stopped, running: isOver ? 0 : open });
  const counts = { entered, succeeded, failed, caught, stopped, retries, items, itemRuns: itemRuns(state) };
  return { name, type, parents, outcome, ...counts, startedAt: startedAt ?? null, stoppedAt: stoppedAt ?? null };
}

function outcomeOf(counts: Record<"entered" | "failed" | "caught" | "stopped" | "running", number>): Outcome {
  if (counts.entered === 0) return "not-reached";
  return (["failed", "caught", "stopped", "running"] as const).find((outcome) => counts[outcome] > 0) ?? "succeeded";
}

function describeJob(job: JobResult, { submittedAt, stopped }: Submission, isOver: boolean): JobReport {
  return { ...job, outcome: jobOutcome(job, stopped, isOver), submittedAt: time(submittedAt) };
}

function jobOutcome({ status }: JobResult, stopped: boolean, isOver: boolean): JobReport["outcome"] {
  if (status === "SUCCEEDED") return "succeeded";
  if (stopped || (status !== "FAILED" && isOver)) return "stopped";
  return status === "FAILED" ? "failed" : "running";
}

function compareIndices(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((index, level) => index !== other[level]);
  return at === -1 ? one.length - other.length : one[at]! - (other[at] ?? -1);
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
