import type { State, States } from "../../asl/document";
import type { Clock } from "../../base/clock";
import type { Json, JsonObject } from "../../base/json";
import type { EventSink, Place } from "../../execution/events";
import type { ObjectStore } from "../data/object-store";
import type { EventIds } from "./event-counts";
import type { KnownBlocks } from "./known-blocks";
import type { StateFields } from "./languages/language";
import type { Variables } from "./variables";

/** Everything that surrounds a block of states. */
export interface Surroundings {
  readonly context: JsonObject;
  readonly variables: Variables;
  readonly eventIds: EventIds;
  readonly indices: readonly number[];
  readonly signal: AbortSignal;
}

/** One attempt at a state. */
export interface Attempt extends Surroundings {
  readonly place: Place;
  readonly state: State;
  readonly fields: StateFields;
}

/** The dependencies of states that contain other states. */
export interface BlockRunner {
  readonly clock: Clock;
  readonly emit: EventSink;
  readonly uuid: () => string;
  /** The objects of S3 that the document reads and writes. */
  readonly objects: ObjectStore;
  /** The known blocks of a redriven execution; `null` for a new one. */
  readonly known: KnownBlocks | null;
  /** Runs a block from its first state on. Returns the output of its last state. */
  readonly runBlock: (block: States, input: Json, surroundings: Surroundings) => Promise<Json>;
}
