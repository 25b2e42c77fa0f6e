/** The kinds of values that settings have. */
import { asObject, isObject } from "../base/json";
import { quote } from "../base/text";

/** A kind of value: the rule, and the function that applies it. */
export interface Kind<T> {
  /** Completes "must be …". */
  readonly rule: string;
  /** Returns the value that `given` stands for. Returns `undefined` if it breaks the rule. */
  readonly read: (given: unknown) => T | undefined;
  /** Converts the text of an environment variable to a JSON value. Text that cannot be converted stays text. */
  readonly fromText?: (text: string) => unknown;
  /** Describes what is wrong inside a value that breaks the rule. Without it, or if it is empty, the message shows the rule. */
  readonly mistakes?: (given: unknown) => readonly Mistake[];
}

/** A mistake inside a value. */
export interface Mistake {
  /** The names and positions that lead to it, such as `[0, "Effect"]`. */
  readonly path: readonly (string | number)[];
  /** The rest of the sentence that begins with the path, such as `must be "Allow" or "Deny", got: 1`. */
  readonly message: string;
  /** @default to change it where the setting is set */
  readonly fix?: string;
}

/** Text that matches a pattern. */
export function text(pattern: RegExp, rule: string): Kind<string> {
  return kind(rule, (given) => typeof given === "string" && pattern.test(given));
}

/** One of some words. */
export function oneOf<const T extends string>(...words: readonly T[]): Kind<T> {
  return kind(`one of ${words.join(", ")}`, (given) => words.some((word) => word === given));
}

/** A switch: `true` or `false`. */
export const SWITCH: Kind<boolean> = {
  ...kind<boolean>("true or false", (given) => typeof given === "boolean"),
  fromText: (given) => (given === "true" ? true : given === "false" ? false : given),
};

/** A whole number in a range. `rule` describes a narrower set than the range, with `isAllowed`. */
export function integer(
  least: number,
  most: number,
  rule = `a whole number from ${least} to ${most}`,
  isAllowed: (value: number) => boolean = () => true,
): Kind<number> {
  return {
    ...kind<number>(rule, (given) => isIntegerFrom(least, given) && given <= most && isAllowed(given)),
    fromText: (given) => (/^\d+$/.test(given) ? Number(given) : given),
  };
}

/** A whole number without an upper limit. */
export function integerFrom(least: number, example: number): Kind<number> {
  return kind(`a whole number of at least ${least}, such as ${example}`, (given) => isIntegerFrom(least, given));
}

/** A number above 0. */
export const POSITIVE_NUMBER: Kind<number> = kind(
  "a number above 0, such as 0.25",
  (given) => Number.isFinite(given) && (given as number) > 0,
);

/** A list of strings that match a pattern. In an environment variable, commas separate them. */
export function list(item: RegExp, rule: string): Kind<readonly string[]> {
  return {
    ...kind<readonly string[]>(rule, (given) => isStrings(given) && given.every((entry) => item.test(entry))),
    fromText: (given) => given.split(",").map((entry) => entry.trim()),
  };
}

/** A list of any strings. */
export const STRINGS: Kind<readonly string[]> = kind("a list of strings", isStrings);

/** A command: a list of strings, the program first. */
export const COMMAND: Kind<readonly string[]> = kind(
  'a list of strings, the program first, such as ["/bin/sh", "image/echo.sh"]',
  (given) => isStrings(given) && given.length > 0,
);

/** An object whose values are strings. */
export const STRINGS_BY_NAME: Kind<Readonly<Record<string, string>>> = {
  ...kind<Readonly<Record<string, string>>>(
    "an object of strings",
    (given) => isObject(given) && isStrings(Object.values(given)),
  ),
  mistakes: (given) =>
    Object.entries(asObject(given)).flatMap(([name, value]) =>
      typeof value === "string" ? [] : [{ path: [name], message: `must be a string, got: ${quote(value)}` }],
    ),
};

/** A value that may also be `null`, which stands for no value. */
export function optional<T>(inner: Kind<T>): Kind<T | null> {
  return { ...inner, read: (given) => (given === null ? null : inner.read(given)) };
}

// --- internal ---

/** A kind whose values need no conversion. */
function kind<T>(rule: string, isGood: (given: unknown) => boolean): Kind<T> {
  return { rule, read: (given) => (isGood(given) ? (given as T) : undefined) };
}

function isIntegerFrom(least: number, given: unknown): given is number {
  return Number.isSafeInteger(given) && (given as number) >= least;
}

function isStrings(given: unknown): given is string[] {
  return Array.isArray(given) && given.every((entry) => typeof entry === "string");
}
