import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { dockerIgnore } from "./docker-ignore";

/** What is built besides the files of the context. */
export interface BuildOptions {
  /** Such as `linux/amd64`. */
  readonly platform: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/**
 * The hash of an image's build context: 16 hexadecimal digits that change when, and only when, what is built changes.
 * It covers relative path, executable bit, link target and bytes of every file that `.dockerignore` lets through.
 * Times, owners and further mode bits differ between checkouts and are left out; `TerraformAsset`'s own hash ignores names
 * and modes and follows links.
 *
 * @throws Error of the file system when the folder cannot be read
 */
export function contentHash(folder: string, { platform, buildArgs = {} }: BuildOptions): string {
  const hash = createHash("sha256");
  const add = (...fields: (string | Buffer)[]) => {
    // The length before each field: no two lists of fields look the same.
    for (const field of fields) hash.update(`${Buffer.byteLength(field)}:`).update(field);
  };
  add("platform", platform);
  for (const name of Object.keys(buildArgs).sort()) add("argument", name, buildArgs[name]!);
  for (const path of contextFiles(folder)) {
    const file = join(folder, path);
    const stat = lstatSync(file);
    if (stat.isSymbolicLink()) add("link", path, readlinkSync(file));
    else add("file", path, stat.mode & 0o100 ? "executable" : "plain", readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Files and links of a build context, as sorted relative paths with forward slashes. */
function contextFiles(folder: string): string[] {
  const isContext = ignoreFilter(folder);
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .filter(isContext)
      // By code units: the order must not depend on the machine's language.
      .sort()
  );
}

/** As Docker does, `Dockerfile` and `.dockerignore` are sent whatever the latter says. */
function ignoreFilter(folder: string): (path: string) => boolean {
  const always = new Set(["Dockerfile", ".dockerignore"]);
  let patterns: string;
  try {
    patterns = readFileSync(join(folder, ".dockerignore"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return () => true;
    throw error;
  }
  const isSent = dockerIgnore(patterns, join(folder, ".dockerignore"));
  return (path) => always.has(path) || isSent(path);
}
