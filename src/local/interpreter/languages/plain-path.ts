import { isObject, type Json, type JsonObject } from "../../../base/json";

/** A node of a parsed expression. The library's own type lacks paths. */
export interface ExpressionNode {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly ExpressionNode[];
}

/** The names of a path such as `$states.input.a`. The first is that of the variable. */
export type PlainPath = readonly [string, ...string[]];

/** Returned when only the library knows the value. */
export const NOT_PLAIN = Symbol("not plain");

/** Returns the names of a path that has neither filters nor wildcards; `null` for any other expression. */
export function plainPathOf(expression: ExpressionNode): PlainPath | null {
  const steps = expression.type === "path" && hasOnly(expression, ["type", "steps"]) ? expression.steps! : [expression];
  const [variable, ...names] = steps;
  const isPlain =
    variable?.type === "variable" &&
    names.every(({ type }) => type === "name") &&
    steps.every((step) => hasOnly(step, ["type", "value", "position"]));
  return isPlain ? [variable.value as string, ...names.map(({ value }) => value as string)] : null;
}

/**
 * Returns the value at a plain path, or `undefined` if there is none. Most expressions are plain paths, and the library would
 * copy what they lead to.
 */
export function valueAt([variable, ...names]: PlainPath, bindings: JsonObject): Json | undefined | typeof NOT_PLAIN {
  // It may be a function, or the context `$`.
  if (!Object.hasOwn(bindings, variable)) return NOT_PLAIN;
  let value: Json | undefined = bindings[variable];
  for (const name of names) {
    // A path maps a list to the members of its items.
    if (Array.isArray(value)) return NOT_PLAIN;
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

// --- internal ---

function hasOnly(node: ExpressionNode, keys: readonly string[]): boolean {
  return Object.keys(node).every((key) => keys.includes(key));
}
