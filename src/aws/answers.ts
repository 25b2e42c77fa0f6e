/**
 * Reads fields of AWS's answers. A proxy, an emulator or a later version of AWS can leave a field out or change its type. The
 * clients do not check that.
 */
import { UsageError } from "../base/errors";

/** Returns the objects of a list; an empty list for any other value. */
export function listOf<T extends object>(value: readonly T[] | null | undefined): readonly T[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Returns a count: a whole number of at least 0. */
export function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** Returns milliseconds since 1970, from a Date or from such a number. */
export function timeOf(value: unknown): number | undefined {
  const time = value instanceof Date ? value.getTime() : value;
  return typeof time === "number" && Math.abs(time) <= LATEST_TIME ? time : undefined;
}

/** @throws UsageError if an answer lacks a field that is needed */
export function required<T>(value: T | undefined, field: string): T {
  if (value !== undefined) return value;
  throw new UsageError(
    `AWS gave an answer that the command does not understand: it has no \`${field}\`; check AWS_ENDPOINT_URL and the proxy`,
  );
}

/** The limit of a Date. */
const LATEST_TIME = 8.64e15;
