/** Follows the data and the variables through the states, using the schema of the input and the document. */
import { escapePointer, type Json } from "../../../base/json";
import { innerBlocks, type State, type States, type StatesDocument, walkStates } from "../../document";
import { type Exit, exitsOf, successors } from "../../exits";
import { isDistributed } from "../../map-mode";
import { usesJsonata } from "../../query-language";
import { assignments } from "./assignments";
import { contextShape, withToken } from "./context-shape";
import { ANYTHING, joinAll, type Shape } from "./data-shape";
import type { Scope } from "./expression-shape";
import { JSONATA_STAGES } from "./jsonata-stages";
import { JSONPATH_STAGES } from "./jsonpath-stages";
import type { StateData } from "./stages";

/** The data by JSON pointer of the state. States that cannot be reached are left out. */
export type DataFlow = ReadonlyMap<string, StateData>;

/** Follows the data of an execution whose input has the shape `input`. `document` must have a sound structure. */
export function followData(document: StatesDocument, input: Shape): DataFlow {
  const flow = new Map<string, StateData>();
  const followed = new Set(assignedNames(document));
  const start = { data: input, context: contextShape(input), variables: NONE };
  followBlock(document, "", start, { flow, document, followed });
  return flow;
}

// --- internal ---

interface Walk {
  readonly flow: Map<string, StateData>;
  readonly document: StatesDocument;
  /** The names of the variables that are followed. */
  readonly followed: ReadonlySet<string>;
}

type Variables = Scope["variables"];

/** The data that arrives at a state or leaves it. */
interface Arrival {
  readonly data: Shape;
  readonly variables: Variables;
}

const NONE: Variables = new Map();

/** The most variables that are followed. Thousands of states may each assign another one. */
const MOST_VARIABLES = 200;

function assignedNames(document: StatesDocument): string[] {
  const names = new Set<string>();
  for (const { state } of walkStates(document)) {
    for (const { name } of assignments(state, usesJsonata(document, state))) names.add(name);
    if (names.size > MOST_VARIABLES) break;
  }
  return [...names].slice(0, MOST_VARIABLES);
}

/** Follows the states of a block in the order in which data reaches them. Returns the shape of the block's output. */
function followBlock(block: States, pointer: string, scope: Scope, walk: Walk): Shape {
  const arriving = new Map<string, Arrival[]>([[block.StartAt, [scope]]]);
  const ends: Shape[] = [];
  const visit = (name: string, arrival: Arrival) => {
    const state = block.States[name]!;
    const visited = followState(state, `${pointer}/States/${escapePointer(name)}`, { ...scope, ...arrival }, walk);
    for (const { to, ...leaving } of visited.exits) {
      const before = arriving.get(to);
      if (before === undefined) arriving.set(to, [leaving]);
      else before.push(leaving);
    }
    if (visited.end !== null) ends.push(visited.end);
  };
  const { ordered, looped } = sortStates(block);
  for (const name of ordered) visit(name, joinArrivals(arriving.get(name) ?? []));
  // In a loop and after it, the data depends on the number of rounds.
  for (const name of looped) visit(name, { data: ANYTHING, variables: NONE });
  return joinAll(ends);
}

/** A variable that only some ways assign keeps the shape that it has on those ways. */
function joinArrivals(arrivals: readonly Arrival[]): Arrival {
  if (arrivals.length === 1) return arrivals[0]!;
  const variables = new Map<string, Shape>();
  for (const [name, shape] of arrivals.flatMap((one) => [...one.variables])) {
    const before = variables.get(name);
    variables.set(name, before === undefined ? shape : joinAll([before, shape]));
  }
  return { data: joinAll(arrivals.map(({ data }) => data)), variables };
}

/** Returns the reachable states: `ordered`, each after all states that lead to it, and `looped`, in or behind a loop. */
function sortStates(block: States): { ordered: string[]; looped: string[] } {
  const waiting = new Map<string, number>();
  const found = Object.hasOwn(block.States, block.StartAt) ? [block.StartAt] : [];
  for (const name of found) {
    for (const to of successors(block, name)) {
      if (!waiting.has(to) && to !== block.StartAt) found.push(to);
      waiting.set(to, (waiting.get(to) ?? 0) + 1);
    }
  }
  const ordered = found.filter((name) => !waiting.has(name));
  for (const name of ordered) {
    for (const to of successors(block, name)) {
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) ordered.push(to);
    }
  }
  const done = new Set(ordered);
  return { ordered, looped: found.filter((name) => !done.has(name)) };
}

interface Visit {
  readonly exits: readonly (Arrival & { readonly to: string })[];
  /** The output, if the block ends with this state. */
  readonly end: Shape | null;
}

function followState(state: State, pointer: string, scope: Scope, walk: Walk): Visit {
  const stages = usesJsonata(walk.document, state) ? JSONATA_STAGES : JSONPATH_STAGES;
  const inner = (start: Scope) => {
    // The items of a distributed Map do not see the variables around it.
    const outer = isDistributed(state) ? { ...start, variables: NONE } : start;
    return innerBlocks(state).map(({ block, pointer: place }) => followBlock(block, pointer + place, outer, walk));
  };
  const data = stages.data(state, { ...scope, context: withToken(scope.context, state) }, inner);
  walk.flow.set(pointer, data);
  const leave = (exit: Exit | null, assign: Json | undefined): Arrival => ({
    data: stages.output(state, data, exit),
    variables: assign === undefined ? scope.variables : withAssigned(stages.assigned(assign, data, exit), scope, walk),
  });
  const isEnd = state.End === true || state.Type === "Succeed";
  return {
    exits: exitsOf(state).map((exit) => ({ to: exit.to, ...leave(exit, exit.rule.Assign) })),
    end: isEnd ? leave(null, undefined).data : null,
  };
}

function withAssigned({ properties }: Shape, { variables }: Scope, { followed }: Walk): Variables {
  return new Map([...variables, ...[...properties].filter(([name]) => followed.has(name))]);
}
