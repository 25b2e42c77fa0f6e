/** The checksums that a request can carry. */

import { createHash } from "node:crypto";
import { Crc32, Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";

/** Computes a checksum, piece by piece. */
export interface Checksum {
  update(piece: Uint8Array): void;
  /** Returns the checksum in Base64. */
  digest(): Promise<string>;
}

/**
 * Checksums by the name of their header, which S3 also allows as a trailer. The endpoint does not check other algorithms.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export const CHECKSUMS: Readonly<Record<string, () => Checksum>> = {
  "content-md5": () => hash("md5"),
  "x-amz-checksum-crc32": () => crc(new Crc32()),
  "x-amz-checksum-crc32c": () => crc(new Crc32c()),
  "x-amz-checksum-crc64nvme": () => crc(new Crc64Nvme()),
  "x-amz-checksum-sha1": () => hash("sha1"),
  "x-amz-checksum-sha256": () => hash("sha256"),
};

// --- internal ---

function hash(algorithm: string): Checksum {
  const state = createHash(algorithm);
  return { update: (piece) => void state.update(piece), digest: async () => state.digest("base64") };
}

function crc(state: { update(piece: Uint8Array): void; digest(): Promise<Uint8Array> }): Checksum {
  return {
    update: (piece) => state.update(piece),
    digest: async () => Buffer.from(await state.digest()).toString("base64"),
  };
}
