/** The events of a kept run as lines of JSON. */
import { isObject, stringifyJson } from "../../base/json";
import { parseMachineJson } from "../../base/read-json";
import type { ExecutionEvent } from "../../execution/events";

/** Returns an event as one line of JSON, without a line end. Numbers keep their digits. */
export function eventLine(event: ExecutionEvent): string {
  if (event.type !== "job-log") return stringifyJson(event);
  const { bytes, ...rest } = event;
  // Most lines say the same as their bytes.
  if (bytes === undefined || bytes.equals(Buffer.from(`${event.line}\n`))) return JSON.stringify(rest);
  return JSON.stringify({ ...rest, bytes: bytes.toString("base64") });
}

/** Returns the event of a line; `null` if the line holds none, as in a damaged file. */
export function eventOf(line: string): ExecutionEvent | null {
  let event: unknown;
  try {
    event = parseMachineJson(line);
  } catch {
    return null;
  }
  if (!isObject(event) || typeof event.type !== "string" || typeof event.at !== "number") return null;
  if (typeof event.bytes !== "string") return event as unknown as ExecutionEvent;
  return { ...event, bytes: Buffer.from(event.bytes, "base64") } as unknown as ExecutionEvent;
}
