/** The operations on objects. */
import type { OpenObject } from "../data-folder";
import { ObjectStoreError } from "../object-store";
import { type Answer, type Call, emptyAnswer, isoTime, xmlAnswer } from "./answer";
import { contentTypeOf } from "./content-type";
import { openSource } from "./copy-source";
import { textOfPayload } from "./payload";
import { checkConditions, parseRange } from "./preconditions";
import { s3Error } from "./s3-error";
import { parameter, type S3Request } from "./s3-request";
import { elementsOf, parseXml } from "./s3-xml";

/** GetObject and HeadObject. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export async function getObject({ request, store }: Call): Promise<Answer> {
  const { bucket, key, method } = request;
  const open = await store.open(bucket, key);
  try {
    const { object } = open;
    checkConditions(request, object);
    const range = parseRange(rangeOf(request), object.size);
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

export async function putObject(call: Call): Promise<Answer> {
  const { request, payload, store } = call;
  const { bucket, key } = request;
  await checkPutConditions(call);
  const isNew = request.headers["if-none-match"] !== undefined;
  const put = isNew ? store.putNew(bucket, key, payload.content) : store.put(bucket, key, payload.content);
  const { etag } = await put;
  return emptyAnswer(200, { ETag: etag, ...payload.checksums });
}

export async function copyObject(call: Call): Promise<Answer> {
  const { request, store } = call;
  const source = await openSource(call);
  try {
    const { etag, modifiedAt } = await store.put(request.bucket, request.key, source.content());
    return xmlAnswer("CopyObjectResult", { LastModified: isoTime(modifiedAt), ETag: etag });
  } finally {
    await source.close();
  }
}

export async function deleteObject({ request, store }: Call): Promise<Answer> {
  await store.delete(request.bucket, request.key);
  return emptyAnswer(204);
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects({ request, payload, store }: Call): Promise<Answer> {
  const body = parseXml(await textOfPayload(payload), "Delete");
  const keys = elementsOf(body, "Object").map(({ Key }) => (typeof Key === "string" ? Key : ""));
  if (keys.length === 0 || keys.length > MOST_DELETED || keys.includes("")) {
    throw s3Error("MalformedXML", `Delete must have 1 to ${MOST_DELETED} objects, each with its Key`);
  }
  const [deleted, failed]: [{ Key: string }[], { Key: string; Code: string; Message: string }[]] = [[], []];
  for (const key of keys) {
    try {
      await store.delete(request.bucket, key);
      if (body.Quiet !== "true") deleted.push({ Key: key });
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error;
      failed.push({ Key: key, Code: error.code, Message: error.message });
    }
  }
  return xmlAnswer("DeleteResult", { Deleted: deleted, Error: failed });
}

/** The AWS CLI asks for tags when it copies a large object. Plain files have none. */
export async function getObjectTagging({ request, store }: Call): Promise<Answer> {
  await store.head(request.bucket, request.key);
  return xmlAnswer("Tagging", { TagSet: "" });
}

// --- internal ---

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const MOST_DELETED = 1000;

/** The parameters of GetObject that replace headers of the answer. */
const OVERRIDES: Readonly<Record<string, string>> = {
  "response-cache-control": "Cache-Control",
  "response-content-disposition": "Content-Disposition",
  "response-content-encoding": "Content-Encoding",
  "response-content-language": "Content-Language",
  "response-content-type": "Content-Type",
  "response-expires": "Expires",
};

function describe({ object }: OpenObject, request: S3Request): Record<string, string> {
  const overrides = request.query.flatMap(([name, value]) => {
    const header = OVERRIDES[name];
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
function rangeOf(request: S3Request): string | undefined {
  const part = parameter(request, "partNumber");
  if (part === null) return request.headers.range;
  if (part === "1") return "bytes=0-";
  throw s3Error("InvalidRange", "The requested part number is not satisfiable: the object has 1 part");
}

async function checkPutConditions({ request, store }: Call): Promise<void> {
  const { bucket, key, headers } = request;
  const [match, noneMatch] = [headers["if-match"], headers["if-none-match"]];
  if (noneMatch !== undefined && noneMatch !== "*") {
    throw s3Error("NotImplemented", "PutObject with If-None-Match other than * is not implemented");
  }
  if (match !== undefined) checkConditions(request, await store.head(bucket, key));
}
