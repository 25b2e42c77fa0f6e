import { isObject, type Json } from "../../base/json";
import { suggest } from "../../base/suggest";
import { error, type Finding, warning } from "./problem";
import type { Subject } from "./subject";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const STATES_ERRORS = [
  ...["States.ALL", "States.BranchFailed", "States.DataLimitExceeded", "States.ExceedToleratedFailureThreshold"],
  ...["States.HeartbeatTimeout", "States.Http.Socket", "States.IntrinsicFailure", "States.ItemReaderFailed"],
  ...["States.NoChoiceMatched", "States.ParameterPathFailure", "States.Permissions", "States.QueryEvaluationError"],
  ...["States.ResultPathMatchFailure", "States.ResultWriterFailed", "States.Runtime", "States.TaskFailed"],
  ...["States.Timeout"],
];

/** Finds error names that Step Functions does not know, and a `States.ALL` that AWS rejects. */
export function* findErrorNameMistakes({ states }: Subject): Generator<Finding, void, undefined> {
  for (const { state, pointer } of states) {
    for (const field of ["Retry", "Catch"]) {
      const rules = state[field];
      if (Array.isArray(rules)) yield* checkRules(rules, `${pointer}/${field}`, field);
    }
  }
}

// --- internal ---

function* checkRules(rules: readonly Json[], pointer: string, field: string): Generator<Finding, void, undefined> {
  for (const [index, rule] of rules.entries()) {
    const names = isObject(rule) && Array.isArray(rule.ErrorEquals) ? rule.ErrorEquals : [];
    const here = `${pointer}/${index}/ErrorEquals`;
    for (const [place, name] of names.entries()) {
      if (typeof name !== "string" || !name.startsWith("States.") || STATES_ERRORS.includes(name)) continue;
      const message = `${field}[${index}] matches ${name}, which is not an error name of Step Functions`;
      yield warning("error-name", `${here}/${place}`, message, suggest(name, STATES_ERRORS, "errors"));
    }
    if (!names.includes("States.ALL")) continue;
    if (names.length > 1) {
      const message = `${field}[${index}].ErrorEquals must not combine States.ALL with other names, got: ${names.join(", ")}`;
      yield error("error-order", here, message, "remove the other names, which States.ALL includes");
    } else if (index < rules.length - 1) {
      const message = `${field}[${index}] must be the last item, because it contains States.ALL`;
      yield error("error-order", here, message, `move it to the end of ${field}`);
    }
  }
}
