/** Generates JSON Schemas of inputs: valid, wrong and hostile ones. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/base/json";
import { expand, giant, rawNumber } from "./giants";
import { editText, mutate, mutations, textEdits } from "./mutations";
import { json, objectOf, text } from "./texts";

/** The keyword `then`. An object literal with it would look like a promise. */
const THEN = "then";
const DRAFT = "https://json-schema.org/draft/2020-12/schema";

// biome-ignore format: a list
const PATTERNS = [
  "^x+$", "(a+)+$", "^(a|a)*$", "^(.*a){12}$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "[", "(?<a>", "\\p{L}+", "(?=a)*", "a{1,99999}", "(a{1,30}){1,30}$", "^(?:(?:(?:a*)*)*)*$", "\\", "",
];
const REFS = [
  "#",
  "#/$defs/a",
  "#/$defs/none",
  "#node",
  "http://127.0.0.1:1/schema.json",
  "https://example.com/a",
  "file:///etc/passwd",
  "a.json",
  "#/%",
  "#/$defs/a/properties/b",
  "",
  DRAFT,
];
const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null", "objekt", "any"];

const schema: fc.Arbitrary<Json> = fc.letrec<{ schema: Json; map: Json; list: Json }>((tie) => ({
  map: fc
    .array(fc.tuple(fc.oneof(fc.constantFrom("a", "items", "name"), text), tie("schema")), { maxLength: 3 })
    .map(objectOf) as fc.Arbitrary<Json>,
  list: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) as fc.Arbitrary<Json>,
  schema: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<Json>(true, false, {}, { $ref: "#" }, { type: "string" }),
    fc.record(
      {
        type: fc.oneof(
          fc.constantFrom(...TYPES),
          fc.constantFrom<Json>(["string", "null"], [], ["object", "object"], 1),
        ),
        properties: tie("map"),
        patternProperties: fc.constantFrom(...PATTERNS).map((pattern): Json => ({ [pattern]: true })),
        additionalProperties: tie("schema"),
        required: fc.array(text, { maxLength: 2 }) as fc.Arbitrary<Json>,
        items: tie("schema"),
        prefixItems: tie("list"),
        allOf: tie("list"),
        anyOf: tie("list"),
        oneOf: tie("list"),
        not: tie("schema"),
        if: tie("schema"),
        enum: fc.array(json, { maxLength: 3 }) as fc.Arbitrary<Json>,
        const: json,
        pattern: fc.constantFrom(...PATTERNS) as fc.Arbitrary<Json>,
        format: fc.constantFrom<Json>("email", "date-time", "regex", "nope"),
        minLength: fc.constantFrom<Json>(0, 1, -1, 1.5, "1"),
        maxItems: fc.oneof(fc.constantFrom<Json>(0, 1, 1000), rawNumber as fc.Arbitrary<Json>),
        multipleOf: fc.constantFrom<Json>(1, 0.01, 0, -1),
        uniqueItems: fc.boolean() as fc.Arbitrary<Json>,
        $ref: fc.constantFrom(...REFS) as fc.Arbitrary<Json>,
        $dynamicRef: fc.constantFrom(...REFS) as fc.Arbitrary<Json>,
        $id: fc.constantFrom<Json>("http://a/b", "x", "#", "urn:x", "", "http://["),
        $anchor: fc.constantFrom<Json>("node", "", "1", "a b"),
        $dynamicAnchor: fc.constantFrom<Json>("node"),
        $async: fc.boolean() as fc.Arbitrary<Json>,
        $defs: tie("map"),
        $comment: text as fc.Arbitrary<Json>,
        maxItem: fc.constant(1),
        dependentRequired: json,
        unevaluatedProperties: tie("schema"),
        discriminator: json,
        [THEN]: tie("schema"),
        nullable: fc.boolean() as fc.Arbitrary<Json>,
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Json>,
  ),
})).schema;

/** Small schemas that recurse, refer elsewhere or never end. */
const KNOWN: readonly JsonObject[] = [
  { $ref: "#" },
  { type: "object", properties: { child: { $ref: "#" } } },
  { $anchor: "node", type: "object", properties: { next: { $ref: "#node" } } },
  { $async: true, type: "object" },
  { $async: true, type: "array" },
  { properties: { a: { pattern: "^(a|a)*$" } } },
  { $id: "http://a/b", $ref: "http://a/c" },
  { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" },
  { allOf: [{ $ref: "#" }] },
  { not: { $ref: "#" } },
  { $dynamicAnchor: "node", properties: { a: { $dynamicRef: "#node" } } },
  { $schema: "http://json-schema.org/draft-07/schema#", type: "object" },
  { $schema: DRAFT, $vocabulary: {} },
  { properties: { name: { pattern: "(a+)+$" } } },
  { patternProperties: { "(a+)+$": true } },
];

const KEYS = [
  "type",
  "properties",
  "$ref",
  "$id",
  "$anchor",
  "$async",
  "$defs",
  "items",
  "pattern",
  "required",
  "enum",
  "$schema",
  "maxItem",
  "minimun",
];
const VALUES: readonly Json[] = [...REFS, ...PATTERNS, ...TYPES, true, {}, [], { $ref: "#" }, -1, null];

/** Returns the bytes of a schema. */
export const schemaBytes: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: schema },
      { weight: 6, arbitrary: fc.constantFrom<Json>(...KNOWN) },
      {
        weight: 1,
        arbitrary: giant(
          "ref-schema",
          "all-of-schema",
          "wide-any-schema",
          "enum-schema",
          "deep-object",
          "many-keys",
        ) as fc.Arbitrary<Json>,
      },
    ),
    fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: mutations(KEYS, VALUES, 2) }),
    textEdits,
  )
  .map(([one, changes, edits]) => editText(expand(mutate(one, changes)), edits));

/** Valid schemas that some objects fit. The project must accept all of them. */
export const VALID_SCHEMAS: readonly Json[] = [
  { type: "object", properties: { child: { $ref: "#" } } },
  { $anchor: "node", type: "object", properties: { next: { $ref: "#node" } } },
  { $dynamicAnchor: "node", properties: { child: { $dynamicRef: "#node" } } },
  { $defs: { tree: { properties: { child: { $ref: "#/$defs/tree" } } } }, $ref: "#/$defs/tree" },
  { $id: "http://a/b", type: "object", properties: { child: { $ref: "http://a/b" } } },
];

/** Inputs that take a schema long to check. */
export const slowInput: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom("a", "x", "ab"))
  .map(([times, piece]) => {
    const slow = `${piece.repeat(times)}!`;
    return JSON.stringify({ name: slow, a: slow, items: [slow], x: { [slow]: slow }, child: { child: {} } });
  });
