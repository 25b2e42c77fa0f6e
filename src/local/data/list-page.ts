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
  // The common prefix that a page ended with is not repeated on the next one.
  const isPrefix = token !== null && delimiter !== "" && entryOf(token).endsWith(delimiter);
  let after: string | null = token === null ? startAfter : isPrefix ? endOf(entryOf(token)) : entryOf(token);
  let last = "";
  while (after !== null) {
    const start: string = after;
    after = null;
    for await (const object of store.list(bucket, prefix, start)) {
      if (objects.length + commonPrefixes.length === maxKeys) return { objects, commonPrefixes, next: tokenOf(last) };
      const end = delimiter === "" ? -1 : object.key.indexOf(delimiter, prefix.length);
      last = end < 0 ? object.key : object.key.slice(0, end + delimiter.length);
      if (end < 0) {
        objects.push(object);
      } else {
        // All objects of a common prefix are one entry.
        commonPrefixes.push(last);
        after = endOf(last);
        break;
      }
    }
  }
  return { objects, commonPrefixes, next: null };
}

/** Returns the token of the page after an entry. A token does not look like a key, so it cannot be mistaken for one. */
export function tokenOf(entry: string): string {
  return Buffer.from(`${TOKEN}${entry}`).toString("base64");
}

/** Returns the entry that a token stands for. */
export function entryOf(token: string): string {
  const text = Buffer.from(token, "base64").toString();
  if (text.startsWith(TOKEN)) return text.slice(TOKEN.length);
  throw new ObjectStoreError("InvalidArgument", "The continuation token provided is incorrect");
}

/** Encodes a text of a listing as `encoding-type=url` asks for it. */
export function encodeKey(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/");
}

// --- internal ---

const TOKEN = "after:";

/** Returns a key behind all keys that begin with a common prefix. */
function endOf(commonPrefix: string): string {
  return `${commonPrefix}\u{10FFFF}`;
}
