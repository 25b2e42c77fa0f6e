/**
 * The statements of an IAM policy in a setting: their rules, which are those of IAM for the policy of a role.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { asObject, isObject, type Json, type JsonObject } from "../base/json";
import { suggest } from "../base/suggest";
import { quote } from "../base/text";
import type { Kind, Mistake } from "./setting-kinds";
import type { IamStatement } from "./settings-types";

/** A list of statements. */
export const IAM_STATEMENTS: Kind<readonly IamStatement[]> = {
  rule: "a list of IAM statements, each with Effect, Action and Resource",
  schema: { type: "array", items: { type: "object", required: ["Effect"] } },
  read: (given) =>
    Array.isArray(given) && mistakesOf(given).length === 0 ? (given as unknown as IamStatement[]) : undefined,
  mistakes: (given) => (Array.isArray(given) ? mistakesOf(given) : wholePolicy(given)),
};

/** Returns whether a text, whose placeholders have their values, is a resource of IAM. */
export function isResource(text: string): boolean {
  return text === "*" || RESOURCE.fits(text);
}

// --- internal ---

interface Rule {
  /** Completes "must be …". */
  readonly rule: string;
  readonly fits: (value: Json) => boolean;
  /** Describes what is wrong inside an object that fits. */
  readonly mistakes?: (value: JsonObject) => Mistake[];
}

const ACTION: Rule = {
  rule: "an action such as s3:GetObject, or a list of actions",
  fits: textsThat(/^(\*|[a-z0-9-]+:[\w*?]+)$/i),
};
const RESOURCE: Rule = {
  rule: 'an ARN, "*", or a list of them; an ARN may have placeholders',
  // An ARN has six parts. A wildcard or a variable of IAM may stand for several of them.
  fits: textsThat(/^(\*|arn:([^:]*:){4}.+|arn:.*([*?]|\$\{).*|\$\{\w+\}.*)$/),
};

const FIELDS: Readonly<Record<keyof IamStatement, Rule>> = {
  Sid: {
    rule: "letters and digits",
    fits: (value) => typeof value === "string" && /^[A-Za-z0-9]+$/.test(value),
  },
  Effect: { rule: '"Allow" or "Deny"', fits: (value) => value === "Allow" || value === "Deny" },
  Action: ACTION,
  NotAction: ACTION,
  Resource: RESOURCE,
  NotResource: RESOURCE,
  Condition: {
    rule: 'an object such as {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}',
    fits: (value) => isObject(value) && Object.values(value).every(isComparison),
    mistakes: (value) => Object.keys(value).flatMap(operatorMistake),
  },
};

/** A statement has exactly one of each pair. */
const PAIRS = [
  ["Action", "NotAction"],
  ["Resource", "NotResource"],
] as const;

function wholePolicy(given: unknown): Mistake[] {
  if (asObject(given).Statement === undefined) return [];
  return [{ path: [], message: "must be a list, got: a whole policy", fix: "keep only the list in its Statement" }];
}

function mistakesOf(statements: readonly Json[]): Mistake[] {
  const sids = statements.map((statement) => asObject(statement).Sid);
  return statements.flatMap((statement, index) => {
    if (!isObject(statement)) return [{ path: [index], message: `must be an object, got: ${quote(statement)}` }];
    const first = statement.Sid === undefined ? index : sids.indexOf(statement.Sid);
    const twice = {
      path: [index, "Sid"],
      message: `must differ from the Sid of the others, got: ${quote(statement.Sid)}`,
    };
    return [...mistakesIn(statement, index), ...(first < index ? [twice] : [])];
  });
}

function mistakesIn(statement: JsonObject, index: number): Mistake[] {
  const wrong = Object.entries(statement).flatMap(([field, value]): Mistake[] => {
    const path = [index, field];
    if (field === "Principal" || field === "NotPrincipal") {
      return [{ path, message: "must not be there: the policy of a role has no principal", fix: "remove it" }];
    }
    if (!Object.hasOwn(FIELDS, field)) {
      const fix = suggest(field, Object.keys(FIELDS), "fields");
      return [{ path, message: "is not a field of a statement", fix }];
    }
    const { rule, fits, mistakes } = FIELDS[field as keyof IamStatement];
    if (!fits(value)) return [{ path, message: `must be ${rule}, got: ${quote(value)}` }];
    return (mistakes?.(asObject(value)) ?? []).map((mistake) => ({ ...mistake, path: [...path, ...mistake.path] }));
  });
  const lacking = PAIRS.flatMap(([one, other]): Mistake[] => {
    const count = [one, other].filter((field) => statement[field] !== undefined).length;
    if (count === 1) return [];
    return [{ path: [index], message: `must have ${one} or ${other}, got: ${count === 0 ? "neither" : "both"}` }];
  });
  const effect = statement.Effect === undefined ? [{ path: [index, "Effect"], message: "is missing" }] : [];
  return [...wrong, ...effect, ...lacking];
}

/** Returns whether a value is a text, or a list of texts, that match a pattern. */
function textsThat(pattern: RegExp): (value: Json) => boolean {
  return (value) => {
    const texts = [value].flat();
    return texts.length > 0 && texts.every((text) => typeof text === "string" && pattern.test(text));
  };
}

/** Returns whether a value says what the keys of an operator are compared with. Without a value, a condition would not count. */
function isComparison(operator: Json): boolean {
  const comparisons = isObject(operator) ? Object.values(operator).map((values) => [values].flat()) : [];
  return (
    comparisons.length > 0 &&
    comparisons.every(
      (values) => values.length > 0 && values.every((value) => ["string", "number", "boolean"].includes(typeof value)),
    )
  );
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS = [
  ...["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"].map((end) => `String${end}`),
  ...["Numeric", "Date"].flatMap((type) =>
    ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map((end) => type + end),
  ),
  ...["Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
];

function operatorMistake(operator: string): Mistake[] {
  const plain = operator.replace(/^(ForAllValues|ForAnyValue):/i, "").replace(/IfExists$/i, "");
  const isKnown = ["Null", ...OPERATORS].some((known) => known.toLowerCase() === plain.toLowerCase());
  if (isKnown) return [];
  return [{ path: [operator], message: "is not an operator of IAM", fix: suggest(plain, OPERATORS, "operators") }];
}
