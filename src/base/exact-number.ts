/**
 * A number of a JSON text that a JavaScript number cannot give back as it was written, such as `20261128093015123456`, `1e400`
 * or `1.0`.
 */
export class ExactNumber {
  /** `text` is a number in JSON's notation. */
  constructor(readonly text: string) {}

  /** Returns the number as it was written. */
  toString(): string {
    return this.text;
  }

  /** Returns the nearest JavaScript number. It is finite. */
  toNumber(): number {
    return Math.min(Math.max(Number(this.text), -Number.MAX_VALUE), Number.MAX_VALUE);
  }

  /** `JSON.stringify` writes the nearest number. Use `stringifyJson` to write the number as it was. */
  toJSON(): number {
    return this.toNumber();
  }
}

/** Returns a number of a JSON text: a JavaScript number if that is written in the same way, otherwise an exact number. */
export function numberOf(text: string): number | ExactNumber {
  const number = Number(text);
  return String(number) === text ? number : new ExactNumber(text);
}
