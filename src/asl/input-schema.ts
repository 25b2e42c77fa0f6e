/**
 * Finds mistakes in the JSON Schema of an execution's input, and compiles it into a function that checks an input.
 *
 * @see https://json-schema.org/draft/2020-12/json-schema-validation
 */
import Ajv2020, { type ErrorObject, type ValidateFunction } from "ajv/dist/2020";
import { escapePointer, isObject, isTree, type Json, type JsonObject } from "../base/json";
import { nearest } from "../base/suggest";
import { listed, quote } from "../base/text";
import { TooSlow, withinTime } from "../base/time-limit";
import { error, type Finding, warning } from "./check/problem";
import { describeMistake } from "./schema-mistakes";

/** Returns the mistakes of a schema. A schema with an error cannot be used. */
export function schemaFindings(schema: Json, milliseconds = TIME_LIMIT): Finding[] {
  try {
    return withinTime(milliseconds, () => findingsOf(schema));
  } catch (failure) {
    if (!(failure instanceof TooSlow)) throw failure;
    const message = `the schema takes more than ${milliseconds / 1000} s to compile`;
    return [wrong("", message, "make it smaller, for example use one enum instead of many const")];
  }
}

/** Returns the function that checks an input. Throws an Error if the schema has an error. */
export function validator(schema: JsonObject): ValidateFunction {
  const before = VALIDATORS.get(schema);
  if (before !== undefined) return before;
  // Each schema gets its own validator, because a shared one remembers the `$id` of an earlier schema.
  // The schemas of JSON Schema itself take 100 ms to load, so they are loaded only if a schema refers to one.
  const ajv = new Ajv2020({ ...OPTIONS, meta: refersToDraft(schema), validateSchema: false });
  const validate = ajv.compile(prepared(schema));
  VALIDATORS.set(schema, validate);
  return validate;
}

// --- internal ---

function findingsOf(schema: Json): Finding[] {
  if (typeof schema === "boolean") return [];
  if (!isObject(schema)) {
    return [wrong("", `a schema must be an object, got: ${quote(schema)}`, "put it in { and }")];
  }
  const { $schema = DRAFT } = schema;
  if (typeof $schema !== "string" || $schema.replace(/#$/, "") !== DRAFT) {
    return [wrong("/$schema", `$schema must be ${DRAFT}, got: ${quote($schema)}`, "write the schema for this draft")];
  }
  const errors = shapeErrors(schema);
  if (errors.length > 0) return errors;
  const places = [...walkSchemas(schema)];
  const findings = places.flatMap((place) => [...ownErrors(place)]);
  if (findings.length > 0) return findings;
  return [...referenceErrors(schema, places), ...places.flatMap((place) => [...unknownKeywords(place)])];
}

/** A schema with a thousand properties takes a tenth of this time. */
const TIME_LIMIT = 4000;

const DRAFT = "https://json-schema.org/draft/2020-12/schema";
const DRAFT_BASE = "https://json-schema.org/draft/2020-12/";

/** `ownProperties`: an inherited `toString` is not a property of an object. */
const OPTIONS = { allErrors: true, verbose: true, strict: false, validateFormats: false, ownProperties: true } as const;

const VALIDATORS = new WeakMap<JsonObject, ValidateFunction>();

/** The keywords whose values contain schemas. */
type Holds = "nothing" | "one" | "list" | "map";

const KEYWORDS = new Map<string, Holds>([
  ...named(
    "nothing",
    ...["$schema", "$id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "$comment"],
    ...["type", "const", "enum", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"],
    ...["maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains"],
    ...["maxProperties", "minProperties", "required", "dependentRequired"],
    ...["title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples"],
    ...["format", "contentEncoding", "contentMediaType", "$recursiveRef", "$recursiveAnchor"],
  ),
  ...named(
    "one",
    ...["not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"],
    ...["unevaluatedItems", "unevaluatedProperties", "contentSchema"],
  ),
  ...named("list", "allOf", "anyOf", "oneOf", "prefixItems"),
  ...named("map", "$defs", "definitions", "properties", "patternProperties", "dependentSchemas", "dependencies"),
]);

/** Keywords of other tools that resemble those of JSON Schema. They are not reported as misspelled. */
const ANNOTATIONS = new Set(["id", "$data", "nullable", "discriminator", "example", "enumNames", "links"]);

/** Keywords of other tools that the validator would act on. They are removed first. */
const EXTENSIONS = ["id", "nullable"];

interface Place {
  readonly schema: JsonObject;
  /** The JSON pointer of the schema. */
  readonly pointer: string;
  /** True if it belongs to the root, not to an inner schema with its own `$id`. */
  readonly isOfRoot: boolean;
}

function named(holds: Holds, ...keywords: string[]): [string, Holds][] {
  return keywords.map((keyword) => [keyword, holds]);
}

/** Walks all schemas that are objects, each before its inner schemas. Skips other values, such as a default. */
function* walkSchemas(schema: Json | undefined, pointer = "", inRoot = true): Generator<Place, void, undefined> {
  if (!isObject(schema)) return;
  const isOfRoot = inRoot && (pointer === "" || schema.$id === undefined);
  yield { schema, pointer, isOfRoot };
  for (const [keyword, value] of Object.entries(schema)) {
    const here = `${pointer}/${escapePointer(keyword)}`;
    const holds = KEYWORDS.get(keyword) ?? "nothing";
    if (holds === "one") yield* walkSchemas(value, here, isOfRoot);
    if (holds === "list" || holds === "map") {
      if (!isTree(value)) continue;
      for (const [key, inner] of Object.entries(value)) {
        yield* walkSchemas(inner, `${here}/${escapePointer(key)}`, isOfRoot);
      }
    }
  }
}

/** Validates a schema against the schema of JSON Schema. */
function shapeErrors(schema: JsonObject): Finding[] {
  // The generated code runs once: its optimization takes longer than it saves.
  META ??= new Ajv2020({ ...OPTIONS, code: { optimize: false } });
  if (META.validateSchema(schema) === true) return [];
  const told = new Set<string>();
  return META.errors!.flatMap((mistake) => {
    const place = mistake.instancePath;
    if (WRAPPERS.has(mistake.keyword) || told.has(place)) return [];
    told.add(place);
    return [shapeError(mistake, place)];
  });
}

let META: Ajv2020 | null = null;

/** An error of these keywords only repeats the error of an inner schema. */
const WRAPPERS = new Set(["anyOf", "allOf", "if", "$ref", "$dynamicRef"]);

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"];

function shapeError(mistake: ErrorObject, pointer: string): Finding {
  if (/(^|\/)type(\/\d+)?$/.test(pointer) && typeof mistake.data === "string") {
    const meant = nearest(mistake.data, TYPES);
    const fix = meant === null ? `write one of ${TYPES.join(", ")}` : `did you mean ${meant}?`;
    return wrong(pointer, `${quote(mistake.data)} is not a JSON Schema type`, fix);
  }
  const { member, message } = describeMistake(mistake);
  return wrong(pointer, member === null ? message : `${quote(member)} ${message}`, `see ${SPECIFICATION}`);
}

const SPECIFICATION = "https://json-schema.org/understanding-json-schema/reference";

function* ownErrors({ schema, pointer }: Place): Generator<Finding, void, undefined> {
  if (Object.hasOwn(schema, "$async")) {
    yield wrong(`${pointer}/$async`, "$async is not a keyword of JSON Schema and is not supported", "remove it");
  }
  const patterns = [
    ...(typeof schema.pattern === "string" ? [{ text: schema.pattern, place: "/pattern" }] : []),
    ...Object.keys(isObject(schema.patternProperties) ? schema.patternProperties : {}).map((text) => ({
      text,
      place: `/patternProperties/${escapePointer(text)}`,
    })),
  ];
  for (const { text, place } of patterns) {
    const why = patternProblem(text);
    if (why !== null)
      yield wrong(pointer + place, `${quote(text)} is not a valid regular expression: ${why}`, "correct it");
  }
}

function patternProblem(pattern: string): string | null {
  try {
    new RegExp(pattern, "u");
    return null;
  } catch (mistake) {
    const { message } = mistake as Error;
    return message.slice(message.lastIndexOf(": ") + 2).toLowerCase();
  }
}

/** Uses the validator to find references without a target, and duplicate names. */
function referenceErrors(schema: JsonObject, places: readonly Place[]): Finding[] {
  try {
    validator(schema)(null);
    return [];
  } catch (mistake) {
    if (mistake instanceof RangeError) {
      return [wrong("", "its references form a cycle", "replace one of them with a schema that has no reference")];
    }
    if (mistake instanceof Ajv2020.MissingRefError) return [missingReference(mistake, places)];
    return [wrong("", (mistake as Error).message, `see ${SPECIFICATION}`)];
  }
}

function missingReference({ missingRef }: { missingRef: string }, places: readonly Place[]): Finding {
  for (const { schema, pointer } of places) {
    for (const keyword of ["$ref", "$dynamicRef"]) {
      const reference = schema[keyword];
      if (typeof reference !== "string" || !missingRef.endsWith(reference)) continue;
      const isRemote = !reference.startsWith("#");
      return wrong(
        `${pointer}/${keyword}`,
        isRemote
          ? `${quote(reference)} is not in this schema, and remote schemas are not fetched`
          : `${quote(reference)} does not exist in this schema`,
        isRemote ? "copy the remote schema into $defs, and refer to it there" : definitionsOf(places),
      );
    }
  }
  return wrong("", `${quote(missingRef)} does not exist in this schema`, definitionsOf(places));
}

function definitionsOf(places: readonly Place[]): string {
  const { $defs, definitions } = places[0]!.schema;
  const names = [
    ...Object.keys(isObject($defs) ? $defs : {}).map((name) => `#/$defs/${escapePointer(name)}`),
    ...Object.keys(isObject(definitions) ? definitions : {}).map((name) => `#/definitions/${escapePointer(name)}`),
  ];
  return names.length === 0 ? "add the missing schema to $defs" : `the schema defines ${listed(names, 10)}`;
}

function* unknownKeywords({ schema, pointer }: Place): Generator<Finding, void, undefined> {
  for (const keyword of Object.keys(schema)) {
    if (KEYWORDS.has(keyword) || ANNOTATIONS.has(keyword) || /^x-/i.test(keyword)) continue;
    const meant = nearest(keyword, KEYWORDS.keys());
    if (meant === null || Object.hasOwn(schema, meant)) continue;
    const message = `${quote(keyword)} is not a keyword of JSON Schema and is ignored`;
    yield warning("input-schema", `${pointer}/${escapePointer(keyword)}`, message, `did you mean ${meant}?`);
  }
}

function wrong(pointer: string, message: string, fix: string): Finding {
  return error("input-schema", pointer, message, fix);
}

function refersToDraft(schema: JsonObject): boolean {
  const isOfDraft = (reference: Json | undefined) => typeof reference === "string" && reference.startsWith(DRAFT_BASE);
  return [...walkSchemas(schema)].some((place) => isOfDraft(place.schema.$ref) || isOfDraft(place.schema.$dynamicRef));
}

/** Returns a copy in which the validator understands each keyword as JSON Schema defines it. */
function prepared(schema: JsonObject): JsonObject {
  const copy = structuredClone(schema);
  // The validator cannot resolve an anchor of the root. Such a reference becomes `#`.
  const anchors = [copy.$anchor, copy.$dynamicAnchor].flatMap((name) => (typeof name === "string" ? [`#${name}`] : []));
  for (const { schema: inner, isOfRoot } of walkSchemas(copy)) {
    for (const keyword of EXTENSIONS) delete inner[keyword];
    if (isOfRoot && anchors.includes(String(inner.$ref))) inner.$ref = "#";
  }
  return copy;
}
