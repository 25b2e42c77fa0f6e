import { type ExactNumber, numberOf } from "../base/exact-number";
/** White space at the current position. */
export const BLANK = /\s*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = { true: true, false: false, null: null } as const;

/** Far more than any filter that a person writes. */
const MOST_BRACKETS = 100;
const LONGEST_SHOWN = 200;

/** Brackets are nested too deeply. */
export class TooDeep extends SyntaxError {}

/** Reads a text of the document from left to right. */
export class Source {
  at = 0;
  private depth = 0;

  constructor(readonly text: string) {}

  peek(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  /** Skips `token` if it comes next. */
  take(token: string): boolean {
    if (!this.peek(token)) return false;
    this.at += token.length;
    return true;
  }

  /** Skips the match of `pattern` (sticky) at this position. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }

  /** Reads a number, `true`, `false` or `null`, with its text as written. Returns nothing if there is none. */
  takeConstant(): { readonly text: string; readonly value: number | ExactNumber | boolean | null } | null {
    const number = this.match(NUMBER)?.[0];
    if (number !== undefined) return { text: number, value: numberOf(number.replace(/^(-?)0+(?=\d)/, "$1")) };
    const word = Object.entries(WORDS).find(([text]) => this.take(text));
    return word === undefined ? null : { text: word[0], value: word[1] };
  }

  expect(token: string, expected = `"${token}"`): void {
    if (!this.take(token)) this.fail(expected);
  }

  isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  expectEnd(): void {
    if (!this.isAtEnd()) this.fail("the end");
  }

  fail(expected: string): never {
    const got = this.at < this.text.length ? `"${this.text.slice(this.at, this.at + 20)}"` : "the end";
    const excerpt = this.excerpt();
    const where = excerpt === this.text ? `of "${excerpt}"` : `of the whole text, near "${excerpt}"`;
    throw new SyntaxError(`column ${this.at + 1} ${where}: expected ${expected}, got: ${got}`);
  }

  /** Runs `read` one level of brackets deeper. Throws TooDeep if the stack could overflow. */
  nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > MOST_BRACKETS)
      throw new TooDeep(`more than ${MOST_BRACKETS} brackets are nested in "${this.excerpt()}"`);
    const found = read();
    this.depth -= 1;
    return found;
  }

  /** Returns the text, or the part around the current position if the text is long. */
  private excerpt(): string {
    const { text, at } = this;
    if (text.length <= LONGEST_SHOWN) return text;
    const start = Math.max(0, Math.min(at - LONGEST_SHOWN / 2, text.length - LONGEST_SHOWN));
    const end = start + LONGEST_SHOWN;
    return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
  }
}
