/** JSON values: their types and common operations on them. */

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

/** Returns whether a value is an object: not null, and not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the value if it is an object, and else an empty object. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Returns the objects of a list; an empty list for any other value. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Returns a copy of a value with every string in it replaced. Keys stay as they are. */
export function mapStrings(value: Json, replace: (text: string) => string): Json {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, replace));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, replace)]));
}

/** Formats a value as indented JSON. Control characters that a terminal would act on are escaped. */
export function formatJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  const escaped = (control: string) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${json.replaceAll(/(?!\n)[\p{Cc}\p{Bidi_Control}]/gu, escaped)}\n`;
}

/** Returns how many objects and lists are nested in a value. It does not recurse, so it can measure any value. */
export function depthOf(value: unknown): number {
  let depth = 0;
  let level = [value];
  for (;;) {
    const holders = level.filter((one) => one !== null && typeof one === "object");
    if (holders.length === 0) return depth;
    depth += 1;
    level = holders.flatMap((one) => Object.values(one as object));
  }
}

/** Returns a key as a segment of a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Returns the key of a segment of a JSON pointer. */
export function unescapePointer(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}
