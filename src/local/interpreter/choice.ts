/**
 * Evaluates the rules of a Choice.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 */

import { parsePath } from "../../asl/json-path";
import { splitMatchPattern } from "../../asl/match-pattern";
import { parseTimestamp } from "../../asl/timestamps";
import { compareNumbers, isNumber } from "../../base/exact-number";
import type { Json, JsonObject } from "../../base/json";
import { parsed, type Scope, select } from "./paths";
import { StatesError } from "./states-error";

/**
 * Returns the first rule that holds; `null` if none does.
 *
 * @throws StatesError `States.Runtime` if a path leads nowhere
 */
export function matchingRule(state: JsonObject, scope: Scope): JsonObject | null {
  return (state.Choices as JsonObject[]).find((rule) => matches(rule, scope)) ?? null;
}

/**
 * Returns the state that follows a Choice, and the JSON pointer in the Choice of what has decided so.
 *
 * @throws StatesError `States.NoChoiceMatched`, as documented (some have seen AWS call it States.Runtime)
 */
export function transitionOf(
  state: JsonObject,
  rule: JsonObject | null,
): { readonly next: string; readonly rule: string } {
  const next = rule?.Next ?? state.Default;
  if (typeof next === "string") {
    return { next, rule: rule === null ? "/Default" : `/Choices/${(state.Choices as JsonObject[]).indexOf(rule)}` };
  }
  throw new StatesError(
    "States.NoChoiceMatched",
    "Failed to transition out of the state. The state does not point to a next state.",
  );
}

function matches(rule: JsonObject, scope: Scope): boolean {
  if (rule.And) return (rule.And as JsonObject[]).every((inner) => matches(inner, scope));
  if (rule.Or) return (rule.Or as JsonObject[]).some((inner) => matches(inner, scope));
  if (rule.Not) return !matches(rule.Not as JsonObject, scope);
  const variable = rule.Variable as string;
  if (rule.IsPresent !== undefined) return (find(variable, scope) !== undefined) === rule.IsPresent;
  for (const [name, expected] of Object.entries(rule)) {
    const test = TESTS.get(name);
    if (test) return test(take(variable, scope), expected);
    const pathTest = PATH_TESTS.get(name);
    if (pathTest) return pathTest(take(variable, scope), take(expected as string, scope));
  }
  throw new StatesError("States.Runtime", `a rule on ${variable} has no known comparison`);
}

function find(path: string, scope: Scope): Json | undefined {
  return select(parsed(parsePath, path), scope);
}

function take(path: string, scope: Scope): Json {
  const value = find(path, scope);
  if (value !== undefined) return value;
  throw new StatesError(
    "States.Runtime",
    `Invalid path '${path}': The choice state's condition path references an invalid value.`,
  );
}

type Test = (actual: Json, expected: Json) => boolean;

const COMPARISONS: Record<string, (order: number) => boolean> = {
  Equals: (order) => order === 0,
  GreaterThan: (order) => order > 0,
  GreaterThanEquals: (order) => order >= 0,
  LessThan: (order) => order < 0,
  LessThanEquals: (order) => order <= 0,
};

/** Orders two values: below, at or above 0. `null` if one of them is not of the type. Then no comparison holds. */
const ORDERS: Record<string, (left: Json, right: Json) => number | null> = {
  String: (left, right) => (typeof left === "string" && typeof right === "string" ? order(left, right) : null),
  Numeric: (left, right) => (isNumber(left) && isNumber(right) ? compareNumbers(left, right) : null),
  Timestamp: (left, right) => {
    const [one, other] = [moment(left), moment(right)];
    return one === null || other === null ? null : order(one, other);
  },
};

/** The tests whose second value is in the document or, with the ending `Path`, in the data. */
const COMPARING: [string, Test][] = [
  ["BooleanEquals", (actual, expected) => typeof actual === "boolean" && actual === expected],
  ...Object.entries(ORDERS).flatMap(([type, orderOf]) =>
    Object.entries(COMPARISONS).map(([comparison, holds]): [string, Test] => [
      type + comparison,
      (actual, expected) => {
        const found = orderOf(actual, expected);
        return found !== null && holds(found);
      },
    ]),
  ),
];

const TESTS = new Map<string, Test>([
  ...COMPARING,
  ["StringMatches", (actual, pattern) => typeof actual === "string" && matchesPattern(actual, pattern as string)],
  ["IsBoolean", (actual, expected) => (typeof actual === "boolean") === expected],
  ["IsNull", (actual, expected) => (actual === null) === expected],
  ["IsNumeric", (actual, expected) => isNumber(actual) === expected],
  ["IsString", (actual, expected) => (typeof actual === "string") === expected],
  ["IsTimestamp", (actual, expected) => (moment(actual) !== null) === expected],
]);

const PATH_TESTS = new Map(COMPARING.map(([name, test]) => [`${name}Path`, test]));

function order<T extends string | bigint>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function moment(value: Json): bigint | null {
  return typeof value === "string" ? parseTimestamp(value) : null;
}

/** Returns whether a text matches a pattern. */
function matchesPattern(text: string, pattern: string): boolean {
  const [head, ...rest] = parsed(splitMatchPattern, pattern) as [string, ...string[]];
  const tail = rest.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}
