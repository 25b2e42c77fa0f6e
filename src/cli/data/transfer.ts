/** Copies and deletes many objects, some at the same time, and says how far it is. */
import { basename } from "node:path/posix";
import { every } from "../../base/clock";
import { runAll } from "../../base/concurrency";
import { UsageError } from "../../base/errors";
import { say } from "../../base/message";
import { count, counted, printable } from "../../base/terminal-text";
import { listed } from "../../base/text";
import { listFiles } from "../../local/data/list-files";
import type { StoredObject } from "../../local/data/object-store";
import { PROGRESS_MILLISECONDS } from "../printing";
import type { Terminal, Timed } from "../session";
import { needsRecursive, type Place } from "./places";

type TransferSession = Pick<Terminal, "stderr"> & Timed;

/** So many objects are copied or deleted at the same time. */
const AT_A_TIME = 8;

/** Copies an object, or all objects of a folder. @throws UsageError if there is none, or a file cannot have the name of a key */
export async function copy(source: Place, target: Place, signal: AbortSignal, session: TransferSession): Promise<void> {
  await sayLeftOut(source, session);
  await forEach("copied", source, signal, session, async ({ key, size }, progress, stop) => {
    const name = source.isFolder ? key.slice(source.key.length) : basename(key);
    const content = progress.counting(source.store.get(source.bucket, key), stop);
    await target.store.put(target.bucket, target.isFolder ? target.key + name : target.key, content, size);
  });
}

/** Deletes an object, or all objects of a folder. */
export async function remove(place: Place, signal: AbortSignal, session: TransferSession): Promise<void> {
  await forEach("deleted", place, signal, session, ({ key }) => place.store.delete(place.bucket, key));
}

// --- internal ---

/** The most links that a message names. */
const MOST_LINKS = 5;

/** Says which links of a folder are not copied: those to folders, and those that lead out of it. */
async function sayLeftOut({ folder, store, bucket, typed }: Place, { stderr }: TransferSession): Promise<void> {
  if (folder === null) return;
  const links: string[] = [];
  for await (const { key, isLink } of listFiles(folder, "", "")) {
    const isCopied = !isLink || (await store.head(bucket, key).then(Boolean, () => false));
    if (!isCopied) links.push(printable(key));
  }
  if (links.length === 0) return;
  const which = `${counted(links.length, "link")} to folders or out of ${typed}`;
  say(stderr, `left out ${which}: ${listed(links, MOST_LINKS)}; copy their targets by themselves`);
}

/** Says how many objects are done, also when one fails. */
async function forEach(
  verb: string,
  place: Place,
  signal: AbortSignal,
  session: TransferSession,
  work: (object: StoredObject, progress: Progress, stop: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const objects = await objectsOf(place);
  const progress = new Progress(verb, objects, session);
  try {
    await runAll(objects.length, AT_A_TIME, signal, async (index, stop) => {
      await work(objects[index]!, progress, stop);
      progress.ended();
    });
  } finally {
    if (progress.done > 0) progress.tell();
  }
}

async function objectsOf(place: Place): Promise<StoredObject[]> {
  const { store, bucket, key, isFolder, typed } = place;
  if (!isFolder) return [await store.head(bucket, key).catch((error) => orFolder(error, place))];
  const objects: StoredObject[] = [];
  for await (const object of store.list(bucket, key)) objects.push(object);
  if (objects.length === 0) throw new UsageError(`there is nothing in ${typed}`);
  return objects;
}

/** A key without an object may be the name of a folder. */
async function orFolder(error: unknown, { store, bucket, key, typed }: Place): Promise<never> {
  for await (const _ of store.list(bucket, `${key}/`)) throw needsRecursive(typed);
  throw error;
}

/** Counts objects and bytes, and reports them every few seconds. */
class Progress {
  done = 0;
  private bytes = 0;
  private readonly isDue: () => boolean;

  constructor(
    private readonly verb: string,
    private readonly objects: readonly StoredObject[],
    private readonly session: TransferSession,
  ) {
    this.isDue = every(PROGRESS_MILLISECONDS, session.clock);
  }

  /** Counts the bytes of an object while they pass. */
  async *counting(content: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      signal.throwIfAborted();
      this.bytes += piece.length;
      this.tellNowAndThen();
      yield piece;
    }
  }

  ended(): void {
    this.done += 1;
    this.tellNowAndThen();
  }

  tell(): void {
    const total = this.objects.length;
    const done = this.done < total ? `${count(this.done)} of ${counted(total, "object")}` : counted(total, "object");
    const size = this.bytes > 0 ? `, ${megabytes(this.bytes)}` : "";
    say(this.session.stderr, `${this.verb} ${done}${size}`);
  }

  private tellNowAndThen(): void {
    if (this.isDue()) this.tell();
  }
}

function megabytes(bytes: number): string {
  return bytes < 100_000 ? counted(bytes, "byte") : `${count(Math.round(bytes / 100_000) / 10)} MB`;
}
