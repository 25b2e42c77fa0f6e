import type { Bucket } from "../data/data-folder";
import { ObjectStoreError } from "../data/object-store";
import type { DataRecorder } from "./data-trace";

/** Returns the bucket as one job sees it: `recorder` notes each access. */
export function tracedBucket(bucket: Bucket, recorder: DataRecorder): Bucket {
  const seen = async <T>(key: string, access: Promise<T>, etagOf: (found: T) => string): Promise<T> => {
    try {
      const found = await access;
      recorder.read(key, etagOf(found));
      return found;
    } catch (error) {
      if (error instanceof ObjectStoreError && error.code === "NoSuchKey") recorder.read(key, null);
      else recorder.blur();
      throw error;
    }
  };
  const changed = async <T>(key: string, change: Promise<T>, stateOf: (result: T) => string | null): Promise<T> => {
    try {
      const result = await change;
      recorder.wrote(key, stateOf(result));
      return result;
    } catch (error) {
      // The program sees the refusal. A later run might not refuse.
      recorder.blur();
      throw error;
    }
  };
  return {
    shared: bucket.shared ?? bucket,
    refuse: (name, key) => bucket.refuse(name, key),
    open: (name, key) => seen(key, bucket.open(name, key), ({ object }) => object.etag),
    head: (name, key) => seen(key, bucket.head(name, key), ({ etag }) => etag),
    get: async function* (name, key, range) {
      const { content } = await seen(key, bucket.open(name, key), ({ object }) => object.etag);
      yield* content(range);
    },
    list: async function* (name, prefix, after = "") {
      const entries: [string, string][] = [];
      let isWhole = false;
      try {
        for await (const object of bucket.list(name, prefix, after)) {
          entries.push([object.key, object.etag]);
          yield object;
        }
        isWhole = true;
      } finally {
        recorder.listed(prefix, after, entries, isWhole);
      }
    },
    put: (name, key, content) => changed(key, bucket.put(name, key, content), ({ etag }) => etag),
    putNew: (name, key, content) => changed(key, bucket.putNew(name, key, content), ({ etag }) => etag),
    delete: (name, key) => changed(key, bucket.delete(name, key), () => null),
  };
}
