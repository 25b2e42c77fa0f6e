import type { Json, JsonObject } from "../../../../src/base/json";
import type { Scope } from "../../../../src/local/interpreter/paths";
import { Variables } from "../../../../src/local/interpreter/variables";

/** The values that paths can read, without chance. */
export function scope(input: Json, context: JsonObject = {}): Scope {
  return {
    input,
    context,
    variables: Variables.ofExecution(),
    random: () => 0.5,
    uuid: () => "7c9e6679-7425-40de-944b-e07fc1f90ae7",
  };
}
