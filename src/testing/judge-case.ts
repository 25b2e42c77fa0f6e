/** Compares the execution of a case with what the case expects. */
import { asObject, type Json } from "../base/json";
import { counted } from "../base/terminal-text";
import { listed, quote } from "../base/text";
import { type Place, placeName } from "../execution/events";
import { NOT_MOCKED } from "../local/mocks";
import type { Expectation } from "./expectation";
import { type Mismatch, mismatches } from "./matchers";
import { type MockableStates, taskAt } from "./mockable-states";
import { pathTaken, summarizedMaps } from "./path-taken";
import { type CaseRun, LONGEST_RUN, type TaskRequest } from "./run-case";

/** The result of a case. */
export interface Verdict {
  readonly hasPassed: boolean;
  /** The reason why the case cannot be judged, such as a task without a mock; `null` if it can. */
  readonly problem: string | null;
  /** Advice about objects that the execution did not find; `null` if there is none. */
  readonly hint: string | null;
  /** The places that differ, of `status`, `output`, `error`, `cause` and `requests`. */
  readonly mismatches: readonly Mismatch[];
  /** The two paths, if they differ. */
  readonly paths: PathDifference | null;
  /** The path that the execution has taken. */
  readonly path: readonly string[];
}

/** The path that was expected, and the one that the execution has taken. */
export interface PathDifference {
  readonly expected: readonly string[];
  readonly actual: readonly string[];
  /** The index of the first state that differs. */
  readonly partsAt: number;
}

/** Compares an execution with an expectation. */
export function judgeCase(run: CaseRun, expect: Expectation, states: MockableStates): Verdict {
  const expected = Array.isArray(expect.path) ? (expect.path as string[]) : null;
  const path = pathTaken(run.events, states, summarizedMaps(expected ?? namesIn(expect.path), states));
  const problem = problemOf(run);
  if (problem !== null) return { hasPassed: false, problem, hint: null, mismatches: [], paths: null, path };
  const differs = [
    ...ofEnd(run, expect),
    ...(expected === null && expect.path !== undefined ? mismatches(expect.path, path, "path") : []),
    ...(run.status === expect.status ? ofRequests(run.requests, expect.requests, states) : []),
  ];
  const paths = expected === null ? null : difference(expected, path);
  const hint = run.status === expect.status ? null : hintOf(run);
  return { hasPassed: differs.length === 0 && paths === null, problem, hint, mismatches: differs, paths, path };
}

// --- internal ---

function problemOf({ isEndless, error, cause }: CaseRun): string | null {
  if (isEndless) {
    const years = LONGEST_RUN / (365.25 * 24 * 3600 * 1000);
    return `the execution does not end: after ${years} years of virtual time it still waits`;
  }
  return error === NOT_MOCKED ? cause : null;
}

function hintOf({ missingObjects }: CaseRun): string | null {
  const names = missingObjects.map((name) => quote(name));
  return names.length === 0
    ? null
    : `the case lacks what the execution has read; add to its \`objects\`: ${listed(names, 5)}`;
}

function ofEnd(run: CaseRun, expect: Expectation): Mismatch[] {
  const actual = {
    output: run.status === "SUCCEEDED" ? run.output! : undefined,
    error: run.error ?? undefined,
    cause: run.cause ?? undefined,
  };
  if (run.status === expect.status) {
    return (["output", "error", "cause"] as const).flatMap((part) =>
      expect[part] === undefined ? [] : mismatches(expect[part], actual[part], part),
    );
  }
  const unexpected = (["error", "cause"] as const).flatMap((part) =>
    actual[part] === undefined ? [] : [{ place: part, expected: "nothing", actual: quote(actual[part], LONGEST) }],
  );
  return [{ place: "status", expected: expect.status, actual: run.status }, ...unexpected];
}

/** The longest cause that is kept. That of a Batch job is its whole description. */
const LONGEST = 10_000;

function ofRequests(
  all: readonly TaskRequest[],
  expected: Expectation["requests"],
  states: MockableStates,
): Mismatch[] {
  return Object.entries(expected).flatMap(([key, wanted]) => {
    const task = taskAt(key, states);
    const calls = "place" in task ? callsOf(all, task.place) : [];
    const what = `requests.${key}`;
    if (!Array.isArray(wanted)) {
      if (calls.length === 0) return [{ place: what, expected: "a call", actual: "no call" }];
      return calls.flatMap(({ parameters }, call) => mismatches(wanted, parameters, nameOfCall(calls, call)));
    }
    const differs = wanted
      .slice(0, calls.length)
      .flatMap((one, call) => mismatches(one, calls[call]!.parameters, nameOfCall(calls, call)));
    return wanted.length === calls.length
      ? differs
      : [{ place: what, expected: counted(wanted.length, "call"), actual: counted(calls.length, "call") }, ...differs];
  });
}

/** Returns the calls of a task in the order of the items, and those of one item in the order of time. */
function callsOf(all: readonly TaskRequest[], { state, indices }: Place): TaskRequest[] {
  const calls = all.filter((call) => call.state === state && indices.every((index, at) => call.indices[at] === index));
  const order = (one: Place, other: Place) =>
    one.indices.map((index, at) => index - other.indices[at]!).find((difference) => difference !== 0) ?? 0;
  return calls.sort(order);
}

/** Names a call by its item, and by its number if the item has several. */
function nameOfCall(calls: readonly TaskRequest[], call: number): string {
  const name = placeName(calls[call]!);
  const own = calls.flatMap((one, index) => (placeName(one) === name ? [index] : []));
  return own.length === 1 ? `requests.${name}` : `requests.${name} (call ${own.indexOf(call) + 1})`;
}

function namesIn(path: Json | undefined): string[] {
  const { $contains } = asObject(path);
  return typeof $contains === "string" ? [$contains] : [];
}

function difference(expected: readonly string[], actual: readonly string[]): PathDifference | null {
  const longer = Math.max(expected.length, actual.length);
  for (let at = 0; at < longer; at += 1) {
    if (expected[at] !== actual[at]) return { expected, actual, partsAt: at };
  }
  return null;
}
