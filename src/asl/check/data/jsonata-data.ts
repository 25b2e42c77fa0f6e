/** Checks the paths that the expressions of a JSONata state read, and the types of their values. */
import { nearest } from "../../../base/suggest";
import { quote, visible } from "../../../base/text";
import type { State } from "../../document";
import { treeOf } from "../../jsonata-parser";
import { isDistributed } from "../../map-mode";
import { isJsonataText } from "../../query-language";
import { writeStep } from "../jsonata-paths";
import { error, type Finding, warning } from "../problem";
import type { CheckedState } from "../subject";
import { describeShape, type JsonType, type Shape } from "./data-shape";
import { type DeadStep, shapeOfTree } from "./jsonata-shape";
import { jsonataScope } from "./jsonata-stages";
import { type JsonataText, jsonataTexts } from "./jsonata-uses";
import type { StateData } from "./stages";

/**
 * Finds the paths of a JSONata state that lead nowhere, and values whose type does not fit their field. `map` is the Map whose
 * items the state receives.
 */
export function* checkJsonataData(
  { state, pointer }: CheckedState,
  data: StateData,
  map: string | null,
): Generator<Finding, void, undefined> {
  for (const use of jsonataTexts(state)) {
    const tree = treeOf(use.text);
    if (tree === null) continue;
    const dead: DeadStep[] = [];
    const shape = shapeOfTree(tree, jsonataScope(data, use.stage), (one) => dead.push(one));
    for (const one of dead) {
      // Another rule reports the members of $states.
      if (one.before !== "$states") yield deadPath(one, pointer + use.pointer, map);
    }
    if (use.whole) yield* checkType(use, shape, pointer);
  }
  if (state.Type === "Map") yield* checkItems(state, pointer, data);
}

// --- internal ---

const ONLY_IN_MAPS = "it exists only in the ItemSelector and in the states of a Map: pass it on in the ItemSelector";

function deadPath({ before, name, reached, tested }: DeadStep, pointer: string, map: string | null): Finding {
  const written = visible(before + writeStep(name));
  if (before === "$states.context" && name === "Task") {
    const onlyThere = `${written}.Token has a value only in a Task whose Resource ends in .waitForTaskToken`;
    return warning("task-token", pointer, onlyThere, "add .waitForTaskToken to the Resource, or remove the token");
  }
  const message = `${written} does not exist: ${visible(before)} is ${describeShape(reached)}`;
  const meant = nearest(name, reached.properties.keys());
  const fix =
    before === "$states.context" && name === "Map"
      ? ONLY_IN_MAPS
      : meant !== null
        ? `did you mean ${visible(before + writeStep(meant))}?`
        : before === "$states.input" && reached.label !== null
          ? "use a field of it, or keep the input: in the state before, set Output, or a variable with Assign"
          : before === "$states.input" && map !== null
            ? `add it to the ItemSelector of ${map}, or use another path`
            : "use another path, or add it to the input schema or to the output of an earlier state";
  // The state fails only if the whole expression has no value.
  return (tested ? warning : error)("path-not-found", pointer, message, fix);
}

/** The types of values that fields accept. The expressions in other fields have any type. */
const WANTED: Readonly<Record<string, { readonly type: JsonType; readonly words: string; readonly fix: string }>> = {
  Condition: { type: "boolean", words: "true or false", fix: "write a comparison, such as $states.input.count > 1" },
  Cause: { type: "string", words: "a string", fix: "write $string(…) around it" },
  Error: { type: "string", words: "a string", fix: "write $string(…) around it" },
  Timestamp: { type: "string", words: "a timestamp", fix: "write $fromMillis(…) for milliseconds" },
  ...Object.fromEntries(
    [
      ...["Seconds", "TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency", "MaxItems", "ToleratedFailureCount"],
      ...["ToleratedFailurePercentage", "MaxItemsPerBatch", "MaxInputBytesPerBatch"],
    ].map((field) => [field, { type: "number", words: "a number", fix: "write $number(…) around it" } as const]),
  ),
};

function* checkType(
  { field, text, pointer: place }: JsonataText,
  shape: Shape,
  pointer: string,
): Generator<Finding, void, undefined> {
  const wanted = Object.hasOwn(WANTED, field) ? WANTED[field]! : null;
  if (wanted === null || shape.types.has(wanted.type)) return;
  const message = `${field} must be ${wanted.words}, but ${quote(text)} is ${describeShape(shape)}`;
  yield error("wrong-type", pointer + place, message, wanted.fix);
}

function* checkItems(state: State, pointer: string, { items }: StateData): Generator<Finding, void, undefined> {
  const { Items } = state;
  if (items.types.has("array") || (isDistributed(state) && items.types.has("object"))) return;
  const name = Items === undefined ? "the input" : isJsonataText(Items) ? quote(Items) : "Items";
  const message = `a Map needs a list, but ${name} is ${describeShape(items)}`;
  const fix = 'set Items to an expression for a list, such as "{% $states.input.names %}"';
  yield error("items-not-a-list", Items === undefined ? pointer : `${pointer}/Items`, message, fix);
}
