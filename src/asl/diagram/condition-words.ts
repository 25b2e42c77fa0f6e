/** The test of a Choice rule in short words, in both query languages. */
import { type JsonObject, objectsOf, stringifyJson } from "../../base/json";
import { jsonataIn } from "../query-language";
import { conditionParts } from "./jsonata-words";
import { valueWords } from "./value-words";

/** The limit in characters. A longer And or Or shows only its first part. */
const LONGEST_CONDITION = 56;

/** Describes the test of a Choice rule: `$.x is "a"`, `$.n > 3 and 2 more`, `not ($.x is present)`. */
export function conditionWords(rule: JsonObject): string {
  if (rule.Condition !== undefined) {
    const expression = typeof rule.Condition === "string" ? jsonataIn(rule.Condition) : null;
    if (expression === null) return valueWords(rule.Condition);
    const { parts, word } = conditionParts(expression);
    return joined(parts, word);
  }
  if (rule.Not !== undefined) return `not (${objectsOf([rule.Not]).map(conditionWords)})`;
  if (rule.And !== undefined) return joined(objectsOf(rule.And).map(nestedWords), "and");
  if (rule.Or !== undefined) return joined(objectsOf(rule.Or).map(nestedWords), "or");
  const variable = valueWords(rule.Variable);
  for (const [operator, operand] of Object.entries(rule)) {
    if (Object.hasOwn(KINDS, operator)) return `${variable} ${operand === false ? "is not" : "is"} ${KINDS[operator]}`;
    const [, comparison = "", path] = COMPARISON.exec(operator) ?? [];
    const word = Object.hasOwn(COMPARISONS, comparison) ? COMPARISONS[comparison] : undefined;
    if (word !== undefined) return `${variable} ${word} ${path ? valueWords(operand) : stringifyJson(operand)}`;
  }
  return variable;
}

// --- internal ---

/** `StringEquals`, `NumericLessThanPath`, … @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html */
const COMPARISON = /^(?:String|Numeric|Boolean|Timestamp)(.+?)(Path)?$/;

const COMPARISONS: Record<string, string> = {
  Equals: "is",
  LessThan: "<",
  LessThanEquals: "≤",
  GreaterThan: ">",
  GreaterThanEquals: "≥",
  Matches: "matches",
};

const KINDS: Record<string, string> = {
  IsPresent: "present",
  IsNull: "null",
  IsString: "a string",
  IsNumeric: "a number",
  IsBoolean: "true or false",
  IsTimestamp: "a timestamp",
};

function nestedWords(rule: JsonObject): string {
  return rule.And || rule.Or ? `(${conditionWords(rule)})` : conditionWords(rule);
}

function joined(parts: readonly string[], word: "and" | "or"): string {
  const all = parts.join(` ${word} `);
  return all.length <= LONGEST_CONDITION || parts.length < 2 ? all : `${parts[0]} ${word} ${parts.length - 1} more`;
}
