/**
 * Reads JSON from outside. A number that a JavaScript number cannot give back as written becomes an `ExactNumber`: documents,
 * inputs and results keep their digits. Readers that compute with numbers, such as those of settings and schemas, pass the value
 * through `plainNumbers`. Mistakes have a line, a column and a fix. A key that occurs twice in one object is a mistake.
 * Deep nesting is refused, so that no recursion over a value can overflow the stack.
 */
import { type JSONPath, type ParseErrorCode, printParseErrorCode, visit } from "jsonc-parser";
import { ExactNumber, numberOf } from "./exact-number";
import { depthOf, escapePointer, isObject, type Json, type JsonObject } from "./json";
import { linesOf, type TextPlace } from "./json-places";
import { MAX_DEPTH, tooDeepAt } from "./nesting";

/** A mistake in a JSON text. */
export interface JsonMistake extends TextPlace {
  readonly kind: "syntax" | "duplicate-key";
  /** JSON pointer of a key that occurs twice. Otherwise empty. */
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}

/** A text is not JSON. The message describes the first mistake. */
class JsonError extends Error {}

/** Reads a JSON text that a person wrote. Returns the first mistake of syntax, or all keys that occur twice. */
export function readJson(source: string): { value: Json } | { mistakes: JsonMistake[] } {
  const text = source.replace(/^\uFEFF/, "");
  const mistakes = tooDeep(text) ?? mistakesIn(text);
  return mistakes.length > 0 ? { mistakes } : { value: withExactNumbers(JSON.parse(text), text) };
}

/**
 * Reads a JSON text that a person wrote.
 * @throws JsonError with the first mistake
 */
export function parseJson(text: string): Json {
  const read = readJson(text);
  if ("value" in read) return read.value;
  throw new JsonError(describeMistake(read.mistakes[0]!));
}

/**
 * Reads a JSON text of any size that a program wrote.
 * @throws JsonError when it is not JSON, or nested too deeply
 */
export function parseMachineJson(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new JsonError((cause as Error).message, { cause });
  }
  if (depthOf(value) > MAX_DEPTH) throw new JsonError(TOO_DEEP);
  return withExactNumbers(value, text);
}

/** Formats a mistake as one line: the place, the mistake, the fix. */
export function describeMistake({ line, column, message, fix }: JsonMistake): string {
  return `line ${line}, column ${column}: ${message}; ${fix}`;
}

// --- internal ---

/** A number that may be exact: an exponent, a 0 at the end of a fraction, many digits, or -0. It may also stand inside a string. */
const UNUSUAL = /(?<=^|[[,:\s])(?:-?(?:[\d.]+[eE][+-]?\d+|\d+\.\d*0|[\d.]{16,})|-0)(?=[,\]}\s]|$)/g;
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

const isExact = (number: string) => numberOf(number) instanceof ExactNumber;

/**
 * Puts the exact numbers of a JSON text into its parsed value. Where the value has a number, the same text with its exact
 * numbers in quotes has a string.
 */
function withExactNumbers(value: Json, text: string): Json {
  if (!text.match(UNUSUAL)?.some(isExact)) return value;
  const quoted = text.replaceAll(STRING_OR_NUMBER, (token) =>
    token.startsWith('"') || !isExact(token) ? token : `"${token}"`,
  );
  return exactWhereQuoted(value, JSON.parse(quoted) as Json);
}

function exactWhereQuoted(value: Json, quoted: Json): Json {
  if (typeof value === "number" && typeof quoted === "string") return new ExactNumber(quoted);
  if (Array.isArray(value)) {
    return value.map((item, index) => exactWhereQuoted(item, (quoted as Json[])[index]!));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, exactWhereQuoted(item, (quoted as JsonObject)[key]!)]),
  );
}

const TOO_DEEP = `objects and lists are nested more than ${MAX_DEPTH} levels deep`;
const MOST_DUPLICATES = 20;
const LONGEST_GOT = 40;

function tooDeep(text: string): JsonMistake[] | null {
  const offset = tooDeepAt(text);
  return offset === null ? null : [syntaxMistake(text, offset, TOO_DEEP, "nest less deeply")];
}

/** Returns the first mistake of syntax, or else the first keys that occur twice. */
function mistakesIn(text: string): JsonMistake[] {
  let first: JsonMistake | null = null;
  const duplicates: JsonMistake[] = [];
  const keys: Set<string>[] = [];
  visit(
    text,
    {
      onObjectBegin: () => void keys.push(new Set()),
      onObjectEnd: () => void keys.pop(),
      onObjectProperty: (key, offset, _length, _line, _column, parents) => {
        const known = keys.at(-1)!;
        if (known.has(key) && duplicates.length < MOST_DUPLICATES) {
          duplicates.push(duplicateKey(text, offset, key, parents()));
        }
        known.add(key);
      },
      onError: (code, offset) => {
        first ??= explain(text, offset, code);
      },
    },
    { disallowComments: true },
  );
  return first === null ? duplicates : [first];
}

function duplicateKey(text: string, offset: number, key: string, parents: JSONPath): JsonMistake {
  return {
    kind: "duplicate-key",
    pointer: [...parents, key].map((part) => `/${escapePointer(String(part))}`).join(""),
    ...linesOf(text)(offset),
    message: `${JSON.stringify(key)} occurs twice in the same object; only the second one would count`,
    fix: "rename or remove one of the two",
  };
}

function syntaxMistake(text: string, offset: number, message: string, fix: string): JsonMistake {
  return { kind: "syntax", pointer: "", ...linesOf(text)(offset), message, fix };
}

const STRING = [
  "a complete string",
  'close the string on its own line, and write " as \\" and \\ as \\\\ inside it',
] as const;
const VALUE = ["a value", "write a string in double quotes, a number, true, false, null, {…} or […]"] as const;
const CLOSED = ["a comma or a closing bracket", "add the comma or the bracket that is missing before this"] as const;

/** The expected text and the fix for each code of the parser. */
const EXPECTED: Readonly<Record<string, readonly [expected: string, fix: string]>> = {
  PropertyNameExpected: ["a name in double quotes", "put the name in double quotes"],
  ValueExpected: VALUE,
  ColonExpected: ['":"', "put a colon between the name and its value"],
  CommaExpected: CLOSED,
  CloseBraceExpected: CLOSED,
  CloseBracketExpected: CLOSED,
  EndOfFileExpected: ["the end of the text", "remove the text after the last closing bracket"],
  UnexpectedEndOfString: STRING,
  InvalidUnicode: STRING,
  InvalidEscapeCharacter: STRING,
  InvalidCharacter: STRING,
};

/** The fixes for text that JSON does not have. */
const FIXES: ReadonlyMap<string, string> = new Map([
  ...["'", "’", "“", "”"].map((mark) => [mark, 'write " instead'] as const),
  ["=", "put a colon between the name and its value"],
  [";", "separate items with commas"],
  ["True", "write true"],
  ["False", "write false"],
  ["None", "write null"],
  ["nil", "write null"],
  ["undefined", "write null, or remove the name"],
  ["NaN", "write null or a string"],
  ["Infinity", "write null or a string"],
]);

const COMMENT = /\/[/*]|#/y;
const WORD = /[\w.+-]+|./suy;

function explain(text: string, offset: number, code: ParseErrorCode): JsonMistake {
  if (matchAt(COMMENT, text, offset) !== null) {
    return syntaxMistake(text, offset, "JSON has no comments", "remove the comment");
  }
  const comma = lastComma(text, offset);
  if (comma !== null) {
    return syntaxMistake(text, comma, "expected no comma after the last item, got: ,", "remove the comma");
  }
  const got = matchAt(WORD, text, offset)?.slice(0, LONGEST_GOT) ?? "the end of the text";
  const [expected, fix] = EXPECTED[printParseErrorCode(code)] ?? [];
  if (expected !== undefined) return syntaxMistake(text, offset, `expected ${expected}, got: ${got}`, fix!);
  const better = FIXES.get(got) ?? "put names and strings in double quotes";
  return syntaxMistake(text, offset, `${got} is not JSON`, better);
}

/** Returns the offset of a comma that only the end of its list or object follows. */
function lastComma(text: string, offset: number): number | null {
  if (text[offset] !== "}" && text[offset] !== "]") return null;
  let before = offset - 1;
  while (" \t\r\n".includes(text[before] ?? ".")) before -= 1;
  return text[before] === "," ? before : null;
}

function matchAt(pattern: RegExp, text: string, offset: number): string | null {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? null;
}
