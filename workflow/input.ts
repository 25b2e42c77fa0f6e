/** The input of an execution against its JSON Schema. */
import Ajv2020, { type ErrorObject } from "ajv/dist/2020";
import { escapePointer, isObject, type Json, type JsonObject } from "./document";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** What keeps a schema from being one, of JSON Schema 2020-12; `null`: nothing. */
export function schemaProblem(schema: Json): string | null {
  if (!isObject(schema)) return "it must be an object";
  const { $schema = DRAFT } = schema;
  if (String($schema).replace(/#$/, "") !== DRAFT) return `$schema must be ${DRAFT}, got: ${show($schema)}`;
  try {
    compile(schema);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The input that a text holds; some editors begin one with a mark that is no JSON. Throws a SyntaxError where it holds none. */
export function parseInput(text: string): Json {
  return JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
}

/**
 * What is wrong with an input, a line each: JSON pointer, what was expected, what was got. Empty: nothing.
 *
 * @throws Error when the schema itself is not a valid JSON Schema (2020-12)
 */
export function checkInput(schema: JsonObject, input: Json): string[] {
  const validate = compile(schema);
  if (validate(input)) return [];
  // A failed `if` or `anyOf` repeats what the schemas inside it have said.
  return validate.errors!.filter(({ keyword }) => keyword !== "if").map(describe);
}

/** One for all schemas: the first has it compile those of JSON Schema itself, which takes twenty times as long. */
const AJV = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: false,
  addUsedSchema: false,
  validateFormats: false,
});

function compile(schema: JsonObject) {
  return AJV.compile(schema);
}

/** By keyword of the schema: which member is meant, if not the value itself, and what was expected. */
const EXPECTATIONS: Readonly<Record<string, (error: ErrorObject) => { member?: string; expected: string }>> = {
  type: ({ params }) => ({ expected: [params.type].flat().map(withArticle).join(" or ") }),
  required: ({ params }) => ({ member: params.missingProperty, expected: "a value, it is required" }),
  additionalProperties: ({ params, parentSchema }) => ({
    member: params.additionalProperty,
    expected: `no such member, only ${Object.keys(parentSchema?.properties ?? {}).join(", ")}`,
  }),
  enum: ({ params }) => ({
    expected: `one of ${params.allowedValues.map((value: Json) => JSON.stringify(value)).join(", ")}`,
  }),
  const: ({ params }) => ({ expected: JSON.stringify(params.allowedValue) }),
  maxItems: ({ params }) => ({ expected: `${params.limit} items at most` }),
  minLength: ({ params }) => ({ expected: `at least ${params.limit} character${params.limit === 1 ? "" : "s"}` }),
  minItems: ({ params }) => ({ expected: `${params.limit} items at least` }),
};

function describe(error: ErrorObject): string {
  const { member, expected } = EXPECTATIONS[error.keyword]?.(error) ?? { expected: `what ${error.message}` };
  const pointer = member === undefined ? error.instancePath : `${error.instancePath}/${escapePointer(member)}`;
  const got = member === undefined ? error.data : (error.data as JsonObject)[member];
  return `${pointer || "the input itself"}: expected ${expected}, got ${show(got as Json | undefined)}`;
}

const SHOWN_CHARACTERS = 60;

function show(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value) && value.length > 3) return `a list of ${value.length}`;
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function withArticle(type: string): string {
  const names: Readonly<Record<string, string>> = { array: "a list", object: "an object", integer: "a whole number" };
  return names[type] ?? `a ${type}`;
}
