/** Takes values out of a state's input, the context object and the variables. */
import { type Path, parsePath, type Selector, type Step, stepsOf } from "../../asl/json-path";
import { isTree, type Json, type JsonObject } from "../../base/json";
import { passing, walk } from "./path-filters";
import { StatesError } from "./states-error";
import type { Variables } from "./variables";

/** The values that paths and intrinsic functions can read. */
export interface Scope {
  /** The value of `$`. */
  readonly input: Json;
  /** The value of `$$`. */
  readonly context: JsonObject;
  readonly variables: Variables;
  /** Returns a number from 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly uuid: () => string;
}

/**
 * Returns the value at a path; `undefined` if there is none. A path that can select any number of values returns the list of all
 * that it finds, which may be empty, as on AWS.
 */
export function select(path: Path, scope: Scope): Json | undefined {
  const root = rootOf(path, scope);
  if (root === undefined) return undefined;
  return path.steps ? walk(root, path.steps) : selectAll(path, root);
}

/** Returns the value in which a path begins; `undefined` for a variable without a value. */
export function rootOf({ root }: Path, { input, context, variables }: Scope): Json | undefined {
  if (root === "$") return input;
  return root === "$$" ? context : variables.get(root.slice(1));
}

/** Like `select`, for a field such as `InputPath`. Throws States.Runtime, in AWS's words, if there is no value. */
export function selectField(text: string, scope: Scope): Json {
  const path = parsed(parsePath, text);
  const value = select(path, scope);
  if (value !== undefined) return value;
  throw new StatesError("States.Runtime", `Invalid path '${text}' : ${describeMiss(path, scope)}`);
}

/** Parses a text of the document. Turns the parser's error into States.Runtime. */
export function parsed<T>(parse: (text: string) => T, text: string): T {
  try {
    return parse(text);
  } catch (error) {
    throw new StatesError("States.Runtime", (error as Error).message);
  }
}

/**
 * Returns all values that a path selects, in the way of the library that AWS uses.
 *
 * @see https://github.com/json-path/JsonPath
 */
function selectAll({ text, selectors = [] }: Path, root: Json): Json {
  // Several names of one object select an object with these names.
  const [names] = selectors.slice(-1);
  const steps = names?.kind === "names" && !names.deep ? stepsOf(selectors.slice(0, -1)) : null;
  if (steps !== null) return selected(walk(root, steps) ?? null, names!, root, text)[0] ?? {};
  const found = new Found(text);
  return selectors.reduce<Json[]>(
    (values, selector, index) => {
      if (["slice", "indices"].includes(selector.kind) && stepsOf(selectors.slice(0, index)) !== null) {
        refuseItemsOf(values[0], text);
      }
      const all = selector.deep ? values.flatMap((value) => withAllInside(value, found)) : values;
      return all.flatMap((value) => found.count(selected(value, selector, root, text)));
    },
    [root],
  );
}

function refuseItemsOf(value: Json | undefined, text: string): void {
  if (value === undefined || Array.isArray(value)) return;
  throw new StatesError("States.Runtime", `Invalid path '${text}' : only a list has items`);
}

/** Returns the parts of a value that one selector selects. */
function selected(value: Json, selector: Selector, root: Json, text: string): Json[] {
  if (!isTree(value)) return [];
  const one = (step: Step) => {
    const found = walk(value, [step]);
    return found === undefined ? [] : [found];
  };
  switch (selector.kind) {
    case "step":
      return one(selector.step);
    case "all":
      return Object.values(value);
    case "names": {
      const names = selector.names.filter((name) => one(name).length > 0);
      return Array.isArray(value) ? [] : [Object.fromEntries(names.map((name) => [name, value[name]!]))];
    }
    case "indices":
      return selector.indices.flatMap(one);
    case "slice":
      return Array.isArray(value) ? value.slice(selector.from ?? 0, selector.to ?? undefined) : [];
    case "filter": {
      if (selector.condition === null) {
        throw new StatesError("States.Runtime", `Invalid path '${text}' : the local run does not support its filter`);
      }
      // A filter tests an object itself, not its values. Values deep inside were tested already.
      const asked = Array.isArray(value) && !selector.deep ? value : [value];
      return passing(asked, selector.condition, root, text);
    }
  }
}

function withAllInside(value: Json, found: Found): Json[] {
  if (!isTree(value)) return [];
  return found.count([value, ...Object.values(value).flatMap((inner) => withAllInside(inner, found))]);
}

/** Counts the values that a path has selected on its way: `$..*..*..*` multiplies them with each step. */
class Found {
  private values = 0;

  constructor(private readonly text: string) {}

  count(values: Json[]): Json[] {
    this.values += values.length;
    if (this.values <= MOST_SELECTED) return values;
    throw new StatesError(
      "States.Runtime",
      `Invalid path '${this.text}' : it selects more than ${MOST_SELECTED} values`,
    );
  }
}

/** Ten times the values that fit into the data of a state. */
const MOST_SELECTED = 1_000_000;

/** Describes where a path breaks off. AWS has two messages: one for the last step, and one for an earlier step. */
function describeMiss(path: Path, scope: Scope): string {
  const steps = path.steps ?? [];
  const root = rootOf(path, scope);
  if (root === undefined) return `The variable ${path.root} has no value`;
  const reached = steps.findIndex((_, index) => walk(root, steps.slice(0, index + 1)) === undefined);
  const where = `$${steps
    .slice(0, reached + 1)
    .map((step) => (typeof step === "number" ? `[${step}]` : `['${step}']`))
    .join("")}`;
  return reached === steps.length - 1 ? `No results for path: ${where}` : `Missing property in path ${where}`;
}
