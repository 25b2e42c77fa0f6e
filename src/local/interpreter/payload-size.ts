import { ExactNumber } from "../../base/exact-number";
import { isTree, type Json, type JsonObject, stringifyJson } from "../../base/json";
import { MAX_DEPTH } from "../../base/nesting";
import { StatesError } from "./states-error";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html ("Maximum input or output size") */
export const MAX_PAYLOAD_BYTES = 262_144;

/** To measure a smaller value again takes less than to remember it. */
const LARGE_BYTES = 4096;

const measures = new WeakMap<object, Measure>();

/**
 * Refuses data that is too large for Step Functions, or nested so deeply that a recursion over it could overflow. `subject` is
 * the beginning of the cause in AWS's words.
 */
export function checkPayload(value: Json, subject: string): void {
  const { bytes, depth } = measure(value);
  if (bytes > MAX_PAYLOAD_BYTES) throw tooLarge(subject);
  if (depth > MAX_DEPTH) {
    throw new StatesError("States.Runtime", `${subject} that is nested more than ${MAX_DEPTH} levels deep`);
  }
}

/** Returns the error of data that is too large. */
export function tooLarge(subject: string): StatesError {
  return new StatesError("States.DataLimitExceeded", `${subject} exceeding the maximum number of bytes service limit.`);
}

/** Returns whether a value is or contains an exact number. */
export function holdsExact(value: Json): boolean {
  if (!isTree(value)) return value instanceof ExactNumber;
  // Most data was measured when it came in. The rest is small.
  return measures.get(value)?.holdsExact ?? Object.values(value).some(holdsExact);
}

/** Returns the size of a value as JSON in UTF-8, without blanks. Of a very long text, it counts the characters. */
export function payloadBytes(value: Json): number {
  return measure(value).bytes;
}

// --- internal ---

interface Measure {
  /** The size as JSON in UTF-8, without blanks. */
  readonly bytes: number;
  /** The number of nested lists and objects. */
  readonly depth: number;
  readonly holdsExact: boolean;
}

/**
 * Measures a large list or object once, so that thousands of states can take a large one. Nothing may change it afterwards. States
 * add only a few levels to data that was measured before.
 */
function measure(value: Json): Measure {
  // A text can be too long to be written as JSON.
  if (typeof value === "string" && value.length > MAX_PAYLOAD_BYTES) {
    return { bytes: value.length, depth: 0, holdsExact: false };
  }
  if (value instanceof ExactNumber) return { bytes: stringifyJson(value).length, depth: 0, holdsExact: true };
  if (!isTree(value)) return { bytes: Buffer.byteLength(JSON.stringify(value)), depth: 0, holdsExact: false };
  let known = measures.get(value);
  if (known === undefined) {
    known = measureContent(value);
    if (known.bytes > LARGE_BYTES) measures.set(value, known);
  }
  return known;
}

function measureContent(value: Json[] | JsonObject): Measure {
  let [bytes, depth, exact] = ["[]".length, 0, false];
  const add = (part: Json) => {
    if (typeof part === "string") {
      bytes += textBytes(part);
      return;
    }
    if (typeof part === "boolean" || Number.isSafeInteger(part)) {
      bytes += String(part).length;
      return;
    }
    const inner = measure(part);
    bytes += inner.bytes;
    depth = Math.max(depth, inner.depth);
    exact ||= inner.holdsExact;
  };
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) add(item);
    count = value.length;
  } else {
    for (const key of Object.keys(value)) {
      bytes += textBytes(key) + ":".length;
      add(value[key]!);
      count += 1;
    }
  }
  return { bytes: bytes + Math.max(0, count - 1), depth: depth + 1, holdsExact: exact };
}

function textBytes(text: string): number {
  const { length } = text;
  if (length > MAX_PAYLOAD_BYTES) return length;
  for (let index = 0; index < length; index += 1) {
    if (!isPlain(text.charCodeAt(index))) return Buffer.byteLength(JSON.stringify(text));
  }
  return length + 2;
}

/** Returns whether JSON writes a character as it is, with one byte. */
function isPlain(code: number): boolean {
  return code >= 0x20 && code <= 0x7e && code !== QUOTE && code !== BACKSLASH;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
