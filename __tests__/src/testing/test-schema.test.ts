/** The schema for editors says the same as the reader of test files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { EXAMPLES } from "../../../scripts/examples";
import type { Field, ObjectField } from "../../../src/asl/fields";
import type { JsonObject } from "../../../src/base/json";
import { PROJECT_FOLDER } from "../../../src/project/project-folder";
import { EXPECT_FIELDS } from "../../../src/testing/expectation";
import { MATCHERS } from "../../../src/testing/matchers";
import mockSchema from "../../../src/testing/mock.schema.json";
import schema from "../../../src/testing/test.schema.json";
import { CASE_FIELDS, TEST_FILE_FIELDS } from "../../../src/testing/test-file";

const ajv = new Ajv2020({ allowUnionTypes: true, strict: false, validateFormats: false });
ajv.addSchema(mockSchema, "mock.schema.json");
const validate = ajv.compile(schema);

/** The kinds of fields, and the types of a schema. */
const TYPES: Partial<Record<Field["kind"], string>> = {
  text: "string",
  boolean: "boolean",
  timestamp: "string",
  list: "array",
};

function shapeOf({ fields, required }: ObjectField) {
  return { required, fields: Object.keys(fields).sort(), types: typesOf(Object.entries(fields)) };
}

function typesOf(fields: readonly [string, Field][]) {
  return Object.fromEntries(
    fields.flatMap(([name, { kind }]) => (TYPES[kind] === undefined ? [] : [[name, TYPES[kind]]])),
  );
}

test.each<[string, ObjectField, JsonObject]>([
  ["a test file", TEST_FILE_FIELDS, schema],
  ["a case", CASE_FIELDS, schema.$defs.case],
  ["an expectation", EXPECT_FIELDS, schema.$defs.expect],
])("%s has the same fields, in the same types", (_, fields, { properties, required = [] }) => {
  const shape = shapeOf(fields);
  const entries = Object.entries(properties as Record<string, JsonObject>);
  expect({ required, fields: entries.map(([name]) => name).sort() }).toEqual({
    required: shape.required,
    fields: shape.fields,
  });
  const resolved = entries.map(([name, { $ref, ...own }]) => {
    const definition = typeof $ref === "string" ? schema.$defs[$ref.replace("#/$defs/", "") as "mockFile"] : own;
    return [name, "enum" in definition ? "string" : definition.type];
  });
  const typed = resolved.filter(([name]) => Object.hasOwn(shape.types, name as string));
  expect(Object.fromEntries(typed)).toEqual(shape.types);
});

test("the limits, the defaults and the matchers are the same", () => {
  const { name, executionName } = CASE_FIELDS.fields as Record<string, { pattern: RegExp; maxLength?: number }>;
  const { properties } = schema.$defs.case;
  expect(properties.name).toMatchObject({ pattern: name!.pattern.source, maxLength: name!.maxLength });
  expect(properties.executionName.pattern).toBe(executionName!.pattern.source);
  expect(schema.$defs.expect.properties.status.enum).toEqual(
    (EXPECT_FIELDS.fields.status as Extract<Field, { kind: "text" }>).oneOf,
  );
  const named = schema.$defs.expect.description.match(/\$\w+/g);
  expect([...new Set(named)].sort()).toEqual(Object.keys(MATCHERS).sort());
});

test.each<[string, unknown, boolean]>([
  ["the smallest file", { cases: [{ name: "a" }] }, true],
  ["no cases", { cases: [] }, false],
  ["an unknown field", { cases: [{ name: "a", expects: {} }] }, false],
  ["mocks of this project", { mocks: { A: [{ returns: 1 }, { never: true }] }, cases: [{ name: "a" }] }, true],
  ["a wrong mock", { cases: [{ name: "a", mocks: { A: { return: 1 } } }] }, false],
  ["an object of S3", { objects: { "s3://${DataBucket}/a": "text" }, cases: [{ name: "a" }] }, true],
  ["another address", { objects: { a: "text" }, cases: [{ name: "a" }] }, false],
])("the schema knows %s", (_, file, isGood) => {
  expect(validate(file)).toBe(isGood);
});

test.each(EXAMPLES)("the tests of %s fit the schema", (example) => {
  validate(JSON.parse(readFileSync(join(PROJECT_FOLDER, `examples/${example}/workflow/${example}.test.json`), "utf8")));
  expect(validate.errors).toBeNull();
});
