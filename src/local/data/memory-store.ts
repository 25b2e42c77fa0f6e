import { createHash } from "node:crypto";
import { type ObjectStore, ObjectStoreError, type StoredObject } from "./object-store";

/** An object store whose objects are the texts of a table, by `bucket/key`. The table shows what was stored. */
export function memoryStore(objects: Record<string, string | Uint8Array>): ObjectStore {
  const contentOf = (bucket: string, key: string): Buffer => {
    const object = objects[`${bucket}/${key}`];
    if (object === undefined) throw new ObjectStoreError("NoSuchKey", "The specified key does not exist.");
    return Buffer.from(object);
  };
  const describe = (bucket: string, key: string): StoredObject => {
    const content = contentOf(bucket, key);
    const etag = `"${createHash("md5").update(content).digest("hex")}"`;
    return { key, size: content.length, modifiedAt: 1_700_000_000_500, etag };
  };
  const put: ObjectStore["put"] = async (bucket, key, content) => {
    const pieces: Buffer[] = [];
    for await (const piece of content) pieces.push(Buffer.from(piece));
    const bytes = Buffer.concat(pieces);
    const text = bytes.toString();
    objects[`${bucket}/${key}`] = Buffer.from(text).equals(bytes) ? text : bytes;
    return describe(bucket, key);
  };
  return {
    async *list(bucket, prefix, after = "") {
      for (const name of Object.keys(objects).sort()) {
        if (name.startsWith(`${bucket}/${prefix}`) && name > `${bucket}/${after}`)
          yield describe(bucket, name.slice(bucket.length + 1));
      }
    },
    head: async (bucket, key) => describe(bucket, key),
    async *get(bucket, key, range) {
      yield contentOf(bucket, key).subarray(range?.start ?? 0, range === undefined ? undefined : range.end + 1);
    },
    put,
    putNew: async (bucket, key, content) => {
      if (objects[`${bucket}/${key}`] !== undefined) throw new ObjectStoreError("PreconditionFailed", "it exists");
      return put(bucket, key, content);
    },
    delete: async (bucket, key) => {
      delete objects[`${bucket}/${key}`];
    },
  };
}

/** Returns everything that is yielded. */
export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}
