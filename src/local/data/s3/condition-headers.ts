import type { Conditions } from "../conditions";
import type { S3Request } from "./s3-request";

/**
 * Returns the conditions in the headers of a request.
 *
 * @param prefix `x-amz-copy-source-` for the conditions on the source of a copy
 */
export function conditionsOf({ headers }: S3Request, prefix = ""): Conditions {
  return {
    ifMatch: headers[`${prefix}if-match`],
    ifNoneMatch: headers[`${prefix}if-none-match`],
    ifModifiedSince: timeOf(headers[`${prefix}if-modified-since`]),
    ifUnmodifiedSince: timeOf(headers[`${prefix}if-unmodified-since`]),
  };
}

// --- internal ---

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}
