import type { StatesDocument } from "../../../../src/asl/document";
import { permissions } from "../../../../src/asl/permissions/document-permissions";
import type { JsonObject } from "../../../../src/base/json";

/** Returns the rights of a task, as "action: resource behind arn:${Partition}:s3:::". */
function rightsOf(action: string, request: JsonObject, jsonata = false): string[] {
  const resource = { Type: "Task", Resource: `arn:aws:states:::aws-sdk:s3:${action}`, End: true };
  const call = jsonata
    ? { ...resource, QueryLanguage: "JSONata", Arguments: request }
    : { ...resource, Parameters: request };
  const document = { StartAt: "call", States: { call } } as unknown as StatesDocument;
  const { statements, doubts } = permissions(document);
  expect(doubts).toEqual([]);
  return statements.flatMap(({ actions, resources }) =>
    actions.flatMap((one) => resources.map((arn) => `${one} ${arn.replace("arn:${Partition}:s3:::", "")}`)),
  );
}

const OBJECT = { Bucket: "${DataBucket}", Key: "in/a.json" };
const A = "${DataBucket}/in/a.json";

test.each<[string, JsonObject, string[]]>([
  // Only who may list a bucket learns that an object does not exist.
  ["getObject", OBJECT, [`s3:GetObject ${A}`, "s3:ListBucket ${DataBucket}"]],
  ["headObject", OBJECT, [`s3:GetObject ${A}`, "s3:ListBucket ${DataBucket}"]],
  ["getObject", { ...OBJECT, VersionId: "1" }, [`s3:GetObjectVersion ${A}`, "s3:ListBucket ${DataBucket}"]],
  ["putObject", OBJECT, [`s3:PutObject ${A}`]],
  ["putObject", { ...OBJECT, IfNoneMatch: "*" }, [`s3:PutObject ${A}`]],
  ["putObject", { ...OBJECT, "IfMatch.$": "$.etag" }, [`s3:GetObject ${A}`, `s3:PutObject ${A}`]],
  [
    "putObject",
    { ...OBJECT, Tagging: "a=b", Acl: "private" },
    [`s3:PutObject ${A}`, `s3:PutObjectAcl ${A}`, `s3:PutObjectTagging ${A}`],
  ],
  ["deleteObject", OBJECT, [`s3:DeleteObject ${A}`]],
  ["deleteObject", { ...OBJECT, IfMatch: "*" }, [`s3:DeleteObject ${A}`]],
  ["deleteObject", { ...OBJECT, IfMatch: '"e"' }, [`s3:DeleteObject ${A}`, `s3:GetObject ${A}`]],
  ["deleteObject", { ...OBJECT, VersionId: "1" }, [`s3:DeleteObjectVersion ${A}`]],
  ["listObjectsV2", { Bucket: "${DataBucket}", Prefix: "in/" }, ["s3:ListBucket ${DataBucket}"]],
  [
    "copyObject",
    { Bucket: "theirs", Key: "b.json", CopySource: "${DataBucket}/in/a%20b.json" },
    ["s3:GetObject ${DataBucket}/in/a b.json", "s3:ListBucket ${DataBucket}", "s3:PutObject theirs/b.json"],
  ],
  [
    "copyObject",
    { ...OBJECT, CopySource: "/theirs/a?versionId=1" },
    ["s3:GetObjectVersion theirs/a", "s3:ListBucket theirs", `s3:PutObject ${A}`],
  ],
])("%s with %j needs %j", (action, request, expected) => {
  expect(rightsOf(action, request)).toEqual(expected);
});

test.each<[string, JsonObject, boolean]>([
  ["States.Format('runs/{}/a.json', $.id)", { "Key.$": "States.Format('runs/{}/a.json', $.id)" }, false],
  ["a joined text", { Key: "{% 'runs/' & $states.input.id & '/a.json' %}" }, true],
  ["joined texts in brackets", { Key: "{% ('ru' & 'ns/') & $states.input.id %}" }, true],
])("the key %s narrows the role to its beginning", (_, key, jsonata) => {
  expect(rightsOf("putObject", { Bucket: "${DataBucket}", ...key }, jsonata)).toEqual([
    "s3:PutObject ${DataBucket}/runs/*",
  ]);
});

test.each<[string, JsonObject, boolean]>([
  ["path", { "Key.$": "$.key" }, false],
  ["template that begins with a value", { "Key.$": "States.Format('{}/runs', $.id)" }, false],
  ["expression", { Key: "{% $states.input.key %}" }, true],
  ["expression that begins with a value", { Key: "{% $states.input.key & 'runs/' %}" }, true],
  ["mistake", { Key: "{% 'runs/' & %}" }, true],
])("the key of a %s may be any object of the bucket", (_, key, jsonata) => {
  expect(rightsOf("putObject", { Bucket: "${DataBucket}", ...key }, jsonata)).toEqual(["s3:PutObject ${DataBucket}/*"]);
});

test("the source of a copy in an expression narrows the role to its beginning", () => {
  const request = { ...OBJECT, CopySource: "{% '${DataBucket}/runs/' & $states.input.id %}" };
  expect(rightsOf("copyObject", request, true)).toEqual([
    "s3:GetObject ${DataBucket}/runs/*",
    "s3:ListBucket ${DataBucket}",
    `s3:PutObject ${A}`,
  ]);
});

test("the key of an ItemReader and the prefix of a ResultWriter narrow the role too", () => {
  const reader = { Bucket: "${DataBucket}", "Key.$": "States.Format('lists/{}.json', $.id)" };
  const writer = { Bucket: "${DataBucket}", "Prefix.$": "States.Format('runs/{}', $.id)" };
  const state = {
    Type: "Map",
    End: true,
    ItemReader: { Resource: "arn:aws:states:::s3:getObject", Parameters: reader },
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED" },
      StartAt: "a",
      States: { a: { Type: "Pass", End: true } },
    },
    ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: writer },
  };
  const { statements } = permissions({ StartAt: "each", States: { each: state } } as unknown as StatesDocument);
  const resources = (sid: string) => statements.find((statement) => statement.sid === sid)!.resources;
  expect(resources("ReadItems")).toEqual(["arn:${Partition}:s3:::${DataBucket}/lists/*"]);
  expect(resources("WriteResults")).toEqual(["arn:${Partition}:s3:::${DataBucket}/runs/*"]);
});
