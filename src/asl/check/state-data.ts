/**
 * Follows the data through the states, using the schema of the input and the document.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
 */
import { escapePointer, type Json } from "../../base/json";
import { innerBlocks, type State, type States, type StatesDocument } from "../document";
import { exitsOf, successors } from "../exits";
import { integrationOf } from "../integration";
import { isDistributed } from "../map-mode";
import { usesJsonata } from "../query-language";
import { ANYTHING, joinAll, listShape, objectShape, put, type Shape, scalarShape, shapeOfValue } from "./data-shape";
import { type Scope, shapeOfTemplate, shapeOfText, tryParse } from "./expression-shape";

/** The data of one state at each of its stages. */
export interface StateData {
  readonly input: Scope;
  /** After InputPath: for Parameters, ItemsPath and the tests of a Choice. */
  readonly effective: Scope;
  /** For ItemSelector: the same, with the item in the context object. */
  readonly item: Scope;
  /** For ResultSelector. */
  readonly result: Scope;
  /** For OutputPath. */
  readonly output: Scope;
  /** The list of a Map. */
  readonly items: Shape;
}

/** The data by JSON pointer of the state. States that cannot be reached are left out. */
export type DataFlow = ReadonlyMap<string, StateData>;

/** Follows the data of an execution whose input has the shape `input`. `document` must have a sound structure. */
export function followData(document: StatesDocument, input: Shape): DataFlow {
  const flow = new Map<string, StateData>();
  followBlock(document, "", { data: input, context: contextShape(input) }, { flow, document });
  return flow;
}

// --- internal ---

interface Walk {
  readonly flow: Map<string, StateData>;
  readonly document: StatesDocument;
}

const TEXT = scalarShape("string");
const COUNT = scalarShape("number");
const EMPTY = objectShape([]);
/** The data of a Catch. @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const ERROR_OUTPUT = objectShape([
  ["Error", TEXT],
  ["Cause", TEXT],
]);

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
function contextShape(input: Shape): Shape {
  const texts = (...names: string[]) => names.map((name) => [name, TEXT] as const);
  return objectShape([
    [
      "Execution",
      objectShape([
        ...texts("Id", "Name", "RoleArn", "StartTime", "RedriveTime"),
        ["Input", input],
        ["RedriveCount", COUNT],
      ]),
    ],
    ["State", objectShape([...texts("Name", "EnteredTime"), ["RetryCount", COUNT]])],
    ["StateMachine", objectShape(texts("Id", "Name"))],
  ]);
}

function withItem(context: Shape, value: Shape): Shape {
  const item = objectShape([
    ["Index", COUNT],
    ["Value", value],
    ["Key", TEXT],
    ["Source", TEXT],
  ]);
  return put(context, ["Map"], objectShape([["Item", item]]));
}

/** Follows the states of a block in the order in which data reaches them. Returns the shape of the block's output. */
function followBlock(block: States, pointer: string, scope: Scope, walk: Walk): Shape {
  const arriving = new Map<string, Shape[]>([[block.StartAt, [scope.data]]]);
  const ends: Shape[] = [];
  const visit = (name: string, data: Shape) => {
    const state = block.States[name]!;
    const visited = followState(state, `${pointer}/States/${escapePointer(name)}`, { ...scope, data }, walk);
    for (const { to, shape } of visited.exits) {
      const before = arriving.get(to);
      if (before === undefined) arriving.set(to, [shape]);
      else before.push(shape);
    }
    if (visited.end !== null) ends.push(visited.end);
  };
  const { ordered, looped } = sortStates(block);
  for (const name of ordered) visit(name, joinAll(arriving.get(name) ?? []));
  // In a loop and after it, the data depends on the number of rounds.
  for (const name of looped) visit(name, ANYTHING);
  return joinAll(ends);
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
  readonly exits: readonly { readonly to: string; readonly shape: Shape }[];
  /** The output, if the block ends with this state. */
  readonly end: Shape | null;
}

function followState(state: State, pointer: string, scope: Scope, walk: Walk): Visit {
  const jsonata = usesJsonata(walk.document, state);
  const input = jsonata ? { data: ANYTHING, context: ANYTHING } : withToken(state, scope);
  const effective = { ...input, data: select(state.InputPath, input) };
  const items = state.ItemReader === undefined ? select(state.ItemsPath, effective) : ANYTHING;
  const item = { ...effective, context: withItem(effective.context, items.items ?? ANYTHING) };
  const raw = rawResult(state, pointer, { effective, item, items }, walk);
  const result = { ...input, data: raw };
  const selected = state.ResultSelector === undefined ? raw : shapeOfTemplate(state.ResultSelector, result);
  const output = { ...input, data: combine(input.data, state.ResultPath, selected) };
  walk.flow.set(pointer, { input, effective, item, result, output, items });
  const out = jsonata ? ANYTHING : select(state.OutputPath, output);
  return {
    exits: exitsOf(state).map(({ to, kind, rule }) => ({
      to,
      shape: kind !== "catch" ? out : jsonata ? ANYTHING : combine(input.data, rule.ResultPath, ERROR_OUTPUT),
    })),
    end: state.End === true || state.Type === "Succeed" ? out : null,
  };
}

/** Returns the result of a state before ResultSelector and ResultPath. */
function rawResult(
  state: State,
  pointer: string,
  { effective, item, items }: { effective: Scope; item: Scope; items: Shape },
  walk: Walk,
): Shape {
  const given = state.Parameters === undefined ? effective.data : shapeOfTemplate(state.Parameters, effective);
  const inner = (start: Scope) =>
    innerBlocks(state).map(({ block, pointer: place }) => followBlock(block, pointer + place, start, walk));
  switch (state.Type) {
    case "Task":
      return ANYTHING;
    case "Pass":
      return state.Result === undefined ? given : shapeOfValue(state.Result);
    case "Parallel": {
      const results = inner({ ...effective, data: given });
      return listShape(joinAll(results), results.length);
    }
    case "Map": {
      const selector = state.ItemSelector ?? state.Parameters;
      const whole = items.items ?? ANYTHING;
      const data =
        state.ItemBatcher !== undefined ? ANYTHING : selector === undefined ? whole : shapeOfTemplate(selector, item);
      // The items of a distributed Map are executions of their own, with context objects of their own.
      const results = inner({ data, context: isDistributed(state) ? ANYTHING : item.context });
      return state.ResultWriter === undefined ? listShape(joinAll(results), items.maxItems) : ANYTHING;
    }
    default:
      return effective.data;
  }
}

function withToken(state: State, scope: Scope): Scope {
  if (integrationOf(state.Resource)?.suffix !== ".waitForTaskToken") return scope;
  return { ...scope, context: put(scope.context, ["Task"], objectShape([["Token", TEXT]])) };
}

/** Returns the shape that InputPath, ItemsPath or OutputPath selects. */
function select(path: Json | undefined, scope: Scope): Shape {
  if (path === undefined) return scope.data;
  if (path === null) return EMPTY;
  return typeof path === "string" ? shapeOfText(path, scope) : ANYTHING;
}

/** Combines a state's input with its result, as ResultPath says. */
function combine(input: Shape, path: Json | undefined, result: Shape): Shape {
  if (path === undefined) return result;
  if (path === null) return input;
  const parsed = typeof path === "string" ? tryParse(path) : null;
  return parsed?.kind === "path" && parsed.steps !== null ? put(input, parsed.steps, result) : ANYTHING;
}
