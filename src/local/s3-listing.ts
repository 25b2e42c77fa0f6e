/** The call ListObjectsV2 of a document. */
import { isoSeconds } from "../base/clock";
import type { JsonObject } from "../base/json";
import { encodeKey, listPage, MOST_KEYS } from "./data/list-page";
import type { ObjectStore, StoredObject } from "./data/object-store";

/** The request of an S3 call. Its fields have the types that the table of requests gives them. */
export type S3TaskRequest = Readonly<Record<string, string | number | undefined>> & { readonly Bucket: string };

/** Returns the result of ListObjectsV2. Empty lists are left out, as in S3's answer. */
export async function listObjects(request: S3TaskRequest, store: ObjectStore): Promise<JsonObject> {
  const {
    Bucket,
    ContinuationToken,
    Delimiter,
    EncodingType,
    Prefix = "",
    StartAfter,
  } = request as S3TaskRequest & {
    readonly [Name in ListText]?: string;
  };
  const maxKeys = Math.min(Number(request.MaxKeys ?? MOST_KEYS), MOST_KEYS);
  const { objects, commonPrefixes, next } = await listPage(store, Bucket, {
    prefix: Prefix,
    delimiter: Delimiter ?? "",
    maxKeys,
    startAfter: StartAfter ?? "",
    token: ContinuationToken ?? null,
  });
  const shown = (text: string) => (EncodingType === "url" ? encodeKey(text) : text);
  return {
    ...(objects.length > 0 && { Contents: objects.map((object) => listed(object, shown)) }),
    ...(commonPrefixes.length > 0 && { CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: shown(prefix) })) }),
    ...(ContinuationToken !== undefined && { ContinuationToken }),
    ...(Delimiter !== undefined && { Delimiter: shown(Delimiter) }),
    ...(EncodingType !== undefined && { EncodingType }),
    IsTruncated: next !== null,
    KeyCount: objects.length + commonPrefixes.length,
    MaxKeys: maxKeys,
    Name: Bucket,
    ...(next !== null && { NextContinuationToken: next }),
    Prefix: shown(Prefix),
    ...(StartAfter !== undefined && { StartAfter: shown(StartAfter) }),
  };
}

// --- internal ---

type ListText = "ContinuationToken" | "Delimiter" | "EncodingType" | "Prefix" | "StartAfter";

function listed(object: StoredObject, shown: (key: string) => string): JsonObject {
  const { key, size, modifiedAt, etag } = object;
  return { ETag: etag, Key: shown(key), LastModified: isoSeconds(modifiedAt), Size: size, StorageClass: "STANDARD" };
}
