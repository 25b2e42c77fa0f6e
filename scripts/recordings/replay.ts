/** Runs a recorded execution here: its Tasks are answered by what was recorded, and time is simulated. */

import { setMaxListeners } from "node:events";
import type { StatesDocument } from "../../src/asl/document";
import { asObject, type Json, type JsonObject } from "../../src/base/json";
import { memoryStore } from "../../src/local/data/memory-store";
import type { ObjectStore } from "../../src/local/data/object-store";
import { interpret } from "../../src/local/interpreter/interpreter";
import type { TaskCall } from "../../src/local/interpreter/state-actions";
import { StatesError } from "../../src/local/interpreter/states-error";
import { FakeClock } from "../demo/fake-clock";

/** A recorded execution without its outcome. */
export interface ReplayRequest {
  readonly id: string;
  /** The start of the execution, as an ISO 8601 text. */
  readonly now?: string;
  readonly definition: StatesDocument;
  readonly input: Json;
  readonly context: JsonObject;
  /** The answers of the Tasks, in the order of their calls. */
  readonly mocks: readonly RecordedAnswer[];
  /** The content of the buckets. */
  readonly s3Objects?: readonly RecordedObject[];
}

interface RecordedObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: string;
}

/** The answer of one call of a Task. */
interface RecordedAnswer {
  /** `null`: the recording does not know. */
  readonly state: string | null;
  /** The items of the Maps around the state, outermost first. */
  readonly iterations?: readonly { readonly index: number }[];
  /** `none`: the call had not ended when its state ended. */
  readonly result: "output" | "error" | "none";
  readonly output?: Json;
  readonly error?: string | null;
  readonly cause?: string | null;
  /** The name of the history event, such as `TaskTimedOut`. */
  readonly event?: string;
}

export type ReplayAnswer =
  | {
      readonly status: string;
      readonly output?: Json;
      readonly error?: string | null;
      readonly cause?: string | null;
      /** The names of the states in the order in which they were entered. */
      readonly path: readonly string[];
    }
  | { readonly refused: string }
  | { readonly crashed: string };

/** Runs a recorded execution to its end. `crashed`: the interpreter threw something that is not an error of the language. */
export async function replay(request: ReplayRequest): Promise<ReplayAnswer> {
  const { definition, input, context, mocks, now, s3Objects = [] } = request;
  const clock = new FakeClock(Date.parse(now ?? "2026-01-01T00:00:00Z"));
  const path: string[] = [];
  const { signal } = new AbortController();
  // Each item of a Map listens.
  setMaxListeners(0, signal);
  try {
    const outcome = await interpret(
      definition,
      { input, context },
      {
        task: answersInOrder(mocks, clock),
        emit: (event) => {
          if (event.type === "state-entered") path.push(event.state);
        },
        clock,
        random: Math.random,
        objects: storeOf(s3Objects),
      },
      signal,
    );
    if ("cause" in outcome && outcome.cause?.includes(REFUSAL)) return { refused: outcome.cause };
    return { ...outcome, path };
  } catch (failure) {
    return { crashed: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure) };
  }
}

// --- internal ---

function storeOf(objects: readonly RecordedObject[]): ObjectStore {
  return memoryStore(Object.fromEntries(objects.map(({ Bucket, Key, Body }) => [`${Bucket}/${Key}`, Body])));
}

/** Every cause that names a limit of this project contains these words. */
const REFUSAL = "the local run";

/** Longer than every timeout. */
const NEVER_MILLISECONDS = 1e14;

/** The answers of Tasks in distributed Maps are not recorded. All functions in them give back what they are given. */
function givenBack(resource: string, parameters: Json): [] | [RecordedAnswer] {
  const output = resource.includes(":lambda:invoke") ? { Payload: asObject(parameters).Payload ?? {} } : parameters;
  return resource.includes(":lambda:") ? [{ state: null, result: "output", output }] : [];
}

/** Gives each call the first recorded answer of its state and item that is left, else one whose state is not known. */
function answersInOrder(mocks: readonly RecordedAnswer[], clock: FakeClock): (call: TaskCall) => Promise<Json> {
  const left = [...mocks];
  return async ({ state, indices, resource, parameters, signal }) => {
    const ofCall = ({ iterations = [] }: RecordedAnswer) =>
      iterations.length === 0 || iterations.map(({ index }) => index).join() === indices.join();
    const known = left.findIndex((answer) => answer.state === state && ofCall(answer));
    const place = known >= 0 ? known : left.findIndex((answer) => answer.state === null);
    const [answer] = place >= 0 ? left.splice(place, 1) : givenBack(resource, parameters);
    if (answer === undefined)
      throw new StatesError("Workflow.NotMocked", `no recorded answer is left for ${state} (${resource})`);
    // The timeout of the state has to end the call.
    if (answer.result === "none" || answer.event?.endsWith("TimedOut")) await clock.sleep(NEVER_MILLISECONDS, signal);
    if (answer.result === "output") return answer.output ?? null;
    throw new StatesError(answer.error ?? "", answer.cause ?? "");
  };
}
