/** Computes the shape of expressions and templates from the shape of their data. */
import { isObject, type Json } from "../../../base/json";
import { type Expression, type IntrinsicName, parseExpression } from "../../expressions";
import type { Path } from "../../json-path";
import {
  ANYTHING,
  type DeadEnd,
  follow,
  isDeadEnd,
  joinAll,
  listShape,
  objectShape,
  type Shape,
  scalarShape,
  shapeOfValue,
} from "./data-shape";

/** The data that the paths of an expression read. */
export interface Scope {
  /** The value of `$`. */
  readonly data: Shape;
  /** The value of `$$`. */
  readonly context: Shape;
  /** The variables whose shape is known. */
  readonly variables: ReadonlyMap<string, Shape>;
}

/** A scope about which nothing is known. */
export const UNKNOWN_SCOPE: Scope = { data: ANYTHING, context: ANYTHING, variables: new Map() };

/** Parses an expression. Returns `null` for a text with a mistake, which another rule reports. */
export function tryParse(text: string): Expression | null {
  try {
    return parseExpression(text);
  } catch {
    return null;
  }
}

/** Returns the shape of an expression's value; anything if the text is not an expression or leads nowhere. */
export function shapeOfText(text: string, scope: Scope): Shape {
  const expression = tryParse(text);
  return expression === null ? ANYTHING : shapeOfExpression(expression, scope);
}

/** Returns the shape of an expression's value; anything if it leads nowhere. */
export function shapeOfExpression(expression: Expression, scope: Scope): Shape {
  if (expression.kind === "literal") return shapeOfValue(expression.value);
  if (expression.kind === "call") {
    return RESULTS[expression.name](expression.arguments.map((argument) => shapeOfExpression(argument, scope)));
  }
  const found = followPath(expression, scope);
  return isDeadEnd(found) ? ANYTHING : found;
}

/** Follows a path into the data. */
export function followPath({ root, steps }: Path, { data, context, variables }: Scope): Shape | DeadEnd {
  const start = root === "$" ? data : root === "$$" ? context : (variables.get(root.slice(1)) ?? ANYTHING);
  return steps === null ? ANYTHING : follow(start, steps);
}

/** Returns the paths of an expression, with those inside calls. */
export function pathsOf(expression: Expression): Path[] {
  if (expression.kind === "path") return [expression];
  return expression.kind === "call" ? expression.arguments.flatMap(pathsOf) : [];
}

/** Returns the shape of a template's value. */
export function shapeOfTemplate(template: Json, scope: Scope): Shape {
  if (Array.isArray(template)) {
    return listShape(joinAll(template.map((item) => shapeOfTemplate(item, scope))), template.length);
  }
  if (!isObject(template)) return shapeOfValue(template);
  return objectShape(
    Object.entries(template).map(([key, value]) =>
      key.endsWith(".$")
        ? [key.slice(0, -2), typeof value === "string" ? shapeOfText(value, scope) : ANYTHING]
        : [key, shapeOfTemplate(value, scope)],
    ),
  );
}

// --- internal ---

const STRING = scalarShape("string");
const NUMBER = scalarShape("number");

/** The shape that each intrinsic function returns for the shapes of its arguments. */
const RESULTS: Readonly<Record<IntrinsicName, (given: readonly Shape[]) => Shape>> = {
  "States.Array": (given) => listShape(joinAll(given), given.length),
  "States.ArrayContains": () => scalarShape("boolean"),
  "States.ArrayGetItem": ([from]) => from?.items ?? ANYTHING,
  "States.ArrayLength": () => NUMBER,
  "States.ArrayPartition": ([from]) => listShape(listShape(from?.items ?? ANYTHING, null), from?.maxItems ?? null),
  "States.ArrayRange": () => listShape(NUMBER, 1000),
  "States.ArrayUnique": ([from]) => listShape(from?.items ?? ANYTHING, from?.maxItems ?? null),
  "States.Base64Decode": () => STRING,
  "States.Base64Encode": () => STRING,
  "States.Format": () => STRING,
  "States.Hash": () => STRING,
  "States.JsonMerge": () => ANYTHING,
  "States.JsonToString": () => STRING,
  "States.MathAdd": () => NUMBER,
  "States.MathRandom": () => NUMBER,
  "States.StringSplit": () => listShape(STRING, null),
  "States.StringToJson": () => ANYTHING,
  "States.UUID": () => STRING,
};
