/** The ways out of a state, for everything that follows the states: checks, counts and diagrams. */
import { isObject, type Json, type JsonObject } from "../base/json";
import type { State, States } from "./document";

/** A way from a state to another state. */
export interface Exit {
  readonly to: string;
  readonly kind: "next" | "choice" | "default" | "catch";
  /** The rule of Choices or Catch that holds the way. Otherwise the state itself. */
  readonly rule: JsonObject;
  /** JSON pointer of the target's name, relative to the state. */
  readonly pointer: string;
}

/** Returns the ways out of a state. The states that they name may not exist. */
export function exitsOf(state: State): Exit[] {
  const exit = (rule: Json, field: string, place: string, kind: Exit["kind"]): Exit[] => {
    const to = isObject(rule) ? rule[field] : undefined;
    return typeof to === "string" ? [{ to, kind, rule: rule as JsonObject, pointer: `${place}/${field}` }] : [];
  };
  return [
    ...exit(state, "Next", "", "next"),
    ...listOf(state.Choices).flatMap((rule, index) => exit(rule, "Next", `/Choices/${index}`, "choice")),
    ...exit(state, "Default", "", "default"),
    ...listOf(state.Catch).flatMap((rule, index) => exit(rule, "Next", `/Catch/${index}`, "catch")),
  ];
}

/** Returns the names of the states that a state of a block leads to. A name that the block does not have is left out. */
export function successors(block: States, name: string): string[] {
  return exitsOf(block.States[name]!).flatMap(({ to }) => (Object.hasOwn(block.States, to) ? [to] : []));
}

// --- internal ---

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
