/** The operations on objects. */

import { putIf, requireReadable, writeIf } from "../conditions";
import type { Bucket, OpenObject } from "../data-folder";
import { ObjectStoreError, type StoredObject } from "../object-store";
import { parseRange } from "../parse-range";
import { type Answer, type Call, emptyAnswer, isoTime, xmlAnswer } from "./answer";
import { conditionsOf } from "./condition-headers";
import { contentTypeOf } from "./content-type";
import { openSource } from "./copy-source";
import { textOfPayload } from "./payload";
import { parameter, type S3Request } from "./s3-request";
import { elementsOf, parseXml, type XmlElements } from "./s3-xml";

/** GetObject and HeadObject. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export async function getObject({ request, store }: Call): Promise<Answer> {
  const { bucket, key, method } = request;
  const open = await store.open(bucket, key);
  try {
    const { object } = open;
    requireReadable(object, conditionsOf(request));
    const range = parseRange(rangeOf(request, object), object.size);
    const length = range === null ? object.size : range.end - range.start + 1;
    const answer: Answer = {
      status: range === null ? 200 : 206,
      headers: {
        ...describe(open, request),
        "Content-Length": String(length),
        ...(range === null ? {} : { "Content-Range": `bytes ${range.start}-${range.end}/${object.size}` }),
      },
      body: method === "HEAD" ? null : open.content(range ?? undefined),
      close: open.close,
    };
    return answer;
  } catch (error) {
    await open.close();
    throw error;
  }
}

export async function putObject({ request, payload, store }: Call): Promise<Answer> {
  const { etag } = await storeObject(request, store, payload.content);
  return emptyAnswer(200, { ETag: etag, ...payload.checksums });
}

export async function copyObject(call: Call): Promise<Answer> {
  const { request, store } = call;
  const source = await openSource(call);
  try {
    const { etag, modifiedAt } = await storeObject(request, store, source.content());
    return xmlAnswer("CopyObjectResult", { LastModified: isoTime(modifiedAt), ETag: etag });
  } finally {
    await source.close();
  }
}

export async function deleteObject({ request, store }: Call): Promise<Answer> {
  const { bucket, key } = request;
  await writeIf({ store, bucket, key }, conditionsOf(request), () => store.delete(bucket, key));
  return emptyAnswer(204);
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects({ request, payload, store }: Call): Promise<Answer> {
  const body = parseXml(await textOfPayload(payload), "Delete");
  const keys = elementsOf(body, "Object").map(({ Key }) => (typeof Key === "string" ? Key : ""));
  if (keys.length === 0 || keys.length > MOST_DELETED || keys.includes("")) {
    throw new ObjectStoreError("MalformedXML", `Delete must have 1 to ${MOST_DELETED} objects, each with its Key`);
  }
  const failures = await Promise.all(keys.map((key) => deleteOne(store, request.bucket, key)));
  const failed = failures.filter((failure) => failure !== null);
  const deleted = body.Quiet === "true" ? [] : keys.filter((_, index) => failures[index] === null);
  return xmlAnswer("DeleteResult", { Deleted: deleted.map((Key) => ({ Key })), Error: failed });
}

/** The AWS CLI asks for tags when it copies a large object. Plain files have none. */
export async function getObjectTagging({ request, store }: Call): Promise<Answer> {
  await store.head(request.bucket, request.key);
  return xmlAnswer("Tagging", { TagSet: "" });
}

/** Stores the object of a request, if its conditions hold. */
export function storeObject(
  request: S3Request,
  store: Bucket,
  content: AsyncIterable<Uint8Array>,
): Promise<StoredObject> {
  const { bucket, key } = request;
  return putIf({ store, bucket, key }, conditionsOf(request), content);
}

// --- internal ---

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const MOST_DELETED = 1000;

/** Deletes an object. Returns its failure, as the answer lists it. */
async function deleteOne(store: Bucket, bucket: string, key: string): Promise<XmlElements | null> {
  try {
    await store.delete(bucket, key);
    return null;
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    return { Key: key, Code: error.code, Message: error.message };
  }
}

/** The parameters of GetObject that replace headers of the answer. */
const OVERRIDES: ReadonlyMap<string, string> = new Map([
  ["response-cache-control", "Cache-Control"],
  ["response-content-disposition", "Content-Disposition"],
  ["response-content-encoding", "Content-Encoding"],
  ["response-content-language", "Content-Language"],
  ["response-content-type", "Content-Type"],
  ["response-expires", "Expires"],
]);

function describe({ object }: OpenObject, request: S3Request): Record<string, string> {
  const overrides = request.query.flatMap(([name, value]) => {
    const header = OVERRIDES.get(name);
    // A line break would end the header.
    return header === undefined ? [] : [[header, value.replaceAll(/[^\x20-\x7e]/g, "")]];
  });
  return {
    "Accept-Ranges": "bytes",
    "Content-Type": contentTypeOf(object.key),
    ETag: object.etag,
    "Last-Modified": new Date(object.modifiedAt).toUTCString(),
    ...Object.fromEntries(overrides),
  };
}

/** An object has one part here. */
function rangeOf(request: S3Request, { size }: StoredObject): string | undefined {
  const part = parameter(request, "partNumber");
  if (part === null) return request.headers.range;
  if (part === "1") return size === 0 ? undefined : "bytes=0-";
  throw new ObjectStoreError("InvalidRange", "The requested part number is not satisfiable: the object has 1 part");
}
