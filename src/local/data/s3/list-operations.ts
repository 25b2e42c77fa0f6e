/** The operations on buckets. */
import type { DataFolder } from "../data-folder";
import type { StoredObject } from "../object-store";
import { type Answer, type Call, isoTime, keyEncoder, xmlAnswer } from "./answer";
import { s3Error } from "./s3-error";
import { numberParameter, parameter, type S3Request } from "./s3-request";
import type { XmlElements } from "./s3-xml";

export async function listBuckets({ dataBucket }: Call): Promise<Answer> {
  return xmlAnswer("ListAllMyBucketsResult", {
    Owner: { ID: "local", DisplayName: "local" },
    Buckets: { Bucket: { Name: dataBucket, CreationDate: isoTime(0) } },
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export async function listObjectsV2({ request, store }: Call): Promise<Answer> {
  const token = parameter(request, "continuation-token");
  const startAfter = parameter(request, "start-after");
  const page = await pageOf(request, store, token === null ? (startAfter ?? "") : keyOf(token));
  const { encode, next, contents, commonPrefixes } = page;
  return xmlAnswer("ListBucketResult", {
    ...page.common,
    StartAfter: startAfter === null ? null : encode(startAfter),
    ContinuationToken: token,
    NextContinuationToken: next === null ? null : Buffer.from(next).toString("base64url"),
    KeyCount: contents.length + commonPrefixes.length,
    Contents: contents,
    CommonPrefixes: commonPrefixes,
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export async function listObjects({ request, store }: Call): Promise<Answer> {
  const marker = parameter(request, "marker") ?? "";
  const { common, encode, next, contents, commonPrefixes } = await pageOf(request, store, marker);
  return xmlAnswer("ListBucketResult", {
    ...common,
    Marker: encode(marker),
    NextMarker: next === null ? null : encode(next),
    Contents: contents,
    CommonPrefixes: commonPrefixes,
  });
}

// --- internal ---

const MOST_KEYS = 1000;

interface Page {
  /** The elements that both versions have. */
  readonly common: XmlElements;
  readonly contents: readonly XmlElements[];
  readonly commonPrefixes: readonly XmlElements[];
  /** The last key or common prefix, if there are more. */
  readonly next: string | null;
  readonly encode: (key: string) => string;
}

async function pageOf(request: S3Request, store: DataFolder, after: string): Promise<Page> {
  const most = Math.min(numberParameter(request, "max-keys", MOST_KEYS), MOST_KEYS);
  const [prefix, delimiter] = [parameter(request, "prefix") ?? "", parameter(request, "delimiter") ?? ""];
  const encode = keyEncoder(request);
  const [contents, commonPrefixes]: [XmlElements[], XmlElements[]] = [[], []];
  let [last, isTruncated] = ["", false];
  for await (const entry of entriesOf(request, store, { prefix, delimiter, after })) {
    if (contents.length + commonPrefixes.length === most) {
      isTruncated = most > 0;
      break;
    }
    if (typeof entry === "string") commonPrefixes.push({ Prefix: encode(entry) });
    else contents.push(contentsOf(entry, encode));
    last = typeof entry === "string" ? entry : entry.key;
  }
  const common = {
    Name: request.bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === "" ? null : encode(delimiter),
    MaxKeys: most,
    EncodingType: parameter(request, "encoding-type"),
    IsTruncated: isTruncated,
  };
  return { common, contents, commonPrefixes, next: isTruncated ? last : null, encode };
}

function contentsOf({ key, modifiedAt, etag, size }: StoredObject, encode: (key: string) => string): XmlElements {
  return { Key: encode(key), LastModified: isoTime(modifiedAt), ETag: etag, Size: size, StorageClass: "STANDARD" };
}

/** Yields objects, and common prefixes as texts, in the order of their keys. */
async function* entriesOf(
  { bucket }: S3Request,
  store: DataFolder,
  { prefix, delimiter, after }: { readonly prefix: string; readonly delimiter: string; readonly after: string },
): AsyncGenerator<StoredObject | string> {
  let lastPrefix = "";
  for await (const entry of store.select(bucket, { prefix, after, isShallow: delimiter === "/" })) {
    const key = "folder" in entry ? entry.folder : entry.key;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const commonPrefix = key.slice(0, end + delimiter.length);
    if (end < 0) {
      if (!("folder" in entry)) yield entry;
    } else if (commonPrefix !== lastPrefix && commonPrefix !== after) {
      lastPrefix = commonPrefix;
      yield commonPrefix;
    }
  }
}

function keyOf(token: string): string {
  if (/^[\w-]+$/.test(token)) return Buffer.from(token, "base64url").toString();
  throw s3Error("InvalidArgument", "The continuation token provided is incorrect");
}
