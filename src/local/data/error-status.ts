/** Returns the HTTP status that S3 gives with an error. @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function errorStatus(code: string): number {
  return STATUSES[code] ?? 400;
}

// --- internal ---

const STATUSES: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidRange: 416,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  NotModified: 304,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
};
