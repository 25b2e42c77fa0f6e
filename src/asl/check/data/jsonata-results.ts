/**
 * The functions of JSONata in Step Functions, with the shape of what each returns.
 *
 * @see https://docs.jsonata.org/string-functions and https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
 */
import { ANYTHING, joinAll, listShape, OBJECT, type Shape, scalarShape } from "./data-shape";
import { elementOf } from "./sequence-shape";

/** Returns the shape of a function's result, given the shape of its first argument. */
type Result = (first: Shape) => Shape;

const TEXT = scalarShape("string");
const NUMBER = scalarShape("number");
const text: Result = () => TEXT;
const number: Result = () => NUMBER;
const boolean: Result = () => scalarShape("boolean");
const anything: Result = () => ANYTHING;
const sameItems: Result = (list) => joinAll([listShape(elementOf(list), null), elementOf(list)]);

/** The functions by name. `$eval` is missing: Step Functions does not have it. */
export const JSONATA_FUNCTIONS: ReadonlyMap<string, Result> = new Map<string, Result>([
  ...named(
    text,
    ...["string", "substring", "substringBefore", "substringAfter", "lowercase", "uppercase", "trim", "pad", "replace"],
    ...["join", "formatNumber", "formatBase", "formatInteger", "type", "base64encode", "base64decode", "now"],
    ...["encodeUrlComponent", "encodeUrl", "decodeUrlComponent", "decodeUrl", "fromMillis", "hash", "uuid"],
  ),
  ...named(
    number,
    ...["length", "parseInteger", "number", "floor", "ceil", "round", "abs", "sqrt", "power", "random", "sum", "max"],
    ...["min", "average", "count", "millis", "toMillis"],
  ),
  ...named(boolean, "contains", "boolean", "not", "exists"),
  ...named(sameItems, "reverse", "sort", "shuffle", "distinct", "filter"),
  ...named(
    anything,
    ...["match", "map", "zip", "single", "reduce", "sift", "lookup", "spread", "each", "error", "assert", "clone"],
    ...["parse", "append"],
  ),
  ["split", () => listShape(TEXT, null)],
  ["keys", () => joinAll([TEXT, listShape(TEXT, null)])],
  ["merge", () => OBJECT],
  ["partition", (list) => listShape(listShape(elementOf(list), null), null)],
  // Recorded: a single number stands for itself.
  ["range", () => joinAll([NUMBER, listShape(NUMBER, null)])],
]);

/** The functions that have a result for an argument without a value. */
export const TAKES_NOTHING: readonly string[] = ["exists", "count", "append", "merge"];

/** The functions that call a function for each item, with the shapes of the arguments that it gets. */
export const CALLED_FOR_EACH: ReadonlyMap<string, (list: Shape) => readonly Shape[]> = new Map([
  ["map", (list: Shape) => [elementOf(list), NUMBER]],
  ["filter", (list: Shape) => [elementOf(list), NUMBER]],
  ["single", (list: Shape) => [elementOf(list), NUMBER]],
  ["sort", (list: Shape) => [elementOf(list), elementOf(list)]],
  ["reduce", (list: Shape) => [ANYTHING, elementOf(list), NUMBER]],
]);

// --- internal ---

function named(result: Result, ...names: string[]): [string, Result][] {
  return names.map((name) => [name, result]);
}
