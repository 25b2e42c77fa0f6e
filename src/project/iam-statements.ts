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

// --- internal ---

interface Rule {
  /** Completes "must be …". */
  readonly rule: string;
  readonly fits: (value: Json) => boolean;
}

const ACTION: Rule = {
  rule: "an action such as s3:GetObject, or a list of actions",
  fits: textsThat(/^(\*|[a-z0-9-]+:[\w*?]+)$/i),
};
const RESOURCE: Rule = {
  rule: 'an ARN, "*", or a list of them; an ARN may have placeholders',
  fits: textsThat(/^(\*|arn:.+|\$\{\w+\}.*)$/),
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
    const { rule, fits } = FIELDS[field as keyof IamStatement];
    return fits(value) ? [] : [{ path, message: `must be ${rule}, got: ${quote(value)}` }];
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

/** Returns whether a value says what the keys of an operator are compared with. */
function isComparison(operator: Json): boolean {
  return (
    isObject(operator) &&
    Object.values(operator).every((values) =>
      [values].flat().every((value) => ["string", "number", "boolean"].includes(typeof value)),
    )
  );
}
