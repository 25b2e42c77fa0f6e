/**
 * The bucket of the local run: the folder `data/` of the project. The object `s3://<bucket>/in/a.csv` is the file
 * `data/in/a.csv`, whatever the name of the bucket. The name depends on the environment, the files do not.
 */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, type Dirent } from "node:fs";
import { mkdir, readdir, realpath, rename, rm, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { whyItFailed } from "../../base/file-errors";
import { type ByteRange, type ObjectStore, ObjectStoreError, type StoredObject } from "./object-store";

/** Returns the store over a folder. The folder need not exist. No key and no link leads out of it. */
export function dataFolder(folder: string): ObjectStore {
  return {
    list: (_, prefix) => listFiles(folder, prefix),
    head: (bucket, key) => describeObject(folder, bucket, key),
    get: (bucket, key, range) => readObject(folder, bucket, key, range),
    put: (bucket, key, content) => writeObject(folder, bucket, key, content),
    delete: (bucket, key) => deleteObject(folder, bucket, key),
  };
}

// --- internal ---

/** The name of a file that is not complete yet. */
const UNFINISHED = /^\..*\.[0-9a-f]{12}\.tmp$/;
/** S3 gives larger objects, which arrive in several parts, an ETag that is not the hash of their content. */
const LARGEST_PART_BYTES = 8 * 1024 * 1024;

async function* listFiles(folder: string, prefix: string): AsyncGenerator<StoredObject> {
  const root = await realpath(folder).catch(() => null);
  if (root === null) return;
  // The objects below "a/b/c" are in the folder "a/b".
  const start = prefix.split("/").slice(0, -1);
  if (start.some((segment) => isImpossible(segment))) return;
  yield* filesBelow(root, start.map((segment) => `${segment}/`).join(""), prefix);
}

async function* filesBelow(root: string, folderKey: string, prefix: string): AsyncGenerator<StoredObject> {
  const folder = await insideOf(root, join(root, folderKey));
  const entries = folder === null ? [] : await entriesOf(folder);
  const keys = entries.flatMap((entry) => {
    const key = folderKey + entry.name + (entry.isDirectory() ? "/" : "");
    const isWanted = key.startsWith(prefix) || (entry.isDirectory() && prefix.startsWith(key));
    return isWanted && !UNFINISHED.test(entry.name) ? [{ key, entry }] : [];
  });
  keys.sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
  for (const { key, entry } of keys) {
    if (entry.isDirectory()) yield* filesBelow(root, key, prefix);
    else if (entry.isFile() || entry.isSymbolicLink()) yield* await describeFile(root, key);
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw failure(error, folder);
  }
}

/** Returns nothing for a link that leads out of the folder or to another folder, and for a file that has just gone. */
async function describeFile(root: string, key: string): Promise<StoredObject[]> {
  const path = await insideOf(root, join(root, key));
  if (path === null) return [];
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return [];
    const { size, mtimeMs: modifiedAt } = stats;
    return [{ key, size, modifiedAt, etag: `"${await etagOf(path, size, modifiedAt)}"` }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw failure(error, path);
  }
}

async function etagOf(path: string, size: number, modifiedAt: number): Promise<string> {
  const hash = createHash("md5");
  if (size > LARGEST_PART_BYTES) {
    return `${hash.update(`${size} ${modifiedAt}`).digest("hex")}-${Math.ceil(size / LARGEST_PART_BYTES)}`;
  }
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}

async function describeObject(folder: string, bucket: string, key: string): Promise<StoredObject> {
  const place = placeOf(folder, bucket, key);
  await fileOf(folder, key, place);
  const [object] = await describeFile(await realpath(folder), key);
  if (object === undefined) throw noSuchKey(place);
  return object;
}

async function* readObject(folder: string, bucket: string, key: string, range?: ByteRange): AsyncGenerator<Uint8Array> {
  const place = placeOf(folder, bucket, key);
  const path = await fileOf(folder, key, place);
  try {
    for await (const piece of createReadStream(path, range)) yield piece as Uint8Array;
  } catch (error) {
    throw failure(error, place);
  }
}

async function deleteObject(folder: string, bucket: string, key: string): Promise<void> {
  const place = placeOf(folder, bucket, key);
  try {
    await fileOf(folder, key, place);
    // A link is removed, its target stays.
    await unlink(pathOf(folder, key));
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw failure(error, place);
    if (error.code !== "NoSuchKey") throw error;
  }
}

/** Returns the path of the file of an object, without links. */
async function fileOf(folder: string, key: string, place: string): Promise<string> {
  const root = await realpath(folder).catch(() => null);
  const path = root === null ? null : await realpath(pathOf(root, key)).catch(() => null);
  if (path === null) throw noSuchKey(place);
  if (!isInside(root!, path)) {
    throw new ObjectStoreError("AccessDenied", `Access Denied. ${place}, and it leads out of ${folder}`);
  }
  // Opening a named pipe would wait for its writer.
  if (!(await stat(path)).isFile()) throw new ObjectStoreError("NoSuchKey", `${place}, and it is no file`);
  return path;
}

function placeOf(folder: string, bucket: string, key: string): string {
  return `s3://${bucket}/${key} is the file ${pathOf(folder, key)} here`;
}

function noSuchKey(place: string): ObjectStoreError {
  return new ObjectStoreError("NoSuchKey", `The specified key does not exist. ${place}, and there is no such file`);
}

/** Writes next to the file, and renames when the content has ended. */
async function writeObject(
  folder: string,
  bucket: string,
  key: string,
  content: AsyncIterable<string | Uint8Array>,
): Promise<StoredObject> {
  const target = pathOf(folder, key);
  const place = placeOf(folder, bucket, key);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 50)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const root = await realpath(folder);
    if ((await insideOf(root, await existing(dirname(target)))) === null) {
      throw new ObjectStoreError("AccessDenied", `Access Denied. ${place}, and it leads out of ${folder}`);
    }
    await mkdir(dirname(target), { recursive: true });
    await pipeline(Readable.from(content), createWriteStream(temporary, { flags: "wx" }));
    await rename(temporary, target);
    return await describeObject(folder, bucket, key);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error instanceof ObjectStoreError ? error : failure(error, place);
  }
}

/** Returns the nearest folder on the way to a path that exists. */
async function existing(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (await stat(folder).catch(() => null)) return folder;
  }
}

/** Returns the path without links; `null` if it does not exist or lies outside of the folder. */
async function insideOf(root: string, path: string): Promise<string | null> {
  const real = await realpath(path).catch(() => null);
  return real !== null && isInside(root, real) ? real : null;
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root + sep);
}

/** Returns the path of an object. @throws ObjectStoreError if no file can have its name */
function pathOf(folder: string, key: string): string {
  const problem = key.split("/").find(isImpossible);
  if (problem === undefined && Buffer.byteLength(key) <= LONGEST_KEY_BYTES) return join(folder, key);
  const place = relative(process.cwd(), folder) || folder;
  throw new ObjectStoreError("InvalidKey", `the key ${JSON.stringify(key)} cannot be the name of a file in ${place}/`);
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY_BYTES = 1024;

function isImpossible(segment: string): boolean {
  return ["", ".", ".."].includes(segment) || segment.includes("\0") || (sep === "\\" && segment.includes("\\"));
}

function failure(error: unknown, place: string): ObjectStoreError {
  return new ObjectStoreError("InternalError", `${place}: ${whyItFailed(error)}`, { cause: error });
}
