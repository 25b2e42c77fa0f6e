import { gzipSync } from "node:zlib";
import type { Json, JsonObject } from "../../../../../src/base/json";
import { all, memoryStore } from "../../../../../src/local/data/memory-store";
import { readItems } from "../../../../../src/local/interpreter/distributed/read-items";
import { itemReader } from "../../../../../src/local/interpreter/distributed/reader-config";

const GET = "arn:aws:states:::s3:getObject";
const LIST = "arn:aws:states:::s3:listObjectsV2";

/** Returns the items of the object `in/a` with this content. */
async function itemsIn(content: string | Uint8Array, config: JsonObject, maxItems?: number): Promise<Json[]> {
  const reader = itemReader(GET, { Bucket: "b", Key: "in/a" }, config, maxItems);
  return (await all(readItems(reader, memoryStore({ "b/in/a": content })))).map(({ input }) => input);
}

test.each<[string, JsonObject, string, Json[]]>([
  ["a list", { InputType: "JSON" }, '[1, {"a": null}]', [1, { a: null }]],
  [
    "an object",
    { InputType: "JSON" },
    '{"a": 1, "b": [2]}',
    [
      { Key: "a", Value: 1 },
      { Key: "b", Value: [2] },
    ],
  ],
  ["a list inside", { InputType: "JSON", ItemsPointer: "/a~1b/0/c" }, '{"a/b": [{"c": [1]}]}', [1]],
  ["lines", { InputType: "JSONL" }, '\uFEFF{"a": 1}\r\n\n"b"\n3', [{ a: 1 }, "b", 3]],
  [
    "rows with a header",
    { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
    "h,i\n1,2\n3\n",
    [
      { h: "1", i: "2" },
      { h: "3", i: "" },
    ],
  ],
  ["rows without a header", { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["h"] }, "1,2\n", [{ h: "1" }]],
  ["rows with another delimiter", { InputType: "CSV", CSVDelimiter: "PIPE" }, "h|i\n1|2\n", [{ h: "1", i: "2" }]],
])("reads %s", async (_, config, content, items) => {
  expect(await itemsIn(content, config)).toEqual(items);
});

test("a member of an object has its name and its value in the context object", async () => {
  const reader = itemReader(GET, { Bucket: "b", Key: "k" }, { InputType: "JSON" }, undefined);
  expect(await all(readItems(reader, memoryStore({ "b/k": '{"a": [1]}' })))).toEqual([
    { input: { Key: "a", Value: [1] }, value: [1], key: "a", source: "S3://b/k" },
  ]);
});

test.each<[number | undefined, number]>([
  [undefined, 3],
  [0, 3],
  [2, 2],
  [100_000_000, 3],
  [100_000_001, 3],
])("MaxItems %s reads %s of 3 items", async (maxItems, count) => {
  expect(await itemsIn("[1, 2, 3]", { InputType: "JSON" }, maxItems)).toHaveLength(count);
});

test.each<[string, JsonObject, string | Uint8Array, string]>([
  ["no list", { InputType: "JSON" }, "1", "Attempting to map over non-iterable node."],
  ["no JSON", { InputType: "JSON" }, "[1", "S3://b/in/a is not JSON: Expected ',' or ']' after array element"],
  [
    "a line that is no JSON",
    { InputType: "JSONL" },
    "1\n{",
    "line 2 of S3://b/in/a is not JSON: Expected property name",
  ],
  [
    "a wrong pointer",
    { InputType: "JSON", ItemsPointer: "/a" },
    "[]",
    "ItemsPointer /a leads to nothing in S3://b/in/a",
  ],
  ["two equal headers", { InputType: "CSV" }, "a,a\n", "CSV headers cannot contain duplicates."],
  [
    "two equal headers that are given",
    { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["a", "a"] },
    "1,2\n",
    "CSV headers cannot contain duplicates.",
  ],
  ["no UTF-8", { InputType: "CSV" }, Buffer.from([0x61, 0xff]), "S3://b/in/a is not text in UTF-8; save it as UTF-8"],
  ["gzip", { InputType: "CSV" }, gzipSync("a\n1\n"), "S3://b/in/a is compressed with gzip; store it uncompressed"],
])("fails with %s", async (_, config, content, cause) => {
  await expect(itemsIn(content, config)).rejects.toMatchObject({
    error: "States.ItemReaderFailed",
    cause: expect.stringContaining(cause),
  });
});

test.each<[string, JsonObject, number | undefined, string]>([
  ["a negative MaxItems", {}, -1, "field MaxItems must be positive"],
  [
    "Parquet",
    { InputType: "PARQUET" },
    undefined,
    "the local run does not read InputType PARQUET; it reads JSON, JSONL, CSV",
  ],
  [
    "an inventory",
    { ManifestType: "S3_INVENTORY" },
    undefined,
    "the local run does not read ManifestType S3_INVENTORY; it reads JSON, JSONL, CSV",
  ],
  [
    "an unknown delimiter",
    { InputType: "CSV", CSVDelimiter: "COLON" },
    undefined,
    "CSVDelimiter must be one of COMMA, PIPE, SEMICOLON, SPACE, TAB, got: COLON",
  ],
  [
    "no headers",
    { InputType: "CSV", CSVHeaderLocation: "GIVEN" },
    undefined,
    "CSVHeaderLocation GIVEN needs CSVHeaders, a list of texts",
  ],
])("refuses %s", (_, config, maxItems, cause) => {
  const read = () => itemReader(GET, { Bucket: "b", Key: "k" }, config, maxItems);
  expect(read).toThrow(`States.ItemReaderFailed: ${cause}`);
});

test("names what an object store says of a missing object", async () => {
  const reader = itemReader(GET, { Bucket: "b", Key: "no" }, {}, undefined);
  await expect(all(readItems(reader, memoryStore({})))).rejects.toMatchObject({
    error: "States.ItemReaderFailed",
    cause: "The specified key does not exist. (Service: Amazon S3; Error Code: NoSuchKey)",
  });
});

describe("listObjectsV2", () => {
  const store = memoryStore({ "b/in/1.csv": "h\n1\n", "b/in/2.csv": "h\n2\n3\n", "b/other": "", "c/in/4": "" });

  test("yields the objects with a prefix", async () => {
    const reader = itemReader(LIST, { Bucket: "b", Prefix: "in/1" }, {}, undefined);
    expect(await all(readItems(reader, store))).toMatchObject([
      {
        value: {
          Etag: '"fa64785e0aafa0ea259d027c11046786"',
          Key: "in/1.csv",
          LastModified: 1_700_000_000,
          Size: 4,
          StorageClass: "STANDARD",
        },
        source: "S3://b",
      },
    ]);
    expect(await all(readItems(itemReader(LIST, { Bucket: "b" }, {}, undefined), store))).toHaveLength(3);
  });

  test("LOAD_AND_FLATTEN yields the items in all objects, up to MaxItems", async () => {
    const config = { InputType: "CSV", Transformation: "LOAD_AND_FLATTEN" };
    const reader = itemReader(LIST, { Bucket: "b", Prefix: "in/" }, config, 2);
    expect(await all(readItems(reader, store))).toMatchObject([
      { value: { h: "1" }, source: "S3://b/in/1.csv" },
      { value: { h: "2" }, source: "S3://b/in/2.csv" },
    ]);
  });
});
