/**
 * The file with the results of the jobs of a run: one line for each job that has succeeded. A line is one write. Each line has a check,
 * so that a line that was cut when the process was killed does not count.
 */
import { hash } from "node:crypto";
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Unkept } from "../../execution/not-reused";
import type { Attempt } from "../batch/job-detail";
import { unreadable } from "../runs/gone-run";
import type { DataTrace } from "./data-trace";
import type { FileVersion } from "./folder-content";
import type { StoredVariables } from "./variable-names";

/** A job that has succeeded. Times are milliseconds since 1970. */
export interface FinishedJob {
  readonly id: string;
  readonly createdAt: number;
  readonly stoppedAt: number;
  readonly statusReason: string;
  readonly attempts: readonly Attempt[];
}

/** A finished job, and what must be equal for a later job to get its result. */
export interface StoredResult {
  readonly key: string;
  /** A few letters for each part of the key. */
  readonly parts: string;
  /** The state and the items of the job: see `placeKey`. */
  readonly place: string;
  /** The name of the execution in which the job ran. */
  readonly execution: string;
  readonly job: FinishedJob;
  /** The objects of the data bucket that the job has read and written. */
  readonly data: DataTrace;
}

/** A file of the data folder that was written through S3. */
export interface StoredObject extends FileVersion {
  readonly key: string;
}

/** The content of the file. */
export interface StoredResults {
  /** Its whole lines. A run that goes on from another one begins with them. */
  readonly text: string;
  readonly results: readonly StoredResult[];
  /** The reasons why the last results of some places are not kept. */
  readonly unkept: ReadonlyMap<string, Unkept>;
  readonly variables: readonly StoredVariables[];
  readonly objects: readonly StoredObject[];
}

/** A job that has succeeded, and whose result is not kept. */
interface UnkeptResult {
  readonly place: string;
  readonly because: Unkept;
}

type Entry =
  | { readonly result: StoredResult }
  | { readonly unkept: UnkeptResult }
  | { readonly variables: StoredVariables }
  | { readonly object: StoredObject };

export interface ResultsFile {
  /** Adds a line. */
  readonly add: (entry: Entry) => void;
  readonly close: () => void;
}

/** Returns the stored parts of a job that has succeeded. */
export function finishedJob({ id, createdAt, stoppedAt, statusReason, attempts }: FinishedJob): FinishedJob {
  return { id, createdAt, stoppedAt, statusReason, attempts };
}

/**
 * Appends to the file of a run, on a new line if its last one was cut. `failed` takes the error of the system, once: after that nothing is written, because a line that was cut
 * would spoil the next one.
 */
export function resultsFile(path: string, failed: (error: unknown) => void): ResultsFile {
  let descriptor: number | null = null;
  let isOver = false;
  return {
    add: (entry) => {
      if (isOver) return;
      try {
        const start = descriptor === null;
        descriptor ??= openSync(path, "a+", 0o600);
        const line = Buffer.from(`${start && isCut(descriptor) ? "\n" : ""}${lineOf(entry)}`);
        if (writeSync(descriptor, line) < line.length) throw new Error("the disk is full");
      } catch (error) {
        isOver = true;
        failed(error);
      }
    },
    close: () => {
      isOver = true;
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}

/**
 * Reads the file of a run, in its order; nothing if there is no file. Leaves out lines that were cut, and the oldest of too many.
 * @throws UsageError if the run is no longer kept, or the file cannot be read
 */
export function readResults(path: string): StoredResults {
  let content = "";
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || !existsSync(dirname(path))) throw unreadable(path, error);
  }
  const unkept = new Map<string, Unkept>();
  const variables: StoredVariables[] = [];
  const found = { text: "", results: [] as StoredResult[], unkept, variables, objects: [] as StoredObject[] };
  for (const line of content.split("\n").slice(-MOST_LINES)) {
    const entry = entryIn(line);
    if (entry === null) continue;
    found.text += `${line}\n`;
    if ("result" in entry) {
      found.results.push(entry.result);
      unkept.delete(entry.result.place);
    } else if ("unkept" in entry) unkept.set(entry.unkept.place, entry.unkept.because);
    else if ("variables" in entry) variables.push(entry.variables);
    else found.objects.push(entry.object);
  }
  return found;
}

/** Resumed again and again, a run would carry ever more results. */
const MOST_LINES = 100_000;

// --- internal ---

/** Returns whether a file has a last line without an end. */
function isCut(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString() !== "\n";
}

const LINE = /^\{"check":"([\w-]{22})","entry":(\{.*\})\}$/s;

function lineOf(entry: Entry): string {
  const text = JSON.stringify(entry);
  return `{"check":"${checkOf(text)}","entry":${text}}\n`;
}

function entryIn(line: string): Entry | null {
  const [, check, text] = LINE.exec(line) ?? [];
  // Nothing else writes a text with the right check.
  return text === undefined || checkOf(text) !== check ? null : (JSON.parse(text) as Entry);
}

/** With another number, earlier lines do not count. It changes with the lines, and with what a key is made of. */
const FORMAT = 2;

function checkOf(text: string): string {
  return hash("sha256", `${FORMAT} ${text}`, "base64url").slice(0, 22);
}
