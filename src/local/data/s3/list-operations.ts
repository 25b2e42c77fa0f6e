/** The operations on buckets. */
import { entryOf, listPage, MOST_KEYS, type Page, tokenOf } from "../list-page";
import { type Answer, type Call, isoTime, keyEncoder, xmlAnswer } from "./answer";
import { numberParameter, parameter } from "./s3-request";
import type { XmlElements } from "./s3-xml";

export async function listBuckets({ dataBucket }: Call): Promise<Answer> {
  return xmlAnswer("ListAllMyBucketsResult", {
    Owner: { ID: "local", DisplayName: "local" },
    Buckets: { Bucket: { Name: dataBucket, CreationDate: isoTime(0) } },
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export async function listObjectsV2(call: Call): Promise<Answer> {
  const token = parameter(call.request, "continuation-token");
  const startAfter = parameter(call.request, "start-after");
  const page = await pageOf(call, startAfter ?? "", token);
  return xmlAnswer("ListBucketResult", {
    ...describe(call, page),
    StartAfter: startAfter === null ? null : keyEncoder(call.request)(startAfter),
    ContinuationToken: token,
    NextContinuationToken: page.next,
    KeyCount: page.objects.length + page.commonPrefixes.length,
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export async function listObjects(call: Call): Promise<Answer> {
  const encode = keyEncoder(call.request);
  const marker = parameter(call.request, "marker") ?? "";
  const page = await pageOf(call, "", marker === "" ? null : tokenOf(marker));
  return xmlAnswer("ListBucketResult", {
    ...describe(call, page),
    Marker: encode(marker),
    NextMarker: page.next === null ? null : encode(entryOf(page.next)),
  });
}

// --- internal ---

function pageOf({ request, store }: Call, startAfter: string, token: string | null): Promise<Page> {
  return listPage(store, request.bucket, {
    prefix: parameter(request, "prefix") ?? "",
    delimiter: parameter(request, "delimiter") ?? "",
    maxKeys: numberParameter(request, "max-keys", MOST_KEYS),
    startAfter,
    token,
  });
}

/** Returns the elements that both versions have. */
function describe({ request }: Call, { objects, commonPrefixes, next }: Page): XmlElements {
  const encode = keyEncoder(request);
  const delimiter = parameter(request, "delimiter");
  return {
    Name: request.bucket,
    Prefix: encode(parameter(request, "prefix") ?? ""),
    Delimiter: delimiter === null ? null : encode(delimiter),
    MaxKeys: Math.min(numberParameter(request, "max-keys", MOST_KEYS), MOST_KEYS),
    EncodingType: parameter(request, "encoding-type"),
    IsTruncated: next !== null,
    Contents: objects.map(({ key, modifiedAt, etag, size }) => ({
      ...{ Key: encode(key), LastModified: isoTime(modifiedAt), ETag: etag, Size: size, StorageClass: "STANDARD" },
    })),
    CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}
