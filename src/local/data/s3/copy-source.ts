import { requireReadable } from "../conditions";
import { ObjectStoreError } from "../object-store";
import { parseRange } from "../parse-range";
import type { Call } from "./answer";
import { conditionsOf } from "./condition-headers";

/** The object that a request copies from. */
export interface Source {
  /** Yields the content, once. */
  content(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens the object that the header `x-amz-copy-source` names, and checks the conditions on it.
 *
 * @param range such as `bytes=0-9` @default the whole object
 * @throws ObjectStoreError
 */
export async function openSource({ request, store }: Call, range?: string): Promise<Source> {
  const { bucket, key } = parseSource(request.headers["x-amz-copy-source"] ?? "");
  const source = await store.open(bucket, key);
  try {
    requireReadable(source.object, conditionsOf(request, "x-amz-copy-source-"));
    const part = parseRange(range, source.object.size) ?? undefined;
    return { content: () => source.content(part), close: source.close };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Reads `BUCKET/KEY`, which is encoded as in a URL. @throws ObjectStoreError */
export function parseSource(text: string): { readonly bucket: string; readonly key: string } {
  const [path = "", version] = text.replace(/^\//, "").split("?versionId=");
  if (version !== undefined && version !== "null")
    throw new ObjectStoreError(
      "NotImplemented",
      "CopyObject with versionId is not implemented by the endpoint of the local run",
    );
  try {
    const [bucket = "", ...segments] = decodeURIComponent(path).split("/");
    return { bucket, key: segments.join("/") };
  } catch {
    throw new ObjectStoreError("InvalidArgument", `x-amz-copy-source must be the encoded BUCKET/KEY, got: ${text}`);
  }
}
