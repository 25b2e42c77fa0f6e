import { parsePath } from "../../asl/json-path";
import { parseTimestamp } from "../../asl/timestamps";
import { type Json, type JsonObject, plainNumbers, stringifyJson } from "../../base/json";
import { parsed, type Scope, select } from "./paths";
import { StatesError } from "./states-error";

/**
 * Returns the milliseconds that a Wait lasts; 0 if its time has passed. The errors are in AWS's words.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
 */
export function waitingTime(state: JsonObject, scope: Scope, now: number): number {
  if (state.Seconds !== undefined) return milliseconds(state.Seconds as number);
  return milliseconds(
    state.SecondsPath === undefined
      ? Math.max(0, endOf(state, scope) - now) / 1000
      : secondsAt(state.SecondsPath as string, scope),
  );
}

/** Returns the milliseconds of a Wait. */
export function milliseconds(seconds: number): number {
  if (seconds > LONGEST_SECONDS) fail("Wait state delay is too long.");
  return seconds * 1000;
}

/** 68 years. AWS refused more in a recording. */
const LONGEST_SECONDS = 2 ** 31 - 1;

function endOf(state: JsonObject, scope: Scope): number {
  return state.TimestampPath === undefined
    ? moment("Timestamp parameter is not", state.Timestamp as string)
    : timestampAt(state.TimestampPath as string, scope);
}

function secondsAt(path: string, scope: Scope): number {
  const value = plainNumbers(valueAt("SecondsPath", path, scope));
  if (!Number.isInteger(value))
    fail(`The SecondsPath parameter cannot be parsed as a long value: ${path} == ${show(value)}`);
  const seconds = value as number;
  if (seconds < 0) fail(`The SecondsPath parameter references a negative value: ${path} == ${seconds}`);
  return seconds;
}

function timestampAt(path: string, scope: Scope): number {
  const value = valueAt("TimestampPath", path, scope);
  return moment("TimestampPath parameter does not reference", value, `${path} == `);
}

function moment(what: string, value: Json, where = ""): number {
  const nanoseconds = typeof value === "string" ? parseTimestamp(value) : null;
  if (nanoseconds !== null) return Number(nanoseconds / 1_000_000n);
  return fail(`The ${what} a valid ISO-8601 extended offset date-time format string: ${where}${show(value)}`);
}

function valueAt(field: string, path: string, scope: Scope): Json {
  const value = select(parsed(parsePath, path), scope);
  return value === undefined ? fail(`The ${field} parameter does not reference an input value: ${path}`) : value;
}

function show(value: Json): string {
  return typeof value === "string" ? value : stringifyJson(value);
}

function fail(cause: string): never {
  throw new StatesError("States.Runtime", cause);
}
