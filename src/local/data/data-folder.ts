/**
 * The bucket of the local run: the folder `data/` of the project. The object `s3://<bucket>/in/a.csv` is the file
 * `data/in/a.csv`, whatever the name of the bucket. The name depends on the environment, the files do not.
 */
import { link, lstat, mkdir, readFile, realpath, rename, rmdir, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Etags } from "./etags";
import { describeFolder, isFolderKey, makeFolder } from "./folder-objects";
import { listFiles } from "./list-files";
import {
  failure,
  fault,
  isInside,
  isPossible,
  leadsOut,
  nearestFolder,
  type OpenFile,
  openFile,
  type Place,
  pathOf,
  stateOfFile,
} from "./object-path";
import { type ByteRange, type ObjectStore, ObjectStoreError, type StoredObject } from "./object-store";
import { UnfinishedFiles, writeNewFile } from "./unfinished-files";

type Content = AsyncIterable<string | Uint8Array>;

/** An object that is open: it stays as it is while a newer one takes its place. */
export interface OpenObject {
  readonly object: StoredObject;
  /** Yields the content, and closes the object. @param range @default the whole object */
  content(range?: ByteRange): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A bucket, with what the S3 endpoint needs of it. */
export interface Bucket extends ObjectStore {
  open(bucket: string, key: string): Promise<OpenObject>;
  /** @throws ObjectStoreError if no object can be stored under a key */
  refuse(bucket: string, key: string): Promise<void>;
}

/** Returns the store over a folder. */
export function dataFolder(folder: string): DataFolder {
  return new DataFolder(folder);
}

/** The store over a folder. The folder need not exist. No key and no link leads out of it. */
export class DataFolder implements Bucket {
  /** The files that are not complete yet. */
  readonly unfinished: UnfinishedFiles;
  /** Takes each object when its content is complete, before its file has its name. @default nothing */
  onStored: (object: StoredObject) => void = () => {};
  private readonly etags = new Etags();

  constructor(readonly folder: string) {
    this.unfinished = new UnfinishedFiles(folder);
  }

  async *list(bucket: string, prefix: string, after = ""): AsyncGenerator<StoredObject> {
    for await (const { key, isLink } of listFiles(this.folder, prefix, after)) {
      yield* await this.describeListed(this.place(bucket, key), isLink);
    }
  }

  async head(bucket: string, key: string): Promise<StoredObject> {
    const { object, close } = await this.open(bucket, key);
    await close();
    return object;
  }

  async *get(bucket: string, key: string, range?: ByteRange): AsyncGenerator<Uint8Array> {
    yield* (await this.open(bucket, key)).content(range);
  }

  async open(bucket: string, key: string): Promise<OpenObject> {
    const place = this.place(bucket, key);
    if (isFolderKey(key)) return emptyObject(await describeFolder(place));
    const file = await openFile(place);
    const close = () => file.handle.close();
    try {
      const object = await this.etags.describe(key, file, () => contentOf(file));
      return { object, content: (range) => piecesOf(file, place, range), close };
    } catch (error) {
      await close();
      throw failure(error, place);
    }
  }

  put(bucket: string, key: string, content: Content): Promise<StoredObject> {
    return this.store(bucket, key, content, rename);
  }

  /** Stores an object if there is none. @throws ObjectStoreError PreconditionFailed if there is one */
  putNew(bucket: string, key: string, content: Content): Promise<StoredObject> {
    return this.store(bucket, key, content, link);
  }

  async delete(bucket: string, key: string): Promise<void> {
    const place = this.place(bucket, key);
    const root = await realpath(this.folder).catch(() => null);
    const isFolder = isFolderKey(key);
    const name = isFolder ? key.slice(0, -1) : key;
    if (root === null || !isPossible(name)) return;
    const parent = await realpath(dirname(join(root, name))).catch(() => null);
    if (parent === null) return;
    if (!isInside(root, parent)) throw leadsOut(place);
    const path = join(parent, basename(name));
    try {
      // A link is removed, its target stays.
      if (isFolder) await rmdir(path);
      else if (!(await lstat(path)).isDirectory()) await unlink(path);
    } catch (error) {
      if (!NOTHING_TO_DELETE.has((error as NodeJS.ErrnoException).code ?? "")) throw failure(error, place);
    }
  }

  /** Writes to an unfinished file, and calls `finish` to give it its name when the content has ended. */
  private async store(bucket: string, key: string, content: Content, finish: typeof rename): Promise<StoredObject> {
    const place = this.place(bucket, key);
    if (isFolderKey(key)) return makeFolder(place, content);
    const target = pathOf(place);
    try {
      await mkdir(this.folder, { recursive: true });
      const root = await realpath(this.folder);
      await nearestFolder(root, place);
      return await this.unfinished.withFile(async (path) => {
        await writeNewFile(path, content);
        // A link may have appeared on the way while the content arrived.
        await nearestFolder(root, place);
        await mkdir(dirname(join(root, key)), { recursive: true });
        const final = async () => join(await nearestFolder(root, place), basename(target));
        // As soon as the file has its name, another request may replace or delete it.
        const state = stateOfFile(await final(), await lstat(path));
        const object = await this.etags.describe(key, state, () => readFile(path));
        const name = await final();
        this.onStored(object);
        await finish(path, name);
        return object;
      });
    } catch (error) {
      const isTaken = finish === link && (error as NodeJS.ErrnoException).code === "EEXIST";
      if (isTaken) throw new ObjectStoreError("PreconditionFailed", "At least one of the pre-conditions did not hold");
      throw failure(error, place);
    }
  }

  async refuse(bucket: string, key: string): Promise<void> {
    const place = this.place(bucket, key);
    pathOf(place);
    const root = await realpath(this.folder).catch(() => null);
    if (root === null) return;
    await nearestFolder(root, place);
    const isFolder = await lstat(join(root, key)).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (isFolder) throw fault("EISDIR", place);
  }

  private async describeListed(place: Place, isLink: boolean): Promise<StoredObject[]> {
    try {
      if (isLink) return [await this.head(place.bucket, place.key)];
      const path = join(await realpath(this.folder), place.key);
      const state = stateOfFile(path, await lstat(path));
      const read = async () => {
        const file = await openFile(place);
        return contentOf(file).finally(() => file.handle.close());
      };
      return [await this.etags.describe(place.key, state, read)];
    } catch (cause) {
      const error = failure(cause, place);
      // A link that leads elsewhere, or a file that has just gone.
      const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
      if (code === "ENOENT" || error.code === "NoSuchKey" || (isLink && error.code === "AccessDenied")) return [];
      throw error;
    }
  }

  /** Returns the place of an object, for messages. */
  place(bucket: string, key: string): Place {
    return { folder: this.folder, bucket, key };
  }
}

// --- internal ---

const NOTHING_TO_DELETE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ENOTEMPTY", "ENAMETOOLONG", "EEXIST"]);

function emptyObject(object: StoredObject): OpenObject {
  return { object, content: async function* () {}, close: async () => {} };
}

async function contentOf({ handle, size }: OpenFile): Promise<Uint8Array> {
  if (size === 0) return new Uint8Array();
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size), position: 0 });
  return buffer.subarray(0, bytesRead);
}

/** Yields the content of a file as long as it was when it was opened, and closes it. */
async function* piecesOf(
  { handle, size }: OpenFile,
  place: Place,
  { start, end }: ByteRange = { start: 0, end: size - 1 },
): AsyncGenerator<Uint8Array> {
  try {
    if (end < start) return;
    for await (const piece of handle.createReadStream({ start, end, autoClose: false })) yield piece as Uint8Array;
  } catch (error) {
    throw failure(error, place);
  } finally {
    await handle.close();
  }
}
