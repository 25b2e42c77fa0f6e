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
  /** The states around it, outermost first, each with the branch of it that the state is in. */
  readonly around: readonly { readonly state: string; readonly branch: number }[];
}

/** A task and its items. Without indices, all items. */
export interface MockPlace {
  readonly place: Place;
  readonly hasTimeout: boolean;
}

/** Returns the states of a document. */
export function mockableStates(document: StatesDocument): MockableStates {
  const states = new Map<string, MockableState>();
  for (const { name, state, parents, pointer } of walkStates(document)) {
    const maps = parents.filter((parent) => states.get(parent)?.type === "Map").length;
    const branches = [...pointer.matchAll(INNER_BLOCK)].map(([, branch = "0"]) => Number(branch));
    const around = parents.map((parent, index) => ({ state: parent, branch: branches[index]! }));
    const limits = waitsForWorker(state.Resource) ? [...TIMEOUTS, ...HEARTBEATS] : TIMEOUTS;
    const hasTimeout = [document, state].some((holder) => limits.some((field) => Object.hasOwn(holder, field)));
    states.set(name, { type: state.Type, maps, hasTimeout, around });
  }
  return states;
}

/** The name of a state is wrong. */
export interface WrongName {
  readonly message: string;
  readonly fix: string;
}

/**
 * Finds the task that a key names: `Notify`, or the item `Notify[2]` as the terminal writes it. `rule` says what only a Task can do.
 */
export function taskAt(key: string, states: MockableStates, rule = "can be mocked"): MockPlace | WrongName {
  const place = splitItem(key, states);
  const state = states.get(place.state);
  if (state === undefined) {
    const tasks = [...states].filter(([, { type }]) => type === "Task").map(([name]) => name);
    return unknownState(place, tasks, "tasks");
  }
  if (state.type !== "Task") {
    const message = `${quote(place.state)} is a ${state.type}, and only a Task ${rule}`;
    return {
      message,
      fix: state.type === "Map" || state.type === "Parallel" ? "name the tasks inside it" : "remove it",
    };
  }
  return wrongIndices(key, place, state.maps) ?? { place, hasTimeout: state.hasTimeout };
}

/** Finds the state of any type that a key names: `step1`, or the item `step2_job[1]`. */
export function placeAt(key: string, states: MockableStates): Place | WrongName {
  const place = splitItem(key, states);
  const state = states.get(place.state);
  return state === undefined
    ? unknownState(place, [...states.keys()], "states")
    : (wrongIndices(key, place, state.maps) ?? place);
}

/** Returns the outermost Map around a state; `null` if there is none. */
export function outermostMap(state: string, states: MockableStates): string | null {
  const around = states.get(state)?.around ?? [];
  return around.find((parent) => states.get(parent.state)?.type === "Map")?.state ?? null;
}

// --- internal ---

/** An inner block in a JSON pointer, in which the name of a state has no slash. */
const INNER_BLOCK = /\/(?:ItemProcessor|Iterator|Branches\/(\d+))(?=\/States\/)/g;

const TIMEOUTS = ["TimeoutSeconds", "TimeoutSecondsPath"];
const HEARTBEATS = ["HeartbeatSeconds", "HeartbeatSecondsPath"];

function unknownState({ state }: Place, names: readonly string[], kind: string): WrongName {
  const message = `the document has no state ${quote(state)}`;
  const base = /^(.+?)\s*\[.*\]$/s.exec(state)?.[1];
  if (base === undefined || !names.includes(base)) return { message, fix: suggest(state, names, kind) };
  return { message, fix: `write ${quote(base)} for all of it, or one item of a Map such as ${quote(`${base}[0]`)}` };
}

/** Without indices, a name stands for all items. */
function wrongIndices(key: string, { state, indices: { length } }: Place, maps: number): WrongName | null {
  if (length === 0 || length === maps) return null;
  const around = `${maps} ${maps === 1 ? "Map" : "Maps"}`;
  const message = `${quote(state)} is inside ${around}, but ${quote(key)} has ${length} ${length === 1 ? "index" : "indices"}`;
  const right = quote(state + "[0]".repeat(maps));
  return { message, fix: maps === 0 ? `write ${right}` : `write one index for each Map, such as ${right}` };
}

function splitItem(key: string, states: MockableStates): Place {
  if (states.has(key)) return { state: key, indices: [] };
  const [, state, indices = ""] = /^(.+?)((?:\[\d+\])+)$/s.exec(key) ?? [];
  if (state === undefined) return { state: key, indices: [] };
  return { state, indices: [...indices.matchAll(/\d+/g)].map(([digits]) => Number(digits)) };
}
