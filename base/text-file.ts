/** Reads a text file that comes from the user. */
import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";

/** The longest text that is read; JavaScript's own limit is 512 MiB. */
export const LONGEST_TEXT_BYTES = 256 * 1024 * 1024;

const STANDARD_INPUT = 0;
/** Names of a stream that was handed to this process, such as `<(command)` of a shell. */
const GIVEN_STREAM = /^\/(dev\/(stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/;
const PIECE_BYTES = 1024 * 1024;
/** How long to wait for a terminal or pipe that has nothing to read yet. */
const POLL_MILLISECONDS = 20;

/**
 * Reads a file of text.
 * @throws Error that says why it cannot be read; see `whyItFailed`
 */
export function readTextFile(path: string, longest = LONGEST_TEXT_BYTES): string {
  // Looked at before it is opened: to open a named pipe waits for its writer.
  if (!GIVEN_STREAM.test(path)) refuseOtherThanFile(statSync(path));
  const file = openSync(path, "r");
  try {
    return readText(file, longest);
  } finally {
    closeSync(file);
  }
}

/** Reads standard input to its end. */
export function readStandardInput(longest = LONGEST_TEXT_BYTES): string {
  return readText(STANDARD_INPUT, longest);
}

function refuseOtherThanFile(stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw new Error("it is a folder");
  throw new Error(`it is a ${stats.isFIFO() ? "named pipe" : stats.isSocket() ? "socket" : "device"}, not a file`);
}

function readText(file: number, longest: number): string {
  const { size } = fstatSync(file);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    if (bytes > longest || size > longest) throw new Error(`it is larger than ${longest / 1024 / 1024} MiB`);
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const count = readPiece(file, piece);
    if (count === 0) return Buffer.concat(pieces, bytes).toString("utf8");
    pieces.push(piece.subarray(0, count));
    bytes += count;
  }
}

function readPiece(file: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(file, piece);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Windows says so at the end of a pipe.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MILLISECONDS);
    }
  }
}
