/**
 * The hand-built document: what it is made of, how its placeholders are filled in and how its states are walked.
 *
 * @see https://states-language.net/spec.html
 */

import { escapePointer, isObject, type Json, type JsonObject, mapStrings } from "../base/json";

/** A state machine, or what a Map or a branch of a Parallel holds: states, and the one to start at. */
export interface States {
  StartAt: string;
  States: Record<string, State>;
}

/** A whole document in Amazon States Language. */
export interface StatesDocument extends States {
  Comment?: string;
  QueryLanguage?: string;
  TimeoutSeconds?: number;
}

/**
 * The longest definition that Step Functions takes, in bytes of UTF-8.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const MAX_DEFINITION_BYTES = 2 ** 20;

/** The types of state that there are. */
export const STATE_TYPES = ["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"] as const;

/** One state: its type, and the fields of that type as they stand in the document. */
export type State = JsonObject & { Type: (typeof STATE_TYPES)[number] };

/** A state and where it stands. */
export interface StateLocation {
  readonly name: string;
  readonly state: State;
  /** The names of the states around it, outermost first. */
  readonly parents: readonly string[];
  /** The block of states that it stands in. */
  readonly block: States;
  /** JSON pointer of the state, such as `/States/step2/ItemProcessor/States/job`. */
  readonly pointer: string;
}

/** The blocks of states inside a state, with the JSON pointer of each relative to the state: a Map has one, a Parallel one a branch. */
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

/** All states, each before the states inside it, in the order of the document. */
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

/** All strings of a JSON value, keys left out, each with its JSON pointer. */
export function* walkStrings(value: Json, pointer = ""): Generator<{ text: string; pointer: string }, void, undefined> {
  if (typeof value === "string") {
    yield { text: value, pointer };
  } else if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      yield* walkStrings(inner, `${pointer}/${escapePointer(key)}`);
    }
  }
}

/**
 * The placeholders of a document, each with the JSON pointers of the strings that hold it. `${Name}` is the convention of
 * DefinitionSubstitutions in AWS SAM and of `DefinitionBody.fromFile` in the AWS CDK.
 */
export function placeholders(document: StatesDocument): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { text, pointer } of walkStrings(asJson(document))) {
    for (const [, name] of text.matchAll(PLACEHOLDER)) {
      const pointers = found.get(name!);
      if (pointers === undefined) found.set(name!, [pointer]);
      else pointers.push(pointer);
    }
  }
  return found;
}

/** Fills in the placeholders of a JSON value; returns a copy. A placeholder without a value stays: `check` names it. */
export function substitute<T>(value: T, values: Readonly<Record<string, string>>): T {
  const fill = (text: string) =>
    text.replace(PLACEHOLDER, (whole, name: string) => (Object.hasOwn(values, name) ? values[name]! : whole));
  return mapStrings(value as Json, fill) as T;
}

/** A document is JSON through and through; this says so to the compiler. */
export function asJson(document: StatesDocument | States | State): Json {
  return document as unknown as Json;
}

const PLACEHOLDER = /\$\{([A-Za-z][A-Za-z0-9_]*)\}/g;

function isBlock(value: Json | undefined): value is JsonObject & States {
  return isObject(value) && typeof value.States === "object";
}
