/**
 * Reads JSON as `JSON.parse` does and says where it goes wrong, which `JSON.parse` does not say reliably. It also finds keys that
 * stand twice in one object: of two states of the same name `JSON.parse` would silently keep the second.
 */
import { escapePointer } from "../document";
import { error, type Finding } from "./problem";

/** The mistakes of a JSON text: the first one of syntax, or every key that stands twice. */
export function jsonMistakes(text: string): Finding[] {
  const reader = new Reader(text);
  try {
    reader.document();
    return reader.duplicates;
  } catch (mistake) {
    if (!(mistake instanceof SyntaxMistake)) throw mistake;
    return [error("json-syntax", "", `${at(text, mistake.offset)}: ${mistake.message}`, mistake.fix)];
  }
}

// --- internal ---

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
// Runs of plain characters between escapes, and no repetition of a repetition: a string that is not closed is refused in linear time.
const STRING = /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[ !#-[\]-\uffff]*)*"/y;
const ATOM = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const WORD = /[\w.+-]+|./suy;

class Reader {
  readonly duplicates: Finding[] = [];
  private offset = 0;

  constructor(private readonly text: string) {}

  document(): void {
    this.value("");
    if (this.next() !== "") this.refuse("the end of the text", "remove what follows the last closing bracket");
  }

  private value(pointer: string): void {
    const first = this.next();
    if (first === "{") this.object(pointer);
    else if (first === "[") this.list(pointer);
    else if (first === '"') this.string();
    else if (this.match(ATOM) === null)
      this.refuse("a value", "write a string in double quotes, a number, true, false, null, {…} or […]");
  }

  private object(pointer: string): void {
    const keys = new Set<string>();
    this.items("}", () => {
      if (this.next() !== '"') this.refuse("a name in double quotes", "put the name in double quotes");
      const start = this.offset;
      const key = JSON.parse(this.string()) as string;
      const inner = `${pointer}/${escapePointer(key)}`;
      if (keys.has(key)) {
        this.duplicates.push(
          error(
            "duplicate-key",
            inner,
            `${at(this.text, start)}: ${JSON.stringify(key)} stands twice in the same object; only the second one would count`,
            "rename or remove one of the two",
          ),
        );
      }
      keys.add(key);
      if (this.next() !== ":") this.refuse('":"', "put a colon between the name and its value");
      this.offset++;
      this.value(inner);
    });
  }

  private list(pointer: string): void {
    let index = 0;
    this.items("]", () => this.value(`${pointer}/${index++}`));
  }

  /** The items of a list or an object with the commas between them, from its opening bracket to its closing one. */
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

  /** The character at the next place that is not white space; empty at the end. */
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
    const got = this.match(WORD);
    throw new SyntaxMistake(offset, `expected ${expected}, got: ${got === null ? "the end of the text" : got}`, fix);
  }
}

function at(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}
