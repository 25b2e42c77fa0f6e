/** Lists the files of a folder as S3 lists the objects of a bucket. */
import type { Dirent } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { whyItFailed } from "../../base/file-errors";
import { isInside, isPossible } from "./object-path";
import { ObjectStoreError } from "./object-store";
import { UNFINISHED_FOLDER } from "./unfinished-files";

/** What to list. */
export interface Selection {
  readonly prefix: string;
  /** Only keys that come later. @default all */
  readonly after?: string;
  /** Lists the folders below the prefix, not the files in them, as S3 does with the delimiter `/`. @default false */
  readonly isShallow?: boolean;
}

/** An entry of a folder. */
export interface ListedEntry {
  /** The key of a folder ends in `/`. */
  readonly key: string;
  readonly kind: "file" | "link" | "folder";
}

/**
 * Yields the files and links with a prefix in the order of S3: by the bytes of their keys. Leaves out folders without
 * files. Does not follow links to folders.
 */
export async function* listFiles(folder: string, selection: Selection): AsyncGenerator<ListedEntry> {
  // The files "a/b/c…" are in the folder "a/b".
  const start = selection.prefix.slice(0, selection.prefix.lastIndexOf("/") + 1);
  if (start !== "" && !isPossible(start.slice(0, -1))) return;
  const root = await realpath(folder).catch(() => null);
  const path = root === null ? null : await realpath(join(root, start)).catch(() => null);
  if (path !== null && isInside(root!, path)) yield* entriesBelow(root!, start, selection);
}

// --- internal ---

async function* entriesBelow(root: string, folderKey: string, selection: Selection): AsyncGenerator<ListedEntry> {
  const { prefix, after = "", isShallow = false } = selection;
  const afterBytes = Buffer.from(after);
  const entries = (await entriesOf(join(root, folderKey))).flatMap((entry) => {
    const kind = kindOf(entry);
    if (kind === null) return [];
    const isFolder = kind === "folder";
    const key = folderKey + entry.name + (isFolder ? "/" : "");
    const bytes = Buffer.from(key);
    const isWanted = key.startsWith(prefix) || (isFolder && prefix.startsWith(key));
    const isLater = bytes.compare(afterBytes) > 0 || (isFolder && after.startsWith(key));
    return isWanted && isLater && key !== `${UNFINISHED_FOLDER}/` ? [{ key, bytes, kind }] : [];
  });
  entries.sort((one, other) => one.bytes.compare(other.bytes));
  for (const { key, kind } of entries) {
    if (kind !== "folder") yield { key, kind };
    else if (!isShallow || !key.startsWith(prefix)) yield* entriesBelow(root, key, selection);
    else if (key !== after && !(await entriesBelow(root, key, { prefix: key, after }).next()).done) yield { key, kind };
  }
}

function kindOf(entry: Dirent): ListedEntry["kind"] | null {
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return "file";
  return entry.isSymbolicLink() ? "link" : null;
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw new ObjectStoreError("InternalError", `${path}: ${whyItFailed(error)}`, { cause: error });
  }
}
