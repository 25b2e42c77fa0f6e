/** Collects the events of an execution into the facts that all formats of a report share. */
import type { State, StatesDocument } from "../../asl/document";
import { isoTime } from "../../base/clock";
import type { Costs, Pricing, StateCost } from "../cost/costs";
import { type EventSink, type MapRunCounts, type Place, placeKey } from "../events";
import type { JobResult } from "../job-result";
import { LOG_CHARACTERS } from "../log-tail";
import type { JobOutcome, Outcome } from "../outcome";
import { collectResult, type ExecutionResult } from "../result";
import {
  countEvent,
  enteredOf,
  FAILURES,
  isFailure,
  isInside,
  isStateEnd,
  isToldInside,
  itemRunsOf,
  outcomeOf,
  type StateCounts,
  startCounts,
  toleratedBy,
} from "../state-counts";

/** The facts of one execution. Times are ISO 8601 in UTC. States, jobs and failures are in the order of the document. */
export interface Report extends Omit<ExecutionResult, "jobs" | "mockedStates"> {
  /** The place of the execution: `this machine`, or the state machine's ARN or link. */
  readonly place: string;
  readonly document: StatesDocument;
  readonly states: readonly StateReport[];
  readonly jobs: readonly JobReport[];
  readonly failures: readonly FailureReport[];
  /** The number of failures that are not in the list. */
  readonly failuresLeftOut: number;
  readonly notices: readonly string[];
}

/** One state, in all items. */
export interface StateReport {
  readonly name: string;
  readonly type: State["Type"];
  readonly parents: readonly string[];
  readonly outcome: Outcome;
  readonly entered: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Failures that a Catch took. */
  readonly caught: number;
  readonly stopped: number;
  /** Retries of Step Functions after an error. The attempts that Batch makes are counted with each job. */
  readonly retries: number;
  /** Calls of its task that a mock answered. */
  readonly mocked: number;
  /** Jobs that have not run, because an equal job of an earlier execution has given its result. */
  readonly reused: number;
  /** The number of items of a Map; `null` for other states. */
  readonly items: number | null;
  /** The items of a distributed Map, by status; `null` for other states. */
  readonly itemRuns: Omit<MapRunCounts, "total"> | null;
  /** The failed items of a distributed Map that succeeded. */
  readonly tolerated: number;
  readonly startedAt: string | null;
  readonly stoppedAt: string | null;
  /** The cost of its own jobs and transitions, without the states inside. Absent if no prices were asked for. */
  readonly cost?: StateCost | undefined;
}

/** One Batch job. */
export interface JobReport extends JobResult {
  /** Separates failed jobs from jobs that were stopped because another one failed. `status` is `FAILED` for both. */
  readonly outcome: JobOutcome;
  readonly submittedAt: string;
}

/** An error of a state, and its consequence. */
export interface FailureReport {
  readonly at: string;
  readonly state: string;
  readonly indices: readonly number[];
  readonly what: "failed" | "caught" | "retried" | "tolerated";
  /** The name of the execution of an item on AWS; `null` for a failure of the state itself. */
  readonly item: string | null;
  readonly error: string;
  readonly cause: string;
  /** The state's last job. */
  readonly jobId: string | null;
}

/** The limit for the logs of jobs that succeeded, and of jobs that failed after the first `FULL_LOGS`. */
const SHORT_LOG_CHARACTERS = 1024;
const FULL_LOGS = 200;
const FAILURES_KEPT = 200;
const CAUSE_CHARACTERS = 4096;

/** Collects the events of an execution of `document`. `report` returns the facts so far. */
export function collectReport(
  document: StatesDocument,
  { place, pricing = null }: { readonly place: string; readonly pricing?: Pricing | null },
): { readonly sink: EventSink; readonly report: () => Report } {
  const states = startCounts(document);
  const jobs = new Map<string, Submission>();
  const jobAt = new Map<string, string>();
  const failures: FailureReport[] = [];
  const notices: string[] = [];
  let failureCount = 0;
  let failedJobs = 0;
  const {
    result,
    sink: collect,
    costs,
  } = collectResult(document, pricing, (status) =>
    status === "FAILED" && ++failedJobs <= FULL_LOGS ? LOG_CHARACTERS : SHORT_LOG_CHARACTERS,
  );

  const replaceFailures = (whatOf: (failure: FailureReport) => FailureReport["what"]) => {
    for (const [index, failure] of failures.entries()) failures[index] = { ...failure, what: whatOf(failure) };
  };
  const sink: EventSink = (event) => {
    collect(event);
    if (event.type === "notice") notices.push(event.message);
    const tolerates = toleratedBy(states, event) !== null && "state" in event;
    countEvent(states, event);
    if (tolerates) replaceFailures((failure) => (isInside(states, failure, event) ? "tolerated" : failure.what));
    if (event.type === "execution-redriven") {
      replaceFailures(() => "retried");
    }
    if (!("state" in event)) return;
    const key = placeKey(event);
    if (event.type === "job-submitted") {
      jobs.set(event.jobId, { submittedAt: event.at, stopped: false });
      jobAt.set(key, event.jobId);
      return;
    }
    const jobId = jobAt.get(key) ?? null;
    if (isFailure(event) && !isToldInside(states, event) && ++failureCount <= FAILURES_KEPT) {
      const { at, state, indices, error } = event;
      const cause = event.cause.slice(0, CAUSE_CHARACTERS);
      const item = event.type === "map-run-failure" ? event.name : null;
      failures.push({ at: isoTime(at), state, indices, what: FAILURES[event.type], item, error, cause, jobId });
    }
    if (event.type === "state-aborted" && jobId !== null) jobs.get(jobId)!.stopped = true;
    if (isStateEnd(event)) jobAt.delete(key);
  };

  const report = (): Report => {
    const { jobs: results, mockedStates: _, ...execution } = result;
    const order = new Map([...states.keys()].map((name, index) => [name, index]));
    const inOrder = (one: Place, other: Place) =>
      (order.get(one.state) ?? order.size) - (order.get(other.state) ?? order.size) ||
      compareIndices(one.indices, other.indices);
    const isOver = execution.status !== "RUNNING";
    return {
      ...execution,
      place,
      document,
      states: [...states.values()].map((counts) => describeState(counts, costs)),
      jobs: results.map((job) => describeJob(job, jobs.get(job.id)!, isOver)).sort(inOrder),
      failures: failures.toSorted(inOrder),
      failuresLeftOut: Math.max(0, failureCount - FAILURES_KEPT),
      notices,
    };
  };
  return { sink, report };
}

// --- internal ---

interface Submission {
  readonly submittedAt: number;
  stopped: boolean;
}

function describeState(counts: StateCounts, costs: Costs | null): StateReport {
  const { name, type, parents, succeeded, failed, caught, stopped, retries, mocked, reused, startedAt, stoppedAt } =
    counts;
  return {
    ...{ name, type, parents, outcome: outcomeOf(counts), entered: enteredOf(counts) },
    ...{ succeeded, failed, caught, stopped, retries, mocked, reused },
    items: counts.items?.total ?? null,
    itemRuns: itemRunsOf(counts),
    tolerated: counts.items?.tolerated ?? 0,
    startedAt: startedAt === null ? null : isoTime(startedAt),
    stoppedAt: stoppedAt === null ? null : isoTime(stoppedAt),
    ...(costs !== null && { cost: costs.ofState(name) }),
  };
}

function describeJob(job: JobResult, { submittedAt, stopped }: Submission, isOver: boolean): JobReport {
  return { ...job, outcome: jobOutcome(job, stopped, isOver), submittedAt: isoTime(submittedAt) };
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
