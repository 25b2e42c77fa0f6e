import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { type BucketContents, describeContents, holdsObjects } from "../../../src/aws/bucket-contents";
import { bucketContents, emptyBucket } from "../../../src/aws/empty-bucket";
import { UsageError } from "../../../src/base/errors";

const BUCKET = { name: "echo-data", accountId: "123456789012", region: "eu-west-1" };
const OWNED = { Bucket: "echo-data", ExpectedBucketOwner: "123456789012" };
const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());

interface Entry {
  readonly Key: string;
  readonly VersionId: string;
  readonly IsLatest: boolean;
}

const failed = (Key: string, Code: string) => ({ Key, Code, Message: "no" });

/** Fills the bucket. Listings show pages of `pageSize` entries, with keys encoded as S3 encodes them. */
function fill(entries: readonly Entry[], { uploads = 0, pageSize = 1000, markers = 0, slowDowns = 0 } = {}) {
  let left = [...entries];
  let parts = Array.from({ length: uploads }, (_, index) => ({ Key: `part ${index}`, UploadId: String(index) }));
  const remove = ({ Key, VersionId }: { Key?: string; VersionId?: string }) => {
    left = left.filter((one) => one.Key !== Key || one.VersionId !== VersionId);
  };
  s3.on(ListObjectVersionsCommand, OWNED).callsFake(({ EncodingType }) => {
    const page = left.slice(0, pageSize).map((one) => ({
      ...one,
      Key: EncodingType === "url" ? encodeURIComponent(one.Key).replaceAll("%20", "+") : one.Key,
    }));
    const isMarker = (index: number) => index >= entries.length - markers;
    const versions = page.filter((_, index) => !isMarker(entries.indexOf(left[index]!)));
    const hidden = page.filter((one) => !versions.includes(one));
    return {
      ...(versions.length > 0 && { Versions: versions }),
      ...(hidden.length > 0 && { DeleteMarkers: hidden }),
      ...(EncodingType && { EncodingType }),
      IsTruncated: left.length > pageSize,
    };
  });
  s3.on(ListMultipartUploadsCommand, OWNED).callsFake(() => ({ Uploads: parts.slice(0, pageSize) }));
  s3.on(DeleteObjectsCommand, OWNED).callsFake(({ Delete }) => {
    const slow = Delete.Objects.splice(0, slowDowns);
    slowDowns = 0;
    Delete.Objects.forEach(remove);
    return { Errors: slow.map(({ Key }: Entry) => failed(Key, "SlowDown")) };
  });
  s3.on(DeleteObjectCommand, OWNED).callsFake((request) => {
    remove(request);
    return {};
  });
  s3.on(AbortMultipartUploadCommand, OWNED).callsFake(({ UploadId }) => {
    parts = parts.filter((one) => one.UploadId !== UploadId);
    return {};
  });
  return { left: () => [...left, ...parts] };
}

function entries(count: number, isLatest = true): Entry[] {
  return Array.from({ length: count }, (_, index) => ({ Key: `in/${index}`, VersionId: "v", IsLatest: isLatest }));
}

const NOTHING: BucketContents = { objects: 0, oldVersions: 0, deleteMarkers: 0, uploads: 0, isMore: false };

async function emptied(signal = new AbortController().signal) {
  const progress: number[] = [];
  const total = await emptyBucket(BUCKET, { signal, deleted: (count) => progress.push(count) });
  return { total, progress };
}

describe("contents", () => {
  test.each<[string, Entry[], object, BucketContents, boolean, string]>([
    ["nothing", [], {}, NOTHING, false, "0 objects"],
    ["one object", entries(1), {}, { ...NOTHING, objects: 1 }, true, "1 object"],
    ["an old version", entries(1, false), {}, { ...NOTHING, oldVersions: 1 }, true, "1 old version"],
    ["a delete marker", entries(1), { markers: 1 }, { ...NOTHING, deleteMarkers: 1 }, true, "1 delete marker"],
    ["an upload", [], { uploads: 1 }, { ...NOTHING, uploads: 1 }, false, "0 objects and 1 unfinished upload"],
    [
      "some of each",
      [...entries(3), ...entries(2, false), ...entries(2)],
      { markers: 2, uploads: 1 },
      { objects: 3, oldVersions: 2, deleteMarkers: 2, uploads: 1, isMore: false },
      true,
      "3 objects, 2 old versions, 2 delete markers and 1 unfinished upload",
    ],
    [
      "more than a page",
      entries(3),
      { pageSize: 2 },
      { ...NOTHING, objects: 2, isMore: true },
      true,
      "more than 2 objects",
    ],
  ])("%s", async (_, given, options, expected, holds, words) => {
    fill(given, options);
    const contents = await bucketContents(BUCKET);
    expect(contents).toEqual(expected);
    expect(holdsObjects(contents!)).toBe(holds);
    expect(describeContents(contents!)).toBe(words);
  });

  test("of a bucket that does not exist are null; a refusal is explained", async () => {
    s3.on(ListMultipartUploadsCommand).resolves({});
    s3.on(ListObjectVersionsCommand)
      .rejectsOnce(Object.assign(new Error("none"), { name: "NoSuchBucket" }))
      .rejects(Object.assign(new Error("not yours"), { name: "AccessDenied" }));
    expect(await bucketContents(BUCKET)).toBeNull();
    await expect(bucketContents(BUCKET)).rejects.toEqual(
      new UsageError("AWS denies access: not yours; grant the missing permission, or use other credentials"),
    );
  });
});

describe("emptying", () => {
  test("deletes versions, markers and uploads page by page, and tells how many are gone", async () => {
    const bucket = fill([...entries(3), ...entries(2, false)], { markers: 1, uploads: 3, pageSize: 2 });
    expect(await emptied()).toEqual({ total: 6, progress: [2, 3, 5, 6] });
    expect(bucket.left()).toEqual([]);
  });

  test("of an empty bucket deletes nothing", async () => {
    fill([]);
    expect(await emptied()).toEqual({ total: 0, progress: [] });
  });

  test("of a bucket that does not exist deletes nothing", async () => {
    for (const command of [ListObjectVersionsCommand, ListMultipartUploadsCommand] as const) {
      s3.on(command as typeof ListObjectVersionsCommand).rejects(
        Object.assign(new Error("none"), { name: "NoSuchBucket" }),
      );
    }
    expect(await emptied()).toEqual({ total: 0, progress: [] });
  });

  test("deletes odd keys, and one by one those that XML cannot contain", async () => {
    const keys = ["a b", "a+b", "a%2Fb", "../x", "ü/日本", "&<>", "bell\u0007", "line\nbreak"];
    const bucket = fill(keys.map((Key) => ({ Key, VersionId: "null", IsLatest: true })));
    expect((await emptied()).total).toBe(keys.length);
    expect(bucket.left()).toEqual([]);
    expect(s3.commandCalls(DeleteObjectCommand).map(({ args }) => args[0].input.Key)).toEqual(keys.slice(-2));
  });

  test("tries again what failed", async () => {
    const bucket = fill(entries(3), { slowDowns: 2 });
    expect(await emptied()).toEqual({ total: 3, progress: [1, 3] });
    expect(bucket.left()).toEqual([]);
  });

  test("ends if S3 lists again what it has deleted", async () => {
    const page = { Versions: [{ Key: "a+b", VersionId: "v" }] };
    s3.on(ListObjectVersionsCommand).resolves(page).on(DeleteObjectsCommand).resolves({});
    await expect(emptied()).rejects.toEqual(
      new UsageError(
        "s3://echo-data still lists what it has deleted, first a+b v; check AWS_ENDPOINT_URL, and start again",
      ),
    );
    expect(s3.commandCalls(DeleteObjectsCommand)[0]!.args[0].input.Delete!.Objects).toEqual(page.Versions);
  });

  test("ends with the reason if nothing can be deleted", async () => {
    const bucket = fill(entries(2));
    s3.on(DeleteObjectsCommand).resolves({ Errors: ["in/0", "in/1"].map((key) => failed(key, "AccessDenied")) });
    await expect(emptied()).rejects.toEqual(
      new UsageError(
        "s3://echo-data/in/0 cannot be deleted: AccessDenied: no; grant s3:DeleteObject and s3:DeleteObjectVersion on the bucket, or use other credentials, and start again",
      ),
    );
    expect(bucket.left()).toHaveLength(2);
  });

  test("stops between two pages when its signal aborts; the next call deletes the rest", async () => {
    const bucket = fill(entries(5), { pageSize: 2 });
    const stop = new AbortController();
    const deleted = () => stop.abort();
    await expect(emptyBucket(BUCKET, { signal: stop.signal, deleted })).rejects.toThrow("aborted");
    expect(bucket.left()).toHaveLength(3);
    expect((await emptied()).total).toBe(3);
    expect(bucket.left()).toEqual([]);
  });
});
