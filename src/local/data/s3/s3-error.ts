import { ObjectStoreError } from "../object-store";

/** Returns an error that the endpoint answers with. `code` is a key of the table of statuses. */
export function s3Error(code: keyof typeof STATUSES, message: string): ObjectStoreError {
  return new ObjectStoreError(code, message);
}

/** Returns the HTTP status of an error of S3. */
export function statusOf(code: string): number {
  return (STATUSES as Readonly<Record<string, number>>)[code] ?? 500;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const STATUSES = {
  AccessDenied: 403,
  BadDigest: 400,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidKey: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedXML: 400,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  NotModified: 304,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
} as const;
