/** The JSONata expressions of a state, with the members of `$states` that each can read. */
import { isObject, type Json } from "../../../base/json";
import { type State, walkStrings } from "../../document";

/** The part of `$states` that only some fields read: the result, the error, or the item of a Map in the context object. */
export type Stage = "input" | "item" | "result" | "error";

/** A text of a JSONata state that may be an expression. */
export interface JsonataText {
  readonly text: string;
  /** JSON pointer relative to the state. */
  readonly pointer: string;
  /** The top-level field, or the field of a catcher or a rule, such as `Condition`. */
  readonly field: string;
  readonly stage: Stage;
  /** True if the text is the whole value of the field. */
  readonly whole: boolean;
}

/** Returns the texts of a JSONata state that Step Functions looks for expressions in. `Comment` and names are not among them. */
export function* jsonataTexts(state: State): Generator<JsonataText, void, undefined> {
  const hasResult = ["Task", "Parallel", "Map"].includes(state.Type);
  for (const field of FIELDS) yield* textsOf(state[field], field, `/${field}`, STAGES[field] ?? "input");
  for (const field of ["Assign", "Output"]) {
    yield* textsOf(state[field], field, `/${field}`, hasResult ? "result" : "input");
  }
  if (isObject(state.ItemReader)) {
    const { Arguments, ReaderConfig } = state.ItemReader;
    yield* textsOf(Arguments, "Arguments", "/ItemReader/Arguments", "input");
    const maxItems = isObject(ReaderConfig) ? ReaderConfig.MaxItems : undefined;
    yield* textsOf(maxItems, "MaxItems", "/ItemReader/ReaderConfig/MaxItems", "input");
  }
  if (isObject(state.ResultWriter)) {
    yield* textsOf(state.ResultWriter.Arguments, "Arguments", "/ResultWriter/Arguments", "input");
  }
  if (isObject(state.ItemBatcher)) {
    for (const field of ["BatchInput", "MaxItemsPerBatch", "MaxInputBytesPerBatch"]) {
      yield* textsOf(state.ItemBatcher[field], field, `/ItemBatcher/${field}`, "input");
    }
  }
  yield* textsOfRules(state.Choices, "Choices", ["Condition", "Assign", "Output"], "input");
  yield* textsOfRules(state.Catch, "Catch", ["Assign", "Output"], "error");
}

// --- internal ---

const FIELDS: readonly string[] = [
  ...["Arguments", "Credentials", "Items", "ItemSelector", "Seconds", "Timestamp", "Error", "Cause"],
  ...["TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"],
];

const STAGES: Readonly<Record<string, Stage>> = { ItemSelector: "item" };

function* textsOf(
  value: Json | undefined,
  field: string,
  pointer: string,
  stage: Stage,
): Generator<JsonataText, void, undefined> {
  if (value === undefined) return;
  for (const { text, pointer: place } of walkStrings(value)) {
    yield { text, pointer: pointer + place, field, stage, whole: place === "" };
  }
}

function* textsOfRules(
  rules: Json | undefined,
  list: string,
  fields: readonly string[],
  stage: Stage,
): Generator<JsonataText, void, undefined> {
  for (const [index, rule] of Array.isArray(rules) ? rules.entries() : []) {
    if (!isObject(rule)) continue;
    for (const field of fields) yield* textsOf(rule[field], field, `/${list}/${index}/${field}`, stage);
  }
}
