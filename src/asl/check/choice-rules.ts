import { isObject, type Json, type JsonObject } from "../../base/json";
import type { Field } from "../fields";
import { splitMatchPattern } from "../match-pattern";
import { checkField, type FieldCheck } from "./field-rules";
import { foreignFields } from "./language-fields";
import { error, type Finding, warning } from "./problem";
import { CHOICE_TESTS, RULE_FIELDS } from "./state-fields";

/** Checks the rules of a Choice. `pointer` is the JSON pointer of the list. */
export function* checkChoiceRules(
  rules: readonly Json[],
  pointer: string,
  check: FieldCheck,
): Generator<Finding, void, undefined> {
  for (const [index, rule] of rules.entries()) {
    const here = `${pointer}/${index}`;
    yield* checkRule(rule, here, `Choices[${index}]`, check);
    if (isObject(rule) && rule.Next === undefined) {
      yield error(
        "missing-field",
        here,
        `Choices[${index}].Next is missing`,
        "add Next with the name of the next state",
      );
    }
  }
}

/** Checks that each rule of a JSONata Choice has a condition. */
export function* checkConditions(rules: readonly Json[], pointer: string): Generator<Finding, void, undefined> {
  for (const [index, rule] of rules.entries()) {
    // A test of JSONPath is reported with its replacement.
    if (!isObject(rule) || rule.Condition !== undefined || OPERATORS.some((field) => rule[field] !== undefined))
      continue;
    const fix = 'add Condition with an expression, such as "{% $states.input.count > 1 %}"';
    yield error("missing-field", `${pointer}/${index}`, `Choices[${index}].Condition is missing`, fix);
  }
}

// --- internal ---

const RULE: Field = {
  kind: "object",
  fields: { ...foreignFields("rule", "Choice", "JSONPath"), ...RULE_FIELDS },
  required: [],
};
const JUNCTIONS = ["And", "Or", "Not"] as const;
const OPERATORS = [...JUNCTIONS, ...Object.keys(CHOICE_TESTS)];

function* checkRule(rule: Json, pointer: string, name: string, check: FieldCheck): Generator<Finding, void, undefined> {
  const findings = [...checkField(rule, RULE, pointer, name, check)];
  yield* findings;
  if (!isObject(rule)) return;
  const [operator, second] = OPERATORS.filter((field) => rule[field] !== undefined);
  if (second !== undefined) {
    const message = `${name}: ${operator} and ${second} cannot be used together`;
    yield error(
      "conflicting-fields",
      `${pointer}/${second}`,
      message,
      "split them into two tests and combine them with And",
    );
  }
  // An unknown field is usually a misspelled test.
  if (operator === undefined && findings.length === 0 && rule.Condition === undefined) {
    yield error("missing-field", pointer, `${name} has no test`, 'add one, such as "IsPresent": true');
  }
  if (operator !== undefined && Object.hasOwn(CHOICE_TESTS, operator) && rule.Variable === undefined) {
    yield error(
      "missing-field",
      pointer,
      `${name}.Variable is missing`,
      "add Variable with the path to the value to test",
    );
  }
  yield* checkPattern(rule.StringMatches, pointer, name);
  for (const junction of JUNCTIONS) yield* checkInner(rule, junction, pointer, name, check);
}

/** AWS accepts the document, and fails the state. */
function* checkPattern(pattern: Json | undefined, pointer: string, name: string): Generator<Finding, void, undefined> {
  if (typeof pattern !== "string") return;
  try {
    splitMatchPattern(pattern);
  } catch (mistake) {
    const fix = String.raw`in the document, write \\\\ for a backslash of the text, and \\* for a star`;
    const message = `${name}.StringMatches: ${(mistake as SyntaxError).message}, so the state fails with States.Runtime`;
    yield warning("expression", `${pointer}/StringMatches`, message, fix);
  }
}

function* checkInner(
  rule: JsonObject,
  junction: (typeof JUNCTIONS)[number],
  pointer: string,
  name: string,
  check: FieldCheck,
): Generator<Finding, void, undefined> {
  const value = rule[junction];
  const inner =
    junction === "Not"
      ? [value].filter(isObject).map((one) => ({ one, at: "", label: "" }))
      : (Array.isArray(value) ? value : []).map((one, index) => ({ one, at: `/${index}`, label: `[${index}]` }));
  for (const { one, at, label } of inner) {
    const here = `${pointer}/${junction}${at}`;
    const full = `${name}.${junction}${label}`;
    yield* checkRule(one, here, full, check);
    if (isObject(one) && one.Next !== undefined) {
      yield error(
        "unknown-field",
        `${here}/Next`,
        `${full}.Next is not allowed inside ${junction}`,
        "move it to the top-level rule",
      );
    }
  }
}
