/** Limits the part of a run that is kept, so that runs cannot fill a disk. */
import type { ExecutionEvent } from "../../execution/events";
import { eventLine } from "./event-lines";

/** The most bytes of a run that are kept. */
export interface KeptBytes {
  /** The most that is kept of the output of one job. */
  readonly jobOutput: number;
  /** The most of the output of all jobs. */
  readonly output: number;
  /** The most of the inputs, results and variables of all states. */
  readonly data: number;
  /** The most of all events. */
  readonly all: number;
}

const MIB = 1024 * 1024;
const KEPT_BYTES: KeptBytes = { jobOutput: MIB, output: 32 * MIB, data: 32 * MIB, all: 128 * MIB };

/**
 * Returns a function that gives the lines to keep of an event. Where something is left out, a line or a notice says so. An event
 * whose data is left out is marked. `size` is what the file holds already.
 */
export function keptPart(size: number, limits: KeptBytes = KEPT_BYTES): (event: ExecutionEvent) => string[] {
  const ofJobs = new Map<string, number>();
  let [all, output, data] = [size, 0, 0];

  const note = (at: number, what: string, limit: number): string =>
    eventLine({ at, type: "notice", message: `${what}: a kept run has at most ${inMib(limit)} of them` });
  const outputLines = (event: Extract<ExecutionEvent, { type: "job-log" }>): string[] => {
    const { at, jobId, type } = event;
    const before = ofJobs.get(jobId) ?? 0;
    const room = Math.min(limits.jobOutput - before, limits.output - output);
    if (room <= 0) return [];
    const line = eventLine(event);
    const bytes = Buffer.byteLength(line);
    ofJobs.set(jobId, before + bytes);
    output += bytes;
    if (bytes <= room) return [line];
    return [eventLine({ at, type, jobId, line: `(the rest is not kept: ${limitOf(limits)})` })];
  };
  const dataLines = (event: ExecutionEvent): string[] => {
    if (data < limits.data) {
      const line = eventLine(event);
      data += Buffer.byteLength(line);
      if (data <= limits.data) return [line];
      data = limits.data;
      return [note(event.at, "inputs and results of the states that follow are not kept", limits.data), bare(event)];
    }
    return [bare(event)];
  };
  const linesOf = (event: ExecutionEvent): string[] => {
    if (event.type === "job-log") return outputLines(event);
    return DATA.some((field) => field in event) && !ALWAYS.has(event.type) ? dataLines(event) : [eventLine(event)];
  };
  return (event) => {
    const isFull = all >= limits.all;
    if (isFull && !ALWAYS.has(event.type)) return [];
    const lines = linesOf(event);
    for (const line of lines) all += Buffer.byteLength(line) + 1;
    if (!isFull && all >= limits.all) lines.push(note(event.at, "the events that follow are not kept", limits.all));
    return lines;
  };
}

// --- internal ---

/** The fields of states that can be large. */
const DATA = ["input", "result", "assigned", "output"] as const;
/** The few events of the execution itself. Their data has the limit of a state's. */
const ALWAYS: ReadonlySet<ExecutionEvent["type"]> = new Set([
  "execution-started",
  "execution-redriven",
  "execution-ended",
]);

function bare(event: ExecutionEvent): string {
  const rest = Object.entries(event).filter(([field]) => !(DATA as readonly string[]).includes(field));
  return eventLine({ ...Object.fromEntries(rest), leftOut: true } as unknown as ExecutionEvent);
}

function limitOf({ jobOutput, output }: KeptBytes): string {
  return `a kept run has at most ${inMib(jobOutput)} of each job's output, and ${inMib(output)} of all`;
}

function inMib(bytes: number): string {
  return `${Math.round((bytes / MIB) * 100) / 100} MiB`;
}
