/**
 * Reads all JSON from outside. Reports mistakes by line and column, finds duplicate keys, and refuses values that are
 * nested so deeply that a recursion could overflow.
 */
import { depthOf, escapePointer, type Json } from "./json";

/**
 * The maximum depth of nested objects and lists. No workflow comes near it. The parsers of AWS and Terraform have limits of
 * their own, from 1,000 on.
 */
export const MAX_DEPTH = 200;

/** A mistake in a JSON text. */
export interface JsonMistake {
  readonly kind: "syntax" | "duplicate-key";
  /** The JSON pointer of a duplicate key, otherwise empty. */
  readonly pointer: string;
  /** Line and column count from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly fix: string;
}

/** A text is not JSON. The message contains its mistakes. */
class JsonError extends Error {}

/** Parses a JSON text that a person wrote. Returns its mistakes: the first syntax error, or every duplicate key. */
export function readJson(source: string): { value: Json } | { mistakes: JsonMistake[] } {
  const text = source.replace(/^\uFEFF/, "");
  const reader = new Reader(text);
  const mistakes = reader.read();
  return mistakes.length > 0 ? { mistakes } : { value: JSON.parse(text) as Json };
}

/** Parses a JSON text that a person wrote. Throws a JsonError with the first mistake. */
export function parseJson(text: string): Json {
  const read = readJson(text);
  if ("value" in read) return read.value;
  throw new JsonError(describeMistake(read.mistakes[0]!));
}

/** Parses a JSON text of any size that a program wrote. Throws a JsonError if it is not JSON, or nested too deeply. */
export function parseMachineJson(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new JsonError((cause as Error).message, { cause });
  }
  if (depthOf(value) > MAX_DEPTH) throw new JsonError(TOO_DEEP);
  return value;
}

/** Formats a mistake as one line: its place, what is wrong, what to do. */
export function describeMistake({ line, column, message, fix }: JsonMistake): string {
  return `line ${line}, column ${column}: ${message}; ${fix}`;
}

// --- internal ---

const TOO_DEEP = `objects and lists are nested more than ${MAX_DEPTH} levels deep`;

/** The number of duplicate keys in a message. More would only repeat the first. */
const MOST_DUPLICATES = 20;
const LONGEST_GOT = 40;

class SyntaxMistake extends Error {
  constructor(
    readonly offset: number,
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }
}

const SPACE = /[ \t\n\r]*/y;
// Matches runs of plain characters between escapes, without nested repetition. So an unclosed string fails in linear time.
const STRING = /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[ !#-[\]-\uffff]*)*"/y;
const ATOM = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const WORD = /[\w.+-]+|./suy;
const COMMENT = /\/[/*]|#/y;

/** Words of other languages with an equivalent in JSON. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["True", "write true"],
  ["False", "write false"],
  ["None", "write null"],
  ["nil", "write null"],
  ["undefined", "write null, or remove the name"],
  ["NaN", "JSON has no such number: write null or a string"],
  ["Infinity", "JSON has no such number: write null or a string"],
]);

class Reader {
  private readonly duplicates: JsonMistake[] = [];
  private offset = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  read(): JsonMistake[] {
    try {
      this.value("");
      if (this.next() !== "") this.refuse("the end of the text", "remove what follows the last closing bracket");
      return this.duplicates;
    } catch (mistake) {
      if (!(mistake instanceof SyntaxMistake)) throw mistake;
      const { offset, message, fix } = mistake;
      return [{ kind: "syntax", pointer: "", ...placeOf(this.text, offset), message, fix }];
    }
  }

  private value(pointer: string): void {
    const first = this.next();
    if (first === "{") this.nested(() => this.object(pointer));
    else if (first === "[") this.nested(() => this.list(pointer));
    else if (first === '"') this.string();
    else if (this.match(ATOM) === null)
      this.refuse("a value", "write a string in double quotes, a number, true, false, null, {…} or […]");
  }

  private nested(read: () => void): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new SyntaxMistake(this.offset, TOO_DEEP, "nest less deeply");
    read();
    this.depth -= 1;
  }

  private object(pointer: string): void {
    const keys = new Set<string>();
    this.items("}", () => {
      if (this.next() !== '"') this.refuse("a name in double quotes", "put the name in double quotes");
      const start = this.offset;
      const key = JSON.parse(this.string()) as string;
      const inner = `${pointer}/${escapePointer(key)}`;
      if (keys.has(key)) this.duplicate(inner, key, start);
      keys.add(key);
      if (this.next() !== ":") this.refuse('":"', "put a colon between the name and its value");
      this.offset++;
      this.value(inner);
    });
  }

  private duplicate(pointer: string, key: string, offset: number): void {
    if (this.duplicates.length === MOST_DUPLICATES) return;
    this.duplicates.push({
      kind: "duplicate-key",
      pointer,
      ...placeOf(this.text, offset),
      message: `${JSON.stringify(key)} stands twice in the same object; only the second one would count`,
      fix: "rename or remove one of the two",
    });
  }

  private list(pointer: string): void {
    let index = 0;
    this.items("]", () => this.value(`${pointer}/${index++}`));
  }

  /** Reads the items of a list or an object, from its opening bracket to its closing one. */
  private items(end: string, item: () => void): void {
    this.offset++;
    if (this.next() !== end) {
      for (;;) {
        item();
        const mark = this.next();
        if (mark === end) break;
        if (mark !== ",") this.refuse(`"," or "${end}"`, "is there a comma or a bracket missing before this?");
        const comma = this.offset++;
        if (this.next() === end) {
          this.offset = comma;
          this.refuse("no comma after the last item", "remove the comma");
        }
      }
    }
    this.offset++;
  }

  private string(): string {
    const text = this.match(STRING);
    if (text !== null) return text;
    return this.refuse(
      "a complete string",
      'close the string on its own line, and write " as \\" and \\ as \\\\ inside it',
    );
  }

  /** Returns the next character that is not white space; an empty text at the end. */
  private next(): string {
    this.match(SPACE);
    return this.text.charAt(this.offset);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.offset += found.length;
    return found;
  }

  private refuse(expected: string, fix: string): never {
    const { offset } = this;
    if (this.match(COMMENT) !== null) throw new SyntaxMistake(offset, "JSON has no comments", "remove the comment");
    const got = this.match(WORD);
    const better =
      got === "'" || got === "’" || got === "“" ? 'write " in place of it' : got === null ? undefined : WORDS.get(got);
    const shown = got === null ? "the end of the text" : got.slice(0, LONGEST_GOT);
    throw new SyntaxMistake(offset, `expected ${expected}, got: ${shown}`, better ?? fix);
  }
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0 && end < offset; end = text.indexOf("\n", start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}
