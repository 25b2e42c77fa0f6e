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

/** Stores objects in buckets, as S3 does. All functions throw ObjectStoreError. */
export interface ObjectStore {
  /** Yields the objects whose keys start with `prefix`, in the order of S3: by the bytes of their keys. */
  list(bucket: string, prefix: string): AsyncIterable<StoredObject>;
  /** Yields the content of an object, piece by piece. */
  get(bucket: string, key: string): AsyncIterable<Uint8Array>;
  /** Stores an object when its content has ended. An earlier object stays until then. Returns the size in bytes. */
  put(bucket: string, key: string, content: AsyncIterable<string>): Promise<number>;
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
