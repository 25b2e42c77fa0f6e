import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { bucketStore, LARGEST_UPLOAD_BYTES } from "../../../src/aws/bucket-store";
import { UsageError } from "../../../src/base/errors";
import { all } from "../../../src/local/data/memory-store";

const OWNED = { Bucket: "echo-data", ExpectedBucketOwner: "123456789012" };
const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());

const store = (accountId: string | null = "123456789012", signal = new AbortController().signal) =>
  bucketStore({ name: "echo-data", region: "eu-west-1", accountId }, signal);

async function* piecesOf(...pieces: string[]) {
  yield* pieces;
}

function failure(name: string) {
  return new S3ServiceException({ name, $fault: "client", $metadata: {}, message: "no" });
}

test("lists all pages", async () => {
  const object = (Key: string) => ({ Key, Size: 3, LastModified: new Date(5000), ETag: '"e"' });
  s3.on(ListObjectsV2Command, { ...OWNED, Prefix: "in/" })
    .resolvesOnce({ Contents: [object("in/a")], IsTruncated: true, NextContinuationToken: "t" })
    .resolves({ Contents: [object("in/b")], IsTruncated: false });
  const listed = await all((await store()).list("", "in/"));
  const described = { size: 3, modifiedAt: 5000, etag: '"e"' };
  expect(listed).toEqual([
    { ...described, key: "in/a" },
    { ...described, key: "in/b" },
  ]);
  expect(s3.commandCalls(ListObjectsV2Command, { ContinuationToken: "t" })).toHaveLength(1);
});

test("reads, writes and deletes an object", async () => {
  s3.on(GetObjectCommand, { ...OWNED, Key: "a" }).resolves({ Body: Readable.from(["te", "xt"]) as never });
  s3.on(PutObjectCommand).callsFake(async ({ Body }) => ({ ETag: Buffer.concat(await all<Buffer>(Body)).toString() }));
  s3.on(DeleteObjectCommand).resolves({});
  const { get, put, delete: remove } = await store();
  expect(await all(get("", "a"))).toEqual(["te", "xt"]);
  await put("", "b", piecesOf("te", "xt"), 4);
  await remove("", "c");
  const [written] = s3.commandCalls(PutObjectCommand);
  expect(written!.args[0].input).toMatchObject({ ...OWNED, Key: "b", ContentLength: 4 });
  expect(await written!.returnValue).toEqual({ ETag: "text" });
  expect(s3.commandCalls(DeleteObjectCommand)[0]!.args[0].input).toEqual({ ...OWNED, Key: "c" });
});

test("does not ask for the owner of a bucket that existed before", async () => {
  s3.on(HeadObjectCommand).resolves({ ContentLength: 1, LastModified: new Date(0), ETag: '"e"' });
  await (await store(null)).head("", "a");
  expect(s3.commandCalls(HeadObjectCommand)[0]!.args[0].input).toEqual({ Bucket: "echo-data", Key: "a" });
});

test.each([
  ["NotFound", "there is no object s3://echo-data/a"],
  ["NoSuchBucket", "the bucket echo-data does not exist; deploy first, or check the setting `data`"],
  ["AccessDenied", "AWS denies access: no; grant the missing permission, or use other credentials"],
])("explains %s", async (name, message) => {
  s3.on(HeadObjectCommand).rejects(failure(name));
  await expect((await store()).head("", "a")).rejects.toEqual(new UsageError(message));
});

test("refuses an object that is too large for one upload", async () => {
  const put = (await store()).put("", "a", piecesOf(), LARGEST_UPLOAD_BYTES + 1);
  await expect(put).rejects.toEqual(
    new UsageError("an upload has at most 5 GiB, got: 5368709121 bytes for s3://echo-data/a; use `aws s3 cp`"),
  );
  expect(s3.calls()).toHaveLength(0);
});
