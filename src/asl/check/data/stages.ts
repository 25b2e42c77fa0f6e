/** The data of a state on its way through the state. The query language decides what happens at each stage. */
import type { Json } from "../../../base/json";
import type { State } from "../../document";
import type { Exit } from "../../exits";
import { objectShape, type Shape, scalarShape } from "./data-shape";
import type { Scope } from "./expression-shape";

/** The data of one state at each of its stages. */
export interface StateData {
  readonly input: Scope;
  /** After InputPath: for Parameters, ItemsPath and the tests of a Choice. JSONata has no such field. */
  readonly effective: Scope;
  /** For ItemSelector: the same, with the item in the context object. */
  readonly item: Scope;
  /** For ResultSelector, and for Assign. */
  readonly result: Scope;
  /** For OutputPath. */
  readonly output: Scope;
  /** For Assign and Output of a Catch. */
  readonly error: Scope;
  /** The list of a Map. */
  readonly items: Shape;
}

/** The way of data through a state, in one query language. */
export interface Stages {
  /**
   * Returns the data at each stage. `inner` follows the inner blocks with the data that they start with, and returns the shapes
   * of their outputs.
   */
  data(state: State, input: Scope, inner: (start: Scope) => readonly Shape[]): StateData;
  /** Returns the data that leaves the state: on a way out, or at the end of its block. */
  output(state: State, data: StateData, exit: Exit | null): Shape;
  /** Returns the shape of the variables that an Assign sets on a way out. */
  assigned(assign: Json, data: StateData, exit: Exit | null): Shape;
}

/** The data of a Catch. @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export const ERROR_OUTPUT = objectShape([
  ["Error", scalarShape("string")],
  ["Cause", scalarShape("string")],
]);
