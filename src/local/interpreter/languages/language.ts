import type { State } from "../../../asl/document";
import { asObject, type Json, type JsonObject } from "../../../base/json";
import type { Variables } from "../variables";

export type NumberKind = "integer" | "float";

/** The data that the fields of a state can read. */
export interface StateData {
  readonly state: State;
  /** The input of the state, as it arrived. */
  readonly input: Json;
  readonly context: JsonObject;
  readonly variables: Variables;
}

/** The output of a state, and its effects. */
export interface Departure {
  readonly output: Json;
  /** The variables to assign, by name. */
  readonly assigned: JsonObject;
}

/** The output of a failed state, for the state that handles the error. */
export interface ErrorOutput extends JsonObject {
  readonly Error: string | null;
  readonly Cause: string | null;
}

/** Returns a part of a state by the names that lead to it. */
export function partOf(state: State, names: string): JsonObject {
  return names.split("/").reduce<JsonObject>((part, name) => asObject(part[name]), state);
}

/**
 * Evaluates the fields of a state for one attempt. Each query language has its own; the types of states know nothing of it.
 * Every function throws a StatesError in AWS's words if a field cannot be evaluated.
 */
export interface StateFields {
  /** The input that a state without a request works on. */
  readonly input: Json;
  /** Returns the request of a Task, the input of the branches of a Parallel, and the result of a Pass. */
  arguments(): Promise<Json>;
  /** Returns the request of a part of the state, such as `ItemReader`. */
  requestOf(part: string): Promise<Json>;
  /**
   * Returns a number of the state or of one of its parts, such as `ItemReader/ReaderConfig`; `undefined` if there is none. It is
   * within the limits of its field.
   */
  number(name: string, kind: NumberKind, part?: string): Promise<number | undefined>;
  /** Returns a text; "" if there is none. */
  text(name: "Error" | "Cause"): Promise<string>;
  /** Returns the value of a field that may contain expressions. `context` replaces the context object. */
  template(value: Json, name: string, context?: JsonObject): Promise<Json>;
  /** Returns the items of a Map: a list. The members of an object are items of a distributed Map. */
  items(): Promise<Json[] | JsonObject>;
  /** Returns the template of the input of each item; `undefined` if it is the item itself. */
  itemSelector(): Json | undefined;
  /** Returns the milliseconds that a Wait lasts; 0 if its time has passed. */
  waitingTime(now: number): Promise<number>;
  /** Returns the first rule of a Choice that holds; `null` if none does. */
  rule(): Promise<JsonObject | null>;
  /** Returns what the state leaves behind. A rule of a Choice may replace the fields of the state. */
  leave(result: Json, rule: JsonObject | null): Promise<Departure>;
  /** Returns what the state leaves behind when an item of its Catch takes an error. */
  caught(catcher: JsonObject, error: ErrorOutput): Promise<Departure>;
}
