/**
 * A run that is kept: the folder `.workflow/runs/<name>/` with
 *
 * - `run.json`: what `list` shows, and the process that runs it;
 * - `definition.json`: the document as it ran;
 * - `input.json`: the input, with its secrets hidden;
 * - `results.jsonl`: the results of the jobs that have succeeded, for `--resume`;
 * - `events.jsonl`: an event on each line, with the output of the jobs, and secrets hidden.
 *
 * A folder appears with its first files in it, so no half run is ever seen. Only the user of the run can read it.
 */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { type Json, stringifyJson } from "../../base/json";
import { replaceFile } from "../../base/output-file";
import { type ProcessTable, stateOf } from "../../base/process-identity";
import { parseMachineJson } from "../../base/read-json";
import { unreadable } from "./gone-run";
import { headIn, type RunHead } from "./run-head";

export interface KeptRun {
  readonly folder: string;
  /** Its status is ABORTED if the process has ended without saying how the run ended. */
  readonly head: RunHead;
  /** The process was killed, or the machine lost its power. */
  readonly wasKilled: boolean;
}

/** The document, the input and the first results of a new run. */
export interface RunContent {
  readonly definition: object;
  readonly input: Json;
  /** The lines of `results.jsonl` that the run begins with. @default none */
  readonly results?: string;
}

/** The folder of the run of an execution. A name may begin with a dot, the name of its folder does not. */
export function runFolder(runs: string, name: string): string {
  return join(runs, name.replace(/^\./, "%2E"));
}

/** The files in the folder of a run. */
export const RUN_FILES = {
  head: "run.json",
  definition: "definition.json",
  input: "input.json",
  events: "events.jsonl",
  results: "results.jsonl",
} as const;

/** Creates the folder of a run. Returns `null` if there is a run of this name. @throws the error of the file system */
export function createRun(runs: string, head: RunHead, { definition, input, results = "" }: RunContent): string | null {
  mkdirSync(runs, { recursive: true, mode: 0o700 });
  const unfinished = join(runs, `${UNFINISHED}${randomUUID()}`);
  const folder = runFolder(runs, head.name);
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    const files = { head, definition, input };
    for (const [file, content] of Object.entries(files)) {
      const path = join(unfinished, RUN_FILES[file as keyof typeof files]);
      writeFileSync(path, `${stringifyJson(content, 2)}\n`, { mode: 0o600 });
    }
    writeFileSync(join(unfinished, RUN_FILES.events), "", { mode: 0o600 });
    writeFileSync(join(unfinished, RUN_FILES.results), results, { mode: 0o600 });
    renameSync(unfinished, folder);
    return folder;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (["EEXIST", "ENOTEMPTY"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}

/** Replaces the head of a run, also on a full disk if it fits into the blocks that it has. @throws the error of the file system */
export function writeHead(folder: string, head: RunHead): void {
  const path = join(folder, RUN_FILES.head);
  const text = `${stringifyJson(head, 2)}\n`;
  const stats = statSync(path);
  try {
    replaceFile(path, text, stats);
  } catch (error) {
    const content = Buffer.from(text);
    if (content.length > stats.blocks * BLOCK_BYTES) throw error;
    const file = openSync(path, "r+");
    try {
      writeSync(file, content);
      ftruncateSync(file, content.length);
    } finally {
      closeSync(file);
    }
  }
}

/** Returns the runs of a folder, newest first. A folder without a head is no run. */
export function listRuns(runs: string, table: ProcessTable): KeptRun[] {
  return namesIn(runs)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) => readRun(join(runs, name), table) ?? [])
    .toSorted((a, b) => b.head.startedAt - a.head.startedAt);
}

/** Reads the run in a folder. Returns `null` if there is none. */
export function readRun(folder: string, table: ProcessTable): KeptRun | null {
  try {
    const head = headIn(readFileSync(join(folder, RUN_FILES.head), "utf8"));
    if (head === null) return null;
    const wasKilled = head.status === "RUNNING" && stateOf(head.process, table) === "ended";
    if (!wasKilled) return { folder, head, wasKilled };
    const stoppedAt = Math.max(head.startedAt, Math.floor(statSync(join(folder, RUN_FILES.events)).mtimeMs));
    return { folder, head: { ...head, status: "ABORTED", stoppedAt }, wasKilled };
  } catch {
    return null;
  }
}

/**
 * Reads the definition or the input of a run.
 * @throws UsageError if the run is no longer kept, or its file cannot be read
 */
export function readContent({ folder }: KeptRun, part: "definition" | "input"): Json {
  const path = join(folder, RUN_FILES[part]);
  try {
    return parseMachineJson(readFileSync(path, "utf8"));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The names of folders that are being created or removed begin with a dot. */
export const UNFINISHED = ".new-";

/** Returns the names in a folder; none if there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

// --- internal ---

/** The unit of `stats.blocks`. @see https://man7.org/linux/man-pages/man3/stat.3type.html */
const BLOCK_BYTES = 512;
