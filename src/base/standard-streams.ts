/** Guards the standard streams of this process, and reports failed writes. */
import { fstatSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";
import { isatty } from "node:tty";
import { whyItFailed } from "./file-errors";

type Stream = NodeJS.WriteStream;

/** A standard stream, or the replacement of one that is redirected to a file. */
type Guarded = NodeJS.WritableStream & Partial<Pick<Stream, "isTTY" | "columns" | "rows">>;

/**
 * Guards the standard streams: a failed write never throws.
 *
 * - If the reader of standard output has gone, as `head` does, this is not a failure.
 * - If the terminal behind standard error has gone, this process gets a SIGHUP. Otherwise jobs would continue unseen.
 * - Any other failure, such as a full disk, is reported once on standard error. The exit code is then 1.
 *
 * `endWith` sets the exit code of this process.
 */
export function guardStandardStreams(): {
  readonly stdout: Guarded;
  readonly stderr: Guarded;
  readonly endWith: (exitCode: number) => void;
} {
  let isFailed = false;
  const fail = (name: string, error: Error) => {
    process.exitCode = 1;
    if (isFailed) return;
    isFailed = true;
    stderr.write(`${name} cannot be written: ${whyItFailed(error)}\n`);
  };
  const stdout = guard(process.stdout, 1, (error) => {
    if (error.code !== "EPIPE") fail("standard output", error);
  });
  let isHungUp = false;
  const stderr = guard(process.stderr, 2, (error) => {
    if (!GONE.has(error.code ?? "")) return fail("standard error", error);
    if (!isHungUp) process.kill(process.pid, "SIGHUP");
    isHungUp = true;
  });
  return {
    stdout,
    stderr,
    endWith: (exitCode) => {
      process.exitCode = isFailed ? 1 : exitCode;
    },
  };
}

// --- internal ---

const GONE: ReadonlySet<string> = new Set(["EPIPE", "EIO", "ERR_STREAM_DESTROYED", "ECONNRESET"]);

type FailureListener = (error: NodeJS.ErrnoException) => void;

function guard(stream: Stream, descriptor: number, failed: FailureListener): Guarded {
  if (isFile(descriptor)) return fileStream(descriptor, failed);
  stream.on("error", failed);
  return stream;
}

/** Returns whether a stream is a file, or a device other than a terminal. */
function isFile(descriptor: number): boolean {
  const stats = fstatSync(descriptor);
  return stats.isFile() || (stats.isCharacterDevice() && !isatty(descriptor));
}

/** Replaces Node's stream for a file, which drops the rest of a write when the disk is full. */
function fileStream(descriptor: number, failed: FailureListener): Writable {
  return new Writable({
    write(chunk: Buffer, _, done) {
      try {
        writeFileSync(descriptor, chunk);
      } catch (error) {
        failed(error as NodeJS.ErrnoException);
      }
      done();
    },
  });
}
