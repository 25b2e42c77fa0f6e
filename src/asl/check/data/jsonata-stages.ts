/** The stages of a JSONata state. @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
import type { Json } from "../../../base/json";
import type { State } from "../../document";
import { isDistributed } from "../../map-mode";
import { withItem } from "./context-shape";
import { ANYTHING, joinAll, listShape, objectShape, type Shape } from "./data-shape";
import type { Scope } from "./expression-shape";
import { type JsonataScope, shapeOfJsonata } from "./jsonata-shape";
import type { Stage } from "./jsonata-uses";
import { ERROR_OUTPUT, type Stages, type StateData } from "./stages";
import { taskResult } from "./task-result";

export const JSONATA_STAGES: Stages = {
  data(state, input, inner) {
    const start = jsonataScope({ input }, "input");
    const items = itemsOf(state, input, start);
    const item = { ...input, context: withItem(input.context, itemOf(items)) };
    const result = { ...input, data: rawResult(state, { input, start, item, items }, inner) };
    return { input, effective: input, item, result, output: result, error: { ...input, data: ERROR_OUTPUT }, items };
  },

  output(state, data, exit) {
    if (exit?.kind === "catch") return shapeOfField(exit.rule.Output, ERROR_OUTPUT, jsonataScope(data, "error"));
    if (exit?.kind === "choice") return shapeOfField(exit.rule.Output, data.input.data, jsonataScope(data, "input"));
    return shapeOfField(state.Output, data.result.data, jsonataScope(data, "result"));
  },

  assigned(assign, data, exit) {
    return shapeOfJsonata(assign, jsonataScope(data, exit?.kind === "catch" ? "error" : "result"));
  },
};

/** Returns what the expressions of a stage read. */
export function jsonataScope(data: Pick<StateData, "input"> & Partial<StateData>, stage: Stage): JsonataScope {
  const { input, item = input, result, error } = data;
  const members: [string, Shape][] = [
    ["input", input.data],
    ["context", (stage === "item" ? item : input).context],
    // A member that a stage does not have is reported by its name alone.
    ["result", stage === "result" && result !== undefined ? result.data : ANYTHING],
    ["errorOutput", stage === "error" && error !== undefined ? error.data : ANYTHING],
  ];
  return { states: objectShape(members), variables: input.variables };
}

// --- internal ---

function shapeOfField(value: Json | undefined, otherwise: Shape, scope: JsonataScope): Shape {
  return value === undefined ? otherwise : shapeOfJsonata(value, scope);
}

function itemsOf(state: State, input: Scope, scope: JsonataScope): Shape {
  if (state.ItemReader !== undefined) return ANYTHING;
  return shapeOfField(state.Items, input.data, scope);
}

/** An object has its fields as items. A sequence of objects may be a single one, which no Map takes for its list. */
function itemOf({ types, items, properties }: Shape): Shape {
  return types.has("object") && items?.properties !== properties ? ANYTHING : (items ?? ANYTHING);
}

interface Given {
  readonly input: Scope;
  readonly start: JsonataScope;
  readonly item: Scope;
  readonly items: Shape;
}

/** Returns the result of a state before Output. */
function rawResult(
  state: State,
  { input, start, item, items }: Given,
  inner: (start: Scope) => readonly Shape[],
): Shape {
  switch (state.Type) {
    case "Task":
      return taskResult(state);
    case "Parallel": {
      const results = inner({ ...input, data: shapeOfField(state.Arguments, input.data, start) });
      return listShape(joinAll(results), results.length);
    }
    case "Map": {
      const selected = shapeOfField(state.ItemSelector, itemOf(items), jsonataScope({ input, item }, "item"));
      const data = state.ItemBatcher === undefined ? selected : ANYTHING;
      const results = inner({ ...item, data, context: isDistributed(state) ? ANYTHING : item.context });
      return state.ResultWriter === undefined ? listShape(joinAll(results), items.maxItems) : ANYTHING;
    }
    default:
      return input.data;
  }
}
