/**
 * The file with the results of the jobs of a run: one line for each job that has succeeded. A line is one write. Each line has a check,
 * so that a line that was cut when the process was killed does not count.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { isObject } from "../../base/json";
import type { Attempt } from "../batch/job-detail";
import type { DataTrace } from "./data-trace";

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
  /** The name of the execution in which the job ran. */
  readonly execution: string;
  readonly job: FinishedJob;
  /** The objects of the data bucket that the job has read and written. */
  readonly data: DataTrace;
}

export interface ResultsFile {
  /** Stores a result. @throws the error of the system */
  readonly add: (result: StoredResult) => void;
  readonly close: () => void;
}

/** Returns what is stored of a job that has succeeded. */
export function finishedJob({ id, createdAt, stoppedAt, statusReason, attempts }: FinishedJob): FinishedJob {
  return { id, createdAt, stoppedAt, statusReason, attempts };
}

/** Opens the file of a run for writing. The first result creates it. */
export function resultsFile(path: string): ResultsFile {
  let descriptor: number | null = null;
  return {
    add: (result) => {
      descriptor ??= openSync(path, "a", 0o600);
      const line = Buffer.from(lineOf(result));
      const written = writeSync(descriptor, line);
      if (written < line.length) throw new Error("the disk is full");
    },
    close: () => {
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}

/** Reads the results of a run, in the order in which they were stored; none if there is no file. Ignores lines that were cut. */
export function readResults(path: string): StoredResult[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => resultIn(line) ?? []);
}

// --- internal ---

function lineOf(result: StoredResult): string {
  const text = JSON.stringify(result);
  return `{"check":"${checkOf(text)}","result":${text}}\n`;
}

const LINE = /^\{"check":"([\w-]{22})","result":(\{.*\})\}$/s;

function resultIn(line: string): StoredResult | null {
  const [, check, text] = LINE.exec(line) ?? [];
  if (text === undefined || checkOf(text) !== check) return null;
  const result: unknown = JSON.parse(text);
  return isObject(result) ? (result as unknown as StoredResult) : null;
}

function checkOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
