/**
 * Compares a value with an expectation. An object needs only the fields that are expected, a list all items. An object with one of
 * these names alone is a matcher.
 */
import { error, type Finding } from "../asl/check/problem";
import { canonicalNumber, isNumber } from "../base/exact-number";
import { escapePointer, isObject, isTree, type Json, type JsonObject, typeOf } from "../base/json";
import { suggest } from "../base/suggest";
import { quote } from "../base/text";

/** A place at which a value is not as expected. */
export interface Mismatch {
  /** The place as a path below the value: `.items[0].name`; empty for the whole value. */
  readonly place: string;
  /** In words, or JSON. */
  readonly expected: string;
  readonly actual: string;
}

interface MatcherRule {
  /** The argument in words, after "must be". */
  readonly rule: string;
  readonly fits: (argument: Json) => boolean;
  readonly compare: (argument: Json, actual: Json | undefined, place: string) => Mismatch[];
}

type MatcherName = "$any" | "$absent" | "$contains" | "$exact";

const TYPES: readonly Json[] = ["string", "number", "boolean", "object", "array", "null"];

/** The matchers, by name. */
export const MATCHERS: Readonly<Record<MatcherName, MatcherRule>> = {
  $any: {
    rule: `true, or one of the types ${TYPES.join(", ")}`,
    fits: (type) => type === true || TYPES.includes(type),
    compare: (type, actual, place) => {
      const isGood = actual !== undefined && (type === true || typeOf(actual) === type);
      return isGood
        ? []
        : [{ place, expected: type === true ? "any value" : `any ${String(type)}`, actual: shown(actual) }];
    },
  },
  $absent: {
    rule: "true",
    fits: (value) => value === true,
    compare: (_value, actual, place) =>
      actual === undefined ? [] : [{ place, expected: shown(undefined), actual: shown(actual) }],
  },
  $contains: {
    rule: "a part of the text, or an item of the list",
    fits: () => true,
    compare: (part, actual, place) => {
      const isIn =
        typeof actual === "string"
          ? typeof part === "string" && actual.includes(part)
          : Array.isArray(actual) && actual.some((item) => mismatches(part, item).length === 0);
      return isIn ? [] : [{ place, expected: `contains ${shown(part)}`, actual: shown(actual) }];
    },
  },
  $exact: {
    rule: "a value",
    fits: () => true,
    compare: (value, actual, place) => exactMismatches(value, actual, place),
  },
};

/** Returns the places at which a value differs from an expectation. `undefined` is a value that is missing. */
export function mismatches(expected: Json, actual: Json | undefined, place = ""): Mismatch[] {
  const matcher = matcherOf(expected);
  if (matcher !== null) return matcher.compare(actual, place);
  if (isObject(expected) && isObject(actual)) {
    return Object.entries(expected).flatMap(([key, inner]) =>
      mismatches(inner, Object.hasOwn(actual, key) ? actual[key] : undefined, place + member(key)),
    );
  }
  return Array.isArray(expected) && Array.isArray(actual)
    ? ofItems(expected, actual, (one, other, index) => mismatches(one, other, `${place}[${index}]`), place)
    : sameLeaf(expected, actual)
      ? []
      : [mismatch(place, expected, actual)];
}

/** Returns the mistakes in the matchers of an expectation. */
export function* matcherMistakes(expected: Json, pointer: string): Generator<Finding, void, undefined> {
  if (!isTree(expected)) return;
  const name = nameOf(expected);
  if (name !== null) {
    const argument = (expected as JsonObject)[name]!;
    const here = `${pointer}/${escapePointer(name)}`;
    if (!isMatcher(name)) {
      const fix = `${suggest(name, Object.keys(MATCHERS), "matchers")}; for this text itself, write { "$exact": … } around it`;
      return yield error("test-matcher", here, `${quote(name)} is not a matcher`, fix);
    }
    const { rule, fits } = MATCHERS[name];
    if (!fits(argument))
      yield error("test-matcher", here, `${name} must be ${rule}, got: ${quote(argument)}`, "correct it");
    if (name === "$exact") return;
  }
  const beside = isObject(expected) && name === null ? Object.keys(expected).find(isMatcher) : undefined;
  if (beside !== undefined) {
    const fix = 'remove the other fields; for an object with these fields, write { "$exact": … } around it';
    yield error("test-matcher", `${pointer}/${beside}`, `${beside} must be the only field of its object`, fix);
  }
  for (const [key, inner] of Object.entries(expected)) {
    yield* matcherMistakes(inner, `${pointer}/${escapePointer(key)}`);
  }
}

// --- internal ---

function isMatcher(name: string): name is MatcherName {
  return Object.hasOwn(MATCHERS, name);
}

/** Returns the name of a matcher, known or not: the only member of an object, if it starts with `$`. */
function nameOf(value: Json): string | null {
  if (!isObject(value)) return null;
  const [name, ...others] = Object.keys(value);
  return name?.startsWith("$") && others.length === 0 ? name : null;
}

function matcherOf(expected: Json): { compare: (actual: Json | undefined, place: string) => Mismatch[] } | null {
  const name = nameOf(expected);
  if (name === null) return null;
  const argument = (expected as JsonObject)[name]!;
  return { compare: (actual, place) => MATCHERS[name as MatcherName].compare(argument, actual, place) };
}

function exactMismatches(expected: Json, actual: Json | undefined, place: string): Mismatch[] {
  if (isObject(expected) && isObject(actual)) {
    const keys = [...Object.keys(expected), ...Object.keys(actual).filter((key) => !Object.hasOwn(expected, key))];
    return keys.flatMap((key) =>
      Object.hasOwn(expected, key)
        ? exactMismatches(expected[key]!, Object.hasOwn(actual, key) ? actual[key] : undefined, place + member(key))
        : [mismatch(place + member(key), undefined, actual[key])],
    );
  }
  return Array.isArray(expected) && Array.isArray(actual)
    ? ofItems(expected, actual, (one, other, index) => exactMismatches(one, other, `${place}[${index}]`), place)
    : sameLeaf(expected, actual)
      ? []
      : [mismatch(place, expected, actual)];
}

function ofItems(
  expected: readonly Json[],
  actual: readonly Json[],
  compare: (one: Json, other: Json, index: number) => Mismatch[],
  place: string,
): Mismatch[] {
  const both = expected.slice(0, actual.length).flatMap((one, index) => compare(one, actual[index]!, index));
  const missing = expected
    .slice(actual.length)
    .map((one, index) => mismatch(`${place}[${actual.length + index}]`, one, undefined));
  const more = actual
    .slice(expected.length)
    .map((one, index) => mismatch(`${place}[${expected.length + index}]`, undefined, one));
  return [...both, ...missing, ...more];
}

/** Numbers are equal with all their digits: `1` and `1.0` are, `1` and `1.0000000000000000001` are not. */
function sameLeaf(expected: Json, actual: Json | undefined): boolean {
  if (isNumber(expected) && isNumber(actual)) return canonicalNumber(expected) === canonicalNumber(actual);
  if (isTree(expected) || isTree(actual)) return false;
  return expected === actual;
}

function mismatch(place: string, expected: Json | undefined, actual: Json | undefined): Mismatch {
  const [one, other] = [shown(expected), shown(actual)];
  return looksOf(one) === looksOf(other)
    ? { place, expected: escaped(one), actual: escaped(other) }
    : { place, expected: one, actual: other };
}

/** Returns the text as a reader sees it: a no-break space looks like a space, and some characters look like nothing. */
function looksOf(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/\p{Zs}/gu, " ")
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "");
}

function escaped(text: string): string {
  return text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function shown(value: Json | undefined): string {
  return value === undefined ? "nothing" : quote(value, LONGEST);
}

function member(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${quote(key)}]`;
}

const LONGEST = 10_000;
