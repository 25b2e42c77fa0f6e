import { escapePointer } from "../../base/json";
import { suggest } from "../../base/suggest";
import { listed } from "../../base/text";
import { innerBlocks, type State, type States } from "../document";
import { type Exit, exitsOf } from "../exits";
import { error, type Finding, warning } from "./problem";
import type { Subject } from "./subject";

/** Finds transitions to missing states, unreachable states, and states that never reach an end. */
export function* findLostStates({ document, states }: Subject): Generator<Finding, void, undefined> {
  const places = new Map(states.map(({ name, parents }) => [name, parents]));
  yield* checkBlock(document, "", places);
  for (const { state, pointer } of states) {
    for (const inner of innerBlocks(state)) yield* checkBlock(inner.block, pointer + inner.pointer, places);
  }
}

// --- internal ---

type Places = ReadonlyMap<string, readonly string[]>;

function* checkBlock(block: States, pointer: string, places: Places): Generator<Finding, void, undefined> {
  const names = Object.keys(block.States);
  const exits = new Map(names.map((name) => [name, exitsOf(block.States[name]!)]));
  if (typeof block.StartAt === "string" && !exits.has(block.StartAt)) {
    yield unknownTarget("StartAt", block.StartAt, `${pointer}/StartAt`, names, places);
  }
  for (const [name, ways] of exits) {
    for (const way of ways) {
      if (exits.has(way.to)) continue;
      const field = way.pointer.slice(1).replace(/\/(\d+)\//, "[$1].");
      yield unknownTarget(field, way.to, statePointer(pointer, name) + way.pointer, names, places);
    }
  }
  if (!exits.has(block.StartAt)) return;

  // A wrong or missing target can leave states unreachable. Only the target is reported then.
  const isComplete = [...exits].every(
    ([name, ways]) => ways.every(({ to }) => exits.has(to)) && (ways.length > 0 || mayEnd(block.States[name]!)),
  );
  const reached = reachable([block.StartAt], (name) => exits.get(name)!.map(({ to }) => to), exits);
  for (const name of names) {
    if (!isComplete || reached.has(name)) continue;
    yield error(
      "unreachable-state",
      statePointer(pointer, name),
      `${name} is not reachable from the start state ${block.StartAt}`,
      "add a transition to it (Next, Default or Catch), or remove it",
    );
  }
  const ends = names.filter((name) => isEnd(block.States[name]!, exits.get(name)!, exits));
  const leadingTo = sources(exits);
  const ending = reachable(ends, (name) => leadingTo.get(name) ?? [], exits);
  const stuck = names.filter((name) => reached.has(name) && !ending.has(name));
  if (stuck.length > 0) {
    // AWS refuses a document that can never end. It accepts one that has a way to an end.
    const finding = ending.has(block.StartAt) ? warning : error;
    yield finding(
      "endless-loop",
      statePointer(pointer, stuck[0]!),
      `${listed(stuck)} cannot reach a terminal state`,
      'add "End": true to one of them, or a transition to a terminal state',
    );
  }
}

/** Returns whether a state needs no transition. Another rule reports a missing Next or End. */
function mayEnd({ End, Type }: State): boolean {
  return End !== undefined || Type === "Succeed" || Type === "Fail";
}

/** Returns whether a state ends its block. A wrong target counts as an end, so that it is not reported as a loop too. */
function isEnd(state: State, ways: readonly Exit[], all: ReadonlyMap<string, unknown>): boolean {
  return ways.length === 0 || state.End !== undefined || ways.some(({ to }) => !all.has(to));
}

/** Returns the states that lead to each state. */
function sources(exits: ReadonlyMap<string, readonly Exit[]>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, ways] of exits) {
    for (const { to } of ways) {
      const before = found.get(to);
      if (before === undefined) found.set(to, [name]);
      else before.push(name);
    }
  }
  return found;
}

function reachable(
  from: readonly string[],
  next: (name: string) => readonly string[],
  all: ReadonlyMap<string, unknown>,
): Set<string> {
  const found = new Set(from);
  for (const name of found) {
    for (const to of next(name)) {
      if (all.has(to)) found.add(to);
    }
  }
  return found;
}

function unknownTarget(field: string, to: string, pointer: string, beside: string[], places: Places): Finding {
  const parents = places.get(to);
  if (parents === undefined) {
    return error(
      "unknown-target",
      pointer,
      `${field} refers to the state ${to}, which does not exist`,
      suggest(to, beside, "states"),
    );
  }
  const where = parents.length > 0 ? `inside ${parents.at(-1)}` : "outside this block of states";
  return error(
    "unknown-target",
    pointer,
    `${field} refers to the state ${to}, which is ${where}`,
    `use a state of the same block: ${listed(beside)}`,
  );
}

function statePointer(block: string, name: string): string {
  return `${block}/States/${escapePointer(name)}`;
}
