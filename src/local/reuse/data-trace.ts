/**
 * The objects that a job has read and written in the data bucket. The S3 endpoint reports each access. A later run compares them with
 * the bucket as it is then.
 */
import { createHash } from "node:crypto";
import type { NotReused } from "../../execution/not-reused";
import { type ObjectStore, ObjectStoreError } from "../data/object-store";

/** An ETag; `null` for an object that does not exist. */
type State = string | null;

/** A part of a listing that was read. */
interface ReadListing {
  readonly prefix: string;
  readonly after: string;
  /** The number of objects that were read, without those that the job itself has written. */
  readonly count: number;
  /** True if the listing was read to its end. */
  readonly isWhole: boolean;
  /** A hash of the keys and ETags. */
  readonly hash: string;
}

export interface DataTrace {
  /** The objects that were read and not written by the job itself. */
  readonly read: Readonly<Record<string, State>>;
  readonly listed: readonly ReadListing[];
  /** The objects that were written or deleted, as the job has left them. */
  readonly written: Readonly<Record<string, State>>;
}

export const NO_DATA: DataTrace = { read: {}, listed: [], written: {} };

/** Records the accesses of one job. */
export class DataRecorder {
  private readonly reads = new Map<string, State>();
  private readonly writes = new Map<string, State>();
  private readonly listings: { prefix: string; after: string; entries: Entry[]; isWhole: boolean }[] = [];
  /** False if the job has seen something that cannot be compared later. */
  private isClear = true;

  read(key: string, state: State): void {
    if (this.writes.has(key)) return;
    const before = this.reads.get(key);
    if (before !== undefined && before !== state) this.isClear = false;
    this.reads.set(key, state);
  }

  wrote(key: string, state: State): void {
    this.writes.set(key, state);
  }

  listed(prefix: string, after: string, entries: Entry[], isWhole: boolean): void {
    this.listings.push({ prefix, after, entries, isWhole });
  }

  blur(): void {
    this.isClear = false;
  }

  /** Ends the record. Returns all accesses; `null` if a later run could not compare them. */
  end(): DataTrace | null {
    const trace = this.isClear ? this.trace() : null;
    this.reads.clear();
    this.writes.clear();
    this.listings.length = 0;
    return trace;
  }

  private trace(): DataTrace {
    const isOwn = (key: string) => this.writes.has(key);
    return {
      // What the job has replaced is no longer there. What it has put in its place is compared.
      read: Object.fromEntries([...this.reads].filter(([key]) => !isOwn(key))),
      listed: this.listings.map(({ prefix, after, entries, isWhole }) => {
        const others = entries.filter(([key]) => !isOwn(key));
        return { prefix, after, count: others.length, isWhole, hash: hashOf(others) };
      }),
      written: Object.fromEntries(this.writes),
    };
  }
}

/** Returns the first access of a trace that would not find now what it found, or left behind; `null` if there is none. */
export async function changeIn(trace: DataTrace, store: ObjectStore): Promise<NotReused | null> {
  for (const changed of ["written", "read"] as const) {
    for (const [object, state] of Object.entries(trace[changed])) {
      if ((await stateOf(store, object)) !== state) return { changed, object };
    }
  }
  for (const listing of trace.listed) {
    if (!(await isSameListing(listing, trace.written, store))) return { changed: "listed", object: listing.prefix };
  }
  return null;
}

// --- internal ---

type Entry = readonly [key: string, etag: string];

/** All buckets are the same folder. */
const ANY_BUCKET = "data";

async function stateOf(store: ObjectStore, key: string): Promise<State> {
  try {
    return (await store.head(ANY_BUCKET, key)).etag;
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    // No ETag is equal to the name of an error.
    return error.code === "NoSuchKey" ? null : error.code;
  }
}

async function isSameListing(
  { prefix, after, count, isWhole, hash }: ReadListing,
  written: DataTrace["written"],
  store: ObjectStore,
): Promise<boolean> {
  const entries: Entry[] = [];
  for await (const { key, etag } of store.list(ANY_BUCKET, prefix, after)) {
    if (Object.hasOwn(written, key)) continue;
    if (entries.length === count) {
      if (isWhole) return false;
      break;
    }
    entries.push([key, etag]);
  }
  return entries.length === count && hashOf(entries) === hash;
}

function hashOf(entries: readonly Entry[]): string {
  return createHash("sha256").update(JSON.stringify(entries)).digest("base64url");
}
