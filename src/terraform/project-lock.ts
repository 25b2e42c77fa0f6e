/**
 * A lock on this checkout: a file that identifies its holder by more than the process id.
 *
 * The file appears with its whole content, as a hard link to a file that was written before. If the holder has ended, another
 * process takes the lock over. For that it takes a second lock, named after the holder, and then looks at the file again. So no
 * other process can replace the file in between, even if many start at once.
 */
import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { FileError, UsageError } from "../base/errors";
import { whyItFailed } from "../base/file-errors";
import { identityOf, type ProcessIdentity, type ProcessTable, processTable, stateOf } from "../base/process-identity";
import { PROJECT_FOLDER } from "../project/project-folder";

const LOCK = join(PROJECT_FOLDER, ".workflow.lock");

/** Bytes of the file that are read. A lock is smaller. */
const LOCK_BYTES = 4096;
/** Each new try means that another process has released the lock. */
const MOST_TRIES = 100;
/** Errors of file systems without hard links. */
const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

const HOLDER = z.object({
  pid: z.int().positive(),
  startedAt: z.string().nullable(),
  boot: z.string().nullable(),
  host: z.string(),
  since: z.string(),
  token: z.string(),
});

type Holder = ProcessIdentity & { readonly since: string; readonly token: string };

/**
 * Runs work that needs exclusive use of `cdktf.out`. A synth for another environment would change the stacks of a running
 * deploy.
 * @throws UsageError when another process does such work in this checkout
 * @throws FileError when the lock cannot be written
 */
export async function exclusively<T>(
  act: () => Promise<T>,
  path: string = LOCK,
  table: ProcessTable = processTable(),
): Promise<T> {
  const release = takeLock(path, table);
  try {
    return await act();
  } finally {
    release();
  }
}

// --- internal ---

/** Takes the lock, and returns a function that releases it. Messages name the lock `shown`. */
function takeLock(path: string, table: ProcessTable, shown: string = path): () => void {
  const own: Holder = { ...identityOf(process.pid, table), since: new Date().toISOString(), token: randomUUID() };
  const content = `${JSON.stringify(own)}\n`;
  const candidate = join(dirname(path), `.workflow.lock-${own.token}.tmp`);
  try {
    writeFileSync(candidate, content, { flag: "wx" });
    takeWith(candidate, path, table, shown);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new FileError(`the lock ${path} cannot be written: ${whyItFailed(cause)}`, { cause });
  } finally {
    rmSync(candidate, { force: true });
  }
  return () => {
    // Only the holder releases a lock. A user may have removed the file, and another process may hold a new one.
    if (readLock(path) === content) rmSync(path, { force: true });
  };
}

function takeWith(candidate: string, path: string, table: ProcessTable, shown: string): void {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (createFrom(candidate, path)) return;
    const found = readLock(path);
    if (found === null) continue;
    refuseIfHeld(found, shown, table);
    // While the first lock holds `found`, only the holder of this second lock replaces it.
    const release = takeLock(`${path}-${digest(found)}`, table, shown);
    try {
      if (readLock(path) !== found) continue;
      renameSync(candidate, path);
      return;
    } finally {
      release();
    }
  }
  throw new UsageError(`the lock ${path} changes all the time; try again`);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Creates the lock with its content in one step; returns false if there is a lock already. */
function createFrom(candidate: string, path: string): boolean {
  try {
    try {
      linkSync(candidate, path);
    } catch (error) {
      if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
      copyFileSync(candidate, path, constants.COPYFILE_EXCL);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Returns the content of a lock; `null` if there is no lock. */
function readLock(path: string): string | null {
  const wrong = (why: string, cause?: unknown) =>
    new UsageError(`the lock ${path} ${why}; if no other command runs in this checkout, remove it`, { cause });
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    if (!stats.isFile()) throw wrong("must be a file");
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(LOCK_BYTES);
      return bytes.toString("utf8", 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw wrong(`cannot be read: ${whyItFailed(cause)}`, cause);
  }
}

/** @throws UsageError unless the holder has ended, or the lock names no holder */
function refuseIfHeld(content: string, path: string, table: ProcessTable): void {
  const holder = parseHolder(content);
  if (holder === null) return;
  const state = stateOf(holder, table);
  if (state === "ended") return;
  const where = state === "unknown" ? ` on the machine ${holder.host}` : "";
  throw new UsageError(
    `another deploy, diff, destroy or review of this checkout is running, process ${holder.pid}${where}, since ${holder.since}; ` +
      `wait for it, or use another checkout. If it does not run, remove ${path}`,
  );
}

function parseHolder(content: string): Holder | null {
  try {
    return HOLDER.parse(JSON.parse(content));
  } catch {
    return null;
  }
}
