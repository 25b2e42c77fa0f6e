/**
 * The intrinsic functions of Amazon States Language. Points that the documentation leaves open follow AWS's answers in the
 * recordings of LocalStack's tests (tests/aws/services/stepfunctions/v2/intrinsic_functions).
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */
import type { Call, Expression, IntrinsicName } from "../../asl/expressions";
import { splitTemplate } from "../../asl/format-template";
import { canonicalNumber, isNumber, numberOf, rounded } from "../../base/exact-number";
import { isObject, isTree, type Json, type JsonObject, stringifyJson } from "../../base/json";
import { parseMachineJson } from "../../base/read-json";
import { rootOf, type Scope, select } from "./paths";
import { checkPayload, MAX_PAYLOAD_BYTES } from "./payload-size";
import { chunksOf, digest, HASHES, MAX_RANGE, rangeLength, seeded } from "./shared-functions";
import { StatesError } from "./states-error";

/**
 * Returns the value of a call. `text` is the whole field, which the error shows.
 *
 * @throws StatesError `States.IntrinsicFailure` if an argument is wrong; `States.Runtime` if a path leads nowhere
 */
export function callIntrinsic(call: Call, text: string, scope: Scope): Json {
  try {
    return resolve(call, scope);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new StatesError(error.error, `The function '${text}' had the following error: ${error.message}`);
  }
}

class ArgumentError extends Error {
  constructor(
    message: string,
    readonly error: "States.IntrinsicFailure" | "States.Runtime" = "States.IntrinsicFailure",
  ) {
    super(message);
  }
}

function resolve(expression: Expression, scope: Scope): Json {
  if (expression.kind === "literal") return expression.value;
  if (expression.kind === "path") {
    const value = select(expression, scope);
    if (value !== undefined) return value;
    const root = stringifyJson(rootOf(expression, scope));
    throw new ArgumentError(
      `The JsonPath argument for the field '${expression.text}' could not be found in the input '${root}'`,
      "States.Runtime",
    );
  }
  const args = expression.arguments.map((argument) => resolve(argument, scope));
  for (const arg of args) checkPayload(arg, `An argument of ${expression.name} has a size`);
  const [first] = expression.arguments;
  // The template keeps its escapes, so that an escaped brace is no placeholder.
  if (expression.name === "States.Format" && first?.kind === "literal") args[0] = first.text;
  return FUNCTIONS[expression.name](args, scope);
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html (Base64, Hash) */
const MAX_CHARACTERS = 10_000;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

const FUNCTIONS: Record<IntrinsicName, (args: readonly Json[], scope: Scope) => Json> = {
  "States.Array": (args) => [...args],
  "States.ArrayContains": (args) => {
    const wanted = canonical(args[1]!);
    return array(args, 0).some((item) => canonical(item) === wanted);
  },
  "States.ArrayGetItem": (args) => {
    const items = array(args, 0);
    const index = integer(args, 1);
    if (index < 0 || index >= items.length) refuse(`the index must be one of a list of ${items.length}, got: ${index}`);
    return items[index]!;
  },
  "States.ArrayLength": (args) => array(args, 0).length,
  "States.ArrayPartition": (args) => {
    const items = array(args, 0);
    const size = integer(args, 1);
    if (size < 1) refuse(`the size of a chunk must be at least 1, got: ${args[1]}`);
    return chunksOf(items, size);
  },
  "States.ArrayRange": (args) => {
    const [first, last, step] = [integer(args, 0), integer(args, 1), integer(args, 2)];
    if (step === 0) refuse("the step of a range must not be 0");
    const length = rangeLength(first, last, step);
    if (length > MAX_RANGE) refuse(`a range must not hold more than ${MAX_RANGE} numbers, got: ${length}`);
    return Array.from({ length }, (_, index) => first + index * step);
  },
  "States.ArrayUnique": (args) => {
    const seen = new Set<string>();
    return array(args, 0).filter((item) => seen.size < seen.add(canonical(item)).size);
  },
  "States.Base64Decode": (args) => {
    const encoded = shortString(args, 0);
    if (!BASE64.test(encoded)) refuse(`the first argument must be Base64, got: ${excerpt(encoded)}`);
    return Buffer.from(encoded, "base64").toString("utf8");
  },
  "States.Base64Encode": (args) => Buffer.from(shortString(args, 0), "utf8").toString("base64"),
  "States.Format": (args) => format(string(args, 0), args.slice(1)),
  "States.Hash": (args) => {
    const algorithm = string(args, 1);
    if (!HASHES.includes(algorithm)) refuse(`the algorithm must be one of ${HASHES.join(", ")}, got: ${algorithm}`);
    return digest(shortString(args, 0), algorithm);
  },
  "States.JsonMerge": (args) => {
    const merged = { ...object(args, 0), ...object(args, 1) };
    if (args[2] !== false) refuse("the third argument must be false: AWS merges the first level only");
    return merged;
  },
  "States.JsonToString": (args) => stringifyJson(args[0]),
  "States.MathAdd": (args) => numberOf(String(wholeNumber(args, 0) + wholeNumber(args, 1))),
  "States.MathRandom": (args, scope) => {
    const [start, end] = [integer(args, 0), integer(args, 1)];
    if (start >= end) refuse(`the start must be less than the end, got: ${args[0]} and ${args[1]}`);
    const chance = args.length > 2 ? seeded(integer(args, 2)) : scope.random();
    return start + Math.floor(chance * (end - start));
  },
  "States.StringSplit": (args) => split(string(args, 0), string(args, 1)),
  "States.StringToJson": (args) => parseJson(string(args, 0)),
  "States.UUID": (_args, scope) => scope.uuid(),
};

/** Fills in each `{}` with one value. */
function format(template: string, values: readonly Json[]): string {
  const [first = "", ...rest] = templateParts(template);
  if (rest.length !== values.length) refuse(`the template has ${rest.length} {} for ${values.length} values`);
  return rest.reduce((filled, part, index) => {
    const longer = filled + plainText(values[index]!) + part;
    if (longer.length > MAX_PAYLOAD_BYTES) {
      throw new StatesError(
        "States.DataLimitExceeded",
        "The result of States.Format exceeds the maximum size of data.",
      );
    }
    return longer;
  }, first);
}

function templateParts(template: string): string[] {
  try {
    return splitTemplate(template);
  } catch (mistake) {
    return refuse((mistake as SyntaxError).message);
  }
}

/** AWS writes lists and objects as Java does, not as JSON: `{Arg1=1, Arg2=[]}`. */
function plainText(value: Json): string {
  if (!isTree(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(plainText).join(", ")}]`;
  const fields = Object.entries(value).map(([key, inner]) => `${key}=${plainText(inner)}`);
  return `{${fields.join(", ")}}`;
}

/** Splits at every character of `delimiters`. AWS leaves out empty parts. */
function split(text: string, delimiters: string): string[] {
  const ends = new Set(delimiters);
  const parts = [""];
  for (const character of text) {
    if (ends.has(character)) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== "");
}

/** Parses JSON. For AWS, a blank text is null. */
function parseJson(text: string): Json {
  if (text.trim() === "") return null;
  try {
    return parseMachineJson(text);
  } catch (error) {
    return refuse(`the first argument must be JSON: ${(error as Error).message}`);
  }
}

/** Returns the same text for equal values: keys are sorted, and numbers have one notation. */
function canonical(value: Json): string {
  if (isNumber(value)) return canonicalNumber(value);
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`)}}`;
}

const ORDINALS = ["first", "second", "third"];

function array(args: readonly Json[], index: number): Json[] {
  const value = args[index]!;
  return Array.isArray(value)
    ? value
    : refuse(`the ${ORDINALS[index]} argument must be a list, got: ${excerpt(value)}`);
}

function object(args: readonly Json[], index: number): JsonObject {
  const value = args[index]!;
  if (isObject(value)) return value;
  return refuse(`the ${ORDINALS[index]} argument must be an object, got: ${excerpt(value)}`);
}

function string(args: readonly Json[], index: number): string {
  const value = args[index]!;
  return typeof value === "string"
    ? value
    : refuse(`the ${ORDINALS[index]} argument must be a string, got: ${excerpt(value)}`);
}

function shortString(args: readonly Json[], index: number): string {
  const value = string(args, index);
  if (value.length <= MAX_CHARACTERS) return value;
  return refuse(
    `the ${ORDINALS[index]} argument must not be longer than ${MAX_CHARACTERS} characters, got: ${value.length}`,
  );
}

/** Returns a number, rounded half up as on AWS. */
function wholeNumber(args: readonly Json[], index: number): bigint {
  const value = args[index]!;
  const number = isNumber(value)
    ? rounded(value)
    : refuse(`the ${ORDINALS[index]} argument must be a number, got: ${excerpt(value)}`);
  return number ?? refuse(`the ${ORDINALS[index]} argument must have at most 1,000 digits, got: ${excerpt(value)}`);
}

/** Returns a whole number that JavaScript can compute with. */
function integer(args: readonly Json[], index: number): number {
  const number = Number(wholeNumber(args, index));
  if (Number.isSafeInteger(number)) return number;
  return refuse(
    `the ${ORDINALS[index]} argument must be from -9007199254740991 to 9007199254740991, got: ${excerpt(args[index]!)}`,
  );
}

function excerpt(value: Json): string {
  const text = stringifyJson(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function refuse(message: string): never {
  throw new ArgumentError(message);
}
