import { escapePointer, isObject, type Json } from "../../base/json";
import { nearest, suggest } from "../../base/suggest";
import { quote } from "../../base/text";
import type { Field } from "../fields";
import { isJsonataText } from "../query-language";
import { parseTimestamp } from "../timestamps";
import { error, type Finding } from "./problem";
import { checkExpression, checkTemplate, withoutSuffix } from "./syntax";

/** Options for checking fields against a table. */
export interface FieldCheck {
  /** Prefix of the rule codes `unknown-field`, `missing-field`, `wrong-type` and `limit`. */
  readonly prefix: "" | "batch-";
  /** True if a JSONata expression may replace any value. */
  readonly jsonata?: boolean;
  /** Checks an expression under a name that ends in `.$`. Without this function, such names are unknown fields. */
  dynamic?(expression: string, field: Field, pointer: string, name: string): Iterable<Finding>;
  /** Returns the fix for an unknown field; `null` suggests a similar name. */
  unknownField?(name: string, pointer: string): string | null;
}

/** Checks a value against its entry in a table. Messages use `name`, such as `Timeout.AttemptDurationSeconds`. */
export function* checkField(
  value: Json,
  field: Field,
  pointer: string,
  name: string,
  check: FieldCheck,
): Generator<Finding, void, undefined> {
  if (check.jsonata && isJsonataText(value)) return;
  const wrongType = (expected: string, fix: string) =>
    error(`${check.prefix}wrong-type`, pointer, `${name} must be ${expected}, got: ${quote(value)}`, fix);
  const limit = (rule: string, got: string | number, fix: string) =>
    error(`${check.prefix}limit`, pointer, `${name} must ${rule}, got: ${got}`, fix);

  switch (field.kind) {
    case "any":
      return;
    case "text":
      if (typeof value !== "string") {
        const scalar = typeof value === "number" || typeof value === "boolean";
        yield wrongType("a string", scalar ? `write it as a string: "${value}"` : "write a string in double quotes");
      } else {
        yield* checkText(value, field, limit);
      }
      return;
    case "timestamp":
      if (typeof value !== "string") yield wrongType("a string", `write a time such as "${A_TIME}"`);
      else if (!value.includes("${") && parseTimestamp(value) === null) {
        yield limit("be a time that exists", quote(value), `write it as ${A_TIME} is written`);
      }
      return;
    case "number":
      if (typeof value !== "number" || (field.whole && !Number.isInteger(value))) {
        yield wrongType(field.whole ? "a whole number" : "a number", "write a number without quotes");
      } else if (value < (field.minimum ?? value)) {
        yield limit(`be at least ${field.minimum}`, value, `write ${field.minimum} or more`);
      } else if (value > (field.maximum ?? value)) {
        yield limit(`be at most ${field.maximum}`, value, `write ${field.maximum} or less`);
      }
      return;
    case "boolean":
      if (typeof value !== "boolean") yield wrongType("true or false", "write true or false without quotes");
      return;
    case "true":
      if (value !== true) yield wrongType("true", "write true, or remove the field");
      return;
    case "list":
      if (!Array.isArray(value)) {
        yield wrongType("a list", "put it in [ and ]");
        return;
      }
      if (value.length < (field.minItems ?? 0))
        yield limit(`have at least ${field.minItems} item`, value.length, "add an item");
      if (value.length > (field.maxItems ?? value.length)) {
        yield limit(`have at most ${field.maxItems} items`, value.length, `remove ${value.length - field.maxItems!}`);
      }
      for (const [index, item] of value.entries()) {
        yield* checkField(item, field.of, `${pointer}/${index}`, `${name}[${index}]`, check);
      }
      return;
    case "map":
    case "object":
      if (!isObject(value)) {
        yield wrongType("an object", "put it in { and }");
        return;
      }
      yield* checkMembers(value, field, pointer, name, check);
      return;
    case "path":
      if (value === null && field.use !== "reference") return;
      if (typeof value === "string") yield* checkExpression(value, field, pointer, name);
      else yield wrongType("a path", 'write a path such as "$.name"');
      return;
    case "expression":
      if (typeof value === "string") yield* checkExpression(value, field, pointer, name);
      else yield wrongType("a path or a call of a function", 'write a path such as "$.name"');
      return;
    case "template":
      if (value === null || typeof value !== "object")
        yield wrongType("an object", "put it in { and }, or remove the field");
      yield* checkTemplate(value, pointer, name);
  }
}

// --- internal ---

const A_TIME = "2030-01-31T12:00:00Z";

function* checkMembers(
  value: Record<string, Json>,
  field: Extract<Field, { kind: "map" | "object" }>,
  pointer: string,
  name: string,
  check: FieldCheck,
): Generator<Finding, void, undefined> {
  for (const [key, inner] of Object.entries(value)) {
    const here = `${pointer}/${escapePointer(key)}`;
    const plain = check.dynamic ? withoutSuffix(key) : key;
    const full = name === "" ? plain : `${name}.${plain}`;
    const member =
      field.kind === "map" ? field.of : Object.hasOwn(field.fields, plain) ? field.fields[plain] : undefined;
    if (member === undefined) {
      const names = Object.keys((field as Extract<Field, { kind: "object" }>).fields);
      const fix = check.unknownField?.(key, here) ?? suggest(plain, names, "fields");
      yield error(
        `${check.prefix}unknown-field`,
        here,
        `${name === "" ? key : `${name}.${key}`} is not a known field`,
        fix,
      );
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
  if (field.anyOf && !field.anyOf.some((names) => names.every((one) => value[one] !== undefined))) {
    const sets = field.anyOf.map((names) => names.join(" and ")).join(", or ");
    yield error(`${check.prefix}missing-field`, pointer, `${name} must have ${sets}`, `add ${sets}`);
  }
}

function* checkText(
  value: string,
  field: Extract<Field, { kind: "text" }>,
  limit: (rule: string, got: string | number, fix: string) => Finding,
): Generator<Finding, void, undefined> {
  const filled = value.replace(/\$\{\w+\}/g, "x");
  if (field.oneOf && value === filled && !field.oneOf.includes(value)) {
    yield limit(`be one of ${field.oneOf.join(", ")}`, quote(value), suggest(value, field.oneOf, "values"));
  }
  if (field.pattern && !field.pattern.test(filled)) yield limit(field.rule!, quote(value), "change what does not fit");
  if (filled.length > (field.maxLength ?? filled.length)) {
    yield limit(`have at most ${field.maxLength} characters`, filled.length, "shorten it");
  }
}
