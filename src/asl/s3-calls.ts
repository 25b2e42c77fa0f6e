/**
 * Describes the requests of the S3 calls that run here as data: the fields that Step Functions knows, and those that a file cannot have.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
import type { Json } from "../base/json";
import { any, boolean, type Fields, list, map, type ObjectField, object, text, timestamp, whole } from "./fields";
import { integrationOf } from "./integration";

/** The calls of S3 that run here, as they stand behind `aws-sdk:s3:`. */
export const S3_ACTIONS = [
  "copyObject",
  "deleteObject",
  "getObject",
  "headObject",
  "listObjectsV2",
  "putObject",
] as const;

export type S3Action = (typeof S3_ACTIONS)[number];

/** Returns the S3 call of a Resource; `null` for any other Resource, also for a call of S3 that runs only on AWS. */
export function s3ActionOf(resource: Json | undefined): S3Action | null {
  const name = integrationOf(resource)?.name;
  return S3_ACTIONS.find((action) => name === `aws-sdk:s3:${action}`) ?? null;
}

/** Fields that need versions or parts of objects, which a file does not have. */
export const S3_ONLY_FIELDS = ["IfMatchLastModifiedTime", "IfMatchSize", "PartNumber", "VersionId", "WriteOffsetBytes"];

const BUCKET = text({ pattern: /./s, rule: "not be empty" });
const KEY = text({ pattern: /./s, rule: "not be empty", maxLength: 1024 });
/** The account that must own the bucket, and the one that pays. */
const OWNERS: Fields = { ExpectedBucketOwner: text(), RequestPayer: text() };
const CUSTOMER_KEY: Fields = { SSECustomerAlgorithm: text(), SSECustomerKey: text(), SSECustomerKeyMD5: text() };

/** The properties that S3 keeps with an object beside its content. */
const KEPT: Fields = {
  ACL: text(),
  BucketKeyEnabled: boolean,
  CacheControl: text(),
  ContentDisposition: text(),
  ContentEncoding: text(),
  ContentLanguage: text(),
  ContentType: text(),
  Expires: timestamp,
  GrantFullControl: text(),
  GrantRead: text(),
  GrantReadACP: text(),
  GrantWriteACP: text(),
  Metadata: map(text()),
  ObjectLockLegalHoldStatus: text(),
  ObjectLockMode: text(),
  ObjectLockRetainUntilDate: timestamp,
  SSEKMSEncryptionContext: text(),
  SSEKMSKeyId: text(),
  ServerSideEncryption: text(),
  StorageClass: text(),
  Tagging: text(),
  WebsiteRedirectLocation: text(),
};

/** The fields that a later request reads, and that a file does not keep. */
export const S3_KEPT_FIELDS = [
  "CacheControl",
  "ContentDisposition",
  "ContentEncoding",
  "ContentLanguage",
  "ContentType",
  "Expires",
  "Metadata",
  "Tagging",
];

const READ: Fields = {
  Bucket: BUCKET,
  Key: KEY,
  ...OWNERS,
  ...CUSTOMER_KEY,
  ChecksumMode: text(),
  IfMatch: text(),
  IfModifiedSince: timestamp,
  IfNoneMatch: text(),
  IfUnmodifiedSince: timestamp,
  PartNumber: whole(1, 10_000),
  Range: text(),
  ResponseCacheControl: text(),
  ResponseContentDisposition: text(),
  ResponseContentEncoding: text(),
  ResponseContentLanguage: text(),
  ResponseContentType: text(),
  ResponseExpires: timestamp,
  VersionId: text(),
};

/** The requests, by call. */
export const S3_REQUESTS: Readonly<Record<S3Action, ObjectField>> = {
  copyObject: request(
    {
      Bucket: BUCKET,
      Key: KEY,
      ...OWNERS,
      ...CUSTOMER_KEY,
      ...KEPT,
      ChecksumAlgorithm: text(),
      CopySource: text({ pattern: /^\/?[^/]+\/./s, rule: "have the form BUCKET/KEY" }),
      CopySourceIfMatch: text(),
      CopySourceIfModifiedSince: timestamp,
      CopySourceIfNoneMatch: text(),
      CopySourceIfUnmodifiedSince: timestamp,
      CopySourceSSECustomerAlgorithm: text(),
      CopySourceSSECustomerKey: text(),
      CopySourceSSECustomerKeyMD5: text(),
      ExpectedSourceBucketOwner: text(),
      IfMatch: text(),
      IfNoneMatch: text(),
      MetadataDirective: text({ oneOf: ["COPY", "REPLACE"] }),
      TaggingDirective: text({ oneOf: ["COPY", "REPLACE"] }),
    },
    ["Bucket", "CopySource", "Key"],
  ),
  deleteObject: request(
    {
      Bucket: BUCKET,
      Key: KEY,
      ...OWNERS,
      BypassGovernanceRetention: boolean,
      IfMatch: text(),
      IfMatchLastModifiedTime: timestamp,
      IfMatchSize: whole(0),
      MFA: text(),
      VersionId: text(),
    },
    ["Bucket", "Key"],
  ),
  getObject: request(READ, ["Bucket", "Key"]),
  headObject: request(READ, ["Bucket", "Key"]),
  listObjectsV2: request(
    {
      Bucket: BUCKET,
      ...OWNERS,
      ContinuationToken: text(),
      Delimiter: text(),
      EncodingType: text({ oneOf: ["url"] }),
      FetchOwner: boolean,
      MaxKeys: whole(0),
      OptionalObjectAttributes: list(text()),
      Prefix: text(),
      StartAfter: text(),
    },
    ["Bucket"],
  ),
  putObject: request(
    {
      Bucket: BUCKET,
      Key: KEY,
      ...OWNERS,
      ...CUSTOMER_KEY,
      ...KEPT,
      Body: any,
      ChecksumAlgorithm: text(),
      ChecksumCRC32: text(),
      ChecksumCRC32C: text(),
      ChecksumCRC64NVME: text(),
      ChecksumSHA1: text(),
      ChecksumSHA256: text(),
      ContentLength: whole(0),
      ContentMD5: text(),
      IfMatch: text(),
      IfNoneMatch: text({ oneOf: ["*"] }),
      WriteOffsetBytes: whole(0),
    },
    ["Bucket", "Key"],
  ),
};

/**
 * The requests of the ItemReader and the ResultWriter of a Map, by Resource behind `states:::`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
export const MAP_REQUESTS: Readonly<Record<string, ObjectField>> = {
  "s3:getObject": S3_REQUESTS.getObject,
  "s3:listObjectsV2": S3_REQUESTS.listObjectsV2,
  "s3:putObject": request({ Bucket: BUCKET, Prefix: text(), ...OWNERS }, ["Bucket"]),
};

// --- internal ---

/** Adds a second spelling of the names that begin with an abbreviation: `Acl` for `ACL`, as in the SDK that Step Functions uses. */
function request(fields: Fields, required: readonly string[]): ObjectField {
  const spelled = Object.entries(fields).flatMap(([name, field]) => [
    [name, field] as const,
    [pascalCase(name), field] as const,
  ]);
  return object(Object.fromEntries(spelled), required);
}

function pascalCase(name: string): string {
  return name.replace(/^[A-Z]{2,}(?=[A-Z][a-z]|$)/, (letters) => letters.charAt(0) + letters.slice(1).toLowerCase());
}
