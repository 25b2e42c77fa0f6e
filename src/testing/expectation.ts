/** The expectations of a case. */
import { checkField } from "../asl/check/field-rules";
import { error, type Finding } from "../asl/check/problem";
import { any, map, object, text } from "../asl/fields";
import { asObject, escapePointer, isObject, type Json, type JsonObject } from "../base/json";
import { quote } from "../base/text";
import type { Place } from "../execution/events";
import { matcherMistakes } from "./matchers";
import { type MockableStates, outermostMap, placeAt, taskAt } from "./mockable-states";

/** An expectation without mistakes. A part that is `undefined` may be anything. */
export interface Expectation {
  readonly status: string;
  readonly output: Json | undefined;
  readonly error: Json | undefined;
  readonly cause: Json | undefined;
  /** A list of names, or a matcher. */
  readonly path: Json | undefined;
  /** The requests by task, or by item of a task. A list has an entry for each call. Another value holds for every call, and expects at least one. */
  readonly requests: Readonly<Record<string, Json>>;
}

/** The statuses that the execution of a case can have. */
const STATUSES = ["SUCCEEDED", "FAILED", "TIMED_OUT"] as const;

/** The fields of `expect`. */
export const EXPECT_FIELDS = object({
  status: text({ oneOf: STATUSES }),
  output: any,
  error: any,
  cause: any,
  path: any,
  requests: map(any),
});

/** Returns an expectation without mistakes. Without a status, an execution with an error is expected to fail. */
export function readExpectation(written: JsonObject): Expectation {
  const { error: name, cause, output, path } = written;
  const failed = name !== undefined || cause !== undefined;
  const status = (written.status as string | undefined) ?? (failed ? "FAILED" : "SUCCEEDED");
  return { status, output, error: name, cause, path, requests: asObject(written.requests) as Record<string, Json> };
}

/** Returns the mistakes in an expectation. */
export function* expectationMistakes(
  written: JsonObject,
  pointer: string,
  states: MockableStates,
): Generator<Finding, void, undefined> {
  const found = [...checkField(written, EXPECT_FIELDS, pointer, "", { prefix: "" })];
  yield* found;
  if (!found.some((one) => one.pointer === `${pointer}/status`)) yield* statusMistakes(written, pointer);
  for (const part of ["error", "cause"]) {
    const value = written[part];
    const isMatcher = isObject(value) && Object.keys(value).some((name) => name.startsWith("$"));
    if (value === undefined || typeof value === "string" || isMatcher) continue;
    const message = `${part} must be a text or a matcher, got: ${quote(value)}`;
    yield error("test-expect", `${pointer}/${part}`, message, 'write "…" or { "$contains": "…" }');
  }
  for (const part of ["output", "error", "cause"]) {
    if (written[part] !== undefined) yield* matcherMistakes(written[part], `${pointer}/${part}`);
  }
  yield* pathMistakes(written.path, `${pointer}/path`, states);
  for (const [key, request] of Object.entries(asObject(written.requests))) {
    const here = `${pointer}/requests/${escapePointer(key)}`;
    const task = taskAt(key, states, "has requests");
    if ("message" in task) yield error("test-state", here, task.message, task.fix);
    yield* matcherMistakes(request, here);
  }
}

// --- internal ---

function* statusMistakes(written: JsonObject, pointer: string): Generator<Finding, void, undefined> {
  const { status } = readExpectation(written);
  const parts =
    status === "SUCCEEDED" ? ["error", "cause"] : status === "FAILED" ? ["output"] : ["output", "error", "cause"];
  for (const part of parts.filter((name) => written[name] !== undefined)) {
    const message = `an execution that is ${status} has no ${part}`;
    yield error("test-expect", `${pointer}/${part}`, message, "remove it, or expect another status");
  }
}

function* pathMistakes(
  path: Json | undefined,
  pointer: string,
  states: MockableStates,
): Generator<Finding, void, undefined> {
  if (path === undefined) return;
  const names = Array.isArray(path) ? path : [asObject(path).$contains];
  if (isObject(path)) yield* matcherMistakes(path, pointer);
  const withIndices = new Map<string, boolean>();
  for (const [index, name] of names.entries()) {
    const here = Array.isArray(path) ? `${pointer}/${index}` : pointer;
    if (typeof name !== "string") {
      const message = `path must be a list of states, got: ${quote(path)}`;
      yield error("test-path", here, message, 'write the states in their order, such as ["step1", "step2_job[0]"]');
      return;
    }
    const place = placeAt(name, states);
    if ("message" in place) {
      yield error("test-state", here, place.message, place.fix);
      continue;
    }
    yield* mixedIndices(name, place, here, states, withIndices);
  }
}

/** The states of a Map are all written with indices, or all without. */
function* mixedIndices(
  name: string,
  { state, indices }: Place,
  pointer: string,
  states: MockableStates,
  withIndices: Map<string, boolean>,
): Generator<Finding, void, undefined> {
  const map = outermostMap(state, states);
  if (map === null) return;
  const has = indices.length > 0;
  const earlier = withIndices.get(map);
  if (earlier === undefined) withIndices.set(map, has);
  else if (earlier !== has) {
    const message = `${quote(name)} has ${has ? "an index" : "no index"}, unlike earlier states of the Map ${quote(map)}`;
    const fix = `write all of them with indices, for each item, or none, for each different way of an item`;
    yield error("test-path", pointer, message, fix);
  }
}
