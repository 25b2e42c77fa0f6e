/** Takes values out of a state's input and out of the context object. */
import { JSONPath } from "jsonpath-plus";
import type { Json, JsonObject } from "../workflow/document";
import { type Path, parsePath, type Step } from "../workflow/expressions";
import { StatesError } from "./states-error";

/** What paths and intrinsic functions see. */
export interface Scope {
  /** The value of `$`. */
  readonly input: Json;
  /** The value of `$$`. */
  readonly context: JsonObject;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly uuid: () => string;
}

/**
 * The value that a path leads to, `undefined` where there is none. A path that can select any number of values gives the
 * list of those that it finds, which may be empty, as AWS does.
 */
export function select(path: Path, scope: Scope): Json | undefined {
  const root = path.root === "$" ? scope.input : scope.context;
  return path.steps ? walk(root, path.steps) : selectAll(path, root);
}

/** Like `select` for a path in a field such as `InputPath`; throws States.Runtime, in AWS's words, where there is no value. */
export function selectField(text: string, scope: Scope): Json {
  const path = parsed(parsePath, text);
  const value = select(path, scope);
  if (value !== undefined) return value;
  throw new StatesError("States.Runtime", `Invalid path '${text}' : ${describeMiss(path, scope)}`);
}

/** What `parse` makes of a text of the document; the error of a text that does not parse becomes States.Runtime. */
export function parsed<T>(parse: (text: string) => T, text: string): T {
  try {
    return parse(text);
  } catch (error) {
    throw new StatesError("States.Runtime", (error as Error).message);
  }
}

function walk(root: Json, steps: readonly Step[]): Json | undefined {
  let value: Json | undefined = root;
  for (const step of steps) {
    if (value === null || typeof value !== "object") return undefined;
    if (Array.isArray(value)) value = typeof step === "number" ? value.at(step) : undefined;
    else value = typeof step === "string" && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

function selectAll(path: Path, root: Json): Json[] {
  if (root === null || typeof root !== "object") return [];
  try {
    // "safe" interprets filters; "native" would run them as code.
    return JSONPath({ path: path.text.slice(path.root.length - 1), json: root, eval: "safe" });
  } catch (error) {
    throw new StatesError("States.Runtime", `Invalid path '${path.text}' : ${(error as Error).message}`);
  }
}

/** Says where a path ends that leads nowhere: AWS tells a last step without a value from an earlier one. */
function describeMiss(path: Path, scope: Scope): string {
  const steps = path.steps ?? [];
  const root = path.root === "$" ? scope.input : scope.context;
  const reached = steps.findIndex((_, index) => walk(root, steps.slice(0, index + 1)) === undefined);
  const where = `$${steps
    .slice(0, reached + 1)
    .map((step) => (typeof step === "number" ? `[${step}]` : `['${step}']`))
    .join("")}`;
  return reached === steps.length - 1 ? `No results for path: ${where}` : `Missing property in path ${where}`;
}
