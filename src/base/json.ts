/** JSON values: their types and common operations on them. */
import { ExactNumber } from "./exact-number";

/** Any JSON value. */
export type Json = null | boolean | number | ExactNumber | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

/** Returns whether a value is an object: not null, no list, and no exact number. */
export function isObject(value: unknown): value is JsonObject {
  return isTree(value) && !Array.isArray(value);
}

/** Returns whether a value is a list or an object, which hold other values. */
export function isTree(value: unknown): value is Json[] | JsonObject {
  return typeof value === "object" && value !== null && !(value instanceof ExactNumber);
}

/** The types of JSON. */
export type JsonType = "null" | "boolean" | "number" | "string" | "array" | "object";

/** Returns the type of a value. */
export function typeOf(value: Json): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (value instanceof ExactNumber) return "number";
  return typeof value as Exclude<JsonType, "null" | "array">;
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
  return mapLeaves(value, (leaf) => (typeof leaf === "string" ? replace(leaf) : leaf));
}

/** Returns a copy of a value with JavaScript numbers only. Each exact number becomes the nearest one. */
export function plainNumbers(value: Json): Json {
  return mapLeaves(value, (leaf) => (leaf instanceof ExactNumber ? leaf.toNumber() : leaf));
}

/** Writes a value as JSON, as `JSON.stringify` does, with its exact numbers as they were read. */
export function stringifyJson(value: unknown, indent = 0): string {
  const before = ExactNumber.rounded;
  const text = JSON.stringify(value, null, indent);
  return ExactNumber.rounded === before ? text : write(value, indent, "\n");
}

/** Formats a value as indented JSON. Control characters that a terminal would act on are escaped. */
export function formatJson(value: unknown): string {
  const json = stringifyJson(value, 2);
  // Most results have only such text, and can have many megabytes of it.
  if (!/[^\n -~]/.test(json)) return `${json}\n`;
  const escaped = (control: string) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${json.replaceAll(/(?!\n)[\p{Cc}\p{Bidi_Control}]/gu, escaped)}\n`;
}

/** Returns how many objects and lists are nested in a value. It does not recurse, so it can measure any value. */
export function depthOf(value: unknown): number {
  let depth = 0;
  let level: unknown[] = [value];
  for (;;) {
    const holders = level.filter(isTree);
    if (holders.length === 0) return depth;
    depth += 1;
    level = holders.flatMap((one) => Object.values(one));
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

// --- internal ---

type Leaf = Exclude<Json, Json[] | JsonObject>;

function mapLeaves(value: Json, replace: (leaf: Leaf) => Leaf): Json {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, replace));
  if (!isObject(value)) return replace(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapLeaves(item, replace)]));
}

/** `line` is a line break with the indent of the value. */
function write(value: unknown, indent: number, line: string): string {
  if (value instanceof ExactNumber) return String(value);
  if (!isTree(value)) return JSON.stringify(value) ?? "null";
  const inner = line + " ".repeat(indent);
  const parts = Array.isArray(value)
    ? value.map((item) => write(item, indent, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}:${indent > 0 ? " " : ""}${write(item, indent, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (parts.length === 0 || indent === 0) return `${open}${parts.join(",")}${close}`;
  return `${open}${inner}${parts.join(`,${inner}`)}${line}${close}`;
}
