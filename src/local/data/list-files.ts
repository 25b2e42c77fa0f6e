/** Lists the files of a folder as S3 lists the objects of a bucket. */
import type { Dirent } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { whyItFailed } from "../../base/file-errors";
import { isInside, isPossible } from "./object-path";
import { ObjectStoreError } from "./object-store";
import { UNFINISHED_FOLDER } from "./unfinished-files";

/** A file, or a link to anything. */
export interface ListedFile {
  readonly key: string;
  readonly isLink: boolean;
}

/**
 * Yields the files and links whose keys start with `prefix` and come after `after`, in the order of S3: by the bytes of their keys.
 * Does not follow links to folders.
 */
export async function* listFiles(folder: string, prefix: string, after: string): AsyncGenerator<ListedFile> {
  // The files "a/b/c…" are in the folder "a/b".
  const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  if (start !== "" && !isPossible(start.slice(0, -1))) return;
  const root = await realpath(folder).catch(() => null);
  const path = root === null ? null : await realpath(join(root, start)).catch(() => null);
  if (path !== null && isInside(root!, path)) yield* filesBelow(root!, start, prefix, after);
}

// --- internal ---

async function* filesBelow(root: string, folderKey: string, prefix: string, after: string): AsyncGenerator<ListedFile> {
  const afterBytes = Buffer.from(after);
  const entries = (await entriesOf(join(root, folderKey))).flatMap((entry) => {
    const [isFolder, isLink] = [entry.isDirectory(), entry.isSymbolicLink()];
    if (!isFolder && !isLink && !entry.isFile()) return [];
    const key = folderKey + entry.name + (isFolder ? "/" : "");
    const bytes = Buffer.from(key);
    const isWanted = key.startsWith(prefix) || (isFolder && prefix.startsWith(key));
    const isLater = bytes.compare(afterBytes) > 0 || (isFolder && after.startsWith(key));
    return isWanted && isLater && key !== `${UNFINISHED_FOLDER}/` ? [{ key, bytes, isFolder, isLink }] : [];
  });
  entries.sort((one, other) => one.bytes.compare(other.bytes));
  for (const { key, isFolder, isLink } of entries) {
    if (isFolder) yield* filesBelow(root, key, prefix, after);
    else yield { key, isLink };
  }
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw new ObjectStoreError("InternalError", `${path}: ${whyItFailed(error)}`, { cause: error });
  }
}
