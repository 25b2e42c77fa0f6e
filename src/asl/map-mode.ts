/** The mode of a Map, from the ProcessorConfig of its ItemProcessor. */
import { asObject, type Json, type JsonObject } from "../base/json";

/** The configuration of a Map, as written in the document. The mode may be misspelled. */
export interface MapConfig {
  readonly mode: Json;
  readonly executionType: Json | undefined;
  /** JSON pointer of the ProcessorConfig, relative to the state. */
  readonly pointer: string;
}

/** Returns whether a state is a Map that starts an execution of its own for each item. */
export function isDistributed(state: JsonObject): boolean {
  return state.Type === "Map" && mapConfig(state).mode === "DISTRIBUTED";
}

/** Returns the configuration of a Map. `Iterator` is the older name of `ItemProcessor`. */
export function mapConfig(state: JsonObject): MapConfig {
  const field = state.ItemProcessor === undefined ? "Iterator" : "ItemProcessor";
  const { Mode = "INLINE", ExecutionType } = asObject(asObject(state[field]).ProcessorConfig);
  return { mode: Mode, executionType: ExecutionType, pointer: `/${field}/ProcessorConfig` };
}
