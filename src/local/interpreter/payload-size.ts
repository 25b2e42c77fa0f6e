import type { Json } from "../../base/json";
import { MAX_DEPTH } from "../../base/read-json";
import { StatesError } from "./states-error";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html ("Maximum input or output size") */
export const MAX_PAYLOAD_BYTES = 262_144;

/**
 * Refuses data that Step Functions does not take for its size, or that is nested so deeply that a recursion over it could
 * overflow. `subject` begins the cause, as AWS words it.
 */
export function checkPayload(value: Json, subject: string): void {
  const { bytes, depth } = measure(value);
  if (bytes > MAX_PAYLOAD_BYTES) {
    const cause = `${subject} exceeding the maximum number of bytes service limit.`;
    throw new StatesError("States.DataLimitExceeded", cause);
  }
  if (depth > MAX_DEPTH) {
    throw new StatesError("States.Runtime", `${subject} that is nested more than ${MAX_DEPTH} levels deep`);
  }
}

// --- internal ---

interface Measure {
  /** As JSON in UTF-8, without blanks. */
  readonly bytes: number;
  /** How many lists and objects stand inside each other. */
  readonly depth: number;
}

const measures = new WeakMap<object, Measure>();

/**
 * Measures a list or an object once, so that a large one can be handed to thousands of states; it must not be changed
 * afterwards. What states make of data is a few levels deeper than data that was measured before.
 */
function measure(value: Json): Measure {
  if (value === null || typeof value !== "object") return { bytes: Buffer.byteLength(JSON.stringify(value)), depth: 0 };
  let known = measures.get(value);
  if (known === undefined) {
    known = measureContent(value);
    measures.set(value, known);
  }
  return known;
}

function measureContent(value: Json[] | { [key: string]: Json }): Measure {
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  const parts = Object.values(value).map(measure);
  const separators = keys.length * ":".length + Math.max(0, parts.length - 1);
  const bytes = "[]".length + separators + keys.reduce((sum, key) => sum + measure(key).bytes, 0);
  return {
    bytes: parts.reduce((sum, part) => sum + part.bytes, bytes),
    depth: 1 + parts.reduce((most, part) => Math.max(most, part.depth), 0),
  };
}
