import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  checkAnyDocument,
  fileOf,
  loadAnyDocument,
  readAnyDocument,
  stateMachineNameOf,
} from "../../../src/project/any-document";
import { describeProblem } from "../../../src/project/file-problem";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "any-document-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file, and returns it as if the user had typed its path. */
function file(name: string, content: unknown) {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return fileOf(path);
}

/** The problems of a document, without the folder in front. */
function problems(named: ReturnType<typeof fileOf>): string[] {
  return checkAnyDocument(named, { local: false }).problems.map((problem) =>
    describeProblem(problem).replaceAll(`${folder}/`, ""),
  );
}

const HELLO = { StartAt: "hello", States: { hello: { Type: "Pass", Result: "${Greeting}", End: true } } };

test("a document of another project has no problems: its placeholders are text, and it needs no schema", () => {
  expect(problems(file("hello.asl.json", HELLO))).toEqual([]);
});

test("a problem is named with the file as the user typed it", () => {
  const lost = { StartAt: "hello", States: { hello: { Type: "Pass", Next: "nowhere" } } };
  expect(problems(file("lost.json", lost))).toEqual([expect.stringMatching(/^lost\.json:1:\d+: error: .*nowhere/)]);
});

test.each(["beside.asl.json", "beside.json"])("the schema and the example beside %s are used", (name) => {
  const document = file(name, HELLO);
  file("beside.input.schema.json", { type: "object", required: ["who"] });
  file("beside.input.json", {});
  expect(problems(document)).toEqual([
    "beside.input.json:1:1: warning: /who: is missing, and the schema requires it; correct the example, or beside.input.schema.json",
  ]);
  expect(loadAnyDocument(document, { local: false })).toEqual({
    document: HELLO,
    text: JSON.stringify(HELLO),
    inputSchema: { type: "object", required: ["who"] },
  });
});

test("a document with mistakes is read, and one without states is refused", () => {
  const lost = { StartAt: "hello", States: { hello: { Type: "Pass", Next: "nowhere" } } };
  expect(readAnyDocument(file("mistaken.json", lost))).toEqual(lost);
  const none = file("none.json", { StartAt: "hello" });
  expect(() => readAnyDocument(none)).toThrow(
    "none.json:1:1: error: States of the document must be an object, got: nothing",
  );
});

test("a file that is not there is named with its whole path", () => {
  const missing = join(folder, "missing.asl.json");
  expect(() => readAnyDocument(fileOf(missing))).toThrow(
    `the document must be a file that can be read: there is no such file, got: "${missing}"`,
  );
});

const machine = (type: string, Properties: object) => ({ Type: `AWS::${type}::StateMachine`, Properties });

test.each<[string, unknown, string]>([
  [
    "template.json",
    {
      Resources: {
        Orders: machine("Serverless", { DefinitionUri: "orders.asl.json" }),
        Bills: machine("StepFunctions", { DefinitionString: "{}" }),
        Bucket: { Type: "AWS::S3::Bucket" },
      },
    },
    "a CloudFormation template with Orders (DefinitionUri orders.asl.json), Bills (DefinitionString), not a document in Amazon States Language; give the file that its DefinitionUri names, or copy its Definition into a file",
  ],
  [
    "empty.json",
    { AWSTemplateFormatVersion: "2010-09-09" },
    "a CloudFormation template without a state machine, not a document in Amazon States Language; give the file that its DefinitionUri names, or copy its Definition into a file",
  ],
  [
    "template.yaml",
    "Transform: AWS::Serverless-2016-10-31\nResources:\n",
    "a CloudFormation template in YAML, not a document in Amazon States Language; give the file that its DefinitionUri names, or copy its Definition into a file",
  ],
  [
    "orders.asl.yaml",
    "StartAt: first\n",
    "a file in YAML, not a document in Amazon States Language; convert it to JSON, for example with `yq -o=json`",
  ],
  [
    "described.json",
    { stateMachineArn: "arn", definition: "{}" },
    "a description of a state machine, not a document in Amazon States Language; take the document out of it: `jq -r .definition described.json`",
  ],
])("%s is refused with the kind of file that it is", (name, content, message) => {
  const other = file(name, content);
  expect(() => checkAnyDocument(other, { local: false })).toThrow(`${join(folder, name)} is ${message}`);
});

test.each([
  ["their/orders.asl.json", "orders"],
  ["orders v2.json", "orders-v2"],
  ["orders", "orders"],
  [`${"x".repeat(90)}.json`, "x".repeat(80)],
  [".json", "workflow"],
])("the state machine of %s is called %s", (typed, name) => {
  expect(stateMachineNameOf(fileOf(typed))).toBe(name);
});

test("a value that is only a placeholder may be of any type", () => {
  const states = {
    wait: { Type: "Wait", Seconds: "${Delay}", Next: "call" },
    call: { Type: "Task", Resource: "${Their-Function.Arn}", TimeoutSeconds: "about ${Limit}", End: true },
  };
  expect(problems(file("placeholders.json", { StartAt: "wait", States: states }))).toEqual([
    expect.stringContaining("TimeoutSeconds"),
  ]);
});
