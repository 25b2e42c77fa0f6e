/**
 * Counts the outcomes of each state, from the events of an execution. The terminal and the report show the same counts. This
 * module alone decides which events are failures, which counts a redrive resets, and how far a Map is.
 */
import { type State, type StatesDocument, walkStates } from "../asl/document";
import { type ExecutionEvent, type MapRunCounts, type Place, placeKey } from "./events";
import type { Outcome } from "./outcome";

/** The counts of one state, for all items. Times are milliseconds since 1970. */
export interface StateCounts {
  readonly name: string;
  readonly type: State["Type"];
  readonly parents: readonly string[];
  /** It can be the last state of its block. */
  readonly isLast: boolean;
  /** The items for which it runs now, by their indices. */
  readonly running: Set<string>;
  succeeded: number;
  /** Failures that no Retry and no Catch took. */
  failed: number;
  /** Failures that a Catch took. */
  caught: number;
  stopped: number;
  retries: number;
  /** Calls of its task that a mock answered. */
  mocked: number;
  /** Jobs that have not run, because an equal job of an earlier execution has given its result. */
  reused: number;
  /** True if a state inside it failed. That failure says more than its own. */
  failedInside: boolean;
  startedAt: number | null;
  stoppedAt: number | null;
  /** The items of a Map; `null` for other states. */
  readonly items: MapItems | null;
}

/** The items of all runs of a Map together. */
interface MapItems extends ItemCounts {
  readonly running: Set<string>;
  /** The runs that are not over, by their indices. A Map inside another Map has several. */
  readonly runs: Map<string, ItemCounts>;
  /** The last counts of each Map Run, by its ARN. If there are any, the states inside do not count for the items. */
  readonly mapRuns: Map<string, MapRunCounts>;
  /** The failed items of runs that succeeded. */
  tolerated: number;
  /** The states inside have events of their own: the execution runs here. */
  hasEventsInside: boolean;
}

interface ItemCounts {
  total: number;
  done: number;
  failed: number;
  /** Items that run as separate executions. AWS reports only their number. */
  runningApart: number;
}

/** The states of a document by name, in its order, with the counts so far. */
export type CountedStates = ReadonlyMap<string, StateCounts>;

export type StateEvent = Extract<ExecutionEvent, Place>;
/** An event that reports an error of a state. A failed call of a task is told again with its state. */
export type FailureEvent = Exclude<Extract<StateEvent, { error: string }>, { type: "task-failed" }>;

type StateEnd = Extract<StateEvent, { type: "state-succeeded" | "state-failed" | "state-caught" | "state-aborted" }>;

/** The events that end a state, and the count that each adds to. */
const ENDS: Readonly<Record<StateEnd["type"], "succeeded" | "failed" | "caught" | "stopped">> = {
  "state-succeeded": "succeeded",
  "state-failed": "failed",
  "state-caught": "caught",
  "state-aborted": "stopped",
};

/** The consequence of each error. */
export const FAILURES: Readonly<Record<FailureEvent["type"], "failed" | "caught" | "retried">> = {
  "state-failed": "failed",
  "state-caught": "caught",
  "state-retried": "retried",
  "map-run-failure": "failed",
};

/** Starts to count the states of a document. */
export function startCounts(document: StatesDocument): CountedStates {
  return new Map([...walkStates(document)].map(({ name, state, parents }) => [name, noCounts(name, state, parents)]));
}

/** Adds an event. States that the document does not have are left out. */
export function countEvent(states: CountedStates, event: ExecutionEvent): void {
  if (event.type === "execution-redriven") {
    for (const state of states.values()) redrive(state);
  } else if (event.type === "execution-ended") {
    for (const state of states.values()) stopRunning(state, event.at);
  } else if ("state" in event) {
    const state = states.get(event.state);
    if (state !== undefined) countStateEvent(states, state, event);
  }
}

/** Returns how often the state was entered. A redriven state counts once. */
export function enteredOf({ running, succeeded, failed, caught, stopped }: StateCounts): number {
  return running.size + succeeded + failed + caught + stopped;
}

/** Returns the most serious thing that happened to the state. */
export function outcomeOf(state: StateCounts): Outcome {
  if (enteredOf(state) === 0) return "not-reached";
  const bad = (["failed", "caught", "stopped"] as const).find((outcome) => state[outcome] > 0);
  return bad ?? (state.running.size > 0 ? "running" : "succeeded");
}

/** Returns true if no state inside the failed one failed. The event must already be counted. */
export function isInnermost(states: CountedStates, event: FailureEvent): boolean {
  if (event.type === "map-run-failure") return !isToldInside(states, event);
  return states.get(event.state)?.failedInside === false;
}

/** Returns true for a failed item whose states have events of their own, which tell the failure already. */
export function isToldInside(states: CountedStates, event: FailureEvent): boolean {
  return event.type === "map-run-failure" && states.get(event.state)?.items?.hasEventsInside !== false;
}

/** Returns the places of the Maps around a state, and of the state itself if it is a Map. */
export function mapsAround(states: CountedStates, { state, indices }: Place): Place[] {
  const around = [...(states.get(state)?.parents ?? []), state];
  const maps = around.filter((name) => states.get(name)?.type === "Map");
  return maps.map((map, depth) => ({ state: map, indices: indices.slice(0, depth) }));
}

/** Returns true if a state is a Map's own, or is inside it. */
export function isInside(states: CountedStates, place: Place, map: Place): boolean {
  return mapsAround(states, place).some((around) => placeKey(around) === placeKey(map));
}

/** Returns the failed items that a Map tolerates, which has just succeeded. The event must not be counted yet. */
export function toleratedBy(states: CountedStates, event: ExecutionEvent): { failed: number; total: number } | null {
  if (event.type !== "state-succeeded") return null;
  const items = states.get(event.state)?.items;
  const run = items?.runs.get(event.indices.join(","));
  return items && run && items.mapRuns.size > 0 && run.failed > 0 ? run : null;
}

/** Adds up the last counts of all Map Runs of a state; `null` if it has none. */
export function itemRunsOf({ items }: StateCounts): Omit<MapRunCounts, "total"> | null {
  if (items === null || items.mapRuns.size === 0) return null;
  const sum = { pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 };
  for (const counts of items.mapRuns.values()) {
    for (const kind of Object.keys(sum) as (keyof typeof sum)[]) sum[kind] += counts[kind];
  }
  return sum;
}

/** Returns true if the event ends a state. */
export function isStateEnd(event: ExecutionEvent): event is StateEnd {
  return event.type in ENDS;
}

/** Returns true if the event reports an error of a state. */
export function isFailure(event: ExecutionEvent): event is FailureEvent {
  return event.type in FAILURES;
}

// --- internal ---

const ITEM_COUNTS = ["total", "done", "failed", "runningApart"] as const;

function noItems(): ItemCounts {
  return { total: 0, done: 0, failed: 0, runningApart: 0 };
}

function noMapItems(): MapItems {
  return {
    ...noItems(),
    ...{ running: new Set(), runs: new Map(), mapRuns: new Map(), tolerated: 0, hasEventsInside: false },
  };
}

function noCounts(name: string, { Type: type, End }: State, parents: readonly string[]): StateCounts {
  return {
    ...{ name, type, parents, isLast: End === true || type === "Succeed" },
    ...{ succeeded: 0, failed: 0, caught: 0, stopped: 0, retries: 0, mocked: 0, reused: 0 },
    ...{ running: new Set(), failedInside: false, startedAt: null, stoppedAt: null },
    items: type === "Map" ? noMapItems() : null,
  };
}

function countStateEvent(states: CountedStates, state: StateCounts, event: StateEvent): void {
  const run = event.indices.join(",");
  if (isStateEnd(event)) {
    endState(states, state, event, run);
  } else if (event.type === "state-entered") {
    if (state.running.size === 0) state.failedInside = false;
    state.running.add(run);
    state.startedAt ??= event.at;
    enterItemAround(states, state, run);
  } else if (event.type === "task-mocked") {
    state.mocked += 1;
  } else if (event.type === "job-reused") {
    state.reused += 1;
  } else if (event.type === "state-retried") {
    state.retries += 1;
    forgetItems(state, run);
  } else if (event.type === "map-started") {
    state.items!.total += event.total;
    state.items!.runs.set(run, { ...noItems(), total: event.total });
  } else if (event.type === "map-run") {
    countMapRun(state, run, event);
  } else if (event.type === "map-run-failure") {
    state.failedInside = true;
    failAround(states, state);
  }
}

function endState(states: CountedStates, state: StateCounts, event: StateEnd, run: string): void {
  const end = ENDS[event.type];
  state[end] += 1;
  state.running.delete(run);
  state.stoppedAt = event.at;
  if (end === "failed" && !state.failedInside) failAround(states, state);
  endItemAround(states, state, event, end);
  endItems(state, run, end);
}

function failAround(states: CountedStates, { parents }: StateCounts): void {
  for (const parent of parents) states.get(parent)!.failedInside = true;
}

/** States that failed or were stopped run again. */
function redrive(state: StateCounts): void {
  state.retries += state.failed;
  state.failed = 0;
  state.stopped = 0;
  state.failedInside = false;
  if (state.items === null) return;
  state.items.failed = 0;
  for (const counts of state.items.runs.values()) counts.failed = 0;
}

/** The end of the execution stops every running state. */
function stopRunning(state: StateCounts, at: number): void {
  if (state.running.size === 0) return;
  state.stopped += state.running.size;
  state.running.clear();
  state.stoppedAt = at;
  if (state.items === null) return;
  state.items.running.clear();
  state.items.runningApart = 0;
}

// --- items of a Map ---

/** The items of the Map directly around a state; `null` if there is none. */
function itemsAround(states: CountedStates, { parents }: StateCounts): MapItems | null {
  return states.get(parents.at(-1) ?? "")?.items ?? null;
}

function enterItemAround(states: CountedStates, state: StateCounts, item: string): void {
  const items = itemsAround(states, state);
  if (items === null) return;
  items.hasEventsInside = true;
  if (items.mapRuns.size === 0) items.running.add(item);
}

/** The last state of an item ends the item. So does a state that fails or is stopped. */
function endItemAround(
  states: CountedStates,
  state: StateCounts,
  { indices }: Place,
  end: (typeof ENDS)[StateEnd["type"]],
): void {
  const items = itemsAround(states, state);
  if (items === null || items.mapRuns.size > 0 || end === "caught" || (end === "succeeded" && !state.isLast)) return;
  items.running.delete(indices.join(","));
  if (end === "stopped") return;
  const kind = end === "failed" ? "failed" : "done";
  items[kind] += 1;
  const run = items.runs.get(indices.slice(0, -1).join(","));
  if (run !== undefined) run[kind] += 1;
}

/** Replaces the counts of a Map Run by the newest ones. */
function countMapRun({ items }: StateCounts, run: string, event: Extract<StateEvent, { type: "map-run" }>): void {
  if (items === null) return;
  const { counts } = event;
  items.mapRuns.set(event.mapRunArn, counts);
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

function endItems({ items }: StateCounts, run: string, end: (typeof ENDS)[StateEnd["type"]]): void {
  const counts = items?.runs.get(run);
  if (!items || !counts) return;
  // A distributed Map can have items without events.
  if (end === "succeeded") {
    items.done += counts.total - counts.done - counts.failed;
    if (items.mapRuns.size > 0) items.tolerated += counts.failed;
  }
  items.runningApart -= counts.runningApart;
  counts.runningApart = 0;
  // A Map that failed or was stopped can be redriven. The counts of its items continue then.
  if (end === "succeeded" || end === "caught") items.runs.delete(run);
}

/** A Map that is retried starts again from its first item. */
function forgetItems({ items }: StateCounts, run: string): void {
  const counts = items?.runs.get(run);
  if (!items || !counts) return;
  for (const field of ITEM_COUNTS) items[field] -= counts[field];
  items.runs.delete(run);
}
