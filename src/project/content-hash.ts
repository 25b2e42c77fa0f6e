import { createHash, type Hash } from "node:crypto";
import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";
import { join, relative, sep } from "node:path";
import dockerignore from "@balena/dockerignore";
import { UsageError } from "../base/errors";
import { whyItFailed } from "../base/file-errors";
import { visible } from "../base/text";
import { TooSlow, withinTime } from "../base/time-limit";

/** The options of a build that are part of the hash. */
export interface BuildOptions {
  /** Such as `linux/amd64`. */
  readonly platform: string;
}

/** The time limit for matching all files of a context with the patterns of `.dockerignore`. */
const LONGEST_MATCHING_MILLISECONDS = 10_000;
/** The size of the pieces in which files are read. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Returns the hash of an image's build context: 16 hexadecimal digits that change only if the built image changes.
 *
 * The hash covers the platform, and for every file that `.dockerignore` lets through: the relative path, the executable bit, the
 * link target and the bytes. It ignores times, owners and other mode bits, which differ between checkouts, and sockets, pipes and
 * devices, which have no bytes. (The hash of `TerraformAsset` ignores names and modes, and follows links.)
 *
 * @param platform such as `linux/amd64`
 * @throws UsageError that names the file or folder that cannot be read, or that changes during the read
 */
export function contentHash(folder: string, { platform }: BuildOptions): string {
  const hash = createHash("sha256");
  add(hash, "platform", platform);
  for (const path of readable(folder, () => contextFiles(folder))) {
    const file = join(folder, path);
    readable(file, () => addFile(hash, file, path));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Adds fields, each after its length. So two different lists of fields never look the same. */
function add(hash: Hash, ...fields: string[]): void {
  for (const field of fields) hash.update(`${Buffer.byteLength(field)}:`).update(field);
}

function addFile(hash: Hash, file: string, path: string): void {
  const stat = lstatSync(file);
  if (stat.isSymbolicLink()) {
    add(hash, "link", path, readlinkSync(file));
    return;
  }
  add(hash, "file", path, stat.mode & 0o100 ? "executable" : "plain");
  const descriptor = openSync(file, "r");
  try {
    addBytes(hash, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Adds the bytes of a file as one field, in constant memory. */
function addBytes(hash: Hash, descriptor: number): void {
  const before = fstatSync(descriptor);
  const piece = Buffer.alloc(Math.min(PIECE_BYTES, before.size + 1));
  hash.update(`${before.size}:`);
  let bytes = 0;
  for (;;) {
    const count = readSync(descriptor, piece);
    if (count === 0) break;
    hash.update(piece.subarray(0, count));
    bytes += count;
  }
  const after = fstatSync(descriptor);
  if (bytes !== before.size || after.mtimeMs !== before.mtimeMs) throw new Error("it changes while it is read");
}

/** @throws UsageError that names the file that cannot be read */
function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const { path = file } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      `${path} belongs to an image and cannot be read: ${whyItFailed(cause)}; make it readable, or exclude it in .dockerignore`,
      { cause },
    );
  }
}

/** Returns the files and links of a build context as sorted relative paths with forward slashes. */
function contextFiles(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  // The default order, by code units, does not depend on the language of the machine.
  return withoutIgnored(paths, join(folder, ".dockerignore")).sort();
}

/** Removes the files that `.dockerignore` excludes. Docker always sends `Dockerfile` and `.dockerignore`. */
function withoutIgnored(paths: string[], ignoreFile: string): string[] {
  const always = new Set(["Dockerfile", ".dockerignore"]);
  let patterns: string;
  try {
    patterns = readFileSync(ignoreFile, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return paths;
    throw error;
  }
  try {
    return withinTime(LONGEST_MATCHING_MILLISECONDS, () => {
      // Docker matches letter case. The library does so only on request.
      const isSent = dockerignore({ ignorecase: false }).add(patterns).createFilter();
      return paths.filter((path) => always.has(path) || isSent(path));
    });
  } catch (cause) {
    if (cause instanceof TooSlow) throw ignoreFileError("holds a pattern that takes too long to match", cause);
    if ((cause as Error).name === "SyntaxError") throw ignoreFileError("holds a pattern that Docker refuses", cause);
    throw cause;
  }

  function ignoreFileError(problem: string, cause: unknown): UsageError {
    return new UsageError(`${ignoreFile} ${problem}: ${visible((cause as Error).message)}; simplify its patterns`, {
      cause,
    });
  }
}
