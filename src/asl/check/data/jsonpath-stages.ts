/** The stages of a JSONPath state. @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html */
import type { Json } from "../../../base/json";
import type { State } from "../../document";
import { isDistributed } from "../../map-mode";
import { withItem } from "./context-shape";
import { ANYTHING, joinAll, listShape, objectShape, put, type Shape, shapeOfValue } from "./data-shape";
import { type Scope, shapeOfTemplate, shapeOfText, tryParse } from "./expression-shape";
import { ERROR_OUTPUT, type Stages } from "./stages";
import { taskResult } from "./task-result";

export const JSONPATH_STAGES: Stages = {
  data(state, input, inner) {
    const effective = { ...input, data: select(state.InputPath, input) };
    const items = state.ItemReader === undefined ? select(state.ItemsPath, effective) : ANYTHING;
    const item = { ...effective, context: withItem(effective.context, items.items ?? ANYTHING) };
    const result = { ...input, data: rawResult(state, { effective, item, items }, inner) };
    const selected = state.ResultSelector === undefined ? result.data : shapeOfTemplate(state.ResultSelector, result);
    const output = { ...input, data: combine(input.data, state.ResultPath, selected) };
    return { input, effective, item, result, output, error: { ...input, data: ERROR_OUTPUT }, items };
  },

  output(state, { input, output }, exit) {
    return exit?.kind === "catch"
      ? combine(input.data, exit.rule.ResultPath, ERROR_OUTPUT)
      : select(state.OutputPath, output);
  },

  assigned(assign, { result, error }, exit) {
    return shapeOfTemplate(assign, exit?.kind === "catch" ? error : result);
  },
};

// --- internal ---

const EMPTY = objectShape([]);

/** Returns the result of a state before ResultSelector and ResultPath. */
function rawResult(
  state: State,
  { effective, item, items }: { effective: Scope; item: Scope; items: Shape },
  inner: (start: Scope) => readonly Shape[],
): Shape {
  const given = state.Parameters === undefined ? effective.data : shapeOfTemplate(state.Parameters, effective);
  switch (state.Type) {
    case "Task":
      return taskResult(state);
    case "Pass":
      return state.Result === undefined ? given : shapeOfValue(state.Result);
    case "Parallel": {
      const results = inner({ ...effective, data: given });
      return listShape(joinAll(results), results.length);
    }
    case "Map": {
      const selector = state.ItemSelector ?? state.Parameters;
      const whole = items.items ?? ANYTHING;
      const data =
        state.ItemBatcher !== undefined ? ANYTHING : selector === undefined ? whole : shapeOfTemplate(selector, item);
      // The items of a distributed Map are executions of their own, with context objects of their own.
      const results = inner({ ...item, data, context: isDistributed(state) ? ANYTHING : item.context });
      return state.ResultWriter === undefined ? listShape(joinAll(results), items.maxItems) : ANYTHING;
    }
    default:
      return effective.data;
  }
}

/** Returns the shape that InputPath, ItemsPath or OutputPath selects. */
function select(path: Json | undefined, scope: Scope): Shape {
  if (path === undefined) return scope.data;
  if (path === null) return EMPTY;
  return typeof path === "string" ? shapeOfText(path, scope) : ANYTHING;
}

/** Combines a state's input with its result, as ResultPath says. */
function combine(input: Shape, path: Json | undefined, result: Shape): Shape {
  if (path === undefined) return result;
  if (path === null) return input;
  const parsed = typeof path === "string" ? tryParse(path) : null;
  return parsed?.kind === "path" && parsed.root === "$" && parsed.steps !== null
    ? put(input, parsed.steps, result)
    : ANYTHING;
}
