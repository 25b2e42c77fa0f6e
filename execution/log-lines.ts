import type { Readable } from "node:stream";

/** A longer line is cut into pieces of this size. */
export const MAX_LINE_BYTES = 8 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a stream of bytes into lines of UTF-8, without their ends; what is no UTF-8 becomes U+FFFD, and a last line need not
 * end. Holds less than one line, however long the stream.
 */
export class LineCutter {
  private readonly line: (text: string) => void;
  private rest: Buffer = Buffer.alloc(0);

  constructor(line: (text: string) => void) {
    this.line = line;
  }

  /** The next bytes of the stream. */
  push(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let from = 0;
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, from);
      const end = newline === -1 ? bytes.length : newline;
      while (end - from > MAX_LINE_BYTES) {
        const cut = characterStart(bytes, from + MAX_LINE_BYTES);
        this.line(bytes.toString("utf8", from, cut));
        from = cut;
      }
      if (newline === -1) break;
      this.line(bytes.toString("utf8", from, end > from && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end));
      from = newline + 1;
    }
    // A copy: a part of it would keep the whole chunk in memory.
    this.rest = Buffer.from(bytes.subarray(from));
  }

  /** The stream has ended. */
  end(): void {
    if (this.rest.length > 0) this.line(this.rest.toString("utf8"));
    this.rest = Buffer.alloc(0);
  }
}

/** Cuts a stream into lines. */
export function readLines(stream: Readable, line: (text: string) => void): void {
  const cutter = new LineCutter(line);
  stream.on("data", (chunk: Buffer) => cutter.push(chunk));
  stream.on("close", () => cutter.end());
}

/** The place of the first byte of the character that the byte at `index` belongs to. */
function characterStart(bytes: Buffer, index: number): number {
  for (let start = index; start > index - 4; start -= 1) {
    if ((bytes[start]! & 0xc0) !== 0x80) return start;
  }
  return index;
}
