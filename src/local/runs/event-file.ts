/** The file of a kept run's events: one line of JSON for each. */
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { type EventSink, type ExecutionEvent, placeKey } from "../../execution/events";
import { eventOf } from "./event-lines";
import { unreadable } from "./gone-run";
import { keptPart } from "./kept-part";

export interface EventWriter {
  /** @throws the error of the file system if a write fails. The file then ends with its last whole line. */
  readonly sink: EventSink;
  readonly close: () => void;
}

/**
 * Opens the file to append events. Each event is in the file before the user can be told that a job, a task or the execution has
 * ended, and at the latest at the next turn of the event loop. The events of a job that has an earlier result always wait for that turn,
 * because nothing is lost with them. `failed` takes the error of a write that fails there.
 * `end` is where the file ends: a cut line after it is removed.
 */
export function writeEvents(path: string, failed: (error: unknown) => void, end?: number): EventWriter {
  const file = openSync(path, "a", 0o600);
  if (end !== undefined) ftruncateSync(file, end);
  let size = fstatSync(file).size;
  const linesOf = keptPart(size);
  const isEnd = endsOfWork();
  let lines: string[] = [];
  let turn: NodeJS.Immediate | null = null;
  const flush = () => {
    if (turn !== null) clearImmediate(turn);
    turn = null;
    if (lines.length === 0) return;
    const text = [...lines, ""].join("\n");
    lines = [];
    try {
      size += writeText(file, text);
    } catch (error) {
      ftruncateSync(file, size);
      throw error;
    }
  };
  const flushLater = () => {
    try {
      flush();
    } catch (error) {
      failed(error);
    }
  };
  return {
    sink: (event) => {
      lines.push(...linesOf(event));
      if (isEnd(event) || lines.length >= LINES_HELD) flush();
      else turn ??= setImmediate(flushLater);
    },
    close: () => {
      try {
        flush();
      } finally {
        closeSync(file);
      }
    },
  };
}

/** Reads the events of a file, again and again while another process appends to it. */
export class EventReader {
  private offset = 0;

  constructor(private readonly path: string) {}

  /** The bytes of all events that were read. */
  get size(): number {
    return this.offset;
  }

  /**
   * Returns the events that were appended since the last call, in groups. A last line without its end waits for the next call.
   * @throws UsageError if the run is no longer kept, or the file cannot be opened
   */
  async *read(): AsyncGenerator<ExecutionEvent[]> {
    const file = await open(this.path).catch((error) => {
      throw unreadable(this.path, error);
    });
    try {
      let piece = Buffer.alloc(PIECE_BYTES);
      for (;;) {
        const { bytesRead } = await file.read(piece, 0, piece.length, this.offset);
        const end = piece.subarray(0, bytesRead).lastIndexOf(NEWLINE);
        if (end >= 0) {
          this.offset += end + 1;
          yield piece
            .toString("utf8", 0, end)
            .split("\n")
            .map(eventOf)
            .filter((event) => event !== null);
        } else if (bytesRead < piece.length) {
          return;
        } else {
          piece = Buffer.alloc(piece.length * 2);
        }
      }
    } finally {
      await file.close();
    }
  }
}

// --- internal ---

const NEWLINE = 0x0a;
const PIECE_BYTES = 256 * 1024;
const LINES_HELD = 1000;

/** Writes a text as a whole. Returns its bytes. Most texts are written at once, and need no copy. */
function writeText(file: number, text: string): number {
  const size = Buffer.byteLength(text);
  let written = writeSync(file, text);
  const rest = written < size ? Buffer.from(text) : null;
  while (rest !== null && written < size) written += writeSync(file, rest, written);
  return size;
}

/** Returns a function that tells if the user is told after an event that something has ended whose result nothing else keeps. */
function endsOfWork(): (event: ExecutionEvent) => boolean {
  const reused = new Set<string>();
  return (event) => {
    switch (event.type) {
      case "job-reused":
        reused.add(event.jobId).add(placeKey(event));
        return false;
      case "job-status":
        return (event.status === "SUCCEEDED" || event.status === "FAILED") && !reused.delete(event.jobId);
      case "task-succeeded":
        return !reused.delete(placeKey(event));
      default:
        return event.type === "task-failed" || event.type === "execution-ended";
    }
  };
}
