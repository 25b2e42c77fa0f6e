/**
 * The conditions of a request, which compare an object with what the caller knows of it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
import { type ObjectStore, ObjectStoreError, type StoredObject } from "./object-store";

export interface Conditions {
  /** ETags with or without quotation marks, separated by commas, or `*` for any object. */
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  /** Milliseconds since 1970. */
  readonly ifModifiedSince?: number | undefined;
  readonly ifUnmodifiedSince?: number | undefined;
}

/** The object that a request writes or deletes. */
interface Target {
  readonly store: ObjectStore;
  readonly bucket: string;
  readonly key: string;
}

type Content = AsyncIterable<string | Uint8Array>;

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
 * Writes or deletes an object if the conditions hold. Of two requests for a key, the second one starts when the first one has ended.
 *
 * @throws ObjectStoreError `PreconditionFailed`, or `NoSuchKey` if there is no object to compare with
 */
export async function writeIf<T>(
  { store, bucket, key }: Target,
  { ifMatch, ifNoneMatch }: Conditions,
  write: () => Promise<T>,
): Promise<T> {
  if (ifMatch === undefined && ifNoneMatch === undefined) return write();
  return inTurn(store, key, async () => {
    const object = await store.head(bucket, key).catch(nullIfMissing);
    if (ifMatch !== undefined && !matches(ifMatch, (object ?? missing()).etag)) throw preconditionFailed();
    if (ifNoneMatch !== undefined && object !== null && matches(ifNoneMatch, object.etag)) throw preconditionFailed();
    return write();
  });
}

/** Stores an object if the conditions hold. Of two runs at once, one gets a new key. @throws ObjectStoreError as `writeIf` */
export function putIf(target: Target, conditions: Conditions, content: Content): Promise<StoredObject> {
  const { store, bucket, key } = target;
  const put = () =>
    conditions.ifNoneMatch === "*" ? store.putNew(bucket, key, content) : store.put(bucket, key, content);
  return writeIf(target, conditions, put);
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

function nullIfMissing(error: unknown): null {
  if (error instanceof ObjectStoreError && error.code === "NoSuchKey") return null;
  throw error;
}

function missing(): never {
  throw new ObjectStoreError("NoSuchKey", "The specified key does not exist.");
}

/** The last write of each key that has a condition. */
const WRITES = new WeakMap<object, Map<string, Promise<unknown>>>();

async function inTurn<T>(store: ObjectStore, key: string, write: () => Promise<T>): Promise<T> {
  const objects = store.shared ?? store;
  const writes = WRITES.get(objects) ?? new Map<string, Promise<unknown>>();
  WRITES.set(objects, writes);
  const before = writes.get(key);
  const own = before === undefined ? write() : before.then(write, write);
  writes.set(key, own);
  try {
    return await own;
  } finally {
    if (writes.get(key) === own) writes.delete(key);
  }
}
