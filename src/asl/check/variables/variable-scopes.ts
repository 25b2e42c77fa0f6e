/** The assignments of a document's variables, and the states that see them. */

import type { States } from "../../document";
import { type Exit, exitsOf } from "../../exits";
import { isDistributed } from "../../map-mode";
import { type Assignment, assignments } from "../data/assignments";
import type { CheckedState } from "../subject";

/** A block of states. Its variables are not seen outside of it. */
export interface VariableScope {
  readonly block: States;
  /** The ways out of its states, to states of the block. */
  readonly exits: ReadonlyMap<string, readonly Exit[]>;
  /** The Map or Parallel around it, and the scope of that state; `null` for the document. */
  readonly around: { readonly state: CheckedState; readonly scope: VariableScope } | null;
  /** The states that assign each variable, with the place of each assignment. */
  readonly assigned: ReadonlyMap<string, readonly AssignedBy[]>;
}

interface AssignedBy {
  readonly state: CheckedState;
  readonly assignment: Assignment;
}

/** Returns the scope of each state, by JSON pointer of the state. */
export function scopesOf(states: readonly CheckedState[]): ReadonlyMap<string, VariableScope> {
  const byState = new Map<string, VariableScope>();
  const byBlock = new Map<string, { scope: VariableScope; assigned: Map<string, AssignedBy[]> }>();
  const stateAt = new Map(states.map((state) => [state.pointer, state]));
  // A state comes before the states inside it.
  for (const state of states) {
    const place = state.pointer.slice(0, state.pointer.lastIndexOf("/States/"));
    let found = byBlock.get(place);
    if (found === undefined) {
      const outer = place.replace(/\/(ItemProcessor|Iterator|Branches\/\d+)$/, "");
      const around = place === "" ? null : { state: stateAt.get(outer)!, scope: byState.get(outer)! };
      const assigned = new Map<string, AssignedBy[]>();
      found = { scope: { block: state.block, exits: exitsIn(state.block), around, assigned }, assigned };
      byBlock.set(place, found);
    }
    byState.set(state.pointer, found.scope);
    for (const assignment of assignments(state.state, state.jsonata)) {
      const before = found.assigned.get(assignment.name);
      if (before === undefined) found.assigned.set(assignment.name, [{ state, assignment }]);
      else before.push({ state, assignment });
    }
  }
  return byState;
}

/** The knowledge of a variable at the beginning of a state. */
export type Knowledge =
  | { readonly kind: "assigned" | "sometimes" | "later" | "never" }
  /** Assigned outside of a distributed Map, whose items do not see it. */
  | { readonly kind: "hidden"; readonly map: CheckedState };

/** Returns what a state of a scope knows of a variable. */
export function knowledgeOf(variable: string, name: string, scope: VariableScope, cache: WaysCache): Knowledge {
  if (scope.assigned.has(variable)) {
    const { without, behind } = waysTo(variable, scope, cache);
    if (!without.has(name)) return { kind: "assigned" };
    return { kind: behind.has(name) ? "sometimes" : "later" };
  }
  if (scope.around === null) return { kind: "never" };
  const { state, scope: outer } = scope.around;
  const known = knowledgeOf(variable, state.name, outer, cache);
  return known.kind !== "never" && isDistributed(state.state) ? { kind: "hidden", map: state } : known;
}

/** The ways to the states of a block, by variable. */
export type WaysCache = Map<VariableScope, Map<string, Ways>>;

// --- internal ---

interface Ways {
  /** The states that can be reached before the variable is assigned. */
  readonly without: ReadonlySet<string>;
  /** The states behind an assignment. */
  readonly behind: ReadonlySet<string>;
}

function exitsIn({ States: states }: States): Map<string, Exit[]> {
  return new Map(
    Object.entries(states).map(([name, state]) => [name, exitsOf(state).filter(({ to }) => Object.hasOwn(states, to))]),
  );
}

function waysTo(variable: string, scope: VariableScope, cache: WaysCache): Ways {
  const ofScope = cache.get(scope) ?? new Map<string, Ways>();
  cache.set(scope, ofScope);
  const before = ofScope.get(variable);
  if (before !== undefined) return before;
  const ways = findWays(variable, scope);
  ofScope.set(variable, ways);
  return ways;
}

function findWays(variable: string, scope: VariableScope): Ways {
  const { block, exits } = scope;
  const places = scope.assigned.get(variable) ?? [];
  const holders = new Set(places.map(({ assignment }) => assignment.holder));
  const without = new Set(Object.hasOwn(block.States, block.StartAt) ? [block.StartAt] : []);
  const behind = new Set<string>();
  for (const { state } of places) {
    for (const { to, rule } of exits.get(state.name) ?? []) if (holders.has(rule)) behind.add(to);
  }
  for (const name of behind) for (const { to } of exits.get(name) ?? []) behind.add(to);
  for (const name of without) {
    for (const { to, rule } of exits.get(name) ?? []) if (!holders.has(rule)) without.add(to);
  }
  return { without, behind };
}
