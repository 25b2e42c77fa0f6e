import { check } from "../../../../src/asl/check/check-document";
import type { StatesDocument } from "../../../../src/asl/document";
import type { JsonObject } from "../../../../src/base/json";

/** Returns the messages about a state in a workflow that new objects below `prefix` start. */
function loops(state: JsonObject, prefix = "in/"): string[] {
  const document = { StartAt: "a", States: { a: { ...state, End: true } } } as unknown as StatesDocument;
  const problems = check({
    ...{ document, inputSchema: null, placeholders: null, jobDefinitions: {}, queues: null, local: false },
    startedBy: { buckets: ["${DataBucket}", "my-bucket"], prefix },
  });
  return problems
    .filter(({ rule }) => rule === "object-loop")
    .map(({ severity, message }) => `${severity}: ${message}`);
}

const put = (Parameters: JsonObject, action = "putObject"): JsonObject => ({
  Type: "Task",
  Resource: `arn:aws:states:::aws-sdk:s3:${action}`,
  Parameters: { Bucket: "${DataBucket}", Body: "x", ...Parameters },
});

const putJsonata = (Arguments: JsonObject): JsonObject => ({
  Type: "Task",
  QueryLanguage: "JSONata",
  Resource: "arn:aws:states:::aws-sdk:s3:putObject",
  Arguments: { Body: "x", ...Arguments },
});

const LOOP = [
  'warning: it writes to keys that start with "in/", and `onObject` starts the workflow for each such object: again and again',
];

test.each<[string, JsonObject]>([
  ["a key", put({ Key: "in/a" })],
  ["a bucket by its name", put({ Bucket: "my-bucket", Key: "in/a" })],
  ["the bucket of the event", put({ "Bucket.$": "$.bucket.name", Key: "in/a" })],
  ["the start of a format", put({ "Key.$": "States.Format('in/{}', $.x)" })],
  ["a copy", put({ Key: "in/a", CopySource: "b/c" }, "copyObject")],
  ["JSONata", putJsonata({ Bucket: "${DataBucket}", Key: "{% 'in/' & $x %}" })],
  ["the bucket of the event in JSONata", putJsonata({ Bucket: "{% $states.input.bucket.name %}", Key: "in/a" })],
  [
    "the results of a Map",
    {
      Type: "Map",
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" }, StartAt: "b", States: { b: { Type: "Succeed" } } },
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        Parameters: { Bucket: "${DataBucket}", Prefix: "in" },
      },
    },
  ],
])("%s below the prefix starts the workflow again", (_, state) => {
  expect(loops(state)).toEqual(LOOP);
});

test.each<[string, JsonObject]>([
  ["a key elsewhere", put({ Key: "out/a" })],
  ["a key of the run", put({ "Key.$": "$.key" })],
  ["another bucket", put({ Bucket: "other", Key: "in/a" })],
  ["a key of the run in JSONata", putJsonata({ Bucket: "${DataBucket}", Key: "{% $x & 'in/' %}" })],
  ["what is only read", put({ Key: "in/a" }, "getObject")],
  ["a state that calls nothing", { Type: "Pass" }],
])("%s does not, as far as the document shows", (_, state) => {
  expect(loops(state)).toEqual([]);
});

test("without a prefix, every object in the bucket does", () => {
  expect(loops(put({ "Key.$": "$.key" }), "")).toEqual([
    "warning: it writes to the data bucket, and `onObject` starts the workflow for each such object: again and again",
  ]);
});
