/** The variables that a state assigns. @see https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html */
import { escapePointer, isObject, type Json, type JsonObject } from "../../../base/json";
import type { State } from "../../document";
import { withoutSuffix } from "../syntax";

/** One variable of an Assign. */
export interface Assignment {
  readonly name: string;
  /** JSON pointer relative to the state. */
  readonly pointer: string;
  /** The holder of the Assign: the state, a rule of a Choice or a catcher. Each way out of the state has one. */
  readonly holder: JsonObject;
}

/** Returns the variables that a state assigns: by its own Assign, those of its rules, and those of its catchers. */
export function assignments(state: State, jsonata: boolean): Assignment[] {
  return [
    ...ofHolder(state, "", jsonata),
    ...ofList(state.Choices, "/Choices", jsonata),
    ...ofList(state.Catch, "/Catch", jsonata),
  ];
}

// --- internal ---

function ofList(list: Json | undefined, pointer: string, jsonata: boolean): Assignment[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one, index) => (isObject(one) ? ofHolder(one, `${pointer}/${index}`, jsonata) : []));
}

function ofHolder(holder: JsonObject, pointer: string, jsonata: boolean): Assignment[] {
  if (!isObject(holder.Assign)) return [];
  return Object.keys(holder.Assign).map((key) => ({
    name: jsonata ? key : withoutSuffix(key),
    pointer: `${pointer}/Assign/${escapePointer(key)}`,
    holder,
  }));
}
