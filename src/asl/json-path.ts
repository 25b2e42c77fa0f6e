/**
 * Parses JSONPath: paths into the input of a state, the context object or a variable.
 *
 * @see https://states-language.net/spec.html#path and, for what can select any number of values, the library that AWS uses: https://github.com/json-path/JsonPath
 */
import type { ExactNumber } from "../base/exact-number";
import { toRegExp } from "./java-pattern";
import { BLANK, Source, TooDeep } from "./source";

/** One step into a value: the name of a field, or the index of an item. A negative index counts from the end. */
export type Step = string | number;

/** A path into a state's input (`$`), the context object (`$$`) or a variable (such as `$name`). */
export interface Path {
  readonly kind: "path";
  readonly root: `$${string}`;
  /** The text as written. */
  readonly text: string;
  /** `null` if the path can select any number of values. */
  readonly steps: readonly Step[] | null;
  /** The selectors, in order, if the path can select any number of values. */
  readonly selectors?: readonly Selector[];
}

/** A selection from a value. If it is `deep` (`..`), also from all inner values. */
export type Selector = { readonly deep: boolean } & (
  | { readonly kind: "step"; readonly step: Step }
  | { readonly kind: "all" }
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "indices"; readonly indices: readonly number[] }
  | { readonly kind: "slice"; readonly from: number | null; readonly to: number | null }
  /** `null` for a filter that AWS may understand and this code does not. */
  | { readonly kind: "filter"; readonly condition: Condition | null }
);

/** The condition of a filter. */
export type Condition =
  | { readonly kind: "exists"; readonly operand: Operand }
  | { readonly kind: "compares"; readonly left: Operand; readonly operator: Operator; readonly right: Operand }
  /** The whole text matches the pattern. */
  | { readonly kind: "matches"; readonly operand: Operand; readonly pattern: RegExp }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "and" | "or"; readonly conditions: readonly Condition[] };

/** A constant, or a value of the item (`@`) or of the document (`$`). */
export type Operand =
  | { readonly kind: "literal"; readonly value: string | number | ExactNumber | boolean | null }
  | { readonly kind: "value"; readonly root: "@" | "$"; readonly steps: readonly Step[] };

const OPERATORS = ["==", "!=", "<=", ">=", "<", ">"] as const;
export type Operator = (typeof OPERATORS)[number];

/** Parses a path. AWS ignores blanks around it. Throws a SyntaxError that names the column (from 1) and the expected text. */
export function parsePath(text: string): Path {
  const source = new Source(text);
  source.match(BLANK);
  const path = readPath(source);
  source.match(BLANK);
  source.expectEnd();
  return path;
}

/** Reads a path to its end. */
export function readPath(source: Source): Path {
  const start = source.at;
  source.expect("$", 'a path that begins with "$"');
  const root = `$${source.take("$") ? "$" : (source.match(VARIABLE)?.[0] ?? "")}` as const;
  const selectors = readSelectors(source, NAME);
  const text = source.text.slice(start, source.at);
  const steps = stepsOf(selectors);
  return { kind: "path", root, text, steps, ...(steps === null && { selectors }) };
}

/** Returns the selectors as steps if each selects exactly one value, otherwise `null`. */
export function stepsOf(selectors: readonly Selector[]): Step[] | null {
  const steps = selectors.flatMap((selector) => (selector.kind === "step" && !selector.deep ? [selector.step] : []));
  return steps.length === selectors.length ? steps : null;
}

// --- internal ---

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (names: Unicode identifiers) */
const VARIABLE = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
// After a dot, AWS accepts more than its documentation says (`$.my-field` works), except these characters.
const NAME = /[^\s.,[\]()'"*?]+/y;
/** In a filter, a name also ends at an operator. */
const NAME_IN_FILTER = /[^\s.,[\]()'"*?=!<>&|~]+/y;
const INDEX = /\[\s*(-?\d+)\s*\]/y;
const SLICE = /\[\s*(-?\d+)?\s*:\s*(-?\d+)?\s*\]/y;
const INDICES = /\[\s*(-?\d+(?:\s*,\s*-?\d+)+)\s*\]/y;
/** A slash inside needs no escape, unless the condition could end behind it. */
const PATTERN = /\/((?:[^/\\]|\\.|\/(?!i?\s*(?:\)|&&|\|\|)))*)\/(i?)/sy;
const WORDS = /[^\s()[\]'"@$=!<>&|~/,]+(?:\s+[^\s()[\]'"@$=!<>&|~/,]+)*/y;
const QUOTED = /'([^'\\]*(?:\\.[^'\\]*)*)'|"([^"\\]*(?:\\.[^"\\]*)*)"/sy;

function readSelectors(source: Source, name: RegExp): Selector[] {
  const selectors: Selector[] = [];
  while (source.peek(".") || source.peek("[")) {
    const deep = source.take("..");
    if (!deep) source.take(".");
    selectors.push(source.peek("[") ? readBrackets(source, deep) : readName(source, name, deep));
  }
  return selectors;
}

function readName(source: Source, name: RegExp, deep: boolean): Selector {
  if (source.take("*")) return { kind: "all", deep };
  return { kind: "step", deep, step: source.match(name)?.[0] ?? source.fail('a name, "*" or "["') };
}

function readBrackets(source: Source, deep: boolean): Selector {
  const index = source.match(INDEX);
  if (index) return { kind: "step", deep, step: Number(index[1]) };
  const indices = source.match(INDICES);
  if (indices) return { kind: "indices", deep, indices: indices[1]!.split(",").map(Number) };
  const slice = source.match(SLICE);
  if (slice) return { kind: "slice", deep, from: numberOf(slice[1]), to: numberOf(slice[2]) };
  if (source.take("[*]")) return { kind: "all", deep };
  if (source.take("[?(")) return { kind: "filter", deep, condition: readFilter(source) };
  const names = readQuotedNames(source);
  if (names !== null)
    return names.length === 1 ? { kind: "step", deep, step: names[0]! } : { kind: "names", deep, names };
  source.at += 1;
  return source.fail('an index, a name in quotes, "*", a slice such as 1:3, or a filter such as ?(@.size > 1)');
}

function numberOf(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits);
}

/** Reads `['a', 'b']`. Returns `null` and reads nothing if the text is something else. */
function readQuotedNames(source: Source): string[] | null {
  const start = source.at;
  const names: string[] = [];
  source.expect("[");
  do {
    source.match(BLANK);
    const name = source.match(QUOTED);
    if (name !== null) names.push(unescapeName(name[1] ?? name[2]!));
    source.match(BLANK);
  } while (source.take(","));
  if (names.length > 0 && source.take("]")) return names;
  source.at = start;
  return null;
}

/** Observed on AWS: a backslash stays unless it precedes the quote or a backslash. */
function unescapeName(name: string): string {
  return name.replace(/\\(['\\])/g, "$1");
}

// --- filters ---

/** Reads a filter to its end. If it is not understood, only finds its end, because AWS may understand more. */
function readFilter(source: Source): Condition | null {
  const start = source.at;
  try {
    const condition = readAlternatives(source);
    source.expect(")");
    source.expect("]");
    return condition;
  } catch (mistake) {
    if (!(mistake instanceof SyntaxError) || mistake instanceof TooDeep) throw mistake;
    source.at = start;
    skipFilter(source);
    return null;
  }
}

/** Skips the rest of a filter. It may contain nested brackets and quotes. */
function skipFilter(source: Source): void {
  let depth = 1;
  while (depth > 0) {
    const token = source.match(/'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"|[^'"]/sy)?.[0] ?? source.fail('")]"');
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
  }
  source.expect("]");
}

function readAlternatives(source: Source): Condition {
  return readJoined(source, "||", "or", () => readJoined(source, "&&", "and", () => readOne(source)));
}

function readJoined(source: Source, token: string, kind: "and" | "or", read: () => Condition): Condition {
  const conditions = [read()];
  while (source.take(token)) conditions.push(read());
  return conditions.length === 1 ? conditions[0]! : { kind, conditions };
}

/** Reads one condition and the blanks around it. */
function readOne(source: Source): Condition {
  source.match(BLANK);
  let condition: Condition;
  if (source.take("!")) condition = { kind: "not", condition: source.nested(() => readOne(source)) };
  else if (source.take("(")) {
    condition = source.nested(() => readAlternatives(source));
    source.expect(")");
  } else condition = readComparison(source);
  source.match(BLANK);
  return condition;
}

function readComparison(source: Source): Condition {
  const left = readOperand(source);
  source.match(BLANK);
  if (source.take("=~")) return { kind: "matches", operand: left, pattern: readPattern(source) };
  const operator = OPERATORS.find((one) => source.take(one));
  if (operator === undefined) return { kind: "exists", operand: left };
  source.match(BLANK);
  return { kind: "compares", left, operator, right: readOperand(source) };
}

/** Reads `/pattern/` or `/pattern/i`, in the syntax of Java. */
function readPattern(source: Source): RegExp {
  source.match(BLANK);
  const [, written, flags] = source.match(PATTERN) ?? source.fail("a regular expression between slashes");
  return toRegExp(written!, flags!) ?? source.fail("a regular expression that JavaScript has too");
}

function readOperand(source: Source): Operand {
  const root = (["@", "$"] as const).find((one) => source.take(one));
  if (root !== undefined) {
    const steps = stepsOf(readSelectors(source, NAME_IN_FILTER));
    return { kind: "value", root, steps: steps ?? source.fail("a path to one single value") };
  }
  const text = source.match(QUOTED);
  if (text) return { kind: "literal", value: unescapeName(text[1] ?? text[2]!) };
  const word = source.match(WORDS)?.[0];
  if (word === undefined) {
    return source.fail("a path that begins with @ or $, a text, a number, true, false or null");
  }
  const constants = new Source(word);
  const constant = constants.takeConstant();
  // Text without quotes is text, as in json-path 2.0.0.
  return { kind: "literal", value: constant && constants.isAtEnd() ? constant.value : word };
}
