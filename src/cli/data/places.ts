/** The two ends of a copy: files of this machine, and objects of the data bucket, here or on AWS. */
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, resolve, sep } from "node:path";
import { UsageError } from "../../base/errors";
import { quote } from "../../base/text";
import { dataFolder } from "../../local/data/data-folder";
import type { ObjectStore } from "../../local/data/object-store";

/** The calls of a store that a copy needs. `size` is in bytes: S3 asks for it before the content. */
export interface Store extends Pick<ObjectStore, "list" | "head" | "get" | "delete"> {
  put(bucket: string, key: string, content: AsyncIterable<string | Uint8Array>, size: number): Promise<unknown>;
}

/** The data bucket: the folder `data/`, or the bucket of a deployment. */
export interface DataBucket {
  readonly store: Store;
  /** The name on AWS; `null` for the folder, which stands for every bucket. */
  readonly name: string | null;
}

/** An end of a copy. Without `isFolder`, `key` is one object; with it, `key` is the beginning of the keys. */
export interface Place {
  readonly store: Store;
  readonly bucket: string;
  readonly key: string;
  readonly isFolder: boolean;
  /** The folder of files of this machine; `null` for objects, and for one file. */
  readonly folder: string | null;
  /** The place as the user named it. */
  readonly typed: string;
}

/**
 * Returns the key in `s3:in/a.csv` or `s3://BUCKET/in/a.csv`; `null` for any other text.
 * @throws UsageError for another bucket
 */
export function keyOf(typed: string, { name }: DataBucket): string | null {
  const [, bucket, inBucket] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(typed) ?? [];
  if (bucket === undefined) return /^s3:\/?(.*)$/s.exec(typed)?.[1] ?? null;
  if (name === null || name === bucket) return inBucket!;
  throw new UsageError(
    `the data bucket of this deployment is ${name}, got: ${quote(typed)}; write s3:KEY for a key in it`,
  );
}

/** Returns the source of a copy. @throws UsageError if it does not exist, or is a folder and the copy is not recursive */
export async function sourceOf(typed: string, bucket: DataBucket, recursive: boolean): Promise<Place> {
  const key = keyOf(typed, bucket);
  if (key !== null) {
    if (recursive) return { ...ofBucket(bucket), key: folderKey(key), isFolder: true, typed };
    if (key === "" || key.endsWith("/")) throw needsRecursive(typed);
    return { ...ofBucket(bucket), key, isFolder: false, typed };
  }
  const path = await realpath(resolve(typed)).catch(() => null);
  if (path === null) throw new UsageError(`there is no file ${quote(typed)}; write s3:KEY for an object`);
  const isFolder = (await stat(path)).isDirectory();
  if (isFolder && !recursive) throw needsRecursive(typed);
  if (isFolder) return folderOf(path, typed);
  if (recursive) throw new UsageError(`\`--recursive\` copies a folder, got the file ${quote(typed)}`);
  return fileOf(path, typed);
}

/** Returns the target of a copy. A folder that exists, or a name that ends with a slash, keeps the name of the source. */
export async function targetOf(typed: string, bucket: DataBucket, source: Place): Promise<Place> {
  const key = keyOf(typed, bucket);
  if (key !== null) {
    const isFolder = source.isFolder || key === "" || key.endsWith("/");
    return { ...ofBucket(bucket), key: isFolder ? folderKey(key) : key, isFolder, typed };
  }
  const path = resolve(typed);
  const isFolder = source.isFolder || /[/\\]$/.test(typed) || (await isExistingFolder(path));
  return isFolder ? folderOf(path, typed) : fileOf(path, typed);
}

/** Returns the error of a folder that a command takes only with `--recursive`. */
export function needsRecursive(typed: string): UsageError {
  return new UsageError(`${quote(typed)} may be many objects; add \`--recursive\` for all of them`);
}

/** Returns the beginning of the keys in a folder: none, or one with a slash at its end. */
function folderKey(key: string): string {
  return key === "" || key.endsWith("/") ? key : `${key}/`;
}

// --- internal ---

function ofBucket({ store, name }: DataBucket): Pick<Place, "store" | "bucket" | "folder"> {
  return { store, bucket: name ?? "data", folder: null };
}

function folderOf(path: string, typed: string): Place {
  return { store: dataFolder(path), bucket: "", key: "", isFolder: true, folder: path, typed };
}

function fileOf(path: string, typed: string): Place {
  return { store: dataFolder(dirname(path)), bucket: "", key: basename(path), isFolder: false, folder: null, typed };
}

async function isExistingFolder(path: string): Promise<boolean> {
  const stats = await stat(path.endsWith(sep) ? path.slice(0, -1) : path).catch(() => null);
  return stats?.isDirectory() ?? false;
}
