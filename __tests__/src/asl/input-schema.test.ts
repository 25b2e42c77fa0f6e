import { checkInput } from "../../../src/asl/input";
import { schemaFindings } from "../../../src/asl/input-schema";
import type { Json, JsonObject } from "../../../src/base/json";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

function findings(schema: Json): string[] {
  return schemaFindings(schema).map(({ severity, pointer, message, fix }) =>
    [`${severity}: ${pointer}`, `${message}; ${fix}`].join(": "),
  );
}

describe("a schema of JSON Schema 2020-12 works", () => {
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
      "with words of OpenAPI",
      { type: "string", nullable: true, id: "x", discriminator: {} },
      null,
      ["the input itself: expected a string, got null"],
    ],
    ["with a format that nobody knows", { format: "date-thyme", $schema: DRAFT }, "x", []],
    [
      "with names of prototypes",
      { required: ["toString", "constructor"] },
      {},
      ["/toString: is missing, and the schema requires it", "/constructor: is missing, and the schema requires it"],
    ],
    ["with a property that looks like a keyword", { properties: { $async: { type: "string" } } }, { $async: "x" }, []],
  ])("%s", (_, schema, input, problems) => {
    expect(findings(schema)).toEqual([]);
    expect(checkInput(schema, input)).toEqual(problems);
  });

  test("and another of the same $id after it", () => {
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
    "error: /properties/a/items/$async: $async is no keyword of JSON Schema: an input cannot be checked with it; remove it",
  ],
  ["a type that there is not", { type: "objekt" }, 'error: /type: there is no type "objekt"; did you mean object?'],
  ["a bound that is no number", { minimum: "3" }, `error: /minimum: expected a number, got "3"; ${SEE}`],
  [
    "a pattern that is none",
    { properties: { a: { pattern: "(" } } },
    'error: /properties/a/pattern: "(" is no regular expression: unterminated group; correct it',
  ],
  [
    "a schema elsewhere",
    { items: { $ref: "https://example.com/x.json" } },
    'error: /items/$ref: "https://example.com/x.json" is not in this schema, and no schema is fetched from elsewhere; copy that schema into $defs, and refer to it there',
  ],
  [
    "a reference to nothing",
    { $ref: "#/$defs/nope", $defs: { yes: {} } },
    'error: /$ref: "#/$defs/nope" leads to nothing in this schema; it has #/$defs/yes',
  ],
  [
    "references in a circle",
    { $ref: "#" },
    "error: : its references lead in a circle; let one of them lead to a schema that says something",
  ],
  [
    "a misspelt keyword",
    { properties: { a: { maxItem: 3 } } },
    'warning: /properties/a/maxItem: "maxItem" is no keyword of JSON Schema, and is ignored; did you mean maxItems?',
  ],
  [
    "another misspelt keyword",
    { minimun: 1 },
    'warning: /minimun: "minimun" is no keyword of JSON Schema, and is ignored; did you mean minimum?',
  ],
])("%s is told with its place and the way out", (_, schema, message) => {
  expect(findings(schema)).toEqual([message]);
});

test.each<[string, JsonObject, Json]>([
  ["pattern", { pattern: "^(a+)+$" }, `${"a".repeat(60)}!`],
  ["patternProperties", { patternProperties: { "^(a+)+$": {} } }, { [`${"a".repeat(60)}!`]: 1 }],
])("a %s that backtracks is interrupted", (_, schema, input) => {
  expect(findings(schema)).toEqual([]);
  expect(checkInput(schema, input, 20)).toEqual([
    'the schema takes more than 0.02 s to check the input: look in it for a pattern that backtracks, such as "^(a+)+$", or for an anyOf in which it refers to itself',
  ]);
});

test("of a hundred thousand mistakes the first fifty are told, and of as many allowed values the first twenty", () => {
  const problems = checkInput({ items: { type: "string" } }, Array(100_000).fill(1), 60_000);
  expect(problems).toHaveLength(51);
  expect(problems.at(-1)).toBe("… and 99,950 more");
  const values = Array.from({ length: 100_000 }, (_, index) => `v${index}`);
  expect(checkInput({ enum: values }, 3, 60_000)[0]).toMatch(/"v19" and 99,980 more, got 3$/);
});

test("a schema that takes too long to prepare is told, not waited for", () => {
  const schema = { anyOf: Array.from({ length: 2000 }, (_, value) => ({ const: value })) };
  expect(schemaFindings(schema, 10)).toEqual([
    {
      severity: "error",
      rule: "input-schema",
      pointer: "",
      message: "it takes more than 0.01 s to prepare",
      fix: "make it smaller, such as with one enum in place of many const",
    },
  ]);
});
