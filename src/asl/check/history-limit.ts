import { escapePointer, type Json } from "../../base/json";
import { innerBlocks, type State, type States, type StatesDocument } from "../document";
import { successors } from "../exits";
import { integrationOf } from "../integration";
import { isDistributed } from "../map-mode";
import { walkGraph } from "../walk-graph";
import { shapeOfValue } from "./data/data-shape";
import { type DataFlow, followData } from "./data/state-data";
import { DISTRIBUTE } from "./map-modes";
import { type Finding, warning } from "./problem";
import type { Subject } from "./subject";

/** AWS ends an execution after so many events. @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const HISTORY_LIMIT = 25_000;

/**
 * Returns the maximum number of events in the history of an execution with this input, without retries. The lists that states make
 * count as empty, because their length is unknown before they run.
 */
export function historyEvents(document: StatesDocument, input: Json): number {
  return new EventCounter(followData(document, shapeOfValue(input))).count(document);
}

/** Returns the number of events of one visit to a state, without the events of the states inside it. */
export function eventsOfVisit(state: State): number {
  const own = Object.hasOwn(STATE_EVENTS, state.Type) ? STATE_EVENTS[state.Type] : 0;
  const waitsForEnd = state.Type === "Task" && integrationOf(state.Resource)?.suffix.startsWith(".sync");
  return waitsForEnd ? own + SUBMITTED_EVENTS : own;
}

/** Finds inline Maps over lists that are so long, by the schema of the input, that AWS would end the execution. */
export function* findLongHistories({ document, flow, states }: Subject): Generator<Finding, void, undefined> {
  const counter = new EventCounter(flow);
  const events = counter.count(document);
  const maps = states.filter(({ state, pointer }) => counter.itemsOf(state, pointer) > 0);
  for (const { state, pointer, name } of maps) {
    if (Number.isFinite(counter.itemsOf(state, pointer))) continue;
    const message = `${name} iterates over a list of unlimited length; each item adds ${counter.eventsOfItem(state, pointer)} events, and AWS ends an execution at ${written(HISTORY_LIMIT)}`;
    yield warning("history-limit", pointer, message, WAY_OUT);
  }
  if (events <= HISTORY_LIMIT) return;
  const most = maps.reduce<{ events: number; pointer: string } | null>((most, { state, pointer }) => {
    const own = counter.eventsOf(state, pointer);
    return Number.isFinite(counter.itemsOf(state, pointer)) && own > (most?.events ?? 0)
      ? { events: own, pointer }
      : most;
  }, null);
  const byMap = most === null ? "" : `, ${written(most.events)} of them from this Map`;
  const message = `an execution can have ${written(events)} events${byMap}; AWS ends it at ${written(HISTORY_LIMIT)}`;
  const fix = most === null ? "split it into several state machines" : WAY_OUT;
  yield warning("history-limit", most?.pointer ?? "", message, fix);
}

// --- internal ---

const WAY_OUT = `set maxItems in the input schema, or ${DISTRIBUTE}`;

/** The start and the end of an execution. */
const EXECUTION_EVENTS = 2;

/** The events of each type of state, without those of the states inside it. @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html */
const STATE_EVENTS: Readonly<Record<State["Type"], number>> = {
  Choice: 2,
  Fail: 1,
  // Entered, started, succeeded, left.
  Map: 4,
  Parallel: 4,
  Pass: 2,
  Succeed: 2,
  // Entered, scheduled, started, succeeded, left.
  Task: 5,
  Wait: 2,
};
/** TaskSubmitted, if the state waits for the end of the task. */
const SUBMITTED_EVENTS = 1;
/** Started and succeeded. */
const ITERATION_EVENTS = 2;
/** The run of a distributed Map, started and succeeded. */
const MAP_RUN_EVENTS = 2;

class EventCounter {
  constructor(private readonly flow: DataFlow) {}

  count(document: StatesDocument): number {
    return EXECUTION_EVENTS + this.eventsOfBlock(document, "");
  }

  /** Returns the maximum number of items of an inline Map: infinite if the schema sets no limit, 0 if nothing is known. */
  itemsOf(state: State, pointer: string): number {
    return state.Type === "Map" && !isDistributed(state) ? (this.flow.get(pointer)?.items.maxItems ?? 0) : 0;
  }

  eventsOfItem(state: State, pointer: string): number {
    return ITERATION_EVENTS + this.eventsInside(state, pointer);
  }

  eventsOf(state: State, pointer: string): number {
    const own = eventsOfVisit(state);
    if (state.Type === "Parallel") return own + this.eventsInside(state, pointer);
    if (state.Type !== "Map") return own;
    if (isDistributed(state)) return own + MAP_RUN_EVENTS;
    const items = this.itemsOf(state, pointer);
    return own + (Number.isFinite(items) ? items * this.eventsOfItem(state, pointer) : 0);
  }

  private eventsInside(state: State, pointer: string): number {
    return innerBlocks(state).reduce((sum, inner) => sum + this.eventsOfBlock(inner.block, pointer + inner.pointer), 0);
  }

  /** Returns the number of events of the longest way through a block. A loop counts once. */
  private eventsOfBlock(block: States, pointer: string): number {
    const known = new Map<string, number>();
    const next = (name: string) => successors(block, name);
    const leave = (name: string) => {
      const rest = next(name).reduce((most, to) => Math.max(most, known.get(to) ?? 0), 0);
      known.set(name, this.eventsOf(block.States[name]!, `${pointer}/States/${escapePointer(name)}`) + rest);
    };
    if (Object.hasOwn(block.States, block.StartAt)) walkGraph(block.StartAt, next, { leave });
    return known.get(block.StartAt) ?? 0;
  }
}

function written(count: number): string {
  return count.toLocaleString("en-US");
}
