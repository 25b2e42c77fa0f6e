/** A text of the document, read from left to right. */
export const BLANK = /\s*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = { true: true, false: false, null: null } as const;

export class Source {
  at = 0;

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

  /** Reads a number, `true`, `false` or `null`, and gives it as it is written, too; where there is none, nothing. */
  takeConstant(): { readonly text: string; readonly value: number | boolean | null } | null {
    const number = this.match(NUMBER)?.[0];
    if (number !== undefined) return { text: number, value: Number(number) };
    const word = Object.entries(WORDS).find(([text]) => this.take(text));
    return word === undefined ? null : { text: word[0], value: word[1] };
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
