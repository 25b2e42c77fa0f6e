/** The document as shapes and arrows with labels for people. All formats of the diagram use it. */
import type { JsonObject } from "../../base/json";
import { innerBlocks, STATE_TYPES, type State, type States, type StatesDocument } from "../document";
import { type Exit, exitsOf, successors } from "../exits";
import { walkGraph } from "../walk-graph";
import { conditionWords } from "./condition-words";
import { stateWords } from "./state-words";
import { assignWords } from "./value-words";

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
    type: typeOf(state),
    details: stateWords(typeOf(state), state),
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

/** Returns the type of a state. A state of an unknown type, which AWS refuses, is drawn as a Pass. */
function typeOf({ Type }: State): State["Type"] {
  return STATE_TYPES.find((type) => type === Type) ?? "Pass";
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
    label: labelOf(kind, rule),
    onError: kind === "catch",
  }));
  return state.End === true ? [{ label: "", onError: false }, ...ways] : ways;
}

/** Describes a way: its condition or errors, and the variables that its rule sets. */
function labelOf(kind: Exit["kind"], rule: JsonObject): string {
  const hasRule = kind === "choice" || kind === "catch";
  const assigned = hasRule ? assignWords(rule.Assign) : null;
  return [LABELS[kind](rule), ...(assigned === null ? [] : [assigned])].join("; ");
}

const LABELS: Readonly<Record<Exit["kind"], (rule: JsonObject) => string>> = {
  next: () => "",
  choice: conditionWords,
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
