/** Objects whose keys end in `/`: they have no content, and stand for a folder. */
import { mkdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { failure, isInside, isPossible, leadsOut, nearestFolder, noSuchKey, type Place, pathOf } from "./object-path";
import { ObjectStoreError, type StoredObject } from "./object-store";

export function isFolderKey(key: string): boolean {
  return key.endsWith("/");
}

/** Describes the folder of a key. @throws ObjectStoreError NoSuchKey if there is none */
export async function describeFolder(place: Place): Promise<StoredObject> {
  const { folder, key } = place;
  const root = await realpath(folder).catch(() => null);
  const path = root === null || !isPossible(nameOf(key)) ? null : await realpath(join(root, key)).catch(() => null);
  if (path === null) throw noSuchKey(`there is no folder ${join(folder, key)}`);
  if (!isInside(root!, path)) throw leadsOut(place);
  const { mtimeMs } = await stat(path);
  return { key, size: 0, modifiedAt: mtimeMs, etag: '"d41d8cd98f00b204e9800998ecf8427e"' };
}

/** Makes the folder of a key. @throws ObjectStoreError InvalidKey if there is content */
export async function makeFolder(place: Place, content: AsyncIterable<string | Uint8Array>): Promise<StoredObject> {
  const { folder, key } = place;
  pathOf({ ...place, key: nameOf(key) });
  for await (const piece of content) {
    if (piece.length === 0) continue;
    const problem = `the key ${JSON.stringify(key)} stands for a folder, and a folder has no content`;
    throw new ObjectStoreError("InvalidKey", problem);
  }
  try {
    await mkdir(folder, { recursive: true });
    const root = await realpath(folder);
    await nearestFolder(root, { ...place, key: `${key}any` });
    await mkdir(join(root, key), { recursive: true });
  } catch (error) {
    throw failure(error, place);
  }
  return describeFolder(place);
}

// --- internal ---

function nameOf(key: string): string {
  return key.slice(0, -1);
}
