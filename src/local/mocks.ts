/** The answers of mocked tasks. The local run calls no service for a mocked task, and starts no job. */
import { type StatesDocument, walkStates } from "../asl/document";
import { type Json, type JsonObject, stringifyJson } from "../base/json";
import { type Place, placeKey } from "../execution/events";

/** The error of a task that can run only on AWS and has no mock. No Retry and no Catch takes it. */
export const NOT_MOCKED = "Workflow.NotMocked";

/** The answer of one call. */
export type MockAnswer =
  | { readonly kind: "returns"; readonly result: Json; readonly afterSeconds?: number }
  | { readonly kind: "throws"; readonly error: string; readonly cause: string; readonly afterSeconds?: number }
  /** No answer and no heartbeat: the call ends at its TimeoutSeconds or HeartbeatSeconds. */
  | { readonly kind: "never" };

/** The answer of the calls `first` to `last`, counted from 0. */
export interface MockStep {
  readonly first: number;
  /** `Infinity` for the answer of all later calls. */
  readonly last: number;
  readonly answer: MockAnswer;
}

/** The answers of a state, or of one item of it. */
export interface Mock {
  readonly steps: readonly MockStep[];
  /** The calls that are counted together: those of one item of the Maps around the state, or those of the whole execution. */
  readonly countedPer: "item" | "execution";
  /** The file of this mock, if it is not that of all mocks. */
  readonly file?: string;
}

/** The format of a file of mocks: this project's own, or that of Step Functions Local. */
type MockFormat = "own" | "step-functions-local";

/** The mocks of an execution. */
export interface Mocks {
  /** The file of the mocks, as the user gave it. */
  readonly file: string;
  readonly format: MockFormat;
  /** The mocks by `placeKey`. The key of a state without indices stands for all of its items. */
  readonly byPlace: ReadonlyMap<string, Mock>;
}

/** Returns the answer of a failure as mock files write it. A cause that is no text becomes its JSON, as that of a failed job is. */
export function thrown({ Error: name, Cause = "" }: JsonObject): MockAnswer {
  return { kind: "throws", error: name as string, cause: typeof Cause === "string" ? Cause : stringifyJson(Cause) };
}

/** Returns whether all items of a state have a mock. */
export function isMocked(state: string, mocks: Mocks | null): boolean {
  return mocks?.byPlace.has(keyOfState(state)) ?? false;
}

/** Gives the calls of one execution their answers, in the order in which they come. */
export class MockedCalls {
  private readonly counts = new Map<string, number>();

  constructor(private readonly mocks: Mocks) {}

  /** Returns the mock of a place; `null` if it has none. */
  find(place: Place): Mock | null {
    const { byPlace } = this.mocks;
    return byPlace.get(placeKey(place)) ?? byPlace.get(keyOfState(place.state)) ?? null;
  }

  /** Counts a call. Returns its number, from 0, and its answer; `null` if the mock has none for this number. */
  next({ steps, countedPer }: Mock, place: Place): { readonly number: number; readonly answer: MockAnswer | null } {
    const only = steps.length === 1 && steps[0]!.last === Number.POSITIVE_INFINITY ? steps[0]! : null;
    // A Map can have very many items, so nothing is counted that makes no difference.
    if (only !== null) return { number: 0, answer: only.answer };
    const key = countedPer === "execution" ? keyOfState(place.state) : placeKey(place);
    const number = this.counts.get(key) ?? 0;
    this.counts.set(key, number + 1);
    return { number, answer: steps.find(({ first, last }) => first <= number && number <= last)?.answer ?? null };
  }
}

/** Returns the names of the states of which all items have a mock. */
export function mockedStates(document: StatesDocument, mocks: Mocks | null): ReadonlySet<string> {
  if (mocks === null) return new Set();
  return new Set([...walkStates(document)].map(({ name }) => name).filter((name) => isMocked(name, mocks)));
}

// --- internal ---

function keyOfState(state: string): string {
  return placeKey({ state, indices: [] });
}
