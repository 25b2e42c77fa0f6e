import { isObject, type Json, type JsonObject } from "../../../base/json";

/** A node of a parsed expression. The library's own type lacks paths. */
export interface ExpressionNode {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly ExpressionNode[];
  readonly lhs?: unknown;
  readonly rhs?: unknown;
  readonly arguments?: unknown;
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

/**
 * Replaces the plain paths inside an expression by variables, in place. Returns the path of each variable. `nodes` are all nodes
 * of the expression.
 */
export function extractPlainPaths(nodes: Iterable<object>): Map<string, PlainPath> {
  const all = [...nodes] as ExpressionNode[];
  const extracted = new Map<string, PlainPath>();
  // A transformation changes a copy of what its paths read.
  if (all.some(({ type }) => type === "transform")) return extracted;
  const own = new Set(all.flatMap(ownVariables));
  for (const node of all.filter(({ type }) => type === "path")) {
    const path = plainPathOf(node);
    if (path === null || own.has(path[0])) continue;
    // No expression can write such a name.
    const name = `path ${extracted.size}`;
    extracted.set(name, path);
    delete (node as { steps?: unknown }).steps;
    Object.assign(node, { type: "variable", value: name });
  }
  return extracted;
}

/** Returns whether a node has no members but these. */
export function hasOnly(node: ExpressionNode, keys: readonly string[]): boolean {
  return Object.keys(node).every((key) => keys.includes(key));
}

// --- internal ---

/** Returns the names of the variables that a node assigns itself. */
function ownVariables({ type, lhs, arguments: parameters }: ExpressionNode): unknown[] {
  if (type === "bind") return [(lhs as ExpressionNode).value];
  return type === "lambda" ? (parameters as ExpressionNode[]).map(({ value }) => value) : [];
}
