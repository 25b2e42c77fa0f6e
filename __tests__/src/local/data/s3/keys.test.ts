/** Keys and links that could lead out of the folder, and faults while objects are stored. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { dataFolder } from "../../../../../src/local/data/data-folder";
import { type Endpoint, startEndpoint } from "../../../../../src/local/data/s3/endpoint";
import { findAmong } from "../../../../../src/local/data/s3/signature";

const CREDENTIALS = { accessKeyId: "AKIDLOCAL", secretAccessKey: "local/secret+key", sessionToken: null };
const Bucket = "my-data";

const scratch = mkdtempSync(join(tmpdir(), "workflow-keys-"));
const folder = join(scratch, "data");
let endpoint: Endpoint;
let client: S3Client;

const start = (listen = "127.0.0.1") =>
  startEndpoint({
    ...{ store: dataFolder(folder), bucket: Bucket, credentialsOf: findAmong([CREDENTIALS]), now: Date.now, listen },
  });
const clientOf = ({ port }: Endpoint) => {
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  const options = { region: "eu-west-1", credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
  return new S3Client({ endpoint: `http://127.0.0.1:${port}`, ...options });
};

beforeAll(async () => {
  // The SDK explains what it thinks of streams.
  jest.spyOn(console, "warn").mockReturnValue();
  mkdirSync(join(folder, "links"), { recursive: true });
  mkdirSync(join(scratch, "elsewhere"));
  writeFileSync(join(scratch, "elsewhere", "file"), "secret");
  writeFileSync(join(folder, "plain"), "plain");
  for (const [name, target] of Object.entries({
    file: join(scratch, "elsewhere", "file"),
    folder: join(scratch, "elsewhere"),
    broken: join(scratch, "nothing"),
    loop: "loop",
    whole: "/",
  })) {
    symlinkSync(target, join(folder, "links", name));
  }
  endpoint = await start();
  client = clientOf(endpoint);
});

afterAll(() => {
  client.destroy();
  endpoint.close();
  rmSync(scratch, { recursive: true });
});

const put = (Key: string, Body: string | Readable) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
const get = async (Key: string) => (await client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();
const keys = async (Prefix: string, encoded = false) => {
  const EncodingType = encoded ? "url" : undefined;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix, EncodingType }));
  return Contents.map(({ Key }) => Key);
};
const nameOf = (work: Promise<unknown>) => work.then(() => "fine").catch((error: Error) => error.name);

test.each([
  "a b",
  "a+b",
  "a%2Fb",
  "%2e%2e/x",
  "ü€😀",
  "(a)'!*~_-.",
  "a&b=c?d#e",
  '<x>&amp;"',
  ".hidden",
  "..a/...",
  "deep/er/and/deeper",
  `${"k".repeat(255)}/${"l".repeat(255)}/${"m".repeat(255)}/${"n".repeat(255)}`,
])("stores, lists, copies and deletes %j", async (name) => {
  const Key = `odd/${name}`.slice(0, 1024);
  await put(Key, name);
  expect([await get(Key), await keys("odd/")]).toEqual([name, [Key]]);
  expect(await keys("odd/", true)).toEqual([encodeURIComponent(Key).replaceAll("%2F", "/")]);
  await client.send(
    new CopyObjectCommand({ Bucket, Key: "copied", CopySource: encodeURIComponent(`${Bucket}/${Key}`) }),
  );
  expect(readFileSync(join(folder, "copied"), "utf8")).toBe(name);
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  expect(await keys("odd/")).toEqual([]);
});

test.each([
  ["../elsewhere/file", "InvalidKey", "NoSuchKey"],
  ["x/../../elsewhere/file", "InvalidKey", "NoSuchKey"],
  ["..", "InvalidKey", "NoSuchKey"],
  ["a//b", "InvalidKey", "NoSuchKey"],
  ["/etc/passwd", "InvalidKey", "NoSuchKey"],
  ["plain/below", "InvalidKey", "NoSuchKey"],
  ["links", "InvalidKey", "NoSuchKey"],
  ["s".repeat(256), "InvalidKey", "NoSuchKey"],
  ["k/".repeat(600), "KeyTooLongError", "NoSuchKey"],
  [".workflow-unfinished/x", "InvalidKey", "NoSuchKey"],
  [".Workflow-Unfinished/x", "InvalidKey", "NoSuchKey"],
  ["links/folder/file", "AccessDenied", "AccessDenied"],
  ["links/whole/etc/passwd", "AccessDenied", "AccessDenied"],
  ["links/broken/new", "InvalidKey", "NoSuchKey"],
  ["links/loop/new", "InvalidKey", "NoSuchKey"],
])("does not store or give %j", async (Key, stored, given) => {
  expect([await nameOf(put(Key, "new")), await nameOf(get(Key))]).toEqual([stored, given]);
  expect(await nameOf(client.send(new CreateMultipartUploadCommand({ Bucket, Key })))).toBe(stored);
  const CopySource = encodeURIComponent(`${Bucket}/${Key}`);
  expect(await nameOf(client.send(new CopyObjectCommand({ Bucket, Key: "copied", CopySource })))).toBe(given);
  await nameOf(client.send(new DeleteObjectCommand({ Bucket, Key })));
  expect([readdirSync(join(scratch, "elsewhere")), readdirSync(scratch).sort()]).toEqual([
    ["file"],
    ["data", "elsewhere"],
  ]);
  expect(await keys("links/")).toEqual([]);
});

test.each(["/my-data/../elsewhere/file", "/my-data/%2e%2e/elsewhere/file", "/my-data/%zz", "*", "//"])(
  "a request for %s without signature gets nothing",
  async (path) => {
    const text = await new Promise<string>((resolve, reject) => {
      const request = httpRequest({ host: "127.0.0.1", port: endpoint.port, path }, async (response) => {
        let body = `${response.statusCode} `;
        for await (const piece of response) body += piece;
        resolve(body);
      });
      request.on("error", reject);
      request.end();
    });
    expect(text).toMatch(/^40[03] <\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>(AccessDenied|InvalidURI)</);
  },
);

test("a folder is an object without content", async () => {
  await put("made/", "");
  const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key: "made/" }));
  expect([ContentLength, readdirSync(join(folder, "made"))]).toEqual([0, []]);
  expect(await nameOf(put("other/", "content"))).toBe("InvalidKey");
  await put("made/file", "x");
  await client.send(new DeleteObjectCommand({ Bucket, Key: "made/" }));
  expect(await get("made/file")).toBe("x");
});

test("a link that appears while the content arrives is not followed", async () => {
  async function* content() {
    yield "first";
    mkdirSync(join(folder, "late"), { recursive: true });
    symlinkSync(join(scratch, "elsewhere"), join(folder, "late", "way"));
    yield "second";
  }
  const Body = Readable.from(content());
  const work = client.send(new PutObjectCommand({ Bucket, Key: "late/way/file", Body, ContentLength: 11 }));
  expect(await nameOf(work)).toBe("AccessDenied");
  expect(readFileSync(join(scratch, "elsewhere", "file"), "utf8")).toBe("secret");
});

test("an upload that breaks off leaves the earlier object, and nothing else", async () => {
  await put("kept", "earlier");
  const stop = new AbortController();
  async function* content() {
    yield "half";
    stop.abort();
  }
  const Body = Readable.from(content());
  const command = new PutObjectCommand({ Bucket, Key: "kept", Body, ContentLength: 8 });
  expect(await nameOf(client.send(command, { abortSignal: stop.signal }))).toBe("AbortError");
  expect(await get("kept")).toBe("earlier");
});

test("two runs on one folder keep each other's uploads, and an endpoint that closes removes its own", async () => {
  const other = await start();
  const otherClient = clientOf(other);
  const uploads: [S3Client, string][] = [
    [client, "one"],
    [otherClient, "two"],
  ];
  for (const [by, Key] of uploads) {
    const { UploadId } = await by.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await by.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "part" }));
  }
  const unfinished = join(folder, ".workflow-unfinished");
  expect(readdirSync(unfinished)).toHaveLength(2);
  otherClient.destroy();
  other.close();
  expect(readdirSync(unfinished)).toHaveLength(1);
  await expect(otherClient.send(new HeadObjectCommand({ Bucket, Key: "plain" }))).rejects.toThrow("ECONNREFUSED");
  expect(await get("plain")).toBe("plain");
});
