import { isObject, type Json, type JsonObject } from "../../base/json";
import { type State, type States, walkStrings } from "../document";
import { exitsOf } from "../exits";
import { usesJsonata } from "../query-language";
import { walkGraph } from "../walk-graph";
import { type Finding, hint } from "./problem";
import type { Subject } from "./subject";

/** Finds Catches that turn any failure into success and drop the error, so that nothing shows the failure. */
export function* findSwallowedErrors({ document, states }: Subject): Generator<Finding, void, undefined> {
  for (const { state, block, pointer, jsonata } of states) {
    for (const [index, rule] of (Array.isArray(state.Catch) ? state.Catch : []).entries()) {
      if (!isObject(rule) || !takesAnyError(rule)) continue;
      const { Next } = rule;
      if (typeof Next !== "string" || !Object.hasOwn(block.States, Next) || mayFail(block, Next)) continue;
      const next = block.States[Next]!;
      const isDropped =
        rule.Assign === undefined &&
        (dropsError(rule, jsonata) || (usesJsonata(document, next) ? hidesInputJsonata(next) : hidesInput(next)));
      if (!isDropped) continue;
      const message = `Catch[${index}] drops the error, and every way from ${Next} ends in success, so nothing shows the failure`;
      yield hint("swallowed-error", `${pointer}/Catch/${index}`, message, jsonata ? KEEP_JSONATA : KEEP);
    }
  }
}

// --- internal ---

const KEEP = 'keep the error, for example with "ResultPath": "$.error", or go to a Fail state';
const KEEP_JSONATA = "keep the error with $states.errorOutput in Output, or go to a Fail state";

/** An error with a name of its own is expected. */
function takesAnyError({ ErrorEquals }: JsonObject): boolean {
  return (
    Array.isArray(ErrorEquals) && ErrorEquals.some((name) => typeof name === "string" && name.startsWith("States."))
  );
}

/** Returns whether a Fail state follows, also at a distance. */
function mayFail(block: States, start: string): boolean {
  const follow = (name: string) =>
    exitsOf(block.States[name]!).flatMap(({ to, kind }) =>
      kind !== "catch" && Object.hasOwn(block.States, to) ? [to] : [],
    );
  let fails = false;
  const enter = (name: string) => {
    fails ||= block.States[name]!.Type === "Fail";
  };
  walkGraph(start, follow, { enter });
  return fails;
}

/** Without Output, a Catch in JSONata passes on the error. */
function dropsError(rule: JsonObject, jsonata: boolean): boolean {
  return jsonata ? rule.Output !== undefined && !mentions(rule.Output, "errorOutput") : rule.ResultPath === null;
}

/** Returns whether a state passes on nothing of its input. */
function hidesInput({ Type, InputPath, OutputPath, Parameters, Result, ResultPath = "$" }: State): boolean {
  if (Type === "Succeed") return InputPath === null || OutputPath === null;
  if (Type !== "Pass") return false;
  const isConstant = Result !== undefined || (Parameters !== undefined && !mentions(Parameters, "$"));
  return OutputPath === null || (isConstant && ResultPath === "$");
}

function hidesInputJsonata({ Type, Output }: State): boolean {
  return (Type === "Succeed" || Type === "Pass") && Output !== undefined && !mentions(Output, "$states");
}

function mentions(value: Json, part: string): boolean {
  for (const { text } of walkStrings(value)) if (text.includes(part)) return true;
  return false;
}
