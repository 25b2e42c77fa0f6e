/** The states of a document that can be mocked, and how mock files name them. */
import { type StatesDocument, walkStates } from "../asl/document";
import { waitsForWorker } from "../asl/integration";
import { suggest } from "../base/suggest";
import { quote } from "../base/text";
import type { Place } from "../execution/events";

/** The states of a document, by name. */
export type MockableStates = ReadonlyMap<string, MockableState>;

interface MockableState {
  readonly type: string;
  /** The number of Maps around the state. */
  readonly maps: number;
  /** True if a call without an answer ends by itself. */
  readonly hasTimeout: boolean;
}

/** A task and its items. Without indices, all items. */
export interface MockPlace {
  readonly place: Place;
  readonly hasTimeout: boolean;
}

/** Returns the states of a document. */
export function mockableStates(document: StatesDocument): MockableStates {
  const states = new Map<string, MockableState>();
  for (const { name, state, parents } of walkStates(document)) {
    const maps = parents.filter((parent) => states.get(parent)?.type === "Map").length;
    const limits = waitsForWorker(state.Resource) ? [...TIMEOUTS, ...HEARTBEATS] : TIMEOUTS;
    const hasTimeout = [document, state].some((holder) => limits.some((field) => Object.hasOwn(holder, field)));
    states.set(name, { type: state.Type, maps, hasTimeout });
  }
  return states;
}

/** Finds the task that a key names: `Notify`, or the item `Notify[2]` as the terminal writes it. */
export function taskAt(
  key: string,
  states: MockableStates,
): MockPlace | { readonly message: string; readonly fix: string } {
  const found = states.get(key) !== undefined ? { state: key, indices: [] } : itemOf(key);
  const state = states.get(found.state);
  if (state === undefined) {
    const tasks = [...states].filter(([, { type }]) => type === "Task").map(([name]) => name);
    return { message: `the document has no state ${quote(found.state)}`, fix: suggest(found.state, tasks, "tasks") };
  }
  if (state.type !== "Task") {
    const message = `${quote(found.state)} is a ${state.type}, and only a Task can be mocked`;
    return {
      message,
      fix: state.type === "Map" || state.type === "Parallel" ? "mock the tasks inside it" : "remove it",
    };
  }
  const { length } = found.indices;
  if (length > 0 && length !== state.maps) {
    const around = `${state.maps} ${state.maps === 1 ? "Map" : "Maps"}`;
    const message = `${quote(found.state)} is inside ${around}, but ${quote(key)} has ${length} ${length === 1 ? "index" : "indices"}`;
    const right = found.state + "[0]".repeat(state.maps);
    return {
      message,
      fix: state.maps === 0 ? `write ${quote(right)}` : `write one index for each Map, such as ${quote(right)}`,
    };
  }
  return { place: found, hasTimeout: state.hasTimeout };
}

// --- internal ---

const TIMEOUTS = ["TimeoutSeconds", "TimeoutSecondsPath"];
const HEARTBEATS = ["HeartbeatSeconds", "HeartbeatSecondsPath"];

function itemOf(key: string): Place {
  const [, state, indices = ""] = /^(.+?)((?:\[\d+\])+)$/s.exec(key) ?? [];
  if (state === undefined) return { state: key, indices: [] };
  return { state, indices: [...indices.matchAll(/\d+/g)].map(([digits]) => Number(digits)) };
}
