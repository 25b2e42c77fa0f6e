/** The shapes of the results of the S3 tasks. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
import type { S3Action } from "../../s3-calls";
import { ANYTHING, labelled, listShape, OBJECT, objectShape, type Shape, scalarShape } from "./data-shape";

/** Returns the shape of the result of an S3 task. */
export function s3Result(action: S3Action): Shape {
  return labelled(`the result of ${action}`, RESULTS[action]);
}

// --- internal ---

const TEXT = scalarShape("string");
const NUMBER = scalarShape("number");
const BOOLEAN = scalarShape("boolean");

function texts(...names: string[]): (readonly [string, Shape])[] {
  return names.map((name) => [name, TEXT]);
}

const CHECKSUMS = texts(
  ...["ChecksumCRC32", "ChecksumCRC32C", "ChecksumCRC64NVME", "ChecksumSHA1", "ChecksumSHA256", "ChecksumSHA512"],
  ...["ChecksumMD5", "ChecksumXXHASH128", "ChecksumXXHASH3", "ChecksumXXHASH64", "ChecksumType"],
);
/** Names that begin with an abbreviation have two spellings. */
const STORED: readonly (readonly [string, Shape])[] = [
  ["BucketKeyEnabled", BOOLEAN],
  ...texts("Expiration", "RequestCharged", "ServerSideEncryption", "VersionId"),
  ...texts("SSECustomerAlgorithm", "SSECustomerKeyMD5", "SSEKMSKeyId", "SSEKMSEncryptionContext"),
  ...texts("SseCustomerAlgorithm", "SseCustomerKeyMD5", "SsekmsKeyId", "SsekmsEncryptionContext"),
];
const DESCRIBED: readonly (readonly [string, Shape])[] = [
  ...STORED,
  ...CHECKSUMS,
  ...texts("AcceptRanges", "ArchiveStatus", "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage"),
  ...texts("ContentRange", "ContentType", "ETag", "Expires", "ExpiresString", "LastModified", "ReplicationStatus"),
  ...texts("ObjectLockLegalHoldStatus", "ObjectLockMode", "ObjectLockRetainUntilDate", "Restore", "StorageClass"),
  ...texts("WebsiteRedirectLocation"),
  ["ContentLength", NUMBER],
  ["DeleteMarker", BOOLEAN],
  ["Metadata", OBJECT],
  ["MissingMeta", NUMBER],
  ["PartsCount", NUMBER],
  ["TagCount", NUMBER],
];

const LISTED = objectShape([
  ...texts("ChecksumType", "ETag", "Key", "LastModified", "StorageClass"),
  ["ChecksumAlgorithm", listShape(TEXT, null)],
  ["Owner", OBJECT],
  ["RestoreStatus", ANYTHING],
  ["Size", NUMBER],
]);

const RESULTS: Readonly<Record<S3Action, Shape>> = {
  copyObject: objectShape([
    ...STORED,
    ...texts("CopySourceVersionId"),
    ["CopyObjectResult", objectShape([...CHECKSUMS, ...texts("ETag", "LastModified")])],
  ]),
  deleteObject: objectShape([["DeleteMarker", BOOLEAN], ...texts("RequestCharged", "VersionId")]),
  getObject: objectShape([...DESCRIBED, ...texts("Body")]),
  headObject: objectShape(DESCRIBED),
  listObjectsV2: objectShape([
    ...texts("ContinuationToken", "Delimiter", "EncodingType", "Name", "NextContinuationToken", "Prefix"),
    ...texts("RequestCharged", "StartAfter"),
    ["CommonPrefixes", listShape(objectShape(texts("Prefix")), null)],
    ["Contents", listShape(LISTED, null)],
    ["IsTruncated", BOOLEAN],
    ["KeyCount", NUMBER],
    ["MaxKeys", NUMBER],
  ]),
  putObject: objectShape([...STORED, ...CHECKSUMS, ...texts("ETag"), ["Size", NUMBER]]),
};
