/** Keeps all that the jobs of an execution write, in a file for each attempt. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { whyItFailed } from "../base/file-errors";
import type { EventSink, ExecutionEvent } from "./events";
import { placeKey } from "./state-counts";

export interface LogKeeper {
  readonly sink: EventSink;
  /** Closes the files. Returns where they are, if there are any; `isComplete` is `false` once a write has failed. */
  readonly close: () => { readonly isComplete: boolean; readonly place: string | null };
}

export interface LogOptions {
  /** Whether to overwrite files of the same names. @default the files of a second run end in `.run-2.log` */
  readonly force: boolean;
  /** Is told once why a write has failed; nothing more is kept then. */
  readonly failed: (message: string) => void;
}

/**
 * Writes what each attempt of a job writes, byte for byte, to `<job>.<state>[.item-<index>].attempt-<number>.log` in a folder
 * that exists. The attempts of a state and an item are counted from 1: those that Batch makes, and those that Retry makes.
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
  /** Makes a file that no other run, and no other state with a similar name, has made. */
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
    // A line that comes late.
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
        failed(`the logs are not kept in ${resolve(folder)}: ${whyItFailed(error)}`);
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

/** A job, and the file of its attempt. */
interface Job {
  readonly place: string;
  readonly name: string;
  /** The name of the file, without its ending; `null` before the first attempt. */
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

/** A name as part of a file's: letters, digits, `_` and `-`. Any other gets a hash, so that no two become one. */
function fileName(text: string): string {
  if (/^[\w-]+$/.test(text) && text.length <= LONGEST_NAME) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${text.replaceAll(/[^\w-]+/g, "_").slice(0, LONGEST_NAME - 9)}-${hash}`;
}

/** The number of a new run: one more than that of any whose files are there. */
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
