/** Evaluates the filters of paths, such as `[?(@.size > 1)]`. */
import type { Condition, Operand, Operator, Step } from "../../asl/json-path";
import { compareNumbers, isNumber } from "../../base/exact-number";
import { isTree, type Json, type JsonObject, stringifyJson } from "../../base/json";
import { TooSlow, withinTime } from "../../base/time-limit";
import { StatesError } from "./states-error";

/** Returns the items that meet a condition. `text` is the path, which the error shows. */
export function passing(items: Json[], condition: Condition, root: Json, text: string): Json[] {
  const pass = () => items.filter((item) => holds(condition, item, root));
  return hasPattern(condition) ? inTime(pass, text) : pass();
}

/** Returns the value that steps lead to; `undefined` if there is none. */
export function walk(root: Json, steps: readonly Step[]): Json | undefined {
  let value: Json | undefined = root;
  for (const step of steps) {
    if (!isTree(value)) return undefined;
    if (Array.isArray(value)) value = typeof step === "number" ? value.at(step) : undefined;
    else value = typeof step === "string" && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

// --- internal ---

type Scalar = Exclude<Json, Json[] | JsonObject>;

/** Only values of the same type have an order. */
function inOrder(isSo: (order: number) => boolean) {
  return (one: Scalar, other: Scalar) => {
    if (isNumber(one) && isNumber(other)) return isSo(compareNumbers(one, other));
    if (typeof one !== "string" || typeof other !== "string") return false;
    return isSo(one < other ? -1 : one > other ? 1 : 0);
  };
}

function isEqual(one: Scalar, other: Scalar): boolean {
  return isNumber(one) && isNumber(other) ? compareNumbers(one, other) === 0 : one === other;
}

const COMPARISONS: Readonly<Record<Operator, (one: Scalar, other: Scalar) => boolean>> = {
  "==": isEqual,
  "!=": (one, other) => !isEqual(one, other),
  "<": inOrder((order) => order < 0),
  ">": inOrder((order) => order > 0),
  "<=": inOrder((order) => order <= 0),
  ">=": inOrder((order) => order >= 0),
};

function holds(condition: Condition, item: Json, root: Json): boolean {
  const valueAt = (operand: Operand) =>
    operand.kind === "literal" ? operand.value : walk(operand.root === "@" ? item : root, operand.steps);
  switch (condition.kind) {
    case "exists": {
      // For AWS, null does not exist, and false does.
      const value = valueAt(condition.operand);
      return value !== undefined && value !== null;
    }
    case "not":
      return !holds(condition.condition, item, root);
    case "and":
      return condition.conditions.every((one) => holds(one, item, root));
    case "or":
      return condition.conditions.some((one) => holds(one, item, root));
    case "matches":
      return matches(valueAt(condition.operand), condition.pattern);
    case "compares": {
      const [left, right] = [valueAt(condition.left), valueAt(condition.right)];
      if (left === undefined || right === undefined) return condition.operator === "!=";
      return COMPARISONS[condition.operator](comparable(left), comparable(right));
    }
  }
}

/** Null, lists and objects have no text that a pattern could match. */
function matches(value: Json | undefined, pattern: RegExp): boolean {
  return value !== undefined && value !== null && !isTree(value) && pattern.test(String(value));
}

function hasPattern(condition: Condition): boolean {
  switch (condition.kind) {
    case "matches":
      return true;
    case "not":
      return hasPattern(condition.condition);
    case "and":
    case "or":
      return condition.conditions.some(hasPattern);
    default:
      return false;
  }
}

/** In practice, a filter takes less than a hundredth of this time. */
const PATTERN_MILLISECONDS = 500;

/** Filters with a regular expression. One that backtracks would take forever. */
function inTime(filter: () => Json[], text: string): Json[] {
  try {
    return withinTime(PATTERN_MILLISECONDS, filter);
  } catch (failure) {
    if (!(failure instanceof TooSlow)) throw failure;
    const seconds = PATTERN_MILLISECONDS / 1000;
    throw new StatesError(
      "States.Runtime",
      `Invalid path '${text}' : its regular expression takes more than ${seconds} s`,
    );
  }
}

/** Lists and objects are equal if their texts are. */
function comparable(value: Json): Scalar {
  if (!isTree(value)) return value;
  const known = TEXTS.get(value);
  if (known !== undefined) return known;
  const text = stringifyJson(value);
  TEXTS.set(value, text);
  return text;
}

/** A filter may compare one value with thousands of others. */
const TEXTS = new WeakMap<object, string>();
