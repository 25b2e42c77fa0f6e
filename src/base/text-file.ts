/** Reads text of the user in UTF-8: files and pipes, up to a size that fits in memory. */
import { closeSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { whyItFailed } from "./file-errors";

/** The longest text. No document, input or schema needs more. */
const LONGEST_TEXT_BYTES = 16 * 1024 * 1024;
const STANDARD_INPUT = 0;
/** The names of streams that this process inherits, such as `<(command)` in a shell. */
const GIVEN_STREAM = /^\/(dev\/(stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/;
const PIECE_BYTES = 64 * 1024;
/** The time between two looks at a terminal or pipe that has nothing to read yet. */
const POLL_MILLISECONDS = 20;

/** Text cannot be read. The message says why, without the name of the file. */
export class TextFileError extends Error {}

/**
 * Reads a file of text.
 * @throws TextFileError
 */
export function readTextFile(path: string): string {
  return explaining(() => {
    // The check comes before the open, because opening a named pipe waits for its writer.
    if (!GIVEN_STREAM.test(path)) refuseOtherThanFile(statSync(path));
    const file = openSync(path, "r");
    try {
      return readText(file);
    } finally {
      closeSync(file);
    }
  });
}

/**
 * Reads standard input to its end.
 * @throws TextFileError
 */
export function readStandardInput(): string {
  return explaining(() => readText(STANDARD_INPUT));
}

/**
 * Decodes UTF-8. Removes the byte order mark that some editors add.
 * @throws TextFileError
 */
export function decodeText(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes.includes(0)) {
    throw new TextFileError("it is not a text in UTF-8 (UTF-16, or no text at all); save it as UTF-8");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TextFileError(`it is not UTF-8, see byte ${firstWrongByte(bytes) + 1}; save it as UTF-8`, { cause });
  }
}

// --- internal ---

function explaining<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof TextFileError) throw cause;
    throw new TextFileError(whyItFailed(cause), { cause });
  }
}

function refuseOtherThanFile(stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw new TextFileError("it is a folder");
  const kind = stats.isFIFO() ? "named pipe" : stats.isSocket() ? "socket" : "device";
  throw new TextFileError(`it is a ${kind}, not a file`);
}

function readText(file: number): string {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const count = readPiece(file, piece);
    if (count === 0) return decodeText(Buffer.concat(pieces, bytes));
    bytes += count;
    if (bytes > LONGEST_TEXT_BYTES) throw new TextFileError(`it is larger than ${LONGEST_TEXT_BYTES / 2 ** 20} MiB`);
    pieces.push(piece.subarray(0, count));
  }
}

function readPiece(file: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(file, piece);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Windows reports the end of a pipe this way.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MILLISECONDS);
    }
  }
}

/** Finds the index of the first invalid byte by bisection. */
function firstWrongByte(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  const fits = (length: number) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
