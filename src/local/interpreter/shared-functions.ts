/** The common part of the intrinsic functions of JSONPath and the functions of JSONata. */
import { createHash } from "node:crypto";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html (ArrayRange) */
export const MAX_RANGE = 1000;

/** The algorithms of `States.Hash` and `$hash`. */
export const HASHES: readonly string[] = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"];

/** Returns the hash of a text in hexadecimal digits. */
export function digest(text: string, algorithm: string): string {
  return createHash(algorithm.replace("SHA-", "sha")).update(text).digest("hex");
}

/** Splits a list into lists of at most `size` items. */
export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) =>
    items.slice(chunk * size, (chunk + 1) * size),
  );
}

/** Returns how many numbers there are from `first` to `last`, both included. */
export function rangeLength(first: number, last: number, step: number): number {
  return Math.max(0, Math.floor((last - first) / step) + 1);
}

/** Returns a number from 0 up to 1, always the same for a seed. AWS does not document its own numbers. */
export function seeded(seed: number): number {
  return createHash("sha256").update(String(seed)).digest().readUIntBE(0, 6) / 2 ** 48;
}
