/**
 * Does the S3 calls of a document on the data folder. Requests and results are those of Step Functions.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */

import { crc32 } from "node:zlib";
import { S3_ACTIONS, S3_ONLY_FIELDS, S3_REQUESTS, type S3Action } from "../asl/s3-calls";
import { parseTimestamp } from "../asl/timestamps";
import { isoSeconds } from "../base/clock";
import { Aborted } from "../base/concurrency";
import { type Json, type JsonObject, plainNumbers, stringifyJson } from "../base/json";
import { type Conditions, putIf, requireReadable, writeIf } from "./data/conditions";
import { errorStatus } from "./data/error-status";
import { type ByteRange, type ObjectStore, ObjectStoreError, type StoredObject } from "./data/object-store";
import { parseRange } from "./data/parse-range";
import { contentTypeOf } from "./data/s3/content-type";
import { parseSource } from "./data/s3/copy-source";
import { checkPayload, MAX_PAYLOAD_BYTES, tooLarge } from "./interpreter/payload-size";
import type { TaskCall } from "./interpreter/state-actions";
import { StatesError } from "./interpreter/states-error";
import { listObjects, type S3TaskRequest } from "./s3-listing";
import { checkedRequest } from "./task-request";
import type { Services } from "./tasks";

/** Returns the S3 calls over a store, by integration. All throw StatesError. */
export function s3Services(store: ObjectStore): Pick<Services, `aws-sdk:s3:${S3Action}`> {
  const services = S3_ACTIONS.map((action) => [
    `aws-sdk:s3:${action}`,
    (call: TaskCall) => callS3(action, call, store),
  ]);
  return Object.fromEntries(services) as Pick<Services, `aws-sdk:s3:${S3Action}`>;
}

// --- internal ---

type Request = S3TaskRequest & { readonly Key: string };

type Action = (request: Request, store: ObjectStore, call: TaskCall) => Promise<JsonObject>;

const ACTIONS: Readonly<Record<S3Action, Action>> = {
  copyObject,
  deleteObject,
  getObject,
  headObject: async (request, store) => (await findObject(request, store)).description,
  listObjectsV2: listObjects,
  putObject,
};

/** The result may be as large as any other data of a state. */
const SIZE_SUBJECT = "The state/task 'aws-sdk:s3' returned a result with a size";

async function callS3(action: S3Action, call: TaskCall, store: ObjectStore): Promise<Json> {
  const { Body, ...fields } = checkedRequest(call.parameters, S3_REQUESTS[action], "s3-", (message) =>
    failed(new ObjectStoreError("InvalidRequest", message)),
  );
  const request = { ...(plainNumbers(fields) as JsonObject), ...(Body !== undefined && { Body }) };
  const foreign = S3_ONLY_FIELDS.find((field) => Object.hasOwn(request, field));
  if (foreign !== undefined) {
    throw new StatesError("States.Runtime", `${foreign} needs S3; remove it, or run the workflow on AWS`);
  }
  try {
    const result = await ACTIONS[action](request as unknown as Request, store, call);
    checkPayload(result, SIZE_SUBJECT);
    return result;
  } catch (error) {
    throw error instanceof ObjectStoreError ? failed(error) : error;
  }
}

/** The errors that the SDK has a class for. All others are `S3Exception`. */
const ERROR_NAMES: Readonly<Record<string, string>> = {
  NoSuchBucket: "NoSuchBucketException",
  NoSuchKey: "NoSuchKeyException",
};

function failed({ code, message }: ObjectStoreError): StatesError {
  const cause = `${message} (Service: S3, Status Code: ${errorStatus(code)}, Request ID: null)`;
  return new StatesError(`S3.${ERROR_NAMES[code] ?? "S3Exception"}`, cause);
}

/** S3 encrypts every object with its own keys unless the request names another key. */
const ENCRYPTED = { ServerSideEncryption: "AES256" } as const;

interface Found {
  /** `null` for the whole object. */
  readonly range: ByteRange | null;
  /** The fields of S3's answer, without the content. */
  readonly description: JsonObject;
}

/** Finds an object to read. */
async function findObject(request: Request, store: ObjectStore): Promise<Found> {
  const object = await store.head(request.Bucket, request.Key);
  requireReadable(object, conditionsOf(request, ""));
  const range = parseRange(request.Range as string | undefined, object.size);
  const chosen = Object.entries(RESPONSE_FIELDS).flatMap(([name, field]) =>
    request[field] === undefined ? [] : [[name, request[field]] as const],
  );
  const description: JsonObject = {
    AcceptRanges: "bytes",
    ContentLength: range === null ? object.size : range.end - range.start + 1,
    ...(range !== null && { ContentRange: `bytes ${range.start}-${range.end}/${object.size}` }),
    ContentType: contentTypeOf(object.key),
    ETag: object.etag,
    LastModified: isoSeconds(object.modifiedAt),
    Metadata: {},
    ...ENCRYPTED,
    ...Object.fromEntries(chosen),
  };
  return { range, description };
}

/** The fields of an answer that the request may choose. */
const RESPONSE_FIELDS: Readonly<Record<string, string>> = {
  CacheControl: "ResponseCacheControl",
  ContentDisposition: "ResponseContentDisposition",
  ContentEncoding: "ResponseContentEncoding",
  ContentLanguage: "ResponseContentLanguage",
  ContentType: "ResponseContentType",
  Expires: "ResponseExpires",
};

async function getObject(request: Request, store: ObjectStore): Promise<JsonObject> {
  const { Bucket, Key } = request;
  const { range, description } = await findObject(request, store);
  if ((description.ContentLength as number) > MAX_PAYLOAD_BYTES) throw tooLarge(SIZE_SUBJECT);
  const pieces: Uint8Array[] = [];
  for await (const piece of store.get(Bucket, Key, range ?? undefined)) pieces.push(piece);
  return { ...description, Body: textOf(Buffer.concat(pieces), `s3://${Bucket}/${Key}`) };
}

function textOf(content: Buffer, address: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    const problem = `${address} is not text in UTF-8, so it cannot be the Body of a result`;
    throw new StatesError("States.Runtime", `${problem}; let a job read it`);
  }
}

/** Recorded: every Body is written as JSON, also a text, which then has quotation marks. */
async function putObject(request: Request, store: ObjectStore): Promise<JsonObject> {
  const { Body } = request;
  const content = Body === undefined ? "" : stringifyJson(Body);
  const { etag } = await write(request, store, piecesOf(content));
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  return { ChecksumCRC32: checksum.toString("base64"), ChecksumType: "FULL_OBJECT", ETag: etag, ...ENCRYPTED };
}

function write(
  request: Request,
  store: ObjectStore,
  content: AsyncIterable<string | Uint8Array>,
): Promise<StoredObject> {
  const { Bucket: bucket, Key: key } = request;
  return putIf({ store, bucket, key }, conditionsOf(request, ""), content);
}

async function* piecesOf(text: string): AsyncGenerator<string> {
  yield text;
}

async function deleteObject(request: Request, store: ObjectStore): Promise<JsonObject> {
  const { Bucket: bucket, Key: key } = request;
  await writeIf({ store, bucket, key }, conditionsOf(request, ""), () => store.delete(bucket, key));
  return {};
}

async function copyObject(request: Request, store: ObjectStore, { signal }: TaskCall): Promise<JsonObject> {
  const { Bucket: bucket, Key: key } = request;
  const source = sourceOf(request.CopySource as string);
  if (source.bucket === bucket && source.key === key && !SELF_COPY_FIELDS.some((field) => field in request)) {
    throw new ObjectStoreError("InvalidRequest", SELF_COPY);
  }
  requireReadable(await store.head(source.bucket, source.key), conditionsOf(request, "CopySource"));
  const object = await write(request, store, stoppable(store.get(source.bucket, source.key), signal));
  return { CopyObjectResult: { ETag: object.etag, LastModified: isoSeconds(object.modifiedAt) }, ...ENCRYPTED };
}

/** The properties that a copy of an object to itself may change. */
const SELF_COPY_FIELDS = ["MetadataDirective", "ServerSideEncryption", "StorageClass", "WebsiteRedirectLocation"];
const SELF_COPY =
  "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";

/** Versions need S3, as in the other requests. */
function sourceOf(source: string): { bucket: string; key: string } {
  if (!source.includes("?versionId=")) return parseSource(source);
  throw new StatesError("States.Runtime", "a version in CopySource needs S3; run the workflow on AWS");
}

async function* stoppable<T>(pieces: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const piece of pieces) {
    if (signal.aborted) throw new Aborted();
    yield piece;
  }
}

/** Reads the conditions of a request. */
function conditionsOf(request: Request, prefix: "" | "CopySource"): Conditions {
  const text = (name: string) => request[`${prefix}${name}`] as string | undefined;
  const time = (name: string) => {
    const given = text(name);
    return given === undefined ? undefined : Number((parseTimestamp(given) ?? 0n) / 1_000_000n);
  };
  return {
    ifMatch: text("IfMatch"),
    ifNoneMatch: text("IfNoneMatch"),
    ifModifiedSince: time("IfModifiedSince"),
    ifUnmodifiedSince: time("IfUnmodifiedSince"),
  };
}
