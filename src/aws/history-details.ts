/** Reads the details of the events in a history. Pure. */
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { asObject, type Json, type JsonObject } from "../base/json";
import { parseMachineJson } from "../base/read-json";
import { countOf, textOf } from "./answers";
import type { Failure } from "./visits";

/** The fields of details that are read, for all types of events. */
export interface Details
  extends Partial<Record<(typeof TEXTS)[number], string> & Record<(typeof NUMBERS)[number], number>> {
  /** The variables that a state has set, if any. */
  readonly assigned?: JsonObject;
}

/** Returns the details of an event, from the field that is named after its type. Leaves out fields without the documented type. */
export function detailsOf(event: HistoryEvent): Details {
  const details: unknown = Object.entries(event).find(([field]) => field.endsWith("EventDetails"))?.[1];
  const fields: Readonly<Record<string, unknown>> = { ...(details as object | null | undefined) };
  return {
    ...Object.fromEntries([
      ...TEXTS.map((field) => [field, textOf(fields[field])]),
      ...NUMBERS.map((field) => [field, countOf(fields[field])]),
    ]),
    ...assignedIn(fields.assignedVariables),
  };
}

export function failureOf({ error = "", cause = "" }: Details, at: number): Failure {
  return { error, cause, at };
}

/** Reads the failure from the output of a Catch, if it is the whole output. */
export function caughtFailure(output: string | undefined, at: number): Failure {
  const { Error: error, Cause: cause } = asObject(parsed(output));
  return { error: textOf(error) ?? "", cause: textOf(cause) ?? "", at };
}

/** Parses JSON. Returns the text itself if AWS has cut it off. */
export function parsed(text: string | undefined): Json {
  const value = whole(text);
  return value === undefined ? (text ?? null) : value;
}

/** Parses JSON. Returns nothing if there is no text, or if AWS has cut it off. */
export function whole(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return parseMachineJson(text);
  } catch {
    return undefined;
  }
}

// --- internal ---

const TEXTS = ["name", "input", "output", "error", "cause", "resourceType", "mapRunArn"] as const;
const NUMBERS = ["index", "length", "redriveCount"] as const;

/** The value of each variable is JSON. */
function assignedIn(variables: unknown): Pick<Details, "assigned"> {
  if (typeof variables !== "object" || variables === null || Object.keys(variables).length === 0) return {};
  const values = Object.entries(variables).map(([name, value]) => [name, parsed(textOf(value))]);
  return { assigned: Object.fromEntries(values) as JsonObject };
}
