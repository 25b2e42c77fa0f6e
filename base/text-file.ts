/** Files that people write and that are read as text: of a size that fits in memory, in UTF-8. */
import { closeSync, openSync, readSync } from "node:fs";

/** More than any document, input or schema has; `/dev/zero` has more. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** A file cannot be read as text. The message says why, without the name of the file. */
export class TextFileError extends Error {}

/** Reads a file, or an open file by its descriptor. Throws a TextFileError that says in plain words why it cannot. */
export function readTextFile(file: string | number): string {
  return decodeText(readBytes(file));
}

/** Returns the text that bytes in UTF-8 hold, without the mark that some editors begin a file with. */
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

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its name is too long",
};

function readBytes(file: string | number): Uint8Array {
  try {
    const descriptor = typeof file === "number" ? file : openSync(file, "r");
    try {
      return readAll(descriptor);
    } finally {
      if (descriptor !== file) closeSync(descriptor);
    }
  } catch (cause) {
    if (cause instanceof TextFileError) throw cause;
    const { code = "", message } = cause as NodeJS.ErrnoException;
    throw new TextFileError(WHY[code] ?? message, { cause });
  }
}

function readAll(descriptor: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    const read = readChunk(descriptor, chunk);
    if (read === 0) return Buffer.concat(chunks);
    size += read;
    if (size > MAX_FILE_BYTES) throw new TextFileError(`it has more than ${MAX_FILE_BYTES / 1024 / 1024} MiB`);
    chunks.push(chunk.subarray(0, read));
  }
}

/** Waits for a pipe that is set not to block, as standard input can be. */
function readChunk(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** The index of the first byte that no longer fits; found by halving. */
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
