/**
 * Parses the content of path fields and of keys that end in `.$`: paths and calls of intrinsic functions.
 *
 * @see https://states-language.net/spec.html#path and https://states-language.net/spec.html#intrinsic-functions
 */
import type { ExactNumber } from "../base/exact-number";
import { type Path, readPath } from "./json-path";
import { BLANK, Source } from "./source";

/** A call of an intrinsic function. */
export interface Call {
  readonly kind: "call";
  readonly name: IntrinsicName;
  readonly arguments: readonly Expression[];
}

/** A constant argument. */
interface Literal {
  readonly kind: "literal";
  readonly value: string | number | ExactNumber | boolean | null;
  /** The text as written, a string without its quotes. `States.Format` needs the escaped braces. */
  readonly text: string;
}

export type Expression = Path | Call | Literal;

/** The intrinsic functions, with their minimum and maximum number of arguments. */
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

/** Parses a path or a call. AWS ignores blanks around it. Throws a SyntaxError that names the column (from 1) and the expected text. */
export function parseExpression(text: string): Path | Call {
  const source = new CallSource(text);
  source.match(BLANK);
  const expression = source.peek("$") ? readPath(source) : readCall(source);
  source.match(BLANK);
  source.expectEnd();
  return expression;
}

// --- internal ---

class CallSource extends Source {
  /** The number of arguments read so far. */
  calls = 0;
}

const FUNCTION_NAME = /[A-Za-z][A-Za-z0-9.]*/y;
const STRING = /'([^'\\]*(?:\\['{}\\][^'\\]*)*)'/y;

function readCall(source: CallSource): Call {
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

/** Reads the arguments of a call and its closing bracket. */
function readArguments(source: CallSource): Expression[] {
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

function readArgument(source: CallSource): Expression {
  if (source.peek("$")) return readPath(source);
  if (source.peek("States.")) return readCall(source);
  const string = source.match(STRING);
  if (string) return { kind: "literal", value: unescapeString(string[1]!), text: string[1]! };
  const constant = source.takeConstant();
  if (constant) return { kind: "literal", ...constant };
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
