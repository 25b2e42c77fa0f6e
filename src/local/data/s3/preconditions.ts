/** The conditions and ranges of a request. @see https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests */
import type { ByteRange, StoredObject } from "../object-store";
import { s3Error } from "./s3-error";
import type { S3Request } from "./s3-request";

/**
 * Compares an object with the conditions in the headers.
 *
 * @param prefix `x-amz-copy-source-` for the conditions on the source of a copy
 * @throws ObjectStoreError PreconditionFailed, or NotModified if the client has the object already
 */
export function checkConditions({ headers, method }: S3Request, object: StoredObject, prefix = ""): void {
  const header = (name: string) => headers[`${prefix}${name}`];
  const [match, noneMatch] = [header("if-match"), header("if-none-match")];
  const [modifiedSince, unmodifiedSince] = [timeOf(header("if-modified-since")), timeOf(header("if-unmodified-since"))];
  // HTTP gives times in whole seconds.
  const modifiedAt = Math.floor(object.modifiedAt / 1000) * 1000;
  const failed = match !== undefined ? !names(match, object) : unmodifiedSince !== null && modifiedAt > unmodifiedSince;
  if (failed) throw preconditionFailed();
  const isKnown =
    noneMatch !== undefined ? names(noneMatch, object) : modifiedSince !== null && modifiedAt <= modifiedSince;
  if (!isKnown) return;
  const isRead = prefix === "" && (method === "GET" || method === "HEAD");
  throw isRead ? s3Error("NotModified", "Not Modified") : preconditionFailed();
}

/**
 * Parses the header Range. A range in another form than `bytes=0-9`, `bytes=5-` or `bytes=-5` is ignored, as in S3.
 *
 * @returns `null` for the whole object
 * @throws ObjectStoreError InvalidRange if the object is shorter
 */
export function parseRange(text: string | undefined, size: number): ByteRange | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(text ?? "") ?? [];
  if (first === "" && last === "") return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return null;
  if (start >= size)
    throw s3Error("InvalidRange", `The requested range is not satisfiable: the object has ${size} bytes`);
  return { start, end };
}

// --- internal ---

function preconditionFailed() {
  return s3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
}

function names(tags: string, { etag }: StoredObject): boolean {
  return tags.split(",").some((tag) => {
    const text = tag.trim();
    return text === "*" || text.replace(/^W\//, "").replaceAll('"', "") === etag.replaceAll('"', "");
  });
}

function timeOf(text: string | undefined): number | null {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? null : time;
}
