/** The paths and function calls of a JSONPath state, with the data that each reads. */
import { escapePointer, isObject, isTree, type Json, type JsonObject } from "../../../base/json";
import type { State } from "../../document";
import type { StateData } from "./stages";

/** One path or function call. */
export interface PathUse {
  /** Relative to the state. */
  readonly pointer: string;
  readonly text: string;
  readonly stage: Exclude<keyof StateData, "items">;
}

/** Returns the paths and function calls of a state. */
export function* pathUses(state: State): Generator<PathUse, void, undefined> {
  for (const [field, stage] of USES) {
    // A reader takes the place of the path.
    if (field === "ItemsPath" && state.ItemReader !== undefined) continue;
    // Only a Map's Parameters see the item in the context object.
    yield* usesIn(state[field], `/${field}`, field === "Parameters" && state.Type !== "Map" ? "effective" : stage);
  }
  for (const part of PART_PATHS) {
    const value = part.reduce<Json | undefined>((holder, name) => (isObject(holder) ? holder[name] : undefined), state);
    if (typeof value === "string") yield { pointer: `/${part.join("/")}`, text: value, stage: "effective" };
  }
  yield* templateUses(state.Assign, "/Assign", "result");
  for (const [index, catcher] of Array.isArray(state.Catch) ? state.Catch.entries() : []) {
    if (isObject(catcher)) yield* templateUses(catcher.Assign, `/Catch/${index}/Assign`, "error");
  }
  if (!Array.isArray(state.Choices)) return;
  for (const [index, rule] of state.Choices.entries()) {
    if (isObject(rule)) yield* templateUses(rule.Assign, `/Choices/${index}/Assign`, "result");
  }
  yield* testUses(state.Choices);
}

// --- internal ---

/** The fields of a state that hold paths, with the data that each path reads. */
const USES: readonly (readonly [field: string, stage: PathUse["stage"]])[] = [
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

/** The fields of parts of a state that hold paths. */
const PART_PATHS: readonly (readonly string[])[] = [
  ["ItemReader", "ReaderConfig", "MaxItemsPath"],
  ["ItemBatcher", "MaxItemsPerBatchPath"],
  ["ItemBatcher", "MaxInputBytesPerBatchPath"],
];

function* usesIn(
  value: Json | undefined,
  pointer: string,
  stage: PathUse["stage"],
): Generator<PathUse, void, undefined> {
  if (typeof value === "string") yield { pointer, text: value, stage };
  else yield* templateUses(value, pointer, stage);
}

/** Returns the expressions of a template, and the paths of a reader, a writer or a batcher. */
function* templateUses(
  value: Json | undefined,
  pointer: string,
  stage: PathUse["stage"],
): Generator<PathUse, void, undefined> {
  if (value === undefined || !isTree(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const here = `${pointer}/${escapePointer(key)}`;
    if (typeof inner !== "string") yield* templateUses(inner, here, stage);
    else if (key.endsWith(".$")) yield { pointer: here, text: inner, stage };
  }
}

function* testUses(choices: readonly Json[]): Generator<PathUse, void, undefined> {
  const rules = [...testsOf(choices, "/Choices")];
  // A test for presence guards the other tests of the same path: And stops at the first test that fails.
  const guarded = new Set(rules.flatMap(({ rule }) => (rule.IsPresent === undefined ? [] : [rule.Variable])));
  for (const { rule, pointer } of rules) {
    for (const [key, text] of Object.entries(rule)) {
      const isPath = (key === "Variable" || key.endsWith("Path")) && typeof text === "string";
      if (isPath && !guarded.has(text)) yield { pointer: `${pointer}/${key}`, text, stage: "effective" };
    }
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
