/** A text of the document, read from left to right. */
export const BLANK = /\s*/y;

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
