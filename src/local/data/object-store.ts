/** An object of a bucket. */
export interface StoredObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** With its quotation marks, as S3 gives it. */
  readonly etag: string;
}

/** A part of an object: the numbers of its first and last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Stores objects in buckets, as S3 does. All functions throw ObjectStoreError. */
export interface ObjectStore {
  /** Stores with the same value have the same objects. @default the store itself */
  readonly shared?: object;
  /**
   * Yields the objects whose keys start with `prefix`, in the order of S3: by the bytes of their keys.
   *
   * @param after only keys that come later @default all
   */
  list(bucket: string, prefix: string, after?: string): AsyncIterable<StoredObject>;
  /** Describes an object. Throws `NoSuchKey` if there is none. */
  head(bucket: string, key: string): Promise<StoredObject>;
  /**
   * Yields the content of an object, piece by piece. Throws `NoSuchKey` if there is none.
   *
   * @param range @default the whole object
   */
  get(bucket: string, key: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Stores an object when its content has ended. An earlier object stays until then. */
  put(bucket: string, key: string, content: AsyncIterable<string | Uint8Array>): Promise<StoredObject>;
  /** Stores an object whose key is new. Throws `PreconditionFailed` if another run, or a job, was first. */
  putNew(bucket: string, key: string, content: AsyncIterable<string | Uint8Array>): Promise<StoredObject>;
  /** Removes an object. Does nothing if there is none. */
  delete(bucket: string, key: string): Promise<void>;
}

/** A call of an object store failed. */
export class ObjectStoreError extends Error {
  constructor(
    /** The code of S3, such as `NoSuchKey`. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
