import type { Json, JsonObject } from "../../base/json";

/** The state at which an execution begins, if it is not the first state of its document. */
export interface StartPoint {
  readonly state: string;
  /** The item in each Map around the state. */
  readonly indices: readonly number[];
  /** The input of the state. */
  readonly input: Json;
  /** The variables that the state can read. */
  readonly variables: JsonObject;
  /** The Maps around the state, outermost first. None of them is distributed. */
  readonly around: readonly MapAround[];
  /** The execution ends with this state. */
  readonly isOnly: boolean;
}

/** A Map around a state, as it was entered. */
interface MapAround {
  readonly state: string;
  readonly input: Json;
  readonly variables: JsonObject;
}
