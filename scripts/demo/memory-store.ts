import { createHash } from "node:crypto";
import { type ObjectStore, ObjectStoreError } from "../../src/local/interpreter/distributed/object-store";

/** An object store whose objects are the texts of a table, by `bucket/key`. The table shows what was stored. */
export function memoryStore(objects: Record<string, string | Uint8Array>): ObjectStore {
  return {
    async *list(bucket, prefix) {
      for (const name of Object.keys(objects).sort()) {
        if (!name.startsWith(`${bucket}/${prefix}`)) continue;
        const content = Buffer.from(objects[name]!);
        const etag = `"${createHash("md5").update(content).digest("hex")}"`;
        yield { key: name.slice(bucket.length + 1), size: content.length, modifiedAt: 1_700_000_000_500, etag };
      }
    },
    async *get(bucket, key) {
      const object = objects[`${bucket}/${key}`];
      if (object === undefined) throw new ObjectStoreError("NoSuchKey", "The specified key does not exist.");
      yield Buffer.from(object);
    },
    async put(bucket, key, content) {
      let text = "";
      for await (const piece of content) text += piece;
      objects[`${bucket}/${key}`] = text;
      return Buffer.byteLength(text);
    },
  };
}

/** Returns everything that is yielded. */
export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}
