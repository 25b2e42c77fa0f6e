import { nearest } from "../../../base/suggest";
import type { State } from "../../document";
import type { Path } from "../../json-path";
import { isDistributed } from "../../map-mode";
import { error, type Finding, warning } from "../problem";
import type { CheckedState, Subject } from "../subject";
import { type DeadEnd, describeShape, isDeadEnd, type Shape } from "./data-shape";
import { followPath, pathsOf, tryParse } from "./expression-shape";
import { checkJsonataData } from "./jsonata-data";
import { pathUses } from "./path-uses";
import type { StateData } from "./stages";

/**
 * Finds paths that lead nowhere, by the schema of the input or the document, and values whose type does not fit a field, such
 * as a Map over a value that is never a list.
 */
export function* findDeadPaths({ states, flow }: Subject): Generator<Finding, void, undefined> {
  const maps = new Set(states.flatMap(({ state, name }) => (state.Type === "Map" ? [name] : [])));
  for (const location of states) {
    const around = location.parents.at(-1);
    const map = around !== undefined && maps.has(around) ? around : null;
    const data = flow.get(location.pointer);
    if (data === undefined) continue;
    if (location.jsonata) yield* checkJsonataData(location, data, map);
    else yield* checkPaths(location, data, map);
  }
}

// --- internal ---

function* checkPaths(
  { state, pointer }: CheckedState,
  data: StateData,
  map: string | null,
): Generator<Finding, void, undefined> {
  for (const use of pathUses(state)) {
    const expression = tryParse(use.text);
    for (const path of expression === null ? [] : pathsOf(expression)) {
      const found = followPath(path, data[use.stage]);
      if (isDeadEnd(found)) yield deadPath(path, found, pointer + use.pointer, map);
    }
  }
  if (state.Type === "Map") yield* checkItems(state, pointer, data);
}

const ONLY_IN_MAPS =
  "$$.Map.Item exists only in the ItemSelector and in the states of a Map: pass it on in the ItemSelector";

/** Describes a path that leads nowhere. `map` is the Map whose items the state receives. */
function deadPath(path: Path, { depth, reached }: DeadEnd, pointer: string, map: string | null): Finding {
  const steps = path.steps!;
  const before = writePath(path.root, steps.slice(0, depth));
  const step = steps[depth]!;
  const message = `${path.text} does not exist: ${before} is ${describeShape(reached)}`;
  if (path.root === "$$" && depth === 0 && step === "Task") {
    const onlyThere = `${path.text} has a value only in a Task whose Resource ends in .waitForTaskToken`;
    return warning("task-token", pointer, onlyThere, "add .waitForTaskToken to the Resource, or remove the token");
  }
  const sometimes = path.root === "$$" && depth === 0 && step === "Map" ? ONLY_IN_MAPS : undefined;
  const meant = typeof step === "string" ? nearest(step, reached.properties.keys()) : null;
  const rest = steps.slice(depth + 1);
  const fix =
    sometimes ??
    (meant !== null
      ? `did you mean ${writePath(path.root, [...steps.slice(0, depth), meant, ...rest])}?`
      : map !== null && depth === 0
        ? `add it to the ItemSelector of ${map}, or use another path`
        : depth === 0 && path.root === "$" && reached.label !== null
          ? lostInput(reached)
          : "use another path, or add it to the input schema or to the output of an earlier state");
  return error("path-not-found", pointer, message, fix);
}

/** The fix for a path into the input that a task replaced with its result. */
function lostInput({ properties }: Shape): string {
  const [first] = properties.keys();
  return `use a field of it, such as $.${first}, or keep the input: set ResultPath in the state before`;
}

function writePath(root: string, steps: readonly (string | number)[]): string {
  const written = steps.map((step) =>
    typeof step === "number" ? `[${step}]` : /^[\w-]+$/.test(step) ? `.${step}` : `['${step}']`,
  );
  return root + written.join("");
}

function* checkItems(state: State, pointer: string, { items }: StateData): Generator<Finding, void, undefined> {
  if (state.ItemsPath !== undefined && state.ItemReader !== undefined && isDistributed(state)) {
    const message = "ItemsPath has no effect beside ItemReader";
    yield warning("conflicting-fields", `${pointer}/ItemsPath`, message, "remove one of the two");
  }
  if (items.types.has("array") || (isDistributed(state) && items.types.has("object"))) return;
  const path = typeof state.ItemsPath === "string" ? state.ItemsPath : "the input";
  const place = state.ItemsPath === undefined ? pointer : `${pointer}/ItemsPath`;
  yield error(
    "items-not-a-list",
    place,
    `a Map needs a list, but ${path} is ${describeShape(items)}`,
    "set ItemsPath to the path of a list",
  );
}
