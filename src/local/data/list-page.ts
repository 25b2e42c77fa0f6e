/** Lists objects page by page, as ListObjectsV2 does. */
import { type ObjectStore, ObjectStoreError, type StoredObject } from "./object-store";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export interface PageRequest {
  readonly prefix: string;
  /** Keys that are equal up to this text, behind the prefix, are one entry of the page. `""` for none. */
  readonly delimiter: string;
  /** The most objects and common prefixes of the page. */
  readonly maxKeys: number;
  /** The page starts behind this key. `""` for the first key. */
  readonly startAfter: string;
  /** `next` of the page before; then `startAfter` does not count. `null` for the first page. */
  readonly token: string | null;
}

export interface Page {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** The token of the next page; `null` on the last one. */
  readonly next: string | null;
}

/** S3 puts no more on a page, whatever the request says. */
export const MOST_KEYS = 1000;

/** Returns a page of a bucket. @throws ObjectStoreError `InvalidArgument` for a token that is none */
export async function listPage(store: ObjectStore, bucket: string, request: PageRequest): Promise<Page> {
  const { prefix, delimiter, startAfter, token } = request;
  const maxKeys = Math.min(request.maxKeys, MOST_KEYS);
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  if (maxKeys === 0) return { objects, commonPrefixes, next: null };
  const start = token === null ? startAfter : entryOf(token);
  let last = token === null ? null : start;
  for await (const object of store.list(bucket, prefix)) {
    const end = delimiter === "" ? -1 : object.key.indexOf(delimiter, prefix.length);
    const entry = end < 0 ? object.key : object.key.slice(0, end + delimiter.length);
    // All objects of a common prefix are one entry, which may have been on the page before.
    if (entry === last || compareKeys(object.key, start) <= 0) continue;
    if (objects.length + commonPrefixes.length === maxKeys) return { objects, commonPrefixes, next: tokenOf(last!) };
    if (end < 0) objects.push(object);
    else commonPrefixes.push(entry);
    last = entry;
  }
  return { objects, commonPrefixes, next: null };
}

// --- internal ---

/** S3 orders keys by their bytes. */
function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** A token does not look like a key, so that nobody takes it for one. */
function tokenOf(entry: string): string {
  return Buffer.from(`${TOKEN}${entry}`).toString("base64");
}

function entryOf(token: string): string {
  const text = Buffer.from(token, "base64").toString();
  if (text.startsWith(TOKEN)) return text.slice(TOKEN.length);
  throw new ObjectStoreError("InvalidArgument", "The continuation token provided is incorrect");
}

const TOKEN = "after:";
