import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { PROJECT_FOLDER } from "../../../src/project/project-folder";
import { settingsSchema } from "../../../src/project/settings-schema";

const validate = new Ajv2020({ strict: false }).compile(settingsSchema());
const job = { image: "image", vcpus: 0.25, memoryMiB: 512, timeoutSeconds: 3600, attempts: 3 };
const takes = (fields: object, context: object = {}) =>
  validate({ context: { ...context, jobs: { echo: { ...job, ...fields } } } });

test("the project's own cdktf.json follows the schema that it names", () => {
  const settings = JSON.parse(readFileSync(join(PROJECT_FOLDER, "cdktf.json"), "utf8"));
  expect(settings.$schema).toBe("./cdktf.schema.json");
  expect([validate(settings), validate.errors]).toEqual([true, null]);
});

test.each([
  [{}, { compute: ["SPOT", "EC2"], notify: ["ops@example.com"], data: "create" }],
  [{}, { schedule: { expression: "rate(1 hour)", input: "workflow/echo.input.json" }, stateBucket: null }],
  [
    { efs: { "/a": "fs-1", "/b": { fileSystem: "fs-2" } }, image: null, imageUri: "a:1" },
    { excludeStackIdFromLogicalIds: true },
  ],
])("takes the job %j with %j", (fields, context) => {
  expect([takes(fields, context), validate.errors]).toEqual([true, null]);
});

test.each([
  [{ vcpu: 1 }, {}],
  [{ ephemeralStorageGiB: 20 }, {}],
  [{ imageUri: "python" }, {}],
  [{ efs: { "/a": { fileSystem: "fs-1", readonly: true } } }, {}],
  [{}, { compute: ["EC2", "EC2"] }],
  [{}, { schedule: { expression: "hourly", input: "a.json" } }],
])("refuses the job %j with %j", (fields, context) => {
  expect(takes(fields, context)).toBe(false);
});
