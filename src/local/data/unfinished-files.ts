/**
 * Files that are not complete yet. They lie in a hidden folder of the data folder, on the same disk, so that a file is
 * complete by renaming it. Each process has a folder of its own there, named after the process.
 */
import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  identityOf,
  type ProcessIdentity,
  type ProcessTable,
  processTable,
  stateOf,
} from "../../base/process-identity";
import { ObjectStoreError } from "./object-store";

/** The name of the hidden folder in the data folder. No object has a key in it. */
export const UNFINISHED_FOLDER = ".workflow-unfinished";

/** The unfinished files of this process in one data folder. */
export class UnfinishedFiles {
  private folder: string | null = null;

  /** `table` has the processes whose files are not removed. */
  constructor(
    private readonly dataFolder: string,
    private readonly table: () => ProcessTable = processTable,
  ) {}

  /** Returns the path of a new file or folder. */
  newPath(): string {
    if (this.folder === null) {
      this.folder = this.prepare();
      IN_USE.add(this);
    }
    return join(this.folder, randomBytes(12).toString("hex"));
  }

  /** Runs a function with the path of a new file. Removes the file if the function leaves it there. */
  async withFile<T>(write: (path: string) => Promise<T>): Promise<T> {
    const path = this.newPath();
    try {
      return await write(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Removes all unfinished files of this process. Happens also when the process ends. */
  remove(): void {
    if (this.folder === null) return;
    rmSync(this.folder, { recursive: true, force: true });
    this.folder = null;
    IN_USE.delete(this);
    try {
      rmdirSync(join(this.dataFolder, UNFINISHED_FOLDER));
    } catch {
      // Another process uses the folder, or has removed it.
    }
  }

  private prepare(): string {
    const parent = join(this.dataFolder, UNFINISHED_FOLDER);
    const table = short(this.table());
    const folder = join(parent, nameOf(identityOf(process.pid, table)));
    for (let attempt = 1; ; attempt += 1) {
      try {
        mkdirSync(parent, { recursive: true });
        if (!lstatSync(parent).isDirectory()) throw new ObjectStoreError("AccessDenied", `${parent} is no folder`);
        mkdirSync(folder);
        break;
      } catch (error) {
        // The last process that used the parent has just removed it.
        if (attempt === ATTEMPTS || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
    for (const name of readdirSync(parent)) {
      const owner = ownerOf(name);
      if (owner === null || join(parent, name) === folder || stateOf(owner, table) !== "ended") continue;
      rmSync(join(parent, name), { recursive: true, force: true });
    }
    return folder;
  }
}

/** Makes a file, and then writes content to it. The file is closed when this ends. @throws the error of the content or of the disk */
export async function writeNewFile(path: string, content: AsyncIterable<string | Uint8Array>): Promise<void> {
  const file = await open(path, "wx");
  try {
    await pipeline(Readable.from(content, { objectMode: false }), file.createWriteStream());
  } finally {
    await file.close();
  }
}

// --- internal ---

/** Removing a folder takes milliseconds on some disks, so it happens once, not after each file. */
const IN_USE = new Set<UnfinishedFiles>();
process.on("exit", () => {
  for (const files of IN_USE) files.remove();
});

const ATTEMPTS = 10;
const HOST_CHARACTERS = 40;

/** A file name has at most 255 bytes. */
function short(table: ProcessTable): ProcessTable {
  return { ...table, host: table.host.slice(0, HOST_CHARACTERS) };
}

/** Returns a name that tells who owns a folder. A process may have several, which the last part keeps apart. */
function nameOf(owner: ProcessIdentity): string {
  return `${Buffer.from(JSON.stringify(owner)).toString("base64url")}.${randomBytes(4).toString("hex")}`;
}

function ownerOf(name: string): ProcessIdentity | null {
  try {
    const owner = JSON.parse(Buffer.from(name.split(".")[0]!, "base64url").toString()) as ProcessIdentity;
    return typeof owner?.pid === "number" ? owner : null;
  } catch {
    return null;
  }
}
