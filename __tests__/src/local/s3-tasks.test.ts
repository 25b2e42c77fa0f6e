/** The answers are those that Step Functions gave in recorded executions, where there is one. */

import type { S3Action } from "../../../src/asl/s3-calls";
import type { Json, JsonObject } from "../../../src/base/json";
import { parseJson } from "../../../src/base/read-json";
import { memoryStore } from "../../../src/local/data/memory-store";
import { s3Services } from "../../../src/local/s3-tasks";

const OBJECTS = {
  "data/a.txt": "text data",
  "data/in/1.json": '{"n": 1}',
  "data/in/2.json": "2",
  "data/in/deep/3 ü.json": "3",
  "data/binary": new Uint8Array([0xff, 0xfe, 0x00]),
  "data/large": "x".repeat(300 * 1024),
};
const MODIFIED = "2023-11-14T22:13:20Z";
const TEXT = { Bucket: "data", Key: "a.txt" };
const TEXT_ETAG = '"332eec544317a6d340b8e77da7fe54ad"';

let objects: Record<string, string | Uint8Array>;
beforeEach(() => {
  objects = { ...OBJECTS };
});

async function call(action: S3Action, parameters: Json, { aborted = false } = {}): Promise<Json> {
  const services = s3Services(memoryStore(objects));
  const signal = aborted ? AbortSignal.abort() : new AbortController().signal;
  const resource = `arn:aws:states:::aws-sdk:s3:${action}`;
  return services[`aws-sdk:s3:${action}`]({ state: "s", indices: [], resource, parameters, signal });
}

/** Returns the error and the beginning of the cause. */
async function failure(action: S3Action, parameters: Json): Promise<string> {
  return call(action, parameters).then(
    (result) => `none: ${JSON.stringify(result)}`,
    ({ error, cause }) => `${error}: ${cause}`,
  );
}

describe("getObject", () => {
  test("gives the text and what S3 says of it", async () => {
    expect(await call("getObject", TEXT)).toEqual({
      AcceptRanges: "bytes",
      Body: "text data",
      ContentLength: 9,
      ContentType: "text/plain",
      ETag: TEXT_ETAG,
      LastModified: MODIFIED,
      Metadata: {},
      ServerSideEncryption: "AES256",
    });
  });

  test.each<[JsonObject, JsonObject]>([
    [{ Range: "bytes=5-8" }, { Body: "data", ContentLength: 4, ContentRange: "bytes 5-8/9" }],
    [{ IfMatch: TEXT_ETAG }, { Body: "text data" }],
    [{ IfModifiedSince: "2023-11-14T22:13:19Z" }, { Body: "text data" }],
    [{ ResponseContentType: "text/plain" }, { ContentType: "text/plain" }],
    [{ VersionId: null, ExpectedBucketOwner: "123456789012" }, { Body: "text data" }],
  ])("with %j gives %j", async (fields, expected) => {
    expect(await call("getObject", { ...TEXT, ...fields })).toMatchObject(expected);
  });

  test("reads a part of a large object", async () => {
    const part = { Bucket: "data", Key: "large", Range: "bytes=0-2" };
    expect(await call("getObject", part)).toMatchObject({ Body: "xxx" });
  });

  test.each<[JsonObject, string]>([
    [
      { Key: "none" },
      "S3.NoSuchKeyException: The specified key does not exist. (Service: S3, Status Code: 404, Request ID: null)",
    ],
    [
      { IfMatch: '"x"' },
      "S3.S3Exception: At least one of the pre-conditions you specified did not hold (Service: S3, Status Code: 412, Request ID: null)",
    ],
    [{ IfNoneMatch: TEXT_ETAG }, "S3.S3Exception: Not Modified (Service: S3, Status Code: 304, Request ID: null)"],
    [
      { Range: "bytes=9-" },
      "S3.S3Exception: The requested range is not satisfiable (Service: S3, Status Code: 416, Request ID: null)",
    ],
    [
      { Key: "large" },
      "States.DataLimitExceeded: The state/task 'aws-sdk:s3' returned a result with a size exceeding the maximum number of bytes service limit.",
    ],
    [
      { Key: "binary" },
      "States.Runtime: s3://data/binary is not text in UTF-8, so it cannot be the Body of a result; let a job read it",
    ],
    [{ VersionId: "1" }, "States.Runtime: VersionId needs S3; remove it, or run the workflow on AWS"],
    [
      { Kee: "a" },
      `States.Runtime: The Parameters '{"Bucket":"data","Key":"a.txt","Kee":"a"}' could not be used to start the Task: [Kee is not a known field]`,
    ],
    [
      { Range: 5 },
      `States.Runtime: The Parameters '{"Bucket":"data","Key":"a.txt","Range":5}' could not be used to start the Task: [Range must be a string, got: 5]`,
    ],
    [{ Key: "" }, 'S3.S3Exception: Key must not be empty, got: "" (Service: S3, Status Code: 400, Request ID: null)'],
  ])("with %j fails: %s", async (fields, expected) => {
    expect(await failure("getObject", { ...TEXT, ...fields })).toBe(expected);
  });

  test("refuses an object whose JSON is larger than its text", async () => {
    objects["data/quotes"] = '"'.repeat(200 * 1024);
    expect(await failure("getObject", { Bucket: "data", Key: "quotes" })).toMatch(/^States.DataLimitExceeded: /);
  });
});

test("headObject describes an object without its content, however large", async () => {
  const description = { AcceptRanges: "bytes", ContentLength: 307_200, LastModified: MODIFIED };
  const head = await call("headObject", { Bucket: "data", Key: "large" });
  expect(head).toMatchObject(description);
  expect(head).not.toHaveProperty("Body");
  expect(await failure("headObject", { Bucket: "data", Key: "none" })).toMatch(/^S3.NoSuchKeyException: /);
});

describe("putObject", () => {
  test.each([
    ['"text data"', '"text data"', "KUmHvQ==", '"2b5df3712557f503a9977a8ea893b2c9"'],
    ['["List","Data"]', '["List","Data"]', "1F2MPA==", '"6b23860357f6e63a0272b7f1143a663a"'],
    ["0", "0", "9NvfIQ==", '"cfcd208495d565ef66e7dff9f98764da"'],
    ['{"n": 1.10, "none": null}', '{"n":1.10,"none":null}', "MMzzNg==", '"2eedeece4d33fb49085d2b74c32b4c7e"'],
  ])("writes %s as JSON", async (body, content, checksum, etag) => {
    const result = await call("putObject", { Bucket: "data", Key: "out", Body: parseJson(body) });
    expect(objects["data/out"]).toBe(content);
    const known = { ChecksumType: "FULL_OBJECT", ServerSideEncryption: "AES256" };
    expect(result).toEqual({ ...known, ChecksumCRC32: checksum, ETag: etag });
  });

  test("writes an empty object without a Body, and takes fields that a file does not have", async () => {
    await call("putObject", {
      Bucket: "data",
      Key: "out",
      ContentType: "text/plain",
      Metadata: { a: "b" },
      Acl: "private",
    });
    expect(objects["data/out"]).toBe("");
  });

  test("writes only a new object if the request says so", async () => {
    const once = { Bucket: "data", Key: "lock", Body: "mine", IfNoneMatch: "*" };
    await call("putObject", once);
    expect(await failure("putObject", { ...once, Body: "yours" })).toMatch(/^S3.S3Exception: .* Status Code: 412/);
    expect(objects["data/lock"]).toBe('"mine"');
  });
});

test("deleteObject removes an object, or nothing", async () => {
  expect(await call("deleteObject", TEXT)).toEqual({});
  expect(await call("deleteObject", TEXT)).toEqual({});
  expect(objects).not.toHaveProperty(["data/a.txt"]);
});

describe("copyObject", () => {
  test.each([
    ["data/a.txt", "text data"],
    ["/data/in/deep/3%20%C3%BC.json", "3"],
  ])("copies %s", async (CopySource, content) => {
    const result = await call("copyObject", { Bucket: "data", Key: "copy", CopySource });
    expect(objects["data/copy"]).toBe(content);
    expect(result).toMatchObject({ CopyObjectResult: { LastModified: MODIFIED }, ServerSideEncryption: "AES256" });
  });

  test.each<[JsonObject, string]>([
    [
      { CopySource: "data/none" },
      "S3.NoSuchKeyException: The specified key does not exist. (Service: S3, Status Code: 404, Request ID: null)",
    ],
    [
      { CopySource: "data/%zz" },
      "S3.S3Exception: x-amz-copy-source must be the encoded BUCKET/KEY, got: data/%zz (Service: S3, Status Code: 400, Request ID: null)",
    ],
    [
      { CopySource: "data/a.txt?versionId=1" },
      "States.Runtime: a version in CopySource needs S3; run the workflow on AWS",
    ],
    [
      { CopySource: "data" },
      'S3.S3Exception: CopySource must have the form BUCKET/KEY, got: "data" (Service: S3, Status Code: 400, Request ID: null)',
    ],
  ])("with %j fails: %s", async (fields, expected) => {
    expect(await failure("copyObject", { Bucket: "data", Key: "copy", ...fields })).toBe(expected);
  });

  test("refuses a copy that would change nothing, as S3 does", async () => {
    const self = { ...TEXT, CopySource: "data/a.txt" };
    expect(await failure("copyObject", self)).toMatch(/^S3.S3Exception: This copy request is illegal /);
    expect(await failure("copyObject", { ...self, MetadataDirective: "REPLACE" })).toMatch(/^none: /);
  });

  test("ends when the execution is stopped", async () => {
    const request = { Bucket: "data", Key: "copy", CopySource: "data/large" };
    await expect(call("copyObject", request, { aborted: true })).rejects.toThrow();
    expect(objects).not.toHaveProperty(["data/copy"]);
  });
});

describe("listObjectsV2", () => {
  const described = (Key: string, Size: number, ETag: string) => ({
    ...{ ETag, Key, LastModified: MODIFIED, Size, StorageClass: "STANDARD" },
  });
  const ONE = described("in/1.json", 8, '"d842a2a5b4bb5d4d41a5b5e0d3a0b6ff"');

  test("gives a page with its keys and common prefixes", async () => {
    const page = (await call("listObjectsV2", {
      Bucket: "data",
      Prefix: "in/",
      Delimiter: "/",
      MaxKeys: 2,
    })) as JsonObject;
    const { NextContinuationToken, Contents, ...rest } = page;
    expect(rest).toEqual({
      ...{ Delimiter: "/", IsTruncated: true, KeyCount: 2, MaxKeys: 2, Name: "data", Prefix: "in/" },
    });
    expect(Contents).toEqual([
      { ...ONE, ETag: expect.any(String) },
      described("in/2.json", 1, '"c81e728d9d4c2f636f067f89cc14862c"'),
    ]);
    expect(
      await call("listObjectsV2", {
        Bucket: "data",
        Prefix: "in/",
        Delimiter: "/",
        ContinuationToken: NextContinuationToken!,
      }),
    ).toEqual({
      ...{ CommonPrefixes: [{ Prefix: "in/deep/" }], ContinuationToken: NextContinuationToken, Delimiter: "/" },
      ...{ IsTruncated: false, KeyCount: 1, MaxKeys: 1000, Name: "data", Prefix: "in/" },
    });
  });

  test("gives an empty page without Contents", async () => {
    expect(await call("listObjectsV2", { Bucket: "data", Prefix: "none/" })).toEqual({
      ...{ IsTruncated: false, KeyCount: 0, MaxKeys: 1000, Name: "data", Prefix: "none/" },
    });
  });

  test("encodes keys as in a URL if the request says so", async () => {
    const page = await call("listObjectsV2", {
      Bucket: "data",
      StartAfter: "in/2.json",
      MaxKeys: 1,
      EncodingType: "url",
    });
    expect(page).toMatchObject({ Contents: [{ Key: "in/deep/3%20%C3%BC.json" }], StartAfter: "in/2.json" });
  });
});
