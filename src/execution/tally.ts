/**
 * What there is to show of an execution, counted from its events: the same small work for each event, and memory for what
 * runs now, however many items there were.
 */
import { type State, type StatesDocument, walkStates } from "../asl/document";
import { printable } from "../base/terminal-text";
import type { ExecutionEvent, ExecutionStatus, JobAttempt, JobStatus, Place } from "./events";

/** Failures that are kept in full; of more only the number is. */
const FAILURES_KEPT = 5;
/** Last lines of a job that are kept. */
const LOG_LINES_KEPT = 10;

/** An execution so far. Times are milliseconds since 1970. */
export interface Tally {
  /** By name, in the order of the document. */
  readonly rows: ReadonlyMap<string, Row>;
  /** By id. */
  readonly jobs: Map<string, Job>;
  /** The id of the last job of each place where something runs. */
  readonly jobAt: Map<string, string>;
  readonly failures: Failure[];
  failureCount: number;
  /** What failed last and was retried or caught. */
  survived: Failure | null;
  jobCount: number;
  /** What goes on before the execution starts. */
  preparing: { readonly step: string; readonly since: number; readonly line: string | null } | null;
  startedAt: number | null;
  end: {
    readonly at: number;
    readonly status: ExecutionStatus;
    readonly error: string | null;
    readonly cause: string | null;
  } | null;
}

/** A state, and what came of it in all items. */
export interface Row {
  readonly name: string;
  readonly type: State["Type"];
  readonly parents: readonly string[];
  /** Whether it can be the last one of its block. */
  readonly isLast: boolean;
  /** Places, by their indices, where it runs now. */
  readonly running: Set<string>;
  /** Those of them whose job waits for a host. */
  waiting: number;
  done: number;
  failed: number;
  /** Failed, and a Catch went on. */
  caught: number;
  stopped: number;
  /** Whether a state inside it has failed, whose failure says more than its own. */
  failedInside: boolean;
  startedAt: number | null;
  endedAt: number | null;
  /** Of a Map. */
  readonly items: Items | null;
}

/** The items of a Map, of all its runs together. */
interface Items extends ItemCounts {
  readonly running: Set<string>;
  /** The runs of the Map that are not over, by their indices: several inside another Map. */
  readonly runs: Map<string, ItemCounts>;
}

interface ItemCounts {
  total: number;
  done: number;
  failed: number;
  /** Run as executions of their own, of which only their number is known. */
  runningApart: number;
}

/** A job, as long as its state runs; one that was stopped with its state, for good. */
export interface Job {
  readonly name: string;
  readonly row: Row;
  submittedAt: number;
  startedAt: number | null;
  waiting: boolean;
  attempt: JobAttempt | null;
  reason: string | null;
  /** Its last lines, printable. */
  readonly log: string[];
  isOver: boolean;
  stateIsOver: boolean;
}

/** A state that failed for good. */
export interface Failure {
  readonly place: Place;
  readonly error: string;
  readonly cause: string;
  /** `null` where the state had no job. */
  readonly job: Job | null;
}

/** An execution of which nothing is known yet. */
export function startTally(document: StatesDocument): Tally {
  const rows = [...walkStates(document)].map(({ name, state, parents }): [string, Row] => [
    name,
    emptyRow(name, state, parents),
  ]);
  return {
    rows: new Map(rows),
    jobs: new Map(),
    jobAt: new Map(),
    failures: [],
    failureCount: 0,
    survived: null,
    jobCount: 0,
    preparing: null,
    startedAt: null,
    end: null,
  };
}

/** Adds an event. One of a state that the document does not have is left out. */
export function record(tally: Tally, event: ExecutionEvent): void {
  if ("state" in event) {
    const row = tally.rows.get(event.state);
    if (row !== undefined) recordState(tally, row, event);
  } else if ("jobId" in event) {
    const job = tally.jobs.get(event.jobId);
    if (job !== undefined) recordJob(job, event);
  } else if (event.type === "preparing") {
    const { step, line } = event;
    const since = tally.preparing?.step === step ? tally.preparing.since : event.at;
    tally.preparing = { step, since, line: line === null ? null : printable(line) };
  } else if (event.type === "execution-started") {
    tally.startedAt = event.at;
  } else if (event.type === "execution-redriven") {
    forgetFailures(tally);
  } else if (event.type === "execution-ended") {
    tally.end = event;
    for (const row of tally.rows.values()) if (row.running.size > 0) stopAll(row, event.at);
  }
}

/** The place as text that tells it from others. */
export function placeKey({ state, indices }: Place): string {
  return `${indices.join(",")} ${state}`;
}

/** The items of the Map directly around a state, if there is one. */
function itemsAround(tally: Tally, { parents }: Row): Items | null {
  return tally.rows.get(parents.at(-1) ?? "")?.items ?? null;
}

// --- internal ---

const ITEM_COUNTS = ["total", "done", "failed", "runningApart"] as const;

function noItems(): ItemCounts {
  return { total: 0, done: 0, failed: 0, runningApart: 0 };
}

type JobEvent = Extract<ExecutionEvent, { type: "job-status" | "job-attempt" | "job-log" }>;
type StateEvent = Extract<ExecutionEvent, Place>;
type MapRunEvent = Extract<StateEvent, { type: "map-run" | "map-run-failure" }>;
type StateEnd = Extract<StateEvent, { type: "state-succeeded" | "state-caught" | "state-aborted" | "state-failed" }>;

const WAITING: ReadonlySet<JobStatus> = new Set(["SUBMITTED", "RUNNABLE", "STARTING"]);

function emptyRow(name: string, state: State, parents: readonly string[]): Row {
  return {
    name,
    type: state.Type,
    parents,
    isLast: state.End === true || state.Type === "Succeed",
    running: new Set(),
    waiting: 0,
    done: 0,
    failed: 0,
    caught: 0,
    stopped: 0,
    failedInside: false,
    startedAt: null,
    endedAt: null,
    items: state.Type === "Map" ? { ...noItems(), running: new Set(), runs: new Map() } : null,
  };
}

function recordState(tally: Tally, row: Row, event: StateEvent): void {
  const run = event.indices.join(",");
  if (event.type === "state-entered") {
    if (row.running.size === 0) row.failedInside = false;
    row.running.add(run);
    row.startedAt ??= event.at;
    itemsAround(tally, row)?.running.add(run);
  } else if (event.type === "map-started") {
    row.items!.total += event.total;
    row.items!.runs.set(run, { ...noItems(), total: event.total });
  } else if (event.type === "map-run") {
    countItems(row, run, event);
  } else if (event.type === "map-run-failure") {
    addFailure(tally, row, event);
    row.failedInside = true;
  } else if (event.type === "job-submitted") {
    submitJob(tally, row, event);
  } else if (event.type === "state-retried") {
    tally.survived = failureOf(tally, event);
    forgetJob(tally, event);
    forgetItems(row, run);
  } else {
    endState(tally, row, event, run);
    forgetJob(tally, event);
    endItems(row, event, run);
    row.running.delete(run);
    row.endedAt = event.at;
  }
}

function endState(tally: Tally, row: Row, event: StateEnd, run: string): void {
  switch (event.type) {
    case "state-succeeded":
      row.done += 1;
      completeItems(row, run);
      if (row.isLast) endItem(tally, row, event, "done");
      break;
    case "state-caught":
      row.caught += 1;
      tally.survived = failureOf(tally, event);
      break;
    case "state-aborted":
      row.stopped += 1;
      endItem(tally, row, event, null);
      break;
    case "state-failed":
      row.failed += 1;
      endItem(tally, row, event, "failed");
      keepFailure(tally, row, event);
  }
}

function endItem(tally: Tally, row: Row, { indices }: Place, how: "done" | "failed" | null): void {
  const items = itemsAround(tally, row);
  if (items === null) return;
  items.running.delete(indices.join(","));
  if (how === null) return;
  items[how] += 1;
  const run = items.runs.get(indices.slice(0, -1).join(","));
  if (run !== undefined) run[how] += 1;
}

/** What AWS has counted in a Map Run, in place of what was counted before. */
function countItems({ items }: Row, run: string, { counts }: Extract<MapRunEvent, { type: "map-run" }>): void {
  if (!items) return;
  const before = items.runs.get(run) ?? noItems();
  const now: ItemCounts = {
    total: counts.total,
    done: counts.succeeded,
    failed: counts.failed + counts.timedOut,
    runningApart: counts.running,
  };
  for (const field of ITEM_COUNTS) items[field] += now[field] - before[field];
  items.runs.set(run, now);
}

function endItems({ items }: Row, { type }: StateEnd, run: string): void {
  const counts = items?.runs.get(run);
  if (!items || !counts) return;
  items.runningApart -= counts.runningApart;
  counts.runningApart = 0;
  // What failed or was stopped may be redriven, and goes on counting then.
  if (type === "state-succeeded" || type === "state-caught") items.runs.delete(run);
}

/** The items of a distributed Map may have run out of sight. */
function completeItems({ items }: Row, run: string): void {
  const counts = items?.runs.get(run);
  if (items && counts) items.done += counts.total - counts.done - counts.failed;
}

/** A Map that is retried begins again. */
function forgetItems({ items }: Row, run: string): void {
  const counts = items?.runs.get(run);
  if (!items || !counts) return;
  for (const field of ITEM_COUNTS) items[field] -= counts[field];
  items.runs.delete(run);
}

function stopAll(row: Row, at: number): void {
  row.stopped += row.running.size;
  row.running.clear();
  row.items?.running.clear();
  if (row.items) row.items.runningApart = 0;
  row.waiting = 0;
  row.endedAt = at;
}

function submitJob(tally: Tally, row: Row, event: Extract<StateEvent, { type: "job-submitted" }>): void {
  const job: Job = {
    name: printable(event.jobName),
    row,
    submittedAt: event.at,
    startedAt: null,
    waiting: false,
    attempt: null,
    reason: null,
    log: [],
    isOver: false,
    stateIsOver: false,
  };
  tally.jobCount += 1;
  tally.jobs.set(event.jobId, job);
  tally.jobAt.set(placeKey(event), event.jobId);
  setWaiting(job, true);
}

function recordJob(job: Job, event: JobEvent): void {
  if (event.type === "job-status") {
    setWaiting(job, !job.stateIsOver && WAITING.has(event.status));
    job.isOver = event.status === "SUCCEEDED" || event.status === "FAILED";
    if (event.status === "RUNNING") job.startedAt ??= event.at;
    job.reason = event.reason;
  } else if (event.type === "job-attempt") {
    job.attempt = event.attempt;
  } else {
    job.log.push(printable(event.line));
    if (job.log.length > LOG_LINES_KEPT) job.log.shift();
  }
}

function setWaiting(job: Job, waiting: boolean): void {
  if (job.waiting !== waiting) job.row.waiting += waiting ? 1 : -1;
  job.waiting = waiting;
}

function keepFailure(tally: Tally, row: Row, event: Extract<StateEvent, { type: "state-failed" }>): void {
  if (!row.failedInside) addFailure(tally, row, event);
}

function addFailure(tally: Tally, row: Row, event: Extract<StateEvent, { error: string; cause: string }>): void {
  for (const parent of row.parents) tally.rows.get(parent)!.failedInside = true;
  tally.failureCount += 1;
  if (tally.failures.length < FAILURES_KEPT) tally.failures.push(failureOf(tally, event));
}

function failureOf(tally: Tally, event: Extract<StateEvent, { error: string; cause: string }>): Failure {
  const { state, indices, error, cause } = event;
  const job = tally.jobs.get(tally.jobAt.get(placeKey(event)) ?? "") ?? null;
  return { place: { state, indices }, error, cause, job };
}

/** What failed or was stopped is entered again. */
function forgetFailures(tally: Tally): void {
  tally.failures.length = 0;
  tally.failureCount = 0;
  tally.end = null;
  for (const row of tally.rows.values()) {
    row.failed = 0;
    row.stopped = 0;
    row.failedInside = false;
    if (row.items === null) continue;
    row.items.failed = 0;
    for (const counts of row.items.runs.values()) counts.failed = 0;
  }
}

function forgetJob(tally: Tally, event: StateEvent): void {
  const key = placeKey(event);
  const id = tally.jobAt.get(key);
  if (id === undefined) return;
  tally.jobAt.delete(key);
  const job = tally.jobs.get(id)!;
  setWaiting(job, false);
  job.stateIsOver = true;
  // Lines that come late still belong to a failure that is shown, or to a job that AWS has stopped with its state.
  const isStopped = event.type === "state-aborted" && !job.isOver;
  if (!isStopped && !tally.failures.some((failure) => failure.job === job)) tally.jobs.delete(id);
}
