import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../../src/base/json";
import { exampleObjectEvent, findUnfitObjectEvent } from "../../../src/project/object-event";
import { PROJECT_FOLDER } from "../../../src/project/project-folder";
import { exampleSettings } from "../../example";

const settings = { ...exampleSettings(), data: "create", onObject: "in/" };

function messages(schema: JsonObject): string[] {
  return findUnfitObjectEvent(settings, schema).map(({ severity, pointer, message, fix }) => {
    expect([severity, pointer]).toEqual(["error", "/context/onObject"]);
    return `${message}; ${fix}`;
  });
}

/** A schema with a rule for the key, and one for the size. */
const object = (key: JsonObject, size: JsonObject = {}): JsonObject => ({
  type: "object",
  required: ["object"],
  properties: { object: { type: "object", properties: { key, size } } },
});

test("a schema of another input does not fit: the message names what is missing", () => {
  expect(messages({ type: "object", required: ["orders"] })).toEqual([
    "`onObject` starts executions with an event of S3, which the schema of the input does not accept: /orders: is missing, and the schema requires it; change the schema as docs/deploying.md shows the event, or remove `onObject`",
  ]);
});

test("of several mistakes, the message has the first and the number of the others", () => {
  expect(messages({ additionalProperties: false })[0]).toContain(
    "/version: is not a field that the schema allows; there are no fields here (and 6 more); change",
  );
});

test.each<[string, JsonObject, string]>([
  [
    "fields that are not allowed",
    { properties: { bucket: {}, object: {} }, additionalProperties: false },
    "/version: ",
  ],
  ["a type that an event never has", object({ type: "integer" }), "/object/key: expected a whole number"],
  ["nothing at all", { not: {} }, "the input itself: "],
])("%s are a mistake", (_, schema, start) => {
  expect(messages(schema)[0]).toContain(`does not accept: ${start}`);
});

test.each<[string, JsonObject]>([
  ["any input", {}],
  ["an event", object({ type: "string" }, { type: "integer" })],
  ["keys that another event may have", object({ pattern: "\\.csv$" }, { minimum: 5000 })],
  ["a choice that depends on the key", { anyOf: [{ required: ["orders"] }, object({ pattern: "\\.csv$" })] }],
])("a schema of %s fits", (_, schema) => {
  expect(messages(schema)).toEqual([]);
});

test("without onObject, nothing is checked", () => {
  expect(findUnfitObjectEvent({ ...settings, onObject: null }, { not: {} })).toEqual([]);
});

test("docs/deploying.md shows this event", () => {
  const guide = readFileSync(join(PROJECT_FOLDER, "docs/deploying.md"), "utf8");
  const shown = [...guide.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json!));
  expect(shown).toContainEqual(exampleObjectEvent("echo--dev-123456789012-euw1", "in/orders 1.csv"));
});
