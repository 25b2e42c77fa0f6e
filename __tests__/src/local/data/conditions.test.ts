import { type Conditions, requireReadable, writeIf } from "../../../../src/local/data/conditions";
import { memoryStore } from "../../../../src/local/data/memory-store";
import { parseRange } from "../../../../src/local/data/parse-range";

const OBJECT = { key: "k", size: 10, modifiedAt: 5_500, etag: '"e"' };

function codeOf(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "ok";
}

test.each<[Conditions, string]>([
  [{}, "ok"],
  [{ ifMatch: '"e"' }, "ok"],
  [{ ifMatch: "e" }, "ok"],
  [{ ifMatch: '"x", "e"' }, "ok"],
  [{ ifMatch: "*" }, "ok"],
  [{ ifMatch: '"x"' }, "PreconditionFailed"],
  [{ ifNoneMatch: '"x"' }, "ok"],
  [{ ifNoneMatch: '"e"' }, "NotModified"],
  [{ ifModifiedSince: 4_000 }, "ok"],
  [{ ifModifiedSince: 5_000 }, "NotModified"],
  [{ ifModifiedSince: 9_000, ifNoneMatch: '"x"' }, "ok"],
  [{ ifUnmodifiedSince: 5_000 }, "ok"],
  [{ ifUnmodifiedSince: 4_999 }, "PreconditionFailed"],
  [{ ifUnmodifiedSince: 4_000, ifMatch: '"e"' }, "ok"],
])("reading with %j is %s", (conditions, expected) => {
  expect(codeOf(() => requireReadable(OBJECT, conditions))).toBe(expected);
});

const ETAG = '"0cc175b9c0f1b6a831c399e269772661"';

test.each<[string, Conditions, string]>([
  ["a", {}, "ok"],
  ["a", { ifNoneMatch: "*" }, "PreconditionFailed"],
  ["none", { ifNoneMatch: "*" }, "ok"],
  ["a", { ifMatch: ETAG }, "ok"],
  ["a", { ifMatch: '"x"' }, "PreconditionFailed"],
  ["none", { ifMatch: ETAG }, "NoSuchKey"],
])("writing the key %s with %j is %s", async (key, conditions, expected) => {
  const store = memoryStore({ "bucket/a": "a" });
  const written = writeIf({ store, bucket: "bucket", key }, conditions, async () => "ok");
  expect(await written.catch(({ code }) => code)).toBe(expected);
});

test("only one of many writers creates an object", async () => {
  const store = memoryStore({});
  const write = async (text: string) => {
    const object = { store, bucket: "bucket", key: "lock" };
    await writeIf(object, { ifNoneMatch: "*" }, () => store.put("bucket", "lock", piecesOf(text)));
    return text;
  };
  const ends = await Promise.allSettled(["1", "2", "3"].map(write));
  expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
});

async function* piecesOf(text: string) {
  yield text;
}

test.each([
  [undefined, 10, null],
  ["bytes=0-3", 10, { start: 0, end: 3 }],
  ["bytes=4-", 10, { start: 4, end: 9 }],
  ["bytes=-3", 10, { start: 7, end: 9 }],
  ["bytes=-30", 10, { start: 0, end: 9 }],
  ["bytes=8-99", 10, { start: 8, end: 9 }],
  ["bytes=3-1", 10, null],
  ["bytes=0-1,4-5", 10, null],
  ["lines=0-1", 10, null],
])("the range %s of %d bytes is %j", (range, size, expected) => {
  expect(parseRange(range, size)).toEqual(expected);
});

test.each([
  ["bytes=10-", 10],
  ["bytes=-0", 10],
  ["bytes=0-", 0],
])("the range %s of %d bytes cannot be satisfied", (range, size) => {
  expect(codeOf(() => parseRange(range, size))).toBe("InvalidRange");
});
