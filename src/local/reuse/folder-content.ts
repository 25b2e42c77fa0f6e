/** Identifies the content of folders that jobs see without the S3 endpoint, by the paths, sizes and times of their files. */
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { UNFINISHED_FOLDER } from "../data/unfinished-files";

/** A version of a file. */
export interface FileVersion {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** A larger folder is not read for each job. */
const MOST_FILES = 1000;

/**
 * Returns a text that changes with the content of a folder or file; `null` if there is too much in it. Nothing at the path is an empty
 * text.
 *
 * @param isLeftOut leaves out files, by their paths inside the folder with forward slashes @default none
 */
export function folderContent(
  path: string,
  isLeftOut: (path: string, version: FileVersion) => boolean = () => false,
): string | null {
  const hash = createHash("sha256");
  let files = 0;
  const add = (name: string, at: string): boolean => {
    const stats = lstatSync(at, { throwIfNoEntry: false });
    // It has just gone.
    if (stats === undefined) return true;
    if (stats.isDirectory()) {
      return readdirSync(at)
        .sort()
        .every(
          (entry) =>
            (name === "" && entry === UNFINISHED_FOLDER) ||
            add(name === "" ? entry : `${name}/${entry}`, join(at, entry)),
        );
    }
    const version = { size: stats.size, modifiedAt: stats.mtimeMs };
    // The target of a link may be anything.
    if (stats.isSymbolicLink()) return false;
    if (isLeftOut(name, version)) return true;
    files += 1;
    hash.update(`${JSON.stringify(name)} ${version.size} ${version.modifiedAt}\n`);
    return files <= MOST_FILES;
  };
  let root: string;
  try {
    root = realpathSync(path);
  } catch {
    return "";
  }
  try {
    if (!add("", root)) return null;
  } catch {
    // A folder that cannot be read.
    return null;
  }
  return files === 0 ? "" : hash.digest("base64url");
}
