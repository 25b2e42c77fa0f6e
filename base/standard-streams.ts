/** The standard streams of this process, which report what they cannot write. */
import { fstatSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";
import { isatty } from "node:tty";
import { whyItFailed } from "./file-errors";

type Stream = NodeJS.WriteStream;

/** A standard stream, or what stands in for one that is redirected to a file. */
type Guarded = NodeJS.WritableStream & Partial<Pick<Stream, "isTTY" | "columns" | "rows">>;

/**
 * Guards the standard streams: a failed write never throws.
 *
 * - The reader of standard output has gone, as `head` does: this is no failure.
 * - The terminal behind standard error has gone: `hungUp` is called once.
 * - Anything else, such as a full disk: it is said on standard error once, and `failed` is called.
 */
export function guardStandardStreams(on: { readonly hungUp: () => void; readonly failed: () => void }): {
  readonly stdout: Guarded;
  readonly stderr: Guarded;
} {
  let isSaid = false;
  const fail = (name: string, error: Error) => {
    on.failed();
    if (isSaid) return;
    isSaid = true;
    stderr.write(`${name} cannot be written: ${whyItFailed(error)}\n`);
  };
  const stdout = guard(process.stdout, 1, (error) => {
    if (error.code !== "EPIPE") fail("standard output", error);
  });
  let isHungUp = false;
  const stderr = guard(process.stderr, 2, (error) => {
    if (!GONE.has(error.code ?? "")) return fail("standard error", error);
    if (!isHungUp) on.hungUp();
    isHungUp = true;
  });
  return { stdout, stderr };
}

// --- internal ---

const GONE: ReadonlySet<string> = new Set(["EPIPE", "EIO", "ERR_STREAM_DESTROYED", "ECONNRESET"]);

type FailureListener = (error: NodeJS.ErrnoException) => void;

function guard(stream: Stream, descriptor: number, failed: FailureListener): Guarded {
  if (isFile(descriptor)) return fileStream(descriptor, failed);
  stream.on("error", failed);
  return stream;
}

/** A file, or a device that is no terminal. */
function isFile(descriptor: number): boolean {
  const stats = fstatSync(descriptor);
  return stats.isFile() || (stats.isCharacterDevice() && !isatty(descriptor));
}

/** Node's own stream for a file drops the rest of a write for which the disk has no space. */
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
