/** The paths of objects. No key and no symbolic link leads out of the folder. */
import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { whyItFailed } from "../../base/file-errors";
import { ObjectStoreError } from "./object-store";
import { UNFINISHED_FOLDER } from "./unfinished-files";

/** An object and its file, for messages. */
export interface Place {
  /** `""` for a file of the user that is no object of a bucket. */
  readonly bucket: string;
  readonly key: string;
  readonly folder: string;
}

/** A file, as it was at one time. */
export interface FileState {
  /** Without links. */
  readonly path: string;
  readonly inode: number;
  readonly size: number;
  readonly modifiedAt: number;
}

/** A file that is open for reading. */
export interface OpenFile extends FileState {
  readonly handle: FileHandle;
}

/**
 * Returns the path of the file of an object.
 * @throws ObjectStoreError InvalidKey or KeyTooLongError if no file can have its name
 */
export function pathOf({ folder, key }: Place): string {
  const problem = keyProblem(key);
  if (problem === null) return join(folder, key);
  const name = relative(process.cwd(), folder) || folder;
  const code = Buffer.byteLength(key) > LONGEST_KEY_BYTES ? "KeyTooLongError" : "InvalidKey";
  throw new ObjectStoreError(
    code,
    `the key ${JSON.stringify(key)} cannot be the name of a file in ${name}/: ${problem}`,
  );
}

/** Returns whether there can be a file with a name in the folder. */
export function isPossible(key: string): boolean {
  return keyProblem(key) === null;
}

/**
 * Opens the file of an object.
 * @throws ObjectStoreError NoSuchKey if there is no such file, AccessDenied if it lies outside of the folder
 */
export async function openFile(place: Place): Promise<OpenFile> {
  if (!isPossible(place.key)) throw noSuchKey(`no file here can have the name ${JSON.stringify(place.key)}`);
  const root = await realpath(place.folder).catch(() => null);
  const path = root === null ? null : await realpath(join(root, place.key)).catch(() => null);
  if (path === null) throw noSuchKey(`${placeText(place)}, and there is no such file`);
  if (!isInside(root!, path)) throw leadsOut(place);
  let handle: FileHandle | null = null;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const stats = await handle.stat();
    if (!stats.isFile()) throw noSuchKey(`${placeText(place)}, and it is no file`);
    // A link that appeared on the way after the first look.
    if ((await realpath(path)) !== path) throw leadsOut(place);
    return { handle, ...stateOfFile(path, stats) };
  } catch (error) {
    await handle?.close();
    throw failure(error, place);
  }
}

/**
 * Returns the folder of the file of an object, or the nearest folder on the way to it that exists. Without links.
 * @throws ObjectStoreError AccessDenied if it lies outside of `root`, InvalidKey if a file is on the way
 */
export async function nearestFolder(root: string, place: Place): Promise<string> {
  for (let path = dirname(join(root, place.key)); ; path = dirname(path)) {
    const real = await realpath(path).catch(() => null);
    const found = real === null ? await lstat(path).catch(() => null) : null;
    if (real === null && found === null) continue;
    // Another write has just made the folder.
    if (found?.isDirectory()) return nearestFolder(root, place);
    // A link that leads nowhere is on the way, too.
    if (real !== null && !isInside(root, real)) throw leadsOut(place);
    if (real !== null && (await stat(real)).isDirectory()) return real;
    throw fault("ENOTDIR", place);
  }
}

export function stateOfFile(path: string, { ino, size, mtimeMs }: Stats): FileState {
  return { path, inode: ino, size, modifiedAt: mtimeMs };
}

export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root + sep);
}

/** Returns the error of a file operation as an error of S3. */
export function failure(error: unknown, place: Place): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  const code = CODES[(error as NodeJS.ErrnoException).code ?? ""] ?? "InternalError";
  return new ObjectStoreError(code, `${placeText(place)}: ${whyItFailed(error)}`, { cause: error });
}

/** Returns the error of a file operation with a code of the system. */
export function fault(code: string, place: Place): ObjectStoreError {
  return failure(Object.assign(new Error(code), { code }), place);
}

export function leadsOut(place: Place): ObjectStoreError {
  return new ObjectStoreError(
    "AccessDenied",
    `Access Denied. ${placeText(place)}, and it leads out of ${place.folder}`,
  );
}

export function noSuchKey(why: string): ObjectStoreError {
  return new ObjectStoreError("NoSuchKey", `The specified key does not exist. ${why}`);
}

// --- internal ---

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY_BYTES = 1024;
/** The longest name of a file in the usual file systems of Linux, macOS and Windows. */
const LONGEST_NAME_BYTES = 255;

/** The codes of S3 for errors that a second attempt does not help. The SDKs repeat an InternalError. */
const CODES: Readonly<Record<string, string>> = {
  EACCES: "AccessDenied",
  EEXIST: "InvalidKey",
  EISDIR: "InvalidKey",
  ELOOP: "InvalidKey",
  ENAMETOOLONG: "InvalidKey",
  ENOTDIR: "InvalidKey",
  ENOTEMPTY: "InvalidKey",
  EPERM: "AccessDenied",
  EROFS: "AccessDenied",
};

function keyProblem(key: string): string | null {
  if (Buffer.byteLength(key) > LONGEST_KEY_BYTES) return `it has more than ${LONGEST_KEY_BYTES} bytes`;
  const segments = key.split("/");
  if (segments[0]!.toLowerCase() === UNFINISHED_FOLDER) return `${UNFINISHED_FOLDER} holds unfinished files`;
  if (segments.some((segment) => [".", ".."].includes(segment))) return "a part of it is . or ..";
  if (segments.includes("")) return "a part of it is empty";
  if (segments.some((segment) => Buffer.byteLength(segment) > LONGEST_NAME_BYTES)) {
    return `a part of it has more than ${LONGEST_NAME_BYTES} bytes`;
  }
  if (key.includes("\0")) return "it has a NUL character";
  return sep === "\\" && key.includes("\\") ? "it has a backslash" : null;
}

function placeText({ bucket, key, folder }: Place): string {
  const path = join(folder, key);
  return bucket === "" ? path : `s3://${bucket}/${key} is the file ${path} here`;
}
