import type { Readable } from "node:stream";

/** Receives a line: its text without the line break, and its bytes with the line break. */
export type LineSink = (text: string, bytes: Buffer) => void;

/** A longer line is cut into pieces of this size. */
export const MAX_LINE_BYTES = 8 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a stream of bytes into lines of UTF-8. Bytes that are not UTF-8 become U+FFFD in the text. The last line may lack a line
 * break. No byte is lost. The cutter holds less than one line in memory.
 */
export class LineCutter {
  private readonly line: LineSink;
  private rest: Buffer = Buffer.alloc(0);

  constructor(line: LineSink) {
    this.line = line;
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let from = 0;
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, from);
      const end = newline === -1 ? bytes.length : newline;
      while (end - from > MAX_LINE_BYTES) {
        const cut = characterStart(bytes, from + MAX_LINE_BYTES);
        this.line(bytes.toString("utf8", from, cut), bytes.subarray(from, cut));
        from = cut;
      }
      if (newline === -1) break;
      const textEnd = end > from && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
      this.line(bytes.toString("utf8", from, textEnd), bytes.subarray(from, newline + 1));
      from = newline + 1;
    }
    // A copy, because a slice would keep the whole chunk in memory.
    this.rest = Buffer.from(bytes.subarray(from));
  }

  /** Ends the stream. */
  end(): void {
    if (this.rest.length > 0) this.line(this.rest.toString("utf8"), this.rest);
    this.rest = Buffer.alloc(0);
  }
}

/** Cuts a stream into lines. */
export function readLines(stream: Readable, line: LineSink): void {
  const cutter = new LineCutter(line);
  stream.on("data", (chunk: Buffer) => cutter.push(chunk));
  stream.on("close", () => cutter.end());
}

/** Returns the index of the first byte of the character at `index`. */
function characterStart(bytes: Buffer, index: number): number {
  for (let start = index; start > index - 4; start -= 1) {
    if ((bytes[start]! & 0xc0) !== 0x80) return start;
  }
  return index;
}
