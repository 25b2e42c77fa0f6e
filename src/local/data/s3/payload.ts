/** The body of a request, checked against everything that the request says of it. */
import { createHash } from "node:crypto";
import { ObjectStoreError } from "../object-store";
import { decodeChunks } from "./aws-chunked";
import { CHECKSUMS, type Checksum } from "./checksums";
import type { S3Request } from "./s3-request";
import { isSame, type Signed } from "./signature";

export interface Payload {
  /** Yields the content. Throws after the last piece if a hash, a checksum, a signature or the length is wrong. */
  readonly content: AsyncIterable<Uint8Array>;
  /** The checksums that were checked, by header, when the content has ended. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** Returns the body of a request. */
export function payloadOf(request: S3Request, signed: Signed): Payload {
  const checksums: Record<string, string> = {};
  return { content: checkedContent(request, signed, checksums), checksums };
}

/** Returns the content as text. @throws ObjectStoreError EntityTooLarge */
export async function textOfPayload({ content }: Payload): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size > LONGEST_TEXT_BYTES)
      throw new ObjectStoreError("EntityTooLarge", `The body has more than ${LONGEST_TEXT_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

// --- internal ---

/** 1,000 keys of 1,024 bytes, each of which may be an entity, or 10,000 parts with their checksums. */
const LONGEST_TEXT_BYTES = 8 * 1024 * 1024;

/** The kinds of `x-amz-content-sha256` for bodies in chunks, and whether the chunks are signed. */
const CHUNKED: ReadonlyMap<string, boolean> = new Map([
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", true],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", true],
  ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", false],
]);

async function* checkedContent(
  { headers, body }: S3Request,
  signed: Signed,
  verified: Record<string, string>,
): AsyncGenerator<Uint8Array> {
  const { payload } = signed;
  const isHash = /^[0-9a-f]{64}$/.test(payload);
  const hasSignedChunks = CHUNKED.get(payload);
  if (!isHash && hasSignedChunks === undefined && payload !== "UNSIGNED-PAYLOAD") {
    throw new ObjectStoreError(
      "NotImplemented",
      `The endpoint of the local run does not know x-amz-content-sha256: ${payload}`,
    );
  }
  // The value of a trailer comes after the content, but its name before.
  const announced = (headers["x-amz-trailer"] ?? "").toLowerCase().split(/ *, */);
  const stated: Record<string, string> = { ...headers };
  const running = Object.entries(CHECKSUMS).flatMap(([name, create]): [string, Checksum][] =>
    name in headers || announced.includes(name) ? [[name, create()]] : [],
  );
  const hash = createHash("sha256");
  let size = 0;
  const isChunked = hasSignedChunks !== undefined;
  const trailer = (name: string, value: string) => {
    stated[name] = value;
  };
  const content = isChunked ? decodeChunks(body, hasSignedChunks ? signed : null, trailer) : body;
  for await (const piece of content) {
    size += piece.length;
    if (isHash) hash.update(piece);
    for (const [, checksum] of running) checksum.update(piece);
    yield piece;
  }
  if (isHash && !isSame(hash.digest("hex"), payload)) {
    throw new ObjectStoreError(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const length = isChunked ? headers["x-amz-decoded-content-length"] : headers["content-length"];
  if (length !== undefined && Number(length) !== size) {
    throw new ObjectStoreError("IncompleteBody", `The body has ${size} bytes, not ${length} as the request says`);
  }
  for (const [name, checksum] of running) {
    const value = await checksum.digest();
    if (value !== stated[name])
      throw new ObjectStoreError("BadDigest", `The ${name} you specified did not match the calculated checksum.`);
    verified[name] = value;
  }
}
