/** A walk over JSON finds no member in an exact number, but tests compare the text. */
const TEXT = Symbol("text");

/**
 * A number of a JSON text that a JavaScript number cannot give back as it was written, such as `20261128093015123456`, `1e400`
 * or `1.0`.
 */
export class ExactNumber {
  /** The number of exact numbers that `JSON.stringify` has written so far. */
  static rounded = 0;

  readonly [TEXT]: string;

  /** `text` is a number in JSON's notation. */
  constructor(text: string) {
    this[TEXT] = text;
  }

  /** Returns the number as it was written. */
  toString(): string {
    return this[TEXT];
  }

  /** Returns the nearest JavaScript number. It is finite. */
  toNumber(): number {
    return Math.min(Math.max(Number(this[TEXT]), -Number.MAX_VALUE), Number.MAX_VALUE);
  }

  /** `JSON.stringify` writes the nearest number. Use `stringifyJson` to write the number as it was. */
  toJSON(): number {
    ExactNumber.rounded += 1;
    return this.toNumber();
  }
}

/** Returns a number of a JSON text: a JavaScript number if that is written in the same way, otherwise an exact number. */
export function numberOf(text: string): number | ExactNumber {
  const number = Number(text);
  return String(number) === text ? number : new ExactNumber(text);
}

/** Returns whether a value is a number, of either kind. */
export function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === "number" || value instanceof ExactNumber;
}

/** Returns a number below, at or above 0, as one number is below, at or above the other. Compares all digits. */
export function compareNumbers(one: number | ExactNumber, other: number | ExactNumber): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  const [a, b] = [decimalOf(one), decimalOf(other)];
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.magnitude !== b.magnitude) return a.magnitude < b.magnitude ? -a.sign : a.sign;
  return a.digits === b.digits ? 0 : a.digits < b.digits ? -a.sign : a.sign;
}

/** Returns the same text for numbers that are equal, such as `1`, `1.0` and `10e-1`. */
export function canonicalNumber(number: number | ExactNumber): string {
  const { sign, digits, magnitude } = decimalOf(number);
  return `${sign < 0 ? "-" : ""}0.${digits}e${magnitude}`;
}

/** Returns the nearest whole number, rounded half up; `null` if it has more than 1,000 digits. */
export function rounded(number: number | ExactNumber): bigint | null {
  const { sign, digits, magnitude } = decimalOf(number);
  if (magnitude > MOST_DIGITS) return null;
  if (magnitude < 0n) return 0n;
  const length = Number(magnitude);
  const whole = BigInt(digits.slice(0, length).padEnd(length, "0"));
  const fraction = digits.slice(length);
  const isUp = sign > 0 ? fraction >= "5" : fraction > "5";
  return BigInt(sign) * (isUp ? whole + 1n : whole);
}

// --- internal ---

const MOST_DIGITS = 1000n;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A number as 0.`digits` times ten to the power of `magnitude`, without zeros at either end of its digits. */
interface Decimal {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly magnitude: bigint;
}

function decimalOf(number: number | ExactNumber): Decimal {
  const text = String(number);
  const [, whole = "", fraction = "", exponent = "0"] = NUMBER.exec(text)!;
  const all = whole + fraction;
  let [start, end] = [0, all.length];
  while (all[start] === "0") start += 1;
  while (end > start && all[end - 1] === "0") end -= 1;
  if (start === end) return { sign: 0, digits: "", magnitude: 0n };
  return {
    sign: text.startsWith("-") ? -1 : 1,
    digits: all.slice(start, end),
    magnitude: BigInt(exponent) + BigInt(whole.length - start),
  };
}
