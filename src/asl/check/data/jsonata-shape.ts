/**
 * Computes the shape of JSONata expressions from the shape of their data, and finds the paths in them that lead nowhere.
 * A shape that is not certain is `ANYTHING`.
 */
import { isObject, type Json } from "../../../base/json";
import type { Expr } from "../../jsonata-ast";
import { treeOf } from "../../jsonata-parser";
import { isJsonataText } from "../../query-language";
import { guardedPaths, writePath, writeStep } from "../jsonata-paths";
import { ANYTHING, joinAll, listShape, OBJECT, objectShape, type Shape, scalarShape, shapeOfValue } from "./data-shape";
import { CALLED_FOR_EACH, JSONATA_FUNCTIONS, TAKES_NOTHING } from "./jsonata-results";
import { elementOf, fieldOf, isNothing, NOTHING, sequenceOf } from "./sequence-shape";

/** The data that an expression reads. */
export interface JsonataScope {
  /** The value of `$states`. */
  readonly states: Shape;
  readonly variables: ReadonlyMap<string, Shape>;
}

/** A scope about which nothing is known. */
export const UNKNOWN_JSONATA: JsonataScope = { states: ANYTHING, variables: new Map() };

/** A step of a path that leads nowhere. */
export interface DeadStep {
  /** The path up to the step, as text, and the name of the step. */
  readonly before: string;
  readonly name: string;
  /** The value that has no such field. */
  readonly reached: Shape;
  /** True if the expression has a value nevertheless: the path is compared, tested, or one part of several. */
  readonly tested: boolean;
}

type Report = (dead: DeadStep) => void;

/** Returns the shape of a JSON value in which texts can be expressions. */
export function shapeOfJsonata(value: Json, scope: JsonataScope): Shape {
  if (typeof value === "string") {
    if (!isJsonataText(value)) return shapeOfValue(value);
    const tree = treeOf(value);
    return tree === null ? ANYTHING : shapeOfTree(tree, scope, () => {});
  }
  // An expression without a value fails. So a list keeps its length, and an object its fields.
  if (Array.isArray(value)) return listShape(joinAll(value.map((item) => shapeOfJsonata(item, scope))), value.length);
  if (!isObject(value)) return shapeOfValue(value);
  return objectShape(Object.entries(value).map(([name, inner]) => [name, shapeOfJsonata(inner, scope)]));
}

/** Returns the shape of an expression's value; anything if it has none. Reports the steps that lead nowhere. */
export function shapeOfTree(tree: Expr, scope: JsonataScope, report: Report): Shape {
  const guarded = guardedPaths(tree);
  const told = new Set<string>();
  const once: Report = (dead) => {
    const path = `${dead.before}.${dead.name}`;
    if (told.has(path) || guarded.some((one) => path === one || one.startsWith(`${path}.`))) return;
    told.add(path);
    report(dead);
  };
  const found = shapeOf(tree, { scope, locals: new Map(), context: null, tested: false, report: once });
  return isNothing(found) ? ANYTHING : found;
}

// --- internal ---

interface Env {
  readonly scope: JsonataScope;
  /** The variables that the expression itself binds. */
  readonly locals: Map<string, Shape>;
  /** The value of `$`; `null` at the top level, where there is none. */
  readonly context: Shape | null;
  readonly tested: boolean;
  readonly report: Report;
}

const TEXT = scalarShape("string");
const NUMBER = scalarShape("number");
const BOOLEAN = scalarShape("boolean");

function shapeOf(node: Expr, env: Env): Shape {
  const own = filtered(ownShape(node, env), node.filters, env);
  if (node.group.length > 0) return OBJECT;
  return own;
}

/** Returns the shape of a value behind its filters in square brackets. */
function filtered(value: Shape, filters: readonly Expr[], env: Env): Shape {
  return filters.reduce((before, filter) => {
    const element = elementOf(before);
    shapeOf(filter, { ...env, context: element, tested: true });
    const isIndex = filter.kind === "literal" && typeof filter.value === "number";
    return isIndex || !before.types.has("array") ? element : sequenceOf(element);
  }, value);
}

function ownShape(node: Expr, env: Env): Shape {
  switch (node.kind) {
    case "literal":
      return shapeOfValue(node.value);
    case "variable":
      return variableShape(node.name, env);
    case "path":
      return pathShape(node.steps, env);
    case "name":
      return step(node.name, env.context ?? ANYTHING, "$", env);
    case "list":
      return listOf(node.items, env);
    case "object":
      return objectOf(node.pairs, env);
    case "negate":
      shapeOf(node.of, env);
      return NUMBER;
    case "binary":
      return binaryShape(node.operator, node.left, node.right, env);
    case "bind": {
      const value = shapeOf(node.value, env);
      env.locals.set(node.name, value);
      return value;
    }
    case "block": {
      const inner = { ...env, locals: new Map(env.locals) };
      return node.expressions.reduce((_, one) => shapeOf(one, inner), NOTHING);
    }
    case "condition": {
      shapeOf(node.test, { ...env, tested: true });
      const ways = [node.whenTrue, ...(node.whenFalse === null ? [] : [node.whenFalse])];
      return joinAll(ways.map((way) => shapeOf(way, env)));
    }
    case "call":
      return callShape(node.procedure, node.values, env);
    case "apply": {
      const given = shapeOf(node.left, env);
      const { right } = node;
      if (right.kind === "call") return callShape(right.procedure, right.values, env, given);
      shapeOf(right, env);
      return right.kind === "variable" ? resultOf(right.name, given, env) : ANYTHING;
    }
    case "lambda": {
      const locals = new Map([...env.locals, ...node.parameters.map((name) => [name, ANYTHING] as const)]);
      shapeOf(node.body, { ...env, locals });
      return ANYTHING;
    }
    default:
      return ANYTHING;
  }
}

function variableShape(name: string, { locals, scope, context }: Env): Shape {
  if (name === "") return context ?? ANYTHING;
  return locals.get(name) ?? (name === "states" ? scope.states : (scope.variables.get(name) ?? ANYTHING));
}

function pathShape(steps: readonly Expr[], env: Env): Shape {
  let before = "";
  let value: Shape = env.context ?? ANYTHING;
  // The variables that a step binds hold a part of the value. The paths behind them are not followed.
  if (steps.some(({ binds, kind }) => binds.length > 0 || kind === "other")) return ANYTHING;
  for (const [index, one] of steps.entries()) {
    if (one.kind === "name") {
      value = filtered(step(one.name, value, before, env), one.filters, env);
      before += before === "" ? one.name : writeStep(one.name);
    } else if (one.kind === "sort") {
      for (const term of one.terms) shapeOf(term, { ...env, context: elementOf(value), tested: true });
    } else if (index === 0) {
      value = shapeOf(one, env);
      before = writePath(one) ?? "(…)";
    } else {
      const each = shapeOf(one, { ...env, context: elementOf(value) });
      value = value.types.has("array") ? sequenceOf(each) : each;
      before += ".(…)";
    }
    if (one.filters.length > 0) before += "[…]";
    if (one.group.length > 0) return OBJECT;
  }
  return value;
}

function step(name: string, value: Shape, before: string, env: Env): Shape {
  if (isNothing(value)) return NOTHING;
  const { found, reached } = fieldOf(value, name);
  if (isNothing(found) && before !== "" && !isEmpty(value)) {
    env.report({ before, name, reached, tested: env.tested });
  }
  return found;
}

/** An empty list has no items that a path could miss. */
function isEmpty({ types, maxItems }: Shape): boolean {
  return types.has("array") && maxItems === 0;
}

function listOf(items: readonly Expr[], env: Env): Shape {
  // A list and an object leave out what has no value.
  const shapes = items.map((item) => ({ item, shape: shapeOf(item, { ...env, tested: true }) }));
  // Lists are flattened, except those that are written as lists.
  const parts = shapes.map(({ item, shape }) => (item.kind === "list" ? shape : elementOf(shape)));
  const isFixed = shapes.every(({ item, shape }) => item.kind === "list" || !shape.types.has("array"));
  return listShape(parts.length === 0 ? ANYTHING : joinAll(parts), isFixed ? items.length : null);
}

function objectOf(pairs: readonly (readonly [Expr, Expr])[], env: Env): Shape {
  const members = pairs.map(([key, value]) => ({ key, shape: shapeOf(value, { ...env, tested: true }) }));
  const fixed = members.flatMap(({ key, shape }) =>
    key.kind === "literal" && typeof key.value === "string" ? [[key.value, shape] as const] : [],
  );
  if (fixed.length < members.length) return OBJECT;
  return objectShape(fixed.filter(([, shape]) => !isNothing(shape)));
}

const COMPARISONS = ["=", "!=", "<", "<=", ">", ">=", "in", "and", "or"];

function binaryShape(operator: string, left: Expr, right: Expr, env: Env): Shape {
  const isTest = COMPARISONS.includes(operator);
  // A missing value makes a comparison false, and is an empty text beside others.
  const inner = isTest || operator === "&" ? { ...env, tested: true } : env;
  shapeOf(left, inner);
  shapeOf(right, inner);
  if (isTest) return BOOLEAN;
  if (operator === "&") return TEXT;
  return operator === ".." ? listShape(NUMBER, null) : NUMBER;
}

/** `piped`: the value that `~>` gives as the first argument. */
function callShape(procedure: Expr, values: readonly Expr[], env: Env, piped?: Shape): Shape {
  const name = procedure.kind === "variable" && !env.locals.has(procedure.name) ? procedure.name : null;
  if (name === null) shapeOf(procedure, env);
  const inner = name !== null && TAKES_NOTHING.includes(name) ? { ...env, tested: true } : env;
  if (name === "merge" && piped === undefined && values.length === 1 && values[0]?.kind === "list") {
    return merged(values[0].items, inner);
  }
  const given: Shape[] = piped === undefined ? [] : [piped];
  for (const value of values) {
    const parameters = name === null ? [] : (CALLED_FOR_EACH.get(name)?.(given[0] ?? ANYTHING) ?? []);
    given.push(value.kind === "lambda" ? lambdaShape(value, parameters, env) : shapeOf(value, inner));
  }
  if (name === "map" && values.at(-1)?.kind === "lambda") return sequenceOf(given.at(-1)!);
  return name === null ? ANYTHING : resultOf(name, given[0] ?? ANYTHING, env);
}

/** Returns the shape of what a function returns for its arguments. */
function lambdaShape(node: Extract<Expr, { kind: "lambda" }>, given: readonly Shape[], env: Env): Shape {
  const own = node.parameters.map((parameter, index) => [parameter, given[index] ?? ANYTHING] as const);
  return shapeOf(node.body, { ...env, locals: new Map([...env.locals, ...own]) });
}

function resultOf(name: string, first: Shape, { locals }: Env): Shape {
  const result = locals.has(name) ? undefined : JSONATA_FUNCTIONS.get(name);
  return result === undefined ? ANYTHING : result(first);
}

const MOST_FIELDS = 200;

/** Returns the shape of objects that `$merge` joins. A field may be missing in the last one that has it. */
function merged(items: readonly Expr[], env: Env): Shape {
  const shapes = items.map((item) => shapeOf(item, env)).filter((shape) => !isNothing(shape));
  if (shapes.some(({ types, closed }) => types.size !== 1 || !types.has("object") || !closed)) return OBJECT;
  const fields = new Map<string, Shape>();
  for (const [name, shape] of shapes.flatMap(({ properties }) => [...properties])) {
    const before = fields.get(name);
    fields.set(name, before === undefined ? shape : joinAll([before, shape]));
    // Each state may add a field to what the state before gave.
    if (fields.size > MOST_FIELDS) return OBJECT;
  }
  return objectShape(fields);
}
