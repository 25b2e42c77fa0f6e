import { S3_ACTIONS, S3_REQUESTS } from "../../../../src/asl/s3-calls";
import type { JsonObject } from "../../../../src/base/json";
import { checkInput } from "./check-input";
import { problemsOf } from "./problems-of";

const OBJECT = { Bucket: "${Bucket}", Key: "a.json" };

function calling(action: string, request: JsonObject, fields: JsonObject = {}): JsonObject {
  const call = { Type: "Task", Resource: `arn:aws:states:::aws-sdk:s3:${action}`, Parameters: request, End: true };
  return { StartAt: "call", States: { call: { ...call, ...fields } } };
}

/** Problems of a document that belongs to no project. */
function problems(document: JsonObject, local = false, mocked: string[] = []): string[] {
  return problemsOf(document, { placeholders: null, local, mocked: new Set(mocked) })
    .filter((problem) => !problem.includes("wide-right"))
    .map((problem) => problem.replace("/States/call/", ""));
}

test.each<[string, JsonObject, string[]]>([
  ["getObject", OBJECT, []],
  ["getObject", { ...OBJECT, Range: "bytes=0-9", IfMatch: '"e"' }, []],
  ["getObject", { "Bucket.$": "$.b", "Key.$": "$.k" }, []],
  ["getObject", { Bucket: "b" }, ["error s3-missing-field Parameters: Key is missing; add Key"]],
  [
    "getObject",
    { ...OBJECT, Rang: "bytes=0-9" },
    ["error s3-unknown-field Parameters/Rang: Rang is not a known field; did you mean Range?"],
  ],
  [
    "putObject",
    { ...OBJECT, Bodi: { a: 1 } },
    ["error s3-unknown-field Parameters/Bodi: Bodi is not a known field; did you mean Body?"],
  ],
  ["putObject", { ...OBJECT, Body: { "a.$": "$.b", c: null } }, []],
  ["putObject", { ...OBJECT, Acl: "private", SsekmsKeyId: "k" }, []],
  [
    "listObjectsV2",
    { Bucket: "b", MaxKeys: "5" },
    ['error s3-wrong-type Parameters/MaxKeys: MaxKeys must be a whole number, got: "5"; write a number without quotes'],
  ],
  [
    "copyObject",
    { ...OBJECT, CopySource: "a.json" },
    [
      'error s3-limit Parameters/CopySource: CopySource must have the form BUCKET/KEY, got: "a.json"; correct the value',
    ],
  ],
  [
    "deleteObject",
    { ...OBJECT, IfMatch: null },
    ["warning s3-null Parameters/IfMatch: IfMatch is null, so S3 gets no value for it; remove it, or write a value"],
  ],
])("%s with %j", (action, request, expected) => {
  expect(problems(calling(action, request))).toEqual(expected);
});

test("a request in JSONata is checked as one in JSONPath", () => {
  const Arguments = { Bucket: "{% $states.input.b %}", "Key.$": "$.k", Range: "{% 5 %}" };
  const document = { QueryLanguage: "JSONata", ...calling("getObject", {}, { Parameters: undefined!, Arguments }) };
  expect(problems(JSON.parse(JSON.stringify(document)))).toEqual([
    expect.stringMatching(/^warning path-as-text Arguments.Key.\$: /),
    `error s3-unknown-field Arguments/Key.$: Key.$ is not a known field; JSONata has no ".$": write "Key": "{% … %}"`,
    'error s3-wrong-type Arguments/Range: Range must be a string, but "{% 5 %}" is a number; write $string(…) around it',
  ]);
});

test("each call that runs here needs no mock, and others do", () => {
  for (const action of S3_ACTIONS) {
    const request = Object.fromEntries(S3_REQUESTS[action].required.map((name) => [name, "${B}/k"]));
    expect([action, ...problems(calling(action, request), true)]).toEqual([action]);
  }
  expect(problems(calling("listBuckets", {}), true)).toEqual([
    expect.stringMatching(/^warning not-mocked Resource: the local run has no aws-sdk:s3:listBuckets/),
  ]);
});

test("the local run refuses versions, and says what it does not keep", () => {
  expect(problems(calling("getObject", { ...OBJECT, VersionId: "1" }), true)).toEqual([
    "error not-local Parameters/VersionId: the local run does not support VersionId; AWS does; remove it, or run the workflow only on AWS and check it with --no-local",
  ]);
  const kept = calling("putObject", { ...OBJECT, ContentType: "text/plain", "Metadata.$": "$.m" });
  expect(problems(kept, true)).toEqual([
    "hint not-local Parameters: the local run does not keep ContentType, Metadata: an object is a file, which has only content; do not let a later state read it, or test that on AWS",
  ]);
  expect(problems(kept, true, ["call"])).toEqual([]);
});

test("a literal bucket is the folder here, once for each bucket", () => {
  const document = calling("getObject", { ...OBJECT, Bucket: "theirs" }, { Next: "again", End: undefined! });
  (document.States as JsonObject).again = { ...((document.States as JsonObject).call as JsonObject), End: true };
  delete ((document.States as JsonObject).again as JsonObject).Next;
  const clean = JSON.parse(JSON.stringify(document)) as JsonObject;
  expect(problems(clean, true)).toEqual([
    "hint local-bucket Parameters/Bucket: the local run uses the folder data/ for every bucket, also for theirs; put its objects into data/",
  ]);
  expect(problems(clean)).toEqual([]);
  expect(problemsOf(clean, { local: true }).filter((problem) => problem.includes("local-bucket"))).toEqual([
    'hint local-bucket /States/call/Parameters/Bucket: the local run uses the folder data/ for every bucket, also for theirs; put its objects into data/, or write "${DataBucket}" for the bucket of this project',
  ]);
});

test("without the setting `data`, the bucket of the project has no value, and the message names the setting", () => {
  const { placeholders } = checkInput({ StartAt: "", States: {} });
  const known = placeholders!.known.filter((name) => name !== "DataBucket");
  const document = calling("getObject", { ...OBJECT, Bucket: "${DataBucket}" });
  expect(problemsOf(document, { placeholders: { ...placeholders!, known, expected: [] } })).toEqual([
    expect.stringMatching(
      /^error unknown-placeholder \/States\/call\/Parameters\/Bucket: \$\{DataBucket\} has no value; set `data` in cdktf.json to "create", or to the name of a bucket that exists; known placeholders are /,
    ),
  ]);
});
