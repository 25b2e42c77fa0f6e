/** Writes the output of the jobs of an execution to files, one for each attempt. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { whyItFailed } from "../base/file-errors";
import { type EventSink, type ExecutionEvent, placeKey } from "./events";

export interface LogKeeper {
  readonly sink: EventSink;
  /** Closes the files. Returns the place of the files, if there are any. `isComplete` is `false` if a write failed. */
  readonly close: () => { readonly isComplete: boolean; readonly place: string | null };
}

export interface LogOptions {
  /** Overwrites files of the same names. @default false: the files of a second run end in `.run-2.log` */
  readonly force: boolean;
  /** Is called once, with the reason, if a write fails. No more output is written after that. */
  readonly failed: (message: string) => void;
}

/**
 * Writes the output of each attempt of a job, byte for byte, to `<job>.<state>[.item-<index>].attempt-<number>.log` in an
 * existing folder. Attempts are counted from 1 for each state and item. Retries of Batch and of Step Functions both count.
 */
export function keepLogs(folder: string, { force, failed }: LogOptions): LogKeeper {
  const jobs = new Map<string, Job>();
  const attempts = new Map<string, number>();
  const made = new Set<string>();
  let run: number | null = null;
  let isBroken = false;

  const begin = (job: Job) => {
    closeFile(job);
    const number = (attempts.get(job.place) ?? 0) + 1;
    attempts.set(job.place, number);
    job.stem = `${job.name}.attempt-${number}`;
    job.path = null;
  };
  /** Creates a file, under a name that no other run and no similar state has used. */
  const make = (job: Job) => {
    run ??= force ? 1 : nextRun(folder);
    for (;;) {
      const name = `${job.stem}${run === 1 ? "" : `.run-${run}`}.log`;
      const mayReplace = force && !made.has(name.toLowerCase());
      try {
        job.file = openSync(join(folder, name), mayReplace ? "w" : "wx");
        job.path = join(folder, name);
        made.add(name.toLowerCase());
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        run += 1;
      }
    }
  };
  const write = (job: Job, bytes: Buffer) => {
    if (job.stem === null) begin(job);
    if (job.path === null) make(job);
    // A line can arrive after the end of its job.
    job.file ??= openSync(job.path!, "a");
    writeFileSync(job.file, bytes);
  };
  const keep = (event: ExecutionEvent) => {
    if (event.type === "job-submitted") jobs.set(event.jobId, newJob(event));
    const job = "jobId" in event ? jobs.get(event.jobId) : undefined;
    if (job === undefined) return;
    if (event.type === "job-log") write(job, event.bytes ?? Buffer.from(`${event.line}\n`));
    if (event.type !== "job-status") return;
    if (event.status === "STARTING") begin(job);
    else if (event.status === "SUCCEEDED" || event.status === "FAILED") closeFile(job);
  };
  const closeAll = () => {
    for (const job of jobs.values()) closeFile(job);
  };
  return {
    sink: (event) => {
      if (isBroken) return;
      try {
        keep(event);
      } catch (error) {
        isBroken = true;
        closeAll();
        failed(`cannot write the logs to ${resolve(folder)}: ${whyItFailed(error)}`);
      }
    },
    close: () => {
      closeAll();
      const files = run === null || run === 1 ? "" : `, as *.run-${run}.log`;
      return { isComplete: !isBroken, place: made.size === 0 ? null : `${resolve(folder)}${files}` };
    },
  };
}

// --- internal ---

/** A job, and the file of its current attempt. */
interface Job {
  readonly place: string;
  readonly name: string;
  /** The file name without its ending; `null` before the first attempt. */
  stem: string | null;
  /** `null` until the attempt writes something. */
  path: string | null;
  file: number | null;
}

const LOG_NAME = /\.attempt-\d+(?:\.run-(\d+))?\.log$/;
const LONGEST_NAME = 80;

function newJob(event: Extract<ExecutionEvent, { type: "job-submitted" }>): Job {
  const items = event.indices.length === 0 ? [] : [`item-${event.indices.join("-")}`];
  const name = [fileName(event.jobName), fileName(event.state), ...items].join(".");
  return { place: placeKey(event), name, stem: null, path: null, file: null };
}

/** Turns a name into a part of a file name: letters, digits, `_` and `-`. A changed name gets a hash, so it stays unique. */
function fileName(text: string): string {
  if (/^[\w-]+$/.test(text) && text.length <= LONGEST_NAME) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${text.replaceAll(/[^\w-]+/g, "_").slice(0, LONGEST_NAME - 9)}-${hash}`;
}

/** Returns the number of a new run: one more than the highest number in the folder. */
function nextRun(folder: string): number {
  const runs = readdirSync(folder).flatMap((name) => {
    const [found, number = "1"] = LOG_NAME.exec(name) ?? [];
    return found === undefined ? [] : [Number(number)];
  });
  return Math.max(0, ...runs) + 1;
}

function closeFile(job: Job): void {
  const { file } = job;
  job.file = null;
  if (file !== null) closeSync(file);
}
