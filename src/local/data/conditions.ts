/**
 * The conditions of a request, which compare an object with what the caller knows of it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
import { ObjectStoreError, type StoredObject } from "./object-store";

export interface Conditions {
  /** ETags with or without quotation marks, separated by commas, or `*` for any object. */
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  /** Milliseconds since 1970. */
  readonly ifModifiedSince?: number | undefined;
  readonly ifUnmodifiedSince?: number | undefined;
}

/**
 * Checks the conditions of a request that reads an object.
 *
 * @throws ObjectStoreError `PreconditionFailed` or `NotModified`
 */
export function requireReadable({ etag, modifiedAt }: StoredObject, conditions: Conditions): void {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  // HTTP knows no fractions of a second.
  const seconds = Math.floor(modifiedAt / 1000);
  const isLater = (time: number | undefined) => time !== undefined && seconds > Math.floor(time / 1000);
  // An ETag counts more than a time.
  if (ifMatch === undefined ? isLater(ifUnmodifiedSince) : !matches(ifMatch, etag)) throw preconditionFailed();
  const isKnown =
    ifNoneMatch === undefined ? ifModifiedSince !== undefined && !isLater(ifModifiedSince) : matches(ifNoneMatch, etag);
  if (isKnown) throw new ObjectStoreError("NotModified", "Not Modified");
}

/**
 * Checks the conditions of a request that writes or deletes an object.
 *
 * @param object the object that is there; `null` if there is none
 * @throws ObjectStoreError `PreconditionFailed`, or `NoSuchKey` if there is no object to compare with
 */
export function requireWritable(object: StoredObject | null, { ifMatch, ifNoneMatch }: Conditions): void {
  if (ifMatch !== undefined) {
    if (object === null) throw new ObjectStoreError("NoSuchKey", "The specified key does not exist.");
    if (!matches(ifMatch, object.etag)) throw preconditionFailed();
  }
  if (ifNoneMatch !== undefined && object !== null && matches(ifNoneMatch, object.etag)) throw preconditionFailed();
}

// --- internal ---

function matches(etags: string, etag: string): boolean {
  return etags.split(",").some((one) => one.trim() === "*" || withoutQuotes(one) === withoutQuotes(etag));
}

function withoutQuotes(etag: string): string {
  return etag.trim().replaceAll('"', "");
}

function preconditionFailed(): ObjectStoreError {
  const message = "At least one of the pre-conditions you specified did not hold";
  return new ObjectStoreError("PreconditionFailed", message);
}
