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
 * Measures a value; a large list or object once, so that thousands of states can take a large one. Nothing may change it afterwards.
 * States add only a few levels to data that was measured before.
 */
function measure(value: Json): Measure {
  const known = isTree(value) ? measures.get(value) : undefined;
  return known ?? new Measuring(value);
}

/** Adds up a value. It makes nothing on the way, because every state measures its data. */
class Measuring implements Measure {
  bytes = 0;
  holdsExact = false;
  readonly depth: number;

  constructor(value: Json) {
    this.depth = this.add(value);
  }

  /** Adds a part, and returns its depth. */
  private add(part: Json): number {
    if (isTree(part)) return this.addTree(part);
    if (typeof part === "string") {
      this.bytes += textBytes(part);
    } else if (typeof part === "boolean" || Number.isSafeInteger(part)) {
      this.bytes += String(part).length;
    } else {
      this.bytes += stringifyJson(part).length;
      this.holdsExact ||= part instanceof ExactNumber;
    }
    return 0;
  }

  private addTree(part: Json[] | JsonObject): number {
    const known = measures.get(part);
    if (known !== undefined) {
      this.bytes += known.bytes;
      this.holdsExact ||= known.holdsExact;
      return known.depth;
    }
    const [start, before] = [this.bytes, this.holdsExact];
    this.holdsExact = false;
    const depth = 1 + (Array.isArray(part) ? this.addItems(part) : this.addMembers(part));
    const bytes = this.bytes - start;
    if (bytes > LARGE_BYTES) measures.set(part, { bytes, depth, holdsExact: this.holdsExact });
    this.holdsExact ||= before;
    return depth;
  }

  private addItems(items: readonly Json[]): number {
    let depth = 0;
    for (const item of items) depth = Math.max(depth, this.add(item));
    this.bytes += "[]".length + Math.max(0, items.length - 1);
    return depth;
  }

  private addMembers(members: JsonObject): number {
    let [depth, count] = [0, 0];
    for (const key in members) {
      if (!Object.hasOwn(members, key)) continue;
      this.bytes += textBytes(key) + ":".length;
      depth = Math.max(depth, this.add(members[key]!));
      count += 1;
    }
    this.bytes += "{}".length + Math.max(0, count - 1);
    return depth;
  }
}

function textBytes(text: string): number {
  const { length } = text;
  if (length > MAX_PAYLOAD_BYTES) return length;
  return NOT_PLAIN.test(text) ? Buffer.byteLength(JSON.stringify(text)) : length + '""'.length;
}

/** A character that JSON does not write as it is, or that has more than one byte. */
const NOT_PLAIN = /[^ !#-[\]-~]/;
