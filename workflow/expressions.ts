/**
 * What may stand in a path field or behind a key that ends in `.$`: paths, and calls of intrinsic functions.
 *
 * @see https://states-language.net/spec.html#path and https://states-language.net/spec.html#intrinsic-functions
 */

/** One step from a value to a value inside it: a field's name, or an item's index (from the end, where negative). */
export type Step = string | number;

/** A path into a state's input (`$`) or into the context object (`$$`). */
export interface Path {
  readonly kind: "path";
  readonly root: "$" | "$$";
  /** As it is written. */
  readonly text: string;
  /** `null` where the path can select any number of values: wildcards, filters, slices, lists of indices, `..`. */
  readonly steps: readonly Step[] | null;
}

/** A call of an intrinsic function. */
export interface Call {
  readonly kind: "call";
  readonly name: IntrinsicName;
  readonly arguments: readonly Expression[];
}

/** A constant argument. */
interface Literal {
  readonly kind: "literal";
  readonly value: string | number | boolean | null;
  /** As it is written, a string without its quotes: `States.Format` needs to see which braces are escaped. */
  readonly text: string;
}

export type Expression = Path | Call | Literal;

/** The intrinsic functions, each with the least and the most arguments that it takes. */
export const INTRINSICS = {
  "States.Array": [0, Infinity],
  "States.ArrayContains": [2, 2],
  "States.ArrayGetItem": [2, 2],
  "States.ArrayLength": [1, 1],
  "States.ArrayPartition": [2, 2],
  "States.ArrayRange": [3, 3],
  "States.ArrayUnique": [1, 1],
  "States.Base64Decode": [1, 1],
  "States.Base64Encode": [1, 1],
  "States.Format": [1, Infinity],
  "States.Hash": [2, 2],
  "States.JsonMerge": [3, 3],
  "States.JsonToString": [1, 1],
  "States.MathAdd": [2, 2],
  "States.MathRandom": [2, 3],
  "States.StringSplit": [2, 2],
  "States.StringToJson": [1, 1],
  "States.UUID": [0, 0],
} as const satisfies Record<string, readonly [number, number]>;

/** The name of an intrinsic function. */
export type IntrinsicName = keyof typeof INTRINSICS;

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html ("up to 10 … within a field") */
const MAX_CALLS = 10;

/** Parses a path or a call. Throws a SyntaxError that says at which column (from 1) what was expected. */
export function parseExpression(text: string): Path | Call {
  const source = new Source(text);
  const expression = source.peek("$") ? readPath(source) : readCall(source);
  source.expectEnd();
  return expression;
}

/** Parses a path. Throws a SyntaxError that says at which column (from 1) what was expected. */
export function parsePath(text: string): Path {
  const source = new Source(text);
  const path = readPath(source);
  source.expectEnd();
  return path;
}

/** A text that is read from left to right. */
class Source {
  at = 0;
  calls = 0;

  constructor(readonly text: string) {}

  peek(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  /** Steps over `token` where it comes next. */
  take(token: string): boolean {
    if (!this.peek(token)) return false;
    this.at += token.length;
    return true;
  }

  /** Steps over what `pattern` (sticky) matches here. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }

  expect(token: string, expected = `"${token}"`): void {
    if (!this.take(token)) this.fail(expected);
  }

  expectEnd(): void {
    if (this.at < this.text.length) this.fail("the end");
  }

  fail(expected: string): never {
    const got = this.at < this.text.length ? `"${this.text.slice(this.at, this.at + 20)}"` : "the end";
    throw new SyntaxError(`column ${this.at + 1} of "${this.text}": expected ${expected}, got: ${got}`);
  }
}

// What AWS takes after a dot is wider than its documentation says (`$.my-field` works); these characters mean something else.
const NAME = /[^\s.,[\]()'"*?]+/y;
const BLANK = /\s*/y;
const INDEX = /\[\s*(-?\d+)\s*\]/y;
const QUOTED_NAME = /\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/sy;
const SLICE_OR_LIST = /\[\s*(?:-?\d*\s*:\s*-?\d*(?:\s*:\s*-?\d*)?|-?\d+(?:\s*,\s*-?\d+)+)\s*\]/y;

function readPath(source: Source): Path {
  const start = source.at;
  source.expect("$", 'a path that begins with "$"');
  const root = source.take("$") ? "$$" : "$";
  const steps: Step[] = [];
  let single = true;
  while (source.peek(".") || source.peek("[")) {
    const step = readStep(source);
    if (step === null) single = false;
    else steps.push(step);
  }
  return { kind: "path", root, text: source.text.slice(start, source.at), steps: single ? steps : null };
}

/** Reads one step; `null` stands for one that can select any number of values. */
function readStep(source: Source): Step | null {
  const deep = source.take("..");
  if (!deep) source.take(".");
  const step = source.peek("[") ? readBrackets(source) : readName(source);
  return deep ? null : step;
}

function readName(source: Source): Step | null {
  if (source.take("*")) return null;
  return source.match(NAME)?.[0] ?? source.fail('a name, "*" or "["');
}

function readBrackets(source: Source): Step | null {
  const index = source.match(INDEX);
  if (index) return Number(index[1]);
  const name = source.match(QUOTED_NAME);
  if (name) return unescapeName(name[1] ?? name[2]!);
  if (source.take("[*]") || source.match(SLICE_OR_LIST)) return null;
  if (source.take("[?(")) return skipFilter(source);
  source.at += 1;
  return source.fail('an index, a name in quotes, "*", a slice such as 1:3, or a filter such as ?(@.size > 1)');
}

/** Steps over the rest of a filter. Brackets and quotes may be nested in it. */
function skipFilter(source: Source): null {
  let depth = 1;
  while (depth > 0) {
    const token = source.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^'"]/sy)?.[0] ?? source.fail('")]"');
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
  }
  source.expect("]");
  return null;
}

/** AWS was seen to keep a backslash before anything but the quote and the backslash. */
function unescapeName(name: string): string {
  return name.replace(/\\(['\\])/g, "$1");
}

const FUNCTION_NAME = /[A-Za-z][A-Za-z0-9.]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /'((?:[^'\\]|\\['{}\\])*)'/y;
const CONSTANTS = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

function readCall(source: Source): Call {
  const start = source.at;
  const name = source.match(FUNCTION_NAME)?.[0];
  if (name === undefined || !isIntrinsic(name)) {
    source.at = start;
    return source.fail('a path that begins with "$" or a call such as States.Format(…)');
  }
  source.calls += 1;
  if (source.calls > MAX_CALLS) source.fail(`at most ${MAX_CALLS} calls in one field`);
  source.expect("(");
  const args = readArguments(source);
  const [least, most] = INTRINSICS[name];
  if (args.length < least || args.length > most) {
    source.at = start;
    source.fail(`${name} with ${describeCount(least, most)}, not ${args.length}`);
  }
  return { kind: "call", name, arguments: args };
}

/** Reads the arguments of a call and the bracket that closes it. */
function readArguments(source: Source): Expression[] {
  source.match(BLANK);
  if (source.take(")")) return [];
  const args: Expression[] = [];
  do {
    source.match(BLANK);
    args.push(readArgument(source));
    source.match(BLANK);
  } while (source.take(","));
  source.expect(")", '"," or ")"');
  return args;
}

function readArgument(source: Source): Expression {
  if (source.peek("$")) return readPath(source);
  if (source.peek("States.")) return readCall(source);
  const string = source.match(STRING);
  if (string) return { kind: "literal", value: unescapeString(string[1]!), text: string[1]! };
  const number = source.match(NUMBER);
  if (number) return { kind: "literal", value: Number(number[0]), text: number[0] };
  for (const [text, value] of CONSTANTS) {
    if (source.take(text)) return { kind: "literal", value, text };
  }
  return source.fail(
    "a path, a call, a number, true, false, null, or a string in single quotes (escapes: \\' \\{ \\} \\\\)",
  );
}

function unescapeString(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function describeCount(least: number, most: number): string {
  if (most === Infinity) return `${least} or more arguments`;
  if (least === most) return `${least} ${least === 1 ? "argument" : "arguments"}`;
  return `${least} to ${most} arguments`;
}

function isIntrinsic(name: string): name is IntrinsicName {
  return Object.hasOwn(INTRINSICS, name);
}
