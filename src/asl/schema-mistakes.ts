/** Describes JSON Schema errors in words, because the validator writes its errors for programmers. */
import type { ErrorObject } from "ajv/dist/2020";
import type { Json, JsonObject } from "../base/json";
import { suggest } from "../base/suggest";
import { listed, quote } from "../base/text";

/** An error of the validator, in words. */
export interface SchemaMistake {
  /** The member with the mistake, if it is not the value itself. */
  readonly member: string | null;
  /** The mistake, such as `expected a string, got 1`. */
  readonly message: string;
}

/** Returns the mistakes of a value by its schema. */
export function describeMistake(error: ErrorObject): SchemaMistake {
  const words: Words = Object.hasOwn(WORDS, error.keyword)
    ? WORDS[error.keyword]!
    : ({ message }) => `a value that ${message ?? "fits"}`;
  const found = words(error);
  if (typeof found !== "string") return found;
  return { member: null, message: `expected ${found}, got ${describeFound(error.data as Json)}` };
}

// --- internal ---

/** The expected value, or the whole message about a member. */
type Words = (error: ErrorObject) => string | { readonly member: string; readonly message: string };

const WORDS: Readonly<Record<string, Words>> = {
  type: ({ params }) => [params.type].flat().map(withArticle).join(" or "),
  required: ({ params }) => ({ member: params.missingProperty, message: "is missing, and the schema requires it" }),
  additionalProperties: ({ params, parentSchema }) => notAllowed(params.additionalProperty, parentSchema),
  unevaluatedProperties: ({ params, parentSchema }) => notAllowed(params.unevaluatedProperty, parentSchema),
  "false schema": () => "nothing here",
  enum: ({ params }) => `one of ${listed(params.allowedValues.map((value: Json) => quote(value, SHOWN_CHARACTERS)))}`,
  const: ({ params }) => quote(params.allowedValue),
  minimum: ({ params }) => `a number of at least ${params.limit}`,
  maximum: ({ params }) => `a number of at most ${params.limit}`,
  exclusiveMinimum: ({ params }) => `a number above ${params.limit}`,
  exclusiveMaximum: ({ params }) => `a number below ${params.limit}`,
  multipleOf: ({ params }) => `a multiple of ${params.multipleOf}`,
  minLength: ({ params }) => `at least ${times(params.limit, "character")}`,
  maxLength: ({ params }) => `at most ${times(params.limit, "character")}`,
  pattern: ({ params }) => `text that matches ${quote(params.pattern)}`,
  format: ({ params }) => `text in the format ${quote(params.format)}`,
  minItems: ({ params }) => `at least ${times(params.limit, "item")}`,
  maxItems: ({ params }) => `at most ${times(params.limit, "item")}`,
  items: ({ params }) => `at most ${times(params.limit, "item")}`,
  unevaluatedItems: ({ params }) => `at most ${times(params.len, "item")}`,
  uniqueItems: ({ params }) => `unique items, but items ${params.j} and ${params.i} are equal`,
  contains: ({ params }) =>
    `at least ${times(params.minContains, "item")} that match${params.minContains === 1 ? "es" : ""} \`contains\``,
  minProperties: ({ params }) => `at least ${times(params.limit, "field")}`,
  maxProperties: ({ params }) => `at most ${times(params.limit, "field")}`,
  propertyNames: ({ params }) => `field names that match \`propertyNames\`, not ${quote(params.propertyName)}`,
  dependentRequired: ({ params }) => ({
    member: params.missingProperty,
    message: `is missing, and ${quote(params.property)} requires it`,
  }),
  anyOf: () => "a value that matches one of the schemas in `anyOf`",
  oneOf: ({ params }) =>
    params.passingSchemas
      ? "a value that matches only one of the schemas in `oneOf`"
      : "a value that matches one of the schemas in `oneOf`",
  not: () => "a value that does not match the schema in `not`",
};

function notAllowed(name: string, parentSchema: JsonObject | undefined): SchemaMistake & { member: string } {
  const known = Object.keys(parentSchema?.properties ?? {});
  return { member: name, message: `is not a field that the schema allows; ${suggest(name, known, "fields")}` };
}

const SHOWN_CHARACTERS = 60;

function describeFound(value: Json | undefined): string {
  if (Array.isArray(value) && value.length > 3) return `a list of ${value.length}`;
  return quote(value, SHOWN_CHARACTERS);
}

function times(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ["array", "a list"],
  ["object", "an object"],
  ["integer", "a whole number"],
  ["boolean", "true or false"],
  ["null", "null"],
]);

function withArticle(type: string): string {
  return TYPE_WORDS.get(type) ?? `a ${type}`;
}
