/**
 * Types the document and walks its states.
 *
 * @see https://states-language.net/spec.html
 */

import { escapePointer, isObject, isTree, type Json, type JsonObject, plainNumbers } from "../base/json";

/** A block of states with its first state: the state machine, the inner block of a Map, or a branch of a Parallel. */
export interface States {
  StartAt: string;
  States: Record<string, State>;
}

/** A complete document in Amazon States Language. */
export interface StatesDocument extends States {
  Comment?: string;
  QueryLanguage?: string;
  TimeoutSeconds?: number;
}

/**
 * The maximum size of a definition in Step Functions, in bytes of UTF-8.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const MAX_DEFINITION_BYTES = 2 ** 20;

/**
 * Types a document whose structure is sound. Exact numbers stay in its data, such as `Result` and the rules of a Choice. All
 * other fields get plain numbers, so that `"IntervalSeconds": 1.0` is 1.
 */
export function asDocument(value: Json): StatesDocument {
  return withPlainFields(value) as unknown as StatesDocument;
}

/** The types of states. */
export const STATE_TYPES = ["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"] as const;

/** One state: its type, and the fields of that type as in the document. */
export type State = JsonObject & { Type: (typeof STATE_TYPES)[number] };

/** A state and its place. */
export interface StateLocation {
  readonly name: string;
  readonly state: State;
  /** The names of the surrounding states, outermost first. */
  readonly parents: readonly string[];
  /** The block that contains it. */
  readonly block: States;
  /** The JSON pointer of the state, such as `/States/step2/ItemProcessor/States/job`. */
  readonly pointer: string;
}

/**
 * Returns the inner blocks of a state, with their JSON pointers relative to the state. A Map has one, a Parallel one per
 * branch.
 */
export function innerBlocks(state: State): { block: States; pointer: string }[] {
  const found: { block: States; pointer: string }[] = [];
  for (const field of ["ItemProcessor", "Iterator"]) {
    if (isBlock(state[field])) found.push({ block: state[field], pointer: `/${field}` });
  }
  if (Array.isArray(state.Branches)) {
    state.Branches.forEach((branch, index) => {
      if (isBlock(branch)) found.push({ block: branch, pointer: `/Branches/${index}` });
    });
  }
  return found;
}

/** Walks all states in the order of the document, each before its inner states. */
export function* walkStates(
  block: States,
  pointer = "",
  parents: readonly string[] = [],
): Generator<StateLocation, void, undefined> {
  for (const [name, state] of Object.entries(block.States)) {
    const here = `${pointer}/States/${escapePointer(name)}`;
    yield { name, state, parents, block, pointer: here };
    for (const inner of innerBlocks(state)) {
      yield* walkStates(inner.block, here + inner.pointer, [...parents, name]);
    }
  }
}

/** Walks all strings of a JSON value with their JSON pointers, without keys. */
export function* walkStrings(value: Json, pointer = ""): Generator<{ text: string; pointer: string }, void, undefined> {
  if (typeof value === "string") {
    yield { text: value, pointer };
  } else if (isTree(value)) {
    for (const [key, inner] of Object.entries(value)) {
      yield* walkStrings(inner, `${pointer}/${escapePointer(key)}`);
    }
  }
}

/** Types a document as JSON, which the compiler cannot infer. */
export function asJson(document: StatesDocument | States | State): Json {
  return document as unknown as Json;
}

/** The fields that hold data, or values to compare data with. */
const DATA_FIELDS: ReadonlySet<string> = new Set([
  "Arguments",
  "Assign",
  "BatchInput",
  "Choices",
  "ItemSelector",
  "Items",
  "Output",
  "Parameters",
  "Result",
  "ResultSelector",
]);

function withPlainFields(value: Json, areNames = false): Json {
  if (Array.isArray(value)) return value.map((item) => withPlainFields(item));
  if (!isObject(value)) return plainNumbers(value);
  const fields = Object.entries(value).map(([key, inner]) => {
    const isData = !areNames && DATA_FIELDS.has(key);
    return [key, isData ? inner : withPlainFields(inner, !areNames && key === "States")];
  });
  return Object.fromEntries(fields);
}

function isBlock(value: Json | undefined): value is JsonObject & States {
  return isObject(value) && typeof value.States === "object";
}
