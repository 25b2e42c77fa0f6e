/**
 * The rights of the S3 calls that touch objects. Some fields of a request need more than the call itself.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
import { grant, openIn, type Right, take } from "./right";
import type { ServiceRequest } from "./service-request";

type Rule = (request: ServiceRequest) => readonly Right[];

/** The rules, by API action of the SDK. */
export const S3_RULES: Readonly<Record<string, Rule>> = {
  "s3:copyObject": (request) => [...readSource(request), ...write(request)],
  "s3:deleteObject": (request) => [
    ...take([request.has("VersionId") ? "s3:DeleteObjectVersion" : "s3:DeleteObject"], request),
    ...(request.has("BypassGovernanceRetention") ? take(["s3:BypassGovernanceRetention"], request) : []),
    ...compare(request),
  ],
  "s3:getObject": read,
  "s3:headObject": read,
  "s3:putObject": write,
};

// --- internal ---

/**
 * Without the right to list the bucket, S3 answers AccessDenied for an object that does not exist, so that no Catch can tell the two.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax ("Permissions")
 */
function read(request: ServiceRequest): Right[] {
  const action = request.has("VersionId") ? "s3:GetObjectVersion" : "s3:GetObject";
  return take([action, "s3:ListBucket"], request);
}

/** The source of a copy is one text: `bucket/key`, or `bucket/key?versionId=…`. */
function readSource(request: ServiceRequest): Right[] {
  const given = request.text("CopySource") ?? `${request.start("CopySource")}*`;
  const [, bucket = "", key = ""] = /^\/?([^/]*)\/?(.*)$/s.exec(given)!;
  const [path = "", version] = key.split("?versionId=");
  const action = version === undefined ? "GetObject" : "GetObjectVersion";
  const rights = [
    grant(
      `S3${action}`,
      [`s3:${action}`],
      [`arn:\${Partition}:s3:::${bucket}${key === "" ? "" : `/${decoded(path)}`}`],
    ),
    grant("S3ListBucket", ["s3:ListBucket"], [`arn:\${Partition}:s3:::${bucket}`]),
  ];
  // A bucket that is known is enough of a limit.
  return bucket.includes("*") ? rights.map((right) => ({ ...right, open: [openIn(request, "CopySource")] })) : rights;
}

/** The key of a source is encoded as in a URL. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function write(request: ServiceRequest): Right[] {
  const actions = Object.entries(WRITE_ACTIONS).flatMap(([action, fields]) =>
    fields.some((field) => request.has(field)) ? [action] : [],
  );
  return [...take(["s3:PutObject", ...actions], request), ...compare(request)];
}

/** The further actions of a write, and the fields that need them. */
const WRITE_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  "s3:PutObjectAcl": ["ACL", "Acl", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP"],
  "s3:PutObjectLegalHold": ["ObjectLockLegalHoldStatus"],
  "s3:PutObjectRetention": ["ObjectLockMode", "ObjectLockRetainUntilDate"],
  "s3:PutObjectTagging": ["Tagging"],
};

/** S3 shows the ETag of an object only to a caller who may read it. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
function compare(request: ServiceRequest): Right[] {
  return request.has("IfMatch") && request.text("IfMatch") !== "*" ? take(["s3:GetObject"], request) : [];
}
