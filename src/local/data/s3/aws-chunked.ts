/**
 * Decodes `aws-chunked` bodies: pieces with their sizes and signatures, and trailing headers at the end.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
import { createHash } from "node:crypto";
import { ObjectStoreError } from "../object-store";
import { isSame, type Signed, sha256 } from "./signature";

/** Receives the trailing headers, by lower-case name. */
export type TrailerSink = (name: string, value: string) => void;

/**
 * Yields the content of a body.
 *
 * @param signed the request, if its chunks are signed; `null` if they are not
 * @throws ObjectStoreError SignatureDoesNotMatch for a chunk with a wrong signature, IncompleteBody for a body that breaks off
 */
export async function* decodeChunks(
  body: AsyncIterable<Uint8Array>,
  signed: Signed | null,
  trailer: TrailerSink,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(body);
  try {
    yield* chunks(reader, signed, trailer);
  } finally {
    await reader.close();
  }
}

// --- internal ---

const LONGEST_LINE_BYTES = 8192;
const EMPTY = sha256("");
const TRAILER_SIGNATURE = "x-amz-trailer-signature";

async function* chunks(reader: ByteReader, signed: Signed | null, trailer: TrailerSink): AsyncGenerator<Uint8Array> {
  let previous = signed?.signature ?? "";
  for (let isLast = false; !isLast; ) {
    const { size, signature } = parseHead(await reader.line());
    const hash = createHash("sha256");
    for await (const piece of reader.bytes(size)) {
      hash.update(piece);
      yield piece;
    }
    isLast = size === 0;
    if (!isLast && (await reader.line()) !== "") throw broken("a chunk is longer than its size");
    if (signed === null) continue;
    const expected = signed.sign("AWS4-HMAC-SHA256-PAYLOAD", `${previous}\n${EMPTY}\n${hash.digest("hex")}`);
    refuseWrong(expected, signature, "a chunk");
    previous = signature;
  }
  await readTrailers(reader, signed, previous, trailer);
}

async function readTrailers(
  reader: ByteReader,
  signed: Signed | null,
  previous: string,
  trailer: TrailerSink,
): Promise<void> {
  let [text, signature] = ["", ""];
  for (let line = await reader.line(); line !== ""; line = await reader.line()) {
    const [name = "", ...rest] = line.split(":");
    const value = rest.join(":").trim();
    if (name.toLowerCase() === TRAILER_SIGNATURE) {
      signature = value;
    } else {
      text += `${name.toLowerCase()}:${value}\n`;
      trailer(name.toLowerCase(), value);
    }
  }
  if (text === "" || signed === null) return;
  refuseWrong(signed.sign("AWS4-HMAC-SHA256-TRAILER", `${previous}\n${sha256(text)}`), signature, "the trailer");
}

function parseHead(line: string): { readonly size: number; readonly signature: string } {
  const [, size, signature = ""] = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line) ?? [];
  if (size === undefined) throw broken("a chunk begins without its size");
  return { size: Number.parseInt(size, 16), signature };
}

function refuseWrong(expected: string, signature: string, what: string): void {
  if (isSame(expected, signature)) return;
  throw new ObjectStoreError("SignatureDoesNotMatch", `The signature of ${what} does not match`);
}

function broken(why: string) {
  return new ObjectStoreError("IncompleteBody", `The body is no aws-chunked content: ${why}`);
}

/** Reads lines and counted bytes from a stream. Keeps no more than one piece of the stream and one line. */
class ByteReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(body: AsyncIterable<Uint8Array>) {
    this.pieces = body[Symbol.asyncIterator]();
  }

  /** Returns a line without its CRLF. The end of the body ends a line, too. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.rest.indexOf("\r\n");
      if (end >= 0) {
        const line = this.rest.toString("latin1", 0, end);
        this.rest = this.rest.subarray(end + 2);
        return line;
      }
      if (this.rest.length > LONGEST_LINE_BYTES) throw broken("a line is too long");
      const piece = await this.pieces.next();
      if (piece.done) break;
      this.rest = Buffer.concat([this.rest, piece.value]);
    }
    if (this.rest.length > 0) throw broken("it ends in the middle of a line");
    return "";
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.pieces.return?.();
  }

  async *bytes(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0; ) {
      if (this.rest.length === 0) {
        const piece = await this.pieces.next();
        if (piece.done) throw broken("it ends in the middle of a chunk");
        this.rest = Buffer.from(piece.value);
      }
      const piece = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
}
