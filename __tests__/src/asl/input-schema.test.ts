import { checkInput } from "../../../src/asl/input";
import { schemaFindings } from "../../../src/asl/input-schema";
import type { Json, JsonObject } from "../../../src/base/json";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

function findings(schema: Json): string[] {
  return schemaFindings(schema).map(({ severity, pointer, message, fix }) =>
    [`${severity}: ${pointer}`, `${message}; ${fix}`].join(": "),
  );
}

describe("accepts a JSON Schema 2020-12 schema", () => {
  test.each<[string, JsonObject, Json, string[]]>([
    [
      "that refers to itself",
      { type: "object", properties: { child: { $ref: "#" } } },
      { child: { child: 1 } },
      ["/child/child: expected an object, got 1"],
    ],
    [
      "whose root has an anchor",
      { type: "object", $anchor: "top", properties: { child: { $ref: "#top" } } },
      { child: 1 },
      ["/child: expected an object, got 1"],
    ],
    [
      "that refers to an anchor inside it",
      { $defs: { count: { $anchor: "count", type: "number" } }, items: { $ref: "#count" } },
      ["a"],
      ['/0: expected a number, got "a"'],
    ],
    [
      "whose parts have an $id",
      {
        $id: "https://example.com/tree",
        $defs: { node: { $id: "node", type: "object", properties: { tree: { $ref: "tree" } } } },
        $ref: "node",
      },
      { tree: { tree: 1 } },
      ["/tree/tree: expected an object, got 1"],
    ],
    [
      "with a dynamic reference",
      {
        $dynamicAnchor: "node",
        type: "object",
        properties: { children: { type: "array", items: { $dynamicRef: "#node" } } },
      },
      { children: [1] },
      ["/children/0: expected an object, got 1"],
    ],
    ["that refers to JSON Schema", { properties: { schema: { $ref: DRAFT } } }, { schema: { type: "string" } }, []],
    [
      "with keywords of OpenAPI",
      { type: "string", nullable: true, id: "x", discriminator: {} },
      null,
      ["the input itself: expected a string, got null"],
    ],
    ["with an unknown format", { format: "date-thyme", $schema: DRAFT }, "x", []],
    [
      "with names of Object.prototype",
      { required: ["toString", "constructor"] },
      {},
      ["/toString: is missing, and the schema requires it", "/constructor: is missing, and the schema requires it"],
    ],
    ["with a property that looks like a keyword", { properties: { $async: { type: "string" } } }, { $async: "x" }, []],
  ])("%s", (_, schema, input, problems) => {
    expect(findings(schema)).toEqual([]);
    expect(checkInput(schema, input)).toEqual(problems);
  });

  test("and a second schema with the same $id", () => {
    const $id = "https://example.com/input";
    const [first, second]: JsonObject[] = [
      { $id, type: "string" },
      { $id, type: "number" },
    ];
    expect([...findings(first!), ...findings(second!)]).toEqual([]);
    expect(checkInput(first!, 1)).toEqual(["the input itself: expected a string, got 1"]);
    expect(checkInput(second!, "x")).toEqual(['the input itself: expected a number, got "x"']);
  });
});

const SEE = "see https://json-schema.org/understanding-json-schema/reference";

test.each<[string, Json, string]>([
  ["a list", [], "error: : a schema must be an object, got: []; put it in { and }"],
  [
    "another draft",
    { $schema: "http://json-schema.org/draft-07/schema#" },
    `error: /$schema: $schema must be ${DRAFT}, got: "http://json-schema.org/draft-07/schema#"; write the schema for this draft`,
  ],
  [
    "a list of drafts",
    { $schema: [DRAFT] },
    `error: /$schema: $schema must be ${DRAFT}, got: ["${DRAFT}"]; write the schema for this draft`,
  ],
  [
    "$async, however deep",
    { properties: { a: { items: { $async: true } } } },
    "error: /properties/a/items/$async: $async is not a keyword of JSON Schema and is not supported; remove it",
  ],
  ["an unknown type", { type: "objekt" }, 'error: /type: "objekt" is not a JSON Schema type; did you mean object?'],
  ["a minimum that is not a number", { minimum: "3" }, `error: /minimum: expected a number, got "3"; ${SEE}`],
  [
    "an invalid pattern",
    { properties: { a: { pattern: "(" } } },
    'error: /properties/a/pattern: "(" is not a valid regular expression: unterminated group; correct it',
  ],
  [
    "a remote schema",
    { items: { $ref: "https://example.com/x.json" } },
    'error: /items/$ref: "https://example.com/x.json" is not in this schema, and remote schemas are not fetched; copy the remote schema into $defs, and refer to it there',
  ],
  [
    "a reference without a target",
    { $ref: "#/$defs/nope", $defs: { yes: {} } },
    'error: /$ref: "#/$defs/nope" does not exist in this schema; the schema defines #/$defs/yes',
  ],
  [
    "a cycle of references",
    { $ref: "#" },
    "error: : its references form a cycle; replace one of them with a schema that has no reference",
  ],
  [
    "a misspelt keyword",
    { properties: { a: { maxItem: 3 } } },
    'warning: /properties/a/maxItem: "maxItem" is not a keyword of JSON Schema and is ignored; did you mean maxItems?',
  ],
  [
    "another misspelt keyword",
    { minimun: 1 },
    'warning: /minimun: "minimun" is not a keyword of JSON Schema and is ignored; did you mean minimum?',
  ],
])("reports %s with its place and a fix", (_, schema, message) => {
  expect(findings(schema)).toEqual([message]);
});

test.each<[string, JsonObject, Json]>([
  ["pattern", { pattern: "^(a+)+$" }, `${"a".repeat(60)}!`],
  ["patternProperties", { patternProperties: { "^(a+)+$": {} } }, { [`${"a".repeat(60)}!`]: 1 }],
])("a %s that backtracks is interrupted", (_, schema, input) => {
  expect(findings(schema)).toEqual([]);
  expect(checkInput(schema, input, 20)).toEqual([
    'the check of the input takes more than 0.02 s: in the schema, avoid patterns that backtrack, such as "^(a+)+$", and recursive references in anyOf',
  ]);
});

test("reports a schema that takes too long to compile", () => {
  const schema = { anyOf: Array.from({ length: 2000 }, (_, value) => ({ const: value })) };
  expect(schemaFindings(schema, 10)).toEqual([
    {
      severity: "error",
      rule: "input-schema",
      pointer: "",
      message: "the schema takes more than 0.01 s to compile",
      fix: "make it smaller, for example use one enum instead of many const",
    },
  ]);
});
