/**
 * Paths: into the input of a state, or into the context object.
 *
 * @see https://states-language.net/spec.html#path and, for what can select any number of values, the library that AWS uses:
 * https://github.com/json-path/JsonPath
 */
import { BLANK, Source, TooDeep } from "./source";

/** One step from a value to a value inside it: a field's name, or an item's index (from the end, where negative). */
export type Step = string | number;

/** A path into a state's input (`$`) or into the context object (`$$`). */
export interface Path {
  readonly kind: "path";
  readonly root: "$" | "$$";
  /** As it is written. */
  readonly text: string;
  /** `null` where the path can select any number of values. */
  readonly steps: readonly Step[] | null;
  /** What it selects, one after the other, where it can select any number of values. */
  readonly selectors?: readonly Selector[];
}

/** What is selected of a value; where it is `deep` (`..`), of all values inside it, too. */
export type Selector = { readonly deep: boolean } & (
  | { readonly kind: "step"; readonly step: Step }
  | { readonly kind: "all" }
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "indices"; readonly indices: readonly number[] }
  | { readonly kind: "slice"; readonly from: number | null; readonly to: number | null }
  /** `null` where AWS may know what is asked, and this does not. */
  | { readonly kind: "filter"; readonly condition: Condition | null }
);

/** What a filter asks of an item. */
export type Condition =
  | { readonly kind: "exists"; readonly operand: Operand }
  | { readonly kind: "compares"; readonly left: Operand; readonly operator: Operator; readonly right: Operand }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "and" | "or"; readonly conditions: readonly Condition[] };

/** A constant, or a value of the item (`@`) or of the whole document (`$`). */
export type Operand =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "value"; readonly root: "@" | "$"; readonly steps: readonly Step[] };

const OPERATORS = ["==", "!=", "<=", ">=", "<", ">"] as const;
export type Operator = (typeof OPERATORS)[number];

/** Parses a path. Throws a SyntaxError that says at which column (from 1) what was expected. */
export function parsePath(text: string): Path {
  const source = new Source(text);
  const path = readPath(source);
  source.expectEnd();
  return path;
}

/** Reads a path to where it ends. */
export function readPath(source: Source): Path {
  const start = source.at;
  source.expect("$", 'a path that begins with "$"');
  const root = source.take("$") ? "$$" : "$";
  const selectors = readSelectors(source, NAME);
  const text = source.text.slice(start, source.at);
  const steps = stepsOf(selectors);
  return { kind: "path", root, text, steps, ...(steps === null && { selectors }) };
}

/** The steps that selectors are, where each leads to one single value; else `null`. */
export function stepsOf(selectors: readonly Selector[]): Step[] | null {
  const steps = selectors.flatMap((selector) => (selector.kind === "step" && !selector.deep ? [selector.step] : []));
  return steps.length === selectors.length ? steps : null;
}

// --- internal ---

// What AWS takes after a dot is wider than its documentation says (`$.my-field` works); these characters mean something else.
const NAME = /[^\s.,[\]()'"*?]+/y;
/** Within a filter a name also ends at an operator. */
const NAME_IN_FILTER = /[^\s.,[\]()'"*?=!<>&|~]+/y;
const INDEX = /\[\s*(-?\d+)\s*\]/y;
const SLICE = /\[\s*(-?\d+)?\s*:\s*(-?\d+)?\s*\]/y;
const INDICES = /\[\s*(-?\d+(?:\s*,\s*-?\d+)+)\s*\]/y;
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

/** `['a', 'b']`; `null`, with nothing read, where it is something else. */
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

/** AWS was seen to keep a backslash before anything but the quote and the backslash. */
function unescapeName(name: string): string {
  return name.replace(/\\(['\\])/g, "$1");
}

// --- filters ---

/** What a filter asks, to its end. Of one that is not understood only the end is looked for: AWS may know more. */
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

/** Steps over the rest of a filter. Brackets and quotes may be nested in it. */
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

/** One condition, and the blanks around it. */
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
  const operator = OPERATORS.find((one) => source.take(one));
  if (operator === undefined) return { kind: "exists", operand: left };
  source.match(BLANK);
  return { kind: "compares", left, operator, right: readOperand(source) };
}

function readOperand(source: Source): Operand {
  const root = (["@", "$"] as const).find((one) => source.take(one));
  if (root !== undefined) {
    const steps = stepsOf(readSelectors(source, NAME_IN_FILTER));
    return { kind: "value", root, steps: steps ?? source.fail("a path to one single value") };
  }
  const text = source.match(QUOTED);
  if (text) return { kind: "literal", value: unescapeName(text[1] ?? text[2]!) };
  const constant = source.takeConstant();
  if (constant) return { kind: "literal", value: constant.value };
  return source.fail("a path that begins with @ or $, a text in quotes, a number, true, false or null");
}
