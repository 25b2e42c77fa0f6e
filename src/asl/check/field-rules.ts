import { ExactNumber } from "../../base/exact-number";
import { escapePointer, isObject, isTree, type Json, type JsonObject } from "../../base/json";
import { nearest, suggest } from "../../base/suggest";
import { quote } from "../../base/text";
import type { Field, Fields } from "../fields";
import { isJsonataText } from "../query-language";
import { parseTimestamp } from "../timestamps";
import { error, type Finding, warning } from "./problem";
import { checkExpression, checkTemplate, withoutSuffix } from "./syntax";

/** The prefix of the rule codes for requests to a service. */
export type ServicePrefix = keyof typeof SERVICES;

/** Options for checking fields against a table. */
export interface FieldCheck {
  /** Prefix of the rule codes `unknown-field`, `missing-field`, `wrong-type` and `limit`. */
  readonly prefix: "" | ServicePrefix;
  /** True if a JSONata expression may replace any value but those of `constants`. */
  readonly jsonata?: boolean;
  /** The names of fields with constant values. @default none */
  readonly constants?: ReadonlySet<string>;
  /** Checks a JSONata expression in the place of a value. */
  expression?(expression: string, field: Field, pointer: string, name: string): Iterable<Finding>;
  /** Checks an expression under a name that ends in `.$`. Without this function, such names are unknown fields. */
  dynamic?(expression: string, field: Field, pointer: string, name: string): Iterable<Finding>;
  /** Returns the fix for an unknown field; `null` suggests a similar name. */
  unknownField?(name: string, pointer: string): string | null;
}

/** Checks a value against its entry in a table. Messages use `name`, such as `Timeout.AttemptDurationSeconds`. */
export function* checkField(
  given: Json,
  field: Field,
  pointer: string,
  name: string,
  check: FieldCheck,
): Generator<Finding, void, undefined> {
  const value = given instanceof ExactNumber ? given.toNumber() : given;
  if (check.jsonata && isJsonataText(value) && !isConstant(name, check)) {
    yield* check.expression?.(value, field, pointer, name) ?? [];
    return;
  }
  const type = TYPES[field.kind === "number" && field.whole ? "whole" : field.kind];
  const mayBeNull = field.kind === "path" && field.use !== "reference";
  if (value === null && mayBeNull) return;
  if (!type.fits(value)) {
    const message = `${name} must be ${type.expected}, got: ${quote(given)}`;
    yield error(`${check.prefix}wrong-type`, pointer, message, type.fix(given));
    return;
  }
  for (const { rule, got, fix } of limitsPassed(value, field)) {
    yield error(`${check.prefix}limit`, pointer, `${name} must ${rule}, got: ${got}`, fix);
  }
  if (field.kind === "list") {
    for (const [index, item] of (value as Json[]).entries()) {
      if (isSoundText(item, field.of, check)) continue;
      yield* checkField(item, field.of, `${pointer}/${index}`, `${name}[${index}]`, check);
    }
  } else if (field.kind === "map" || field.kind === "object") {
    yield* checkMembers(value as JsonObject, field, pointer, name, check);
  } else if (field.kind === "path" || field.kind === "expression") {
    yield* checkExpression(value as string, field, pointer, name);
  } else if (field.kind === "template") {
    yield* checkTemplate(value, pointer, name);
  }
}

// --- internal ---

const SERVICES = { "batch-": "Batch", "s3-": "S3" } as const;

const A_TIME = "2030-01-31T12:00:00Z";

/** The JSON type of a kind of field. */
interface TypeRule {
  readonly fits: (value: Json) => boolean;
  /** The type in words, after "must be". */
  readonly expected: string;
  readonly fix: (value: Json) => string;
}

const isText = (value: Json) => typeof value === "string";
const quoted = (value: Json) =>
  typeof value === "number" || typeof value === "boolean" || value instanceof ExactNumber
    ? `write it as a string: "${value}"`
    : "write a string in double quotes";

function inBraces(value: Json): string {
  return Array.isArray(value) ? "write { and } in place of [ and ]" : "put it in { and }";
}

const TYPES: Readonly<Record<Field["kind"] | "whole", TypeRule>> = {
  any: { fits: () => true, expected: "anything", fix: () => "" },
  text: { fits: isText, expected: "a string", fix: quoted },
  timestamp: { fits: isText, expected: "a string", fix: () => `write a timestamp such as "${A_TIME}"` },
  number: {
    fits: (value) => typeof value === "number",
    expected: "a number",
    fix: () => "write a number without quotes",
  },
  whole: { fits: Number.isInteger, expected: "a whole number", fix: () => "write a number without quotes" },
  boolean: {
    fits: (value) => typeof value === "boolean",
    expected: "true or false",
    fix: () => "write true or false without quotes",
  },
  true: { fits: (value) => value === true, expected: "true", fix: () => "write true, or remove the field" },
  list: { fits: Array.isArray, expected: "a list", fix: () => "put it in [ and ]" },
  map: { fits: isObject, expected: "an object", fix: inBraces },
  object: { fits: isObject, expected: "an object", fix: inBraces },
  path: { fits: isText, expected: "a path", fix: () => 'write a path such as "$.name"' },
  expression: {
    fits: isText,
    expected: "a path or an intrinsic function",
    fix: () => 'write a path such as "$.name"',
  },
  template: { fits: isTree, expected: "an object", fix: () => "put it in { and }, or remove the field" },
};

/** A limit that a value passes. */
interface LimitPassed {
  /** The limit in words, after "must". */
  readonly rule: string;
  readonly got: string | number;
  readonly fix: string;
}

/** Returns the limits of a field that a value of its type passes. */
function limitsPassed(value: Json, field: Field): LimitPassed[] {
  switch (field.kind) {
    case "text":
      return [...textLimits(value as string, field)];
    case "number":
      return numberLimits(value as number, field);
    case "list":
      return lengthLimits((value as Json[]).length, field);
    case "timestamp":
      return timeLimits(value as string);
    default:
      return [];
  }
}

function numberLimits(value: number, { minimum = value, maximum = value }: Kind<"number">): LimitPassed[] {
  if (value < minimum) return [{ rule: `be at least ${minimum}`, got: value, fix: `write ${minimum} or more` }];
  if (value > maximum) return [{ rule: `be at most ${maximum}`, got: value, fix: `write ${maximum} or less` }];
  return [];
}

function lengthLimits(length: number, { minItems = length, maxItems = length }: Kind<"list">): LimitPassed[] {
  if (length < minItems) return [{ rule: `have at least ${minItems} item`, got: length, fix: "add an item" }];
  if (length > maxItems)
    return [{ rule: `have at most ${maxItems} items`, got: length, fix: `remove ${length - maxItems}` }];
  return [];
}

function timeLimits(value: string): LimitPassed[] {
  if (value.includes("${") || parseTimestamp(value) !== null) return [];
  return [{ rule: "be a valid timestamp", got: quote(value), fix: `write a timestamp such as ${A_TIME}` }];
}

function* textLimits(value: string, field: Kind<"text">): Generator<LimitPassed, void, undefined> {
  const filled = value.includes("${") ? value.replace(/\$\{\w+\}/g, "x") : value;
  if (field.oneOf && value === filled && !field.oneOf.includes(value)) {
    yield {
      rule: `be one of ${field.oneOf.join(", ")}`,
      got: quote(value),
      fix: suggest(value, field.oneOf, "values"),
    };
  }
  if (field.pattern && !field.pattern.test(filled)) {
    yield { rule: field.rule!, got: quote(value), fix: "correct the value" };
  }
  if (filled.length > (field.maxLength ?? filled.length)) {
    yield { rule: `have at most ${field.maxLength} characters`, got: filled.length, fix: "shorten it" };
  }
}

type Kind<K extends Field["kind"]> = Extract<Field, { kind: K }>;

function* checkMembers(
  value: Record<string, Json>,
  field: Kind<"map" | "object">,
  pointer: string,
  name: string,
  check: FieldCheck,
): Generator<Finding, void, undefined> {
  for (const [key, inner] of Object.entries(value)) {
    if (isSoundMember(key, inner, field, check)) continue;
    const here = `${pointer}/${escapePointer(key)}`;
    const plain = check.dynamic ? withoutSuffix(key) : key;
    const full = name === "" ? plain : `${name}.${plain}`;
    const member =
      field.kind === "map" ? field.of : Object.hasOwn(field.fields, plain) ? field.fields[plain] : undefined;
    if (member === undefined) {
      const names = namesToOffer((field as Kind<"object">).fields);
      const fix = check.unknownField?.(key, here) ?? suggest(plain, names, "fields");
      yield error(
        `${check.prefix}unknown-field`,
        here,
        `${name === "" ? key : `${name}.${key}`} is not a known field`,
        fix,
      );
    } else if (inner === null && check.prefix !== "" && isLeftOut(key, field)) {
      const message = `${full} is null, so ${SERVICES[check.prefix]} gets no value for it`;
      yield warning(`${check.prefix}null`, here, message, "remove it, or write a value");
    } else if (key === plain) {
      yield* checkField(inner, member, here, full, check);
    } else if (typeof inner === "string") {
      yield* check.dynamic!(inner, member, here, full);
    }
  }
  if (field.kind === "map") return;
  for (const required of field.required) {
    if (value[required] !== undefined || value[`${required}.$`] !== undefined) continue;
    const misspelt = Object.keys(value).some(
      (key) => !Object.hasOwn(field.fields, withoutSuffix(key)) && nearest(withoutSuffix(key), [required]),
    );
    if (misspelt) continue;
    const full = name === "" ? required : `${name}.${required}`;
    yield error(`${check.prefix}missing-field`, pointer, `${full} is missing`, `add ${required}`);
  }
  // A field of the other language is reported with what replaces it.
  if (Object.keys(value).some((key) => isForeign(field.fields[key]))) return;
  if (field.anyOf && !field.anyOf.some((names) => names.every((one) => value[one] !== undefined))) {
    const sets = field.anyOf.map((names) => names.join(" and ")).join(", or ");
    yield error(`${check.prefix}missing-field`, pointer, `${name} must have ${sets}`, `add ${sets}`);
  }
}

/** Returns the names of the fields that a message can offer: those of the query language of the state. */
function namesToOffer(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, field]) => (isForeign(field) ? [] : [name]));
}

function isForeign(field: Field | undefined): boolean {
  return field?.kind === "any" && field.isForeign === true;
}

/** Returns whether a field, such as `Catch[0].Next`, has a constant value. */
function isConstant(name: string, { constants }: FieldCheck): boolean {
  return constants?.has(/(\w*)(?:\[\d+\])*$/.exec(name)![1]!) ?? false;
}

/** Returns whether there is nothing to say about a member that holds no others. Most requests have only such ones. */
function isSoundMember(key: string, value: Json, field: Kind<"map" | "object">, check: FieldCheck): boolean {
  const member = field.kind === "map" ? field.of : Object.hasOwn(field.fields, key) ? field.fields[key] : undefined;
  return member !== undefined && isSoundText(value, member, check);
}

function isSoundText(value: Json, field: Field, { jsonata }: FieldCheck): boolean {
  return !jsonata && typeof value === "string" && field.kind === "text" && limitsPassed(value, field).length === 0;
}

/** Returns whether Step Functions leaves out an optional member of a request that is null. */
function isLeftOut(key: string, field: Kind<"map" | "object">): boolean {
  return field.kind === "object" && !field.required.includes(key);
}
