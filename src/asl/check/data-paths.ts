import { escapePointer, isObject, isTree, type Json, type JsonObject } from "../../base/json";
import { nearest } from "../../base/suggest";
import type { State } from "../document";
import type { Path } from "../json-path";
import { isDistributed } from "../map-mode";
import { type DeadEnd, describeShape, isDeadEnd } from "./data-shape";
import { followPath, pathsOf, type Scope, tryParse } from "./expression-shape";
import { error, type Finding, warning } from "./problem";
import type { StateData } from "./state-data";
import type { Subject } from "./subject";

/** Finds paths that lead nowhere, by the schema of the input or the document, and Maps over values that are never a list. */
export function* findDeadPaths({ states, flow }: Subject): Generator<Finding, void, undefined> {
  const maps = new Set(states.flatMap(({ state, name }) => (state.Type === "Map" ? [name] : [])));
  for (const { state, pointer, parents, jsonata } of states) {
    const around = parents.at(-1);
    const map = around !== undefined && maps.has(around) ? around : null;
    const data = flow.get(pointer);
    if (data === undefined || jsonata) continue;
    for (const use of pathUses(state, data)) {
      const expression = tryParse(use.text);
      for (const path of expression === null ? [] : pathsOf(expression)) {
        const found = followPath(path, use.scope);
        if (isDeadEnd(found)) yield deadPath(path, found, pointer + use.pointer, map);
      }
    }
    if (state.Type === "Map") yield* checkItems(state, pointer, data);
  }
}

// --- internal ---

interface PathUse {
  /** Relative to the state. */
  readonly pointer: string;
  readonly text: string;
  readonly scope: Scope;
}

/** The fields of a state that hold paths, with the data that each path reads. */
const USES: readonly (readonly [field: string, scope: "input" | "effective" | "item" | "result" | "output"])[] = [
  ["InputPath", "input"],
  ["OutputPath", "output"],
  ["ResultSelector", "result"],
  ["ItemSelector", "item"],
  ["Parameters", "item"],
  ["Credentials", "effective"],
  ["ItemsPath", "effective"],
  ["ItemReader", "effective"],
  ["ItemBatcher", "effective"],
  ["ResultWriter", "effective"],
  ["ErrorPath", "effective"],
  ["CausePath", "effective"],
  ["SecondsPath", "effective"],
  ["TimestampPath", "effective"],
  ["TimeoutSecondsPath", "effective"],
  ["HeartbeatSecondsPath", "effective"],
  ["MaxConcurrencyPath", "effective"],
  ["ToleratedFailureCountPath", "effective"],
  ["ToleratedFailurePercentagePath", "effective"],
];

function* pathUses(state: State, data: StateData): Generator<PathUse, void, undefined> {
  for (const [field, scope] of USES) {
    const value = state[field];
    // Only a Map's Parameters see the item in the context object.
    const used = field === "Parameters" && state.Type !== "Map" ? "effective" : scope;
    if (typeof value === "string") yield { pointer: `/${field}`, text: value, scope: data[used] };
    else if (value !== undefined) yield* templateUses(value, `/${field}`, data[used]);
  }
  if (Array.isArray(state.Choices)) {
    const rules = [...testsOf(state.Choices, "/Choices")];
    // A test for presence guards the other tests of the same path: And stops at the first test that fails.
    const guarded = new Set(rules.flatMap(({ rule }) => (rule.IsPresent === undefined ? [] : [rule.Variable])));
    for (const { rule, pointer } of rules) {
      for (const [key, text] of Object.entries(rule)) {
        const path = (key === "Variable" || key.endsWith("Path")) && typeof text === "string";
        if (path && !guarded.has(text)) yield { pointer: `${pointer}/${key}`, text, scope: data.effective };
      }
    }
  }
}

/** Returns the expressions of a template, and the paths of a reader, a writer or a batcher. */
function* templateUses(value: Json, pointer: string, scope: Scope): Generator<PathUse, void, undefined> {
  if (!isTree(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const here = `${pointer}/${escapePointer(key)}`;
    if (typeof inner !== "string") yield* templateUses(inner, here, scope);
    else if (key.endsWith(".$")) yield { pointer: here, text: inner, scope };
  }
}

/** Returns the tests of a Choice, including those inside And, Or and Not. */
function* testsOf(
  rules: readonly Json[],
  pointer: string,
): Generator<{ rule: JsonObject; pointer: string }, void, undefined> {
  for (const [index, rule] of rules.entries()) {
    if (!isObject(rule)) continue;
    const here = `${pointer}/${index}`;
    yield { rule, pointer: here };
    for (const operator of ["And", "Or"]) {
      const inner = rule[operator];
      if (Array.isArray(inner)) yield* testsOf(inner, `${here}/${operator}`);
    }
    if (isObject(rule.Not)) yield { rule: rule.Not, pointer: `${here}/Not` };
  }
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
        : "use another path, or add it to the input schema or to the output of an earlier state");
  return error("path-not-found", pointer, message, fix);
}

function writePath(root: string, steps: readonly (string | number)[]): string {
  const written = steps.map((step) =>
    typeof step === "number" ? `[${step}]` : /^[\w-]+$/.test(step) ? `.${step}` : `['${step}']`,
  );
  return root + written.join("");
}

function* checkItems(state: State, pointer: string, { items }: StateData): Generator<Finding, void, undefined> {
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
