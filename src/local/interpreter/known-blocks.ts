/** The blocks of a redriven execution of which earlier events tell the output or the progress. */
import type { Json, JsonObject } from "../../base/json";
import type { Place } from "../../execution/events";

/** The known part of a block of states: its output, or the state at which it goes on. */
export type KnownBlock =
  | { readonly output: Json }
  | {
      /** The state that did not succeed. */
      readonly state: string;
      /** The input of that state; `null` if it is the input of the block. */
      readonly input: { readonly value: Json } | null;
      /** The variables that the states before it have set. */
      readonly assigned: JsonObject;
    };

/** Everything is told once: a state that is tried again starts from nothing. */
export interface KnownBlocks {
  /** Returns the known part of the block that starts with a state; `null` if the block has to start. */
  readonly block: (start: Place) => KnownBlock | null;
  /** Returns the ARN of the Map Run that goes on, and whether `map-started` was told. */
  readonly map: (place: Place) => { readonly isStarted: boolean; readonly mapRunArn: string | null };
  /** An attempt at a state has ended. */
  readonly forget: (place: Place) => void;
}
