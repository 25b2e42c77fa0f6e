/**
 * The facts that the terminal shows of an execution, from its events. The work for an event is the same however many items
 * there were, and only what runs now takes memory.
 */
import type { StatesDocument } from "../asl/document";
import type { Json } from "../base/json";
import { printable } from "../base/terminal-text";
import { type Costs, collectCosts, type Pricing } from "./cost/costs";
import {
  type ExecutionEvent,
  type ExecutionStatus,
  type JobAttempt,
  type JobDescription,
  type JobStatus,
  type Place,
  placeKey,
} from "./events";
import { type ItemValues, itemValues } from "./item-values";
import { RunAgain } from "./run-again";
import { collectUse, type SizeUse } from "./size-advice";
import {
  type CountedStates,
  countEvent,
  FAILURES,
  type FailureEvent,
  isFailure,
  isInnermost,
  isInside,
  isStateEnd,
  mapsAround,
  type StateCounts,
  type StateEvent,
  startCounts,
  toleratedBy,
} from "./state-counts";
import { type WaitingJob, Waits } from "./waits";

/** The number of failures that are kept. Further failures are only counted. */
const FAILURES_KEPT = 5;
/** The number of Maps with tolerated failures that are kept. */
const TOLERATED_KEPT = 5;
/** The number of last lines that are kept of each job. */
const LOG_LINES_KEPT = 10;

/** The facts of an execution so far. Times are milliseconds since 1970. */
export interface Tally {
  readonly states: CountedStates;
  readonly items: ItemValues;
  readonly use: SizeUse;
  /** The number of jobs that wait for a host, by state. */
  readonly waiting: Map<string, number>;
  /** The jobs whose wait is known. */
  readonly waits: Waits;
  /** The jobs by their ids. */
  readonly jobs: Map<string, Job>;
  /** The id of the last job of each running state and item. */
  readonly jobAt: Map<string, string>;
  readonly failures: Failure[];
  failureCount: number;
  /** The number of failures inside each Map that runs, by its place. */
  readonly failuresInside: Map<string, number>;
  /** The first Maps that succeeded with failed items. */
  readonly tolerated: Tolerated[];
  /** The last failure that was retried or caught. */
  survived: Failure | null;
  jobCount: number;
  /** The attempts that followed a lost one. */
  batchRetries: number;
  /** The jobs that have not run, because an earlier job has given its result. */
  reusedCount: number;
  readonly again: RunAgain;
  /** `null`: the cost is not shown. */
  readonly costs: Costs | null;
  /** The step that runs before the execution starts. */
  preparing: {
    readonly step: string;
    readonly part: string | null;
    /** True if this event began the step or the part. */
    readonly isNew: boolean;
    readonly since: number;
    readonly line: string | null;
  } | null;
  startedAt: number | null;
  end: {
    readonly at: number;
    readonly status: ExecutionStatus;
    readonly error: string | null;
    readonly cause: string | null;
  } | null;
}

/** A job. It is forgotten when its state ends, unless it was stopped with the state. */
export interface Job extends WaitingJob {
  readonly state: StateCounts;
  submittedAt: number;
  startedAt: number | null;
  waiting: boolean;
  attempt: JobAttempt | null;
  reason: string | null;
  /** `null` if nothing is known of it. */
  description: JobDescription | null;
  /** The value of the innermost item around it; `null` outside Maps, or if it is not known. */
  readonly item: Json;
  /** The last lines of its output, printable. */
  readonly log: string[];
  isReused: boolean;
  isOver: boolean;
  stateIsOver: boolean;
}

/** A state that failed for good. */
export interface Failure {
  readonly place: Place;
  readonly error: string;
  readonly cause: string;
  /** `null` if the state had no job. */
  readonly job: Job | null;
}

/** A Map that succeeded although items failed. */
export interface Tolerated {
  readonly place: Place;
  readonly failed: number;
  readonly total: number;
  /** One of the failures; `null` if none is known. */
  readonly example: Failure | null;
}

/** Starts the tally of an execution. */
export function startTally(document: StatesDocument, pricing: Pricing | null = null): Tally {
  return {
    states: startCounts(document),
    items: itemValues(document),
    use: collectUse(),
    waiting: new Map(),
    waits: new Waits(),
    jobs: new Map(),
    jobAt: new Map(),
    failures: [],
    failureCount: 0,
    failuresInside: new Map(),
    tolerated: [],
    survived: null,
    jobCount: 0,
    batchRetries: 0,
    reusedCount: 0,
    again: new RunAgain(),
    costs: pricing === null ? null : collectCosts(pricing),
    preparing: null,
    startedAt: null,
    end: null,
  };
}

/** Adds an event. States that the document does not have are left out. */
export function record(tally: Tally, event: ExecutionEvent): void {
  const tolerated = toleratedBy(tally.states, event);
  countEvent(tally.states, event);
  tally.items.take(event);
  tally.use.sink(event);
  tally.again.record(event);
  tally.costs?.record(event);
  if ("state" in event) {
    const state = tally.states.get(event.state);
    if (state !== undefined) recordState(tally, state, event);
    if (tolerated !== null) tolerate(tally, event, tolerated);
  } else if ("jobId" in event) {
    const job = tally.jobs.get(event.jobId);
    if (job !== undefined) recordJob(tally, job, event);
  } else if (event.type === "preparing") {
    const { step, part, line } = event;
    const before = tally.preparing?.step === step ? tally.preparing : null;
    tally.preparing = {
      step,
      part,
      isNew: before === null || before.part !== part,
      since: before?.since ?? event.at,
      line: line === null ? null : printable(line),
    };
  } else if (event.type === "execution-started") {
    tally.startedAt = event.at;
  } else if (event.type === "execution-redriven") {
    tally.failures.length = 0;
    tally.failureCount = 0;
    tally.failuresInside.clear();
    tally.end = null;
  } else if (event.type === "execution-ended") {
    tally.end = event;
    for (const job of tally.jobs.values()) setWaiting(tally, job, false);
  }
}

// --- internal ---

type JobEvent = Extract<ExecutionEvent, { jobId: string }>;

const WAITING: ReadonlySet<JobStatus> = new Set(["SUBMITTED", "RUNNABLE", "STARTING"]);

function recordState(tally: Tally, state: StateCounts, event: StateEvent): void {
  if (event.type === "job-submitted") submitJob(tally, state, event);
  if (event.type === "job-reused") {
    tally.reusedCount += 1;
    tally.jobs.get(event.jobId)!.isReused = true;
  }
  if (isFailure(event)) recordFailure(tally, event);
  if (isStateEnd(event) || event.type === "state-retried") forgetJob(tally, event);
}

function submitJob(tally: Tally, state: StateCounts, event: Extract<StateEvent, { type: "job-submitted" }>): void {
  const job: Job = {
    name: printable(event.jobName),
    state,
    submittedAt: event.at,
    startedAt: null,
    waiting: false,
    wait: null,
    waitingSince: event.at,
    attempt: null,
    reason: null,
    description: null,
    item: tally.items.itemOf(event),
    log: [],
    isReused: false,
    isOver: false,
    stateIsOver: false,
  };
  tally.jobCount += 1;
  tally.jobs.set(event.jobId, job);
  tally.jobAt.set(placeKey(event), event.jobId);
  setWaiting(tally, job, true);
}

function recordJob(tally: Tally, job: Job, event: JobEvent): void {
  if (event.type === "job-status") {
    setWaiting(tally, job, !job.stateIsOver && WAITING.has(event.status));
    tally.waits.end(job);
    job.isOver = event.status === "SUCCEEDED" || event.status === "FAILED";
    if (event.status === "RUNNABLE" && job.attempt !== null) tally.batchRetries += 1;
    if (event.status === "RUNNING") job.startedAt ??= event.at;
    job.reason = event.reason;
  } else if (event.type === "job-waiting") {
    if (job.waiting) tally.waits.begin(job, event);
  } else if (event.type === "job-attempt") {
    job.attempt = event.attempt;
    job.waitingSince = event.attempt.stoppedAt;
  } else if (event.type === "job-described") {
    job.description = event.job;
  } else if (event.type === "job-log") {
    job.log.push(printable(event.line));
    if (job.log.length > LOG_LINES_KEPT) job.log.shift();
  }
}

function setWaiting({ waiting: counts, waits }: Tally, job: Job, waiting: boolean): void {
  const { name } = job.state;
  if (job.waiting !== waiting) counts.set(name, (counts.get(name) ?? 0) + (waiting ? 1 : -1));
  job.waiting = waiting;
  if (!waiting) waits.end(job);
}

function recordFailure(tally: Tally, event: FailureEvent): void {
  const { state, indices, error, cause } = event;
  const job = tally.jobs.get(tally.jobAt.get(placeKey(event)) ?? "") ?? null;
  const failure: Failure = { place: { state, indices }, error, cause, job };
  if (FAILURES[event.type] !== "failed") {
    tally.survived = failure;
  } else if (isInnermost(tally.states, event)) {
    tally.failureCount += 1;
    countInside(tally, event, 1);
    if (tally.failures.length < FAILURES_KEPT) tally.failures.push(failure);
  }
}

/** The failures inside a Map that succeeded are no failures of the execution. */
function tolerate(tally: Tally, { state, indices }: Place, { failed, total }: { failed: number; total: number }): void {
  const place = { state, indices };
  const [inside, outside] = [true, false].map((wanted) =>
    tally.failures.filter((failure) => isInside(tally.states, failure.place, place) === wanted),
  ) as [Failure[], Failure[]];
  if (tally.tolerated.length < TOLERATED_KEPT)
    tally.tolerated.push({ place, failed, total, example: inside[0] ?? null });
  tally.failures.splice(0, tally.failures.length, ...outside);
  const count = tally.failuresInside.get(placeKey(place)) ?? 0;
  tally.failureCount -= count;
  countInside(tally, place, -count);
}

function countInside({ states, failuresInside }: Tally, place: Place, more: number): void {
  for (const key of mapsAround(states, place).map(placeKey)) {
    failuresInside.set(key, (failuresInside.get(key) ?? 0) + more);
  }
}

function forgetJob(tally: Tally, event: StateEvent): void {
  const key = placeKey(event);
  const id = tally.jobAt.get(key);
  if (id === undefined) return;
  tally.jobAt.delete(key);
  const job = tally.jobs.get(id)!;
  setWaiting(tally, job, false);
  job.stateIsOver = true;
  // Late lines still belong to a failure that is shown, or to a job that AWS stopped with its state.
  const isStopped = event.type === "state-aborted" && !job.isOver;
  if (!isStopped && !tally.failures.some((failure) => failure.job === job)) tally.jobs.delete(id);
}
