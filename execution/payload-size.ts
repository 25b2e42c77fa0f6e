import type { Json } from "../workflow/document";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html ("Maximum input or output size") */
export const MAX_PAYLOAD_BYTES = 262_144;

/**
 * The size of a value as JSON in UTF-8, without blanks. That of a list or an object is worked out once, so that a large
 * one can be handed to thousands of states; it must not be changed afterwards.
 */
export function jsonBytes(value: Json): number {
  if (value === null || typeof value !== "object") return Buffer.byteLength(JSON.stringify(value));
  let size = sizes.get(value);
  if (size === undefined) {
    size = sizeOfContent(value);
    sizes.set(value, size);
  }
  return size;
}

const sizes = new WeakMap<object, number>();

function sizeOfContent(value: Json[] | { [key: string]: Json }): number {
  const parts = Array.isArray(value)
    ? value.map(jsonBytes)
    : Object.entries(value).map(([key, inner]) => jsonBytes(key) + ":".length + jsonBytes(inner));
  return "[]".length + parts.reduce((sum, part) => sum + part, 0) + Math.max(0, parts.length - 1);
}
