/** Computes the content hash of image folders. */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../../src/base/errors";
import { contentHash } from "../../src/project/content-hash";
import { Thrown } from "./command";
import { type Entry, type ImageFolder, imageFolder } from "./image-folders";
import { textFaults } from "./properties";
import { type Target, target } from "./target";

/** More bytes than one call can read. */
const LARGE = 2 ** 31 + 1;

export const images: Target = target<ImageFolder>({
  name: "images",
  share: 5,
  // The time for a large file depends on the machine.
  seconds: 30,
  cases: imageFolder,
  files: ({ entries, ignore }) => ({ "entries.json": JSON.stringify(entries, null, 2), dockerignore: ignore ?? "" }),
  run: async (one, folder) => {
    const first = join(folder, "first");
    build(one, first);
    const hash = hashOf(first);
    const faults = [...hash.faults, ...textFaults("the hash", hash.text)];
    if (!/^[0-9a-f]{16}$/.test(hash.text)) return hash.refused ? faults : [...faults, "the hash is no hash"];
    const isLarge = one.entries.some(({ kind }) => kind === "large");
    if (isLarge) return faults;
    // The same folder in another place must have the same hash.
    const second = join(folder, "second", "elsewhere");
    build(one, second);
    if (hashOf(second).text !== hash.text) faults.push("the same folder elsewhere has another hash");
    return faults;
  },
});

function hashOf(folder: string): { text: string; refused: boolean; faults: string[] } {
  try {
    return { text: contentHash(folder, { platform: "linux/amd64" }), refused: false, faults: [] };
  } catch (error) {
    const { name, message } = error as Error;
    if (error instanceof UsageError || "code" in (error as object)) {
      return {
        text: message,
        refused: true,
        faults: error instanceof UsageError ? [] : [`a stack trace of ${name} in the hash: ${message.slice(0, 100)}`],
      };
    }
    throw new Thrown(`${name} in the hash: ${message.slice(0, 100)}`, { cause: error });
  }
}

/** Creates the folder. Leaves out an entry if another one is in its place. */
function build({ entries, ignore }: ImageFolder, folder: string): void {
  mkdirSync(folder, { recursive: true });
  // Creates links last, so that no file is written through a link to a place outside.
  const isLink = ({ kind }: Entry) => kind === "link";
  for (const { path, kind, content } of [...entries.filter((one) => !isLink(one)), ...entries.filter(isLink)]) {
    const file = join(folder, path);
    try {
      if (kind === "link" && realpathSync(dirname(file)) !== resolve(realpathSync(folder), dirname(path))) continue;
      mkdirSync(dirname(file), { recursive: true });
      if (kind === "file") writeFileSync(file, content, { flag: "wx" });
      if (kind === "folder") mkdirSync(file);
      if (kind === "link") symlinkSync(content.replaceAll("\0", "") || ".", file);
      if (kind === "pipe") execFileSync("mkfifo", [file], { stdio: "ignore" });
      if (kind === "large") sparse(file);
    } catch {
      // The case goes on without this entry.
    }
  }
  rmSync(join(folder, ".dockerignore"), { recursive: true, force: true });
  if (ignore !== null) writeFileSync(join(folder, ".dockerignore"), ignore, { flag: "wx" });
}

function sparse(file: string): void {
  const descriptor = openSync(file, "wx");
  ftruncateSync(descriptor, LARGE);
  closeSync(descriptor);
}
