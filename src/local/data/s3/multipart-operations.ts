/** The operations on multipart uploads. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */

import { ObjectStoreError } from "../object-store";
import { type Answer, type Call, emptyAnswer, isoTime, keyEncoder, xmlAnswer } from "./answer";
import { openSource } from "./copy-source";
import type { Upload } from "./multipart-uploads";
import { storeObject } from "./object-operations";
import { textOfPayload } from "./payload";
import { numberParameter, parameter } from "./s3-request";
import { elementsOf, parseXml } from "./s3-xml";

export async function createMultipartUpload({ request, store, uploads }: Call): Promise<Answer> {
  const { bucket, key } = request;
  await store.refuse(bucket, key);
  const { id } = await uploads.create(bucket, key);
  return xmlAnswer("InitiateMultipartUploadResult", { Bucket: bucket, Key: key, UploadId: id });
}

export async function uploadPart(call: Call): Promise<Answer> {
  const { request, payload, uploads } = call;
  const part = await uploads.addPart(request.bucket, uploadOf(call), partNumber(call), payload.content);
  return emptyAnswer(200, { ETag: part.etag, ...payload.checksums });
}

export async function uploadPartCopy(call: Call): Promise<Answer> {
  const { request, uploads } = call;
  const [upload, number] = [uploadOf(call), partNumber(call)];
  const source = await openSource(call, request.headers["x-amz-copy-source-range"]);
  try {
    const { etag, modifiedAt } = await uploads.addPart(request.bucket, upload, number, source.content());
    return xmlAnswer("CopyPartResult", { LastModified: isoTime(modifiedAt), ETag: etag });
  } finally {
    await source.close();
  }
}

export async function completeMultipartUpload(call: Call): Promise<Answer> {
  const { request, payload, store, uploads } = call;
  const { bucket, key, headers } = request;
  const upload = uploadOf(call);
  const body = parseXml(await textOfPayload(payload), "CompleteMultipartUpload");
  const named = elementsOf(body, "Part").map(({ PartNumber, ETag }) => ({
    number: Number(PartNumber),
    etag: String(ETag),
  }));
  const content = uploads.contentOf(uploads.select(upload, named));
  const { etag } = await storeObject(request, store, content);
  await uploads.remove(upload);
  const location = `http://${headers.host}/${bucket}/${encodeURIComponent(key)}`;
  return xmlAnswer("CompleteMultipartUploadResult", { Location: location, Bucket: bucket, Key: key, ETag: etag });
}

export async function abortMultipartUpload(call: Call): Promise<Answer> {
  await call.uploads.remove(uploadOf(call));
  return emptyAnswer(204);
}

export async function listParts(call: Call): Promise<Answer> {
  const { request } = call;
  const upload = uploadOf(call);
  const after = numberParameter(request, "part-number-marker", 0);
  const most = Math.min(numberParameter(request, "max-parts", MOST_ENTRIES), MOST_ENTRIES);
  const left = [...upload.parts.values()]
    .filter(({ number }) => number > after)
    .sort((one, other) => one.number - other.number);
  const parts = left.slice(0, most);
  const isTruncated = parts.length < left.length;
  return xmlAnswer("ListPartsResult", {
    Bucket: request.bucket,
    Key: request.key,
    UploadId: upload.id,
    StorageClass: "STANDARD",
    PartNumberMarker: after,
    NextPartNumberMarker: isTruncated ? (parts.at(-1)?.number ?? after) : null,
    MaxParts: most,
    IsTruncated: isTruncated,
    Part: parts.map(({ number, size, modifiedAt, etag }) => ({
      ...{ PartNumber: number, LastModified: isoTime(modifiedAt), ETag: etag, Size: size },
    })),
  });
}

export async function listMultipartUploads({ request, uploads }: Call): Promise<Answer> {
  const prefix = parameter(request, "prefix") ?? "";
  const [keyMarker, idMarker] = [parameter(request, "key-marker") ?? "", parameter(request, "upload-id-marker") ?? ""];
  const most = Math.min(numberParameter(request, "max-uploads", MOST_ENTRIES), MOST_ENTRIES);
  const encode = keyEncoder(request);
  const isLater = ({ key, id }: Upload) => key > keyMarker || (key === keyMarker && idMarker !== "" && id > idMarker);
  const left = uploads.list().filter((upload) => upload.key.startsWith(prefix) && isLater(upload));
  const page = left.slice(0, most);
  const isTruncated = page.length < left.length;
  const last = isTruncated ? page.at(-1) : undefined;
  return xmlAnswer("ListMultipartUploadsResult", {
    Bucket: request.bucket,
    Prefix: encode(prefix),
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    NextKeyMarker: last === undefined ? null : encode(last.key),
    NextUploadIdMarker: last?.id ?? null,
    EncodingType: parameter(request, "encoding-type"),
    MaxUploads: most,
    IsTruncated: isTruncated,
    Upload: page.map(({ key, id, initiatedAt }) => ({
      ...{ Key: encode(key), UploadId: id, StorageClass: "STANDARD", Initiated: isoTime(initiatedAt) },
    })),
  });
}

// --- internal ---

const MOST_ENTRIES = 1000;
const MOST_PARTS = 10_000;

function uploadOf({ request, uploads }: Call): Upload {
  return uploads.find(parameter(request, "uploadId") ?? "", request.key);
}

function partNumber({ request }: Call): number {
  const number = numberParameter(request, "partNumber", 0);
  if (number >= 1 && number <= MOST_PARTS) return number;
  throw new ObjectStoreError(
    "InvalidArgument",
    `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`,
  );
}
