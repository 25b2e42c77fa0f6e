/** The document as shapes and arrows with labels for people. All formats of the diagram use it. */
import { asObject, type Json, type JsonObject, objectsOf, stringifyJson } from "../../base/json";
import { innerBlocks, type State, type States, type StatesDocument } from "../document";
import { type Exit, exitsOf, successors } from "../exits";
import { integrationOf } from "../integration";
import { isDistributed } from "../map-mode";
import { isJsonataText, jsonataIn } from "../query-language";
import { walkGraph } from "../walk-graph";

/** The states of a document or of a box, and the arrows between them. */
export interface Block {
  /** `b0` for the document; `b1`, … for the blocks inside Maps and Parallels. */
  readonly id: string;
  readonly shapes: readonly Shape[];
  readonly arrows: readonly Arrow[];
  readonly start: Shape | undefined;
  /** Ids of the marks for start and end. A box with a single state has no marks. */
  readonly startMark: string | undefined;
  readonly endMark: string | undefined;
}

/** One state. */
export interface Shape {
  /** `s0`, `s1`, … in the order of `walkStates`. */
  readonly id: string;
  readonly name: string;
  readonly type: State["Type"];
  /** The lines below the name. */
  readonly details: readonly string[];
  /** The block of a Map, or the branches of a Parallel; otherwise empty. */
  readonly blocks: readonly Block[];
}

/** A way from one state to another, or to the end of its block. */
export interface Arrow {
  readonly from: Shape;
  readonly to: Shape | "end";
  /** The condition of a Choice or the errors of a Catch; otherwise empty. */
  readonly label: string;
  readonly onError: boolean;
  /** True if the arrow closes a loop. */
  readonly back: boolean;
}

/** Reads a document, which may be invalid: ways to states that do not exist are left out. */
export function readFlow(document: StatesDocument): Block {
  let shapes = 0;
  let blocks = 0;
  const readShape = (name: string, state: State): Shape => ({
    id: `s${shapes++}`,
    name,
    type: state.Type,
    details: DETAILS[state.Type](state),
    blocks: innerBlocks(state).map(({ block }) => readBlock(block, true)),
  });
  const readBlock = (block: States, inBox: boolean): Block => {
    const id = `b${blocks++}`;
    const loops = findLoops(block);
    const found = new Map(Object.entries(block.States).map(([name, state]) => [name, readShape(name, state)]));
    const arrows = Object.entries(block.States).flatMap(([name, state]) =>
      labelledExits(state).flatMap(({ to, label, onError }): Arrow[] => {
        const target = to === undefined ? "end" : found.get(to);
        const back = to !== undefined && loops.get(name)!.has(to);
        return target === undefined ? [] : [{ from: found.get(name)!, to: target, label, onError, back }];
      }),
    );
    const marked = !inBox || found.size > 1;
    return {
      id,
      shapes: [...found.values()],
      arrows,
      start: found.get(block.StartAt),
      startMark: marked && found.has(block.StartAt) ? `${id}_start` : undefined,
      endMark: marked && arrows.some(({ to }) => to === "end") ? `${id}_end` : undefined,
    };
  };
  return readBlock(document, false);
}

/** Returns all shapes, each before the shapes inside it. */
export function* walkShapes(block: Block): Generator<Shape, void, undefined> {
  for (const shape of block.shapes) {
    yield shape;
    for (const inner of shape.blocks) yield* walkShapes(inner);
  }
}

// --- ways ---

interface LabelledExit {
  /** The name of the target. Unset, the way leads to the end of the block. */
  readonly to?: string;
  readonly label: string;
  readonly onError: boolean;
}

function labelledExits(state: State): LabelledExit[] {
  const ways = exitsOf(state).map(({ to, kind, rule }) => ({
    to,
    label: LABELS[kind](rule),
    onError: kind === "catch",
  }));
  return state.End === true ? [{ label: "", onError: false }, ...ways] : ways;
}

const LABELS: Readonly<Record<Exit["kind"], (rule: JsonObject) => string>> = {
  next: () => "",
  choice: condition,
  default: () => "otherwise",
  catch: ({ ErrorEquals }) => (Array.isArray(ErrorEquals) ? ErrorEquals.join(", ") : ""),
};

/** Returns the targets by which each state closes a loop: states on the way from the start to it. */
function findLoops(block: States): Map<string, Set<string>> {
  const loops = new Map<string, Set<string>>();
  const way = new Set<string>();
  const next = (name: string) => successors(block, name).filter((to) => !(loops.has(to) && !way.has(to)));
  for (const name of [block.StartAt, ...Object.keys(block.States)]) {
    if (loops.has(name) || !Object.hasOwn(block.States, name)) continue;
    walkGraph(name, next, {
      enter: (entered) => {
        way.add(entered);
        loops.set(entered, new Set(next(entered).filter((to) => way.has(to))));
      },
      leave: (left) => way.delete(left),
    });
  }
  return loops;
}

// --- words ---

const DETAILS: Record<State["Type"], (state: State) => string[]> = {
  Task: ({ Resource, Parameters, Arguments }) => {
    const jobName = asObject(Parameters ?? Arguments).JobName;
    const literal = typeof jobName === "string" && !isJsonataText(jobName);
    return [service(text(Resource)), ...(literal ? [`job ${jobName}`] : [])];
  },
  Map: (state) => [
    `for each of ${text(state.ItemsPath ?? state.Items ?? "$")}`,
    ...(state.MaxConcurrency ? [`at most ${text(state.MaxConcurrency)} at a time`] : []),
    ...(isDistributed(state) ? ["distributed"] : []),
  ],
  Wait: ({ Seconds, SecondsPath, Timestamp, TimestampPath }) => {
    const until = Timestamp ?? TimestampPath;
    return [until === undefined ? `${text(Seconds ?? SecondsPath)} s` : `until ${text(until)}`];
  },
  Fail: ({ Error: error }) => (error === undefined ? [] : [text(error)]),
  Pass: () => [],
  Choice: () => [],
  Succeed: () => [],
  Parallel: () => [],
};

/** Returns the service that a Task calls: `batch:submitJob.sync`, `lambda:my-function`. Any other resource stays as it is. */
function service(resource: string): string {
  const [, name, called] = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(?:function:)?(.+)$/.exec(resource) ?? [];
  return integrationOf(resource)?.name ?? (name === undefined ? resource : `${name}:${called}`);
}

/** `StringEquals`, `NumericLessThanPath`, … @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html */
const COMPARISON = /^(?:String|Numeric|Boolean|Timestamp)(.+?)(Path)?$/;

const COMPARISONS: Record<string, string> = {
  Equals: "is",
  LessThan: "<",
  LessThanEquals: "≤",
  GreaterThan: ">",
  GreaterThanEquals: "≥",
  Matches: "matches",
};

const KINDS: Record<string, string> = {
  IsPresent: "present",
  IsNull: "null",
  IsString: "a string",
  IsNumeric: "a number",
  IsBoolean: "true or false",
  IsTimestamp: "a timestamp",
};

/** The limit in characters. A longer And or Or shows only its first part. */
const LONGEST_CONDITION = 56;

/** Describes the test of a Choice rule: `$.x is "a"`, `$.n > 3 and 2 more`, `not ($.x is present)`. */
function condition(rule: JsonObject): string {
  if (rule.Condition !== undefined) return text(rule.Condition);
  if (rule.Not !== undefined) return `not (${objectsOf([rule.Not]).map(condition)})`;
  if (rule.And !== undefined) return joined(objectsOf(rule.And), "and");
  if (rule.Or !== undefined) return joined(objectsOf(rule.Or), "or");
  const variable = text(rule.Variable);
  for (const [operator, operand] of Object.entries(rule)) {
    if (Object.hasOwn(KINDS, operator)) return `${variable} ${operand === false ? "is not" : "is"} ${KINDS[operator]}`;
    const [, comparison = "", path] = COMPARISON.exec(operator) ?? [];
    const word = Object.hasOwn(COMPARISONS, comparison) ? COMPARISONS[comparison] : undefined;
    if (word !== undefined) return `${variable} ${word} ${path ? text(operand) : stringifyJson(operand)}`;
  }
  return variable;
}

function joined(rules: readonly JsonObject[], word: "and" | "or"): string {
  const parts = rules.map((rule) => (rule.And || rule.Or ? `(${condition(rule)})` : condition(rule)));
  const all = parts.join(` ${word} `);
  return all.length <= LONGEST_CONDITION ? all : `${parts[0]} ${word} ${parts.length - 1} more`;
}

/** Formats a path, an expression or a number. The braces around JSONata are left out. */
function text(value: Json | undefined): string {
  if (value === undefined) return "?";
  if (typeof value !== "string") return stringifyJson(value);
  return jsonataIn(value)?.trim() || value;
}
