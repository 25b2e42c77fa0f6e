import { randomBytes } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { dataFolder } from "../../../../../src/local/data/data-folder";
import { type Endpoint, startEndpoint } from "../../../../../src/local/data/s3/endpoint";
import { findAmong } from "../../../../../src/local/data/s3/signature";

const CREDENTIALS = { accessKeyId: "AKIDLOCAL", secretAccessKey: "local/secret+key", sessionToken: null };
const MIB = 1024 * 1024;
const Bucket = "my-data";

const scratch = mkdtempSync(join(tmpdir(), "workflow-endpoint-"));
const folder = join(scratch, "data");
let endpoint: Endpoint;
let client: S3Client;

beforeAll(async () => {
  const options = { bucket: Bucket, credentialsOf: findAmong([CREDENTIALS]), now: Date.now, listen: "127.0.0.1" };
  endpoint = await startEndpoint({ store: dataFolder(folder), ...options });
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  client = new S3Client({
    endpoint: `http://127.0.0.1:${endpoint.port}`,
    region: "eu-central-1",
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
});

afterAll(() => {
  client.destroy();
  endpoint.close();
  rmSync(scratch, { recursive: true });
});

const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(Body) }));
const textOf = async (Key: string, Range?: string) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...(Range === undefined ? {} : { Range }) }));
  return Body!.transformToString();
};
/** The unfinished files that are left, each with its object, when the endpoint has finished the work that it began before its answer. */
const unfinished = async () => {
  const [own] = readdirSync(join(folder, ".workflow-unfinished"));
  const ownFolder = join(folder, ".workflow-unfinished", own!);
  for (let turn = 0; turn < 1000 && readdirSync(ownFolder).length > 0; turn += 1) await setImmediate();
  const objects = new Map(readdirSync(folder).map((name) => [lstatSync(join(folder, name)).ino, name]));
  return readdirSync(ownFolder).map((name) => {
    const stats = lstatSync(join(ownFolder, name), { throwIfNoEntry: false });
    const kind = stats?.isDirectory() ? "folder" : "file";
    return `${name}: ${kind} of ${stats?.size} bytes, ${objects.get(stats?.ino ?? 0) ?? "no object"}`;
  });
};
const file = (key: string) => readFileSync(join(folder, key), "utf8");

test("an object is a plain file, in both directions", async () => {
  const { ETag } = await put("in/a.csv", "x,y\n1,2\n");
  expect([ETag, file("in/a.csv")]).toEqual(['"344fd2323dd33d5c058b7cf27de029e8"', "x,y\n1,2\n"]);
  expect(await textOf("in/a.csv")).toBe("x,y\n1,2\n");
  expect(await client.send(new HeadObjectCommand({ Bucket, Key: "in/a.csv" }))).toMatchObject({
    ...{ ContentLength: 8, ContentType: "text/csv", ETag, AcceptRanges: "bytes" },
  });
});

test.each([
  ["bytes=2-4", "234"],
  ["bytes=7-", "789"],
  ["bytes=-2", "89"],
  ["bytes=5-99", "56789"],
])("gives the range %s", async (range, expected) => {
  await put("digits", "0123456789");
  expect(await textOf("digits", range)).toBe(expected);
});

test.each(["0123456789", ""])("the first part of an object is all of it: %j", async (content) => {
  await put("parts", content);
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "parts", PartNumber: 1 }));
  expect(await Body!.transformToString()).toBe(content);
});

test("a parameter with the name of a member of every object changes no header", async () => {
  await put("named", "content");
  const command = new GetObjectCommand({ Bucket, Key: "named" });
  command.middlewareStack.add(
    (next) => (given) => {
      const { query } = given.request as { query: object };
      Object.assign(query, { constructor: "x" });
      return next(given);
    },
    { step: "build" },
  );
  const { Body } = await client.send(command);
  expect(await Body!.transformToString()).toBe("content");
});

test("stores a stream whose checksum follows it", async () => {
  const Body = Readable.from([Buffer.alloc(70_000, "a"), Buffer.alloc(5, "b")]);
  await client.send(new PutObjectCommand({ Bucket, Key: "stream", Body, ContentLength: 70_005 }));
  expect(file("stream")).toBe(`${"a".repeat(70_000)}bbbbb`);
});

test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)("checks the checksum %s", async (algorithm) => {
  const ChecksumAlgorithm = algorithm;
  const stored = await client.send(new PutObjectCommand({ Bucket, Key: "sum", Body: algorithm, ChecksumAlgorithm }));
  expect(stored[`Checksum${algorithm}`]).toMatch(/=$|\w/);
  const wrong = { Bucket, Key: "wrong", Body: algorithm, [`Checksum${algorithm}`]: stored.ETag!.slice(1, 9) };
  await expect(client.send(new PutObjectCommand(wrong))).rejects.toMatchObject({ name: "BadDigest" });
  expect(existsSync(join(folder, "wrong"))).toBe(false);
});

test("joins the parts of an upload", async () => {
  const Key = "large.bin";
  const parts = [randomBytes(5 * MIB), randomBytes(5 * MIB), Buffer.from("end")];
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const upload = { Bucket, Key, UploadId };
  const Parts = [];
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  expect((await client.send(new ListPartsCommand(upload))).Parts?.map(({ Size }) => Size)).toEqual([
    5 * MIB,
    5 * MIB,
    3,
  ]);
  expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toMatchObject([{ Key, UploadId }]);
  expect((await client.send(new ListObjectsV2Command({ Bucket, Prefix: Key }))).KeyCount).toBe(0);
  await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  expect(readFileSync(join(folder, Key)).equals(Buffer.concat(parts))).toBe(true);
  expect(await unfinished()).toEqual([]);

  const copy = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "copy" }));
  const CopySource = `${Bucket}/${Key}`;
  const range = { CopySourceRange: "bytes=0-9", CopySource, PartNumber: 1 };
  const { CopyPartResult } = await client.send(
    new UploadPartCopyCommand({ Bucket, Key: "copy", UploadId: copy.UploadId, ...range }),
  );
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: CopyPartResult!.ETag }] };
  await client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key: "copy", UploadId: copy.UploadId, MultipartUpload }),
  );
  expect(readFileSync(join(folder, "copy")).equals(parts[0]!.subarray(0, 10))).toBe(true);
});

test("copies an object", async () => {
  await put("from ü+%.txt", "content");
  const CopySource = encodeURIComponent(`${Bucket}/from ü+%.txt`);
  await client.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource }));
  expect(file("to")).toBe("content");
});

test("lists 250 objects in pages, and deletes them", async () => {
  mkdirSync(join(folder, "many"), { recursive: true });
  const keys = Array.from({ length: 250 }, (_, index) => `many/${String(index).padStart(4, "0")}`);
  for (const key of keys) writeFileSync(join(folder, key), "x");
  const listed: string[] = [];
  const pages: number[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: "many/", MaxKeys: 100, ContinuationToken }),
    );
    pages.push(page.KeyCount!);
    listed.push(...page.Contents!.map(({ Key }) => Key!));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  expect([pages, listed]).toEqual([[100, 100, 50], keys]);
  const Objects = keys.map((Key) => ({ Key }));
  const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted).toEqual(Objects);
  expect((await client.send(new ListObjectsV2Command({ Bucket, Prefix: "many/" }))).KeyCount).toBe(0);
});

test("lists folders as common prefixes", async () => {
  for (const key of ["tree/a/1", "tree/a/2", "tree/b", "tree/c-1/x", "tree/c-2"]) await put(key, "x");
  const list = async (parameters: object) => {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: "tree/", ...parameters }));
    return [page.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? [], page.Contents?.map(({ Key }) => Key) ?? []];
  };
  expect(await list({ Delimiter: "/" })).toEqual([
    ["tree/a/", "tree/c-1/"],
    ["tree/b", "tree/c-2"],
  ]);
  expect(await list({ Delimiter: "-" })).toEqual([["tree/c-"], ["tree/a/1", "tree/a/2", "tree/b"]]);
  expect(await list({ StartAfter: "tree/a/1" })).toEqual([[], ["tree/a/2", "tree/b", "tree/c-1/x", "tree/c-2"]]);
  const first = await client.send(new ListObjectsCommand({ Bucket, Prefix: "tree/", Delimiter: "/", MaxKeys: 1 }));
  expect(first).toMatchObject({ IsTruncated: true, NextMarker: "tree/a/" });
  const Marker = first.NextMarker;
  const second = await client.send(
    new ListObjectsCommand({ Bucket, Prefix: "tree/", Delimiter: "/", MaxKeys: 1, Marker }),
  );
  expect(second.Contents?.map(({ Key }) => Key)).toEqual(["tree/b"]);
});

test("shows the data bucket, and says which operations there are not", async () => {
  expect((await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
  await expect(client.send(new GetBucketAclCommand({ Bucket }))).rejects.toMatchObject({
    name: "NotImplemented",
    message: "The endpoint of the local run does not implement GetBucketAcl",
  });
});
