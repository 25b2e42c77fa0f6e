/**
 * Reads the mock configuration file of Step Functions Local as it is.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
 */
import { checkField } from "../asl/check/field-rules";
import { error, type Finding } from "../asl/check/problem";
import { any, map, object, text } from "../asl/fields";
import { asObject, escapePointer, isObject, type Json, type JsonObject } from "../base/json";
import { nearest, suggest } from "../base/suggest";
import { listed, quote } from "../base/text";
import { placeKey } from "../execution/events";
import { type Mock, type MockAnswer, type MockStep, thrown } from "../local/mocks";
import type { ReadMocks } from "./mock-file";
import { type MockableStates, taskAt } from "./mockable-states";

/** The test case to run. */
export interface WantedCase {
  /** The names that the state machine may have in the file. */
  readonly stateMachines: readonly string[];
  /** The name of the test case; `null` if the file has only one. */
  readonly testCase: string | null;
}

/** Returns whether a file has the format of Step Functions Local. */
export function isMockConfigFile(file: Json): file is JsonObject {
  return isObject(file) && ("StateMachines" in file || "MockedResponses" in file);
}

/** Reads the mocks of one test case. Other test cases, and responses that it does not use, are not looked at. */
export function readMockConfigFile(file: JsonObject, wanted: WantedCase, states: MockableStates): ReadMocks {
  const byPlace = new Map<string, Mock>();
  const findings = mistakesOfConfig(file);
  if (findings.length > 0) return { byPlace, findings };
  const chosen = chooseCase(file as unknown as Config, wanted, states);
  if ("message" in chosen) return { byPlace, findings: [chosen] };
  const responses = asObject(file.MockedResponses);
  for (const [name, response] of Object.entries(chosen.testCase)) {
    const here = `${chosen.pointer}/${escapePointer(name)}`;
    const task = taskAt(name, states);
    const steps = Object.hasOwn(responses, response) ? responses[response]! : null;
    if ("message" in task) findings.push(error("mock-state", here, task.message, task.fix));
    if (steps === null) {
      const message = `MockedResponses has no ${quote(response)}`;
      findings.push(error("mock-response", here, message, suggest(response, Object.keys(responses), "responses")));
      continue;
    }
    const pointer = `/MockedResponses/${escapePointer(response)}`;
    const wrong = [...mistakesOf(steps, pointer, response)];
    findings.push(...wrong);
    if (wrong.length > 0 || "message" in task) continue;
    byPlace.set(placeKey(task.place), {
      steps: Object.entries(steps as JsonObject).map(stepOf),
      countedPer: "execution",
    });
  }
  return { byPlace, findings };
}

// --- internal ---

/** The mocked response of each state. */
type TestCase = Readonly<Record<string, string>>;

interface Config {
  readonly StateMachines: Readonly<Record<string, { readonly TestCases: Readonly<Record<string, TestCase>> }>>;
}

const CONFIG = object(
  {
    StateMachines: map(object({ TestCases: map(map(text())) }, ["TestCases"])),
    MockedResponses: map(any),
  },
  ["StateMachines", "MockedResponses"],
);

const STEP = object({ Return: any, Throw: object({ Error: text(), Cause: any, taskToken: any }, ["Error"]) });
const STEP_FIELDS = ["Return", "Throw", "Error", "Cause"];
const CALLS = /^(\d{1,15})(?:-(\d{1,15}))?$/;

function mistakesOfConfig(file: JsonObject): Finding[] {
  return seriousOf(checkField(file, CONFIG, "", "", { prefix: "" }), ["StateMachines", "MockedResponses", "TestCases"]);
}

/** Fields of other tools are allowed. A misspelt field is a mistake. */
function seriousOf(findings: Iterable<Finding>, fields: readonly string[]): Finding[] {
  return [...findings].filter(
    ({ rule, pointer }) =>
      rule !== "unknown-field" || nearest(pointer.slice(pointer.lastIndexOf("/") + 1), fields) !== null,
  );
}

interface Chosen {
  readonly testCase: TestCase;
  readonly pointer: string;
}

function chooseCase(
  { StateMachines }: Config,
  { stateMachines, testCase }: WantedCase,
  states: MockableStates,
): Chosen | Finding {
  const all = Object.keys(StateMachines);
  if (all.length === 0) {
    return error("mock-case", "/StateMachines", "StateMachines is empty", "add the state machine and its TestCases");
  }
  const machine = chooseMachine(StateMachines, stateMachines, states);
  if (machine === null) {
    const message = `the file has mocks for ${all.length} state machines, none of them ${stateMachines.map((name) => quote(name)).join(" or ")}: ${listed(all)}`;
    return error("mock-case", "/StateMachines", message, `rename the right one to ${quote(stateMachines[0])}`);
  }
  const pointer = `/StateMachines/${escapePointer(machine)}/TestCases`;
  const { TestCases } = StateMachines[machine]!;
  const cases = Object.keys(TestCases);
  const name = testCase ?? (cases.length === 1 ? cases[0]! : null);
  if (name === null) {
    const message = `${quote(machine)} has ${cases.length} test cases: ${listed(cases)}`;
    return error(
      "mock-case",
      pointer,
      message,
      `add the one to run to the name of the file: FILE#${cases[0] ?? "<test case>"}`,
    );
  }
  if (!Object.hasOwn(TestCases, name)) {
    return error(
      "mock-case",
      pointer,
      `${quote(machine)} has no test case ${quote(name)}`,
      suggest(name, cases, "test cases"),
    );
  }
  return { testCase: TestCases[name]!, pointer: `${pointer}/${escapePointer(name)}` };
}

/** Returns the state machine with one of the names, or else the only one whose test cases fit the document. */
function chooseMachine(
  machines: Config["StateMachines"],
  names: readonly string[],
  states: MockableStates,
): string | null {
  const all = Object.keys(machines);
  const named = names.find((name) => Object.hasOwn(machines, name));
  if (named !== undefined || all.length === 1) return named ?? all[0]!;
  const fitting = all.filter((machine) =>
    Object.values(machines[machine]!.TestCases).every((testCase) =>
      Object.keys(testCase).every((name) => states.has(name)),
    ),
  );
  return fitting.length === 1 ? fitting[0]! : null;
}

function* mistakesOf(response: Json, pointer: string, name: string): Generator<Finding, void, undefined> {
  if (!isObject(response)) {
    const message = `the response ${quote(name)} must be an object, got: ${quote(response)}`;
    return yield error("mock-response", pointer, message, 'write { "0": { "Return": … } }');
  }
  for (const [calls, step] of Object.entries(response)) {
    const here = `${pointer}/${escapePointer(calls)}`;
    const [, first, last = first] = CALLS.exec(calls) ?? [];
    if (first === undefined || Number(first) > Number(last)) {
      const message = `the calls of a response must be a number or a range, got: ${quote(calls)}`;
      yield error("mock-response", here, message, 'write "0" for the first call, "1-2" for the next two');
      continue;
    }
    const found = seriousOf(checkField(namedAsInThrow(step), STEP, here, quote(calls), { prefix: "" }), STEP_FIELDS);
    yield* found;
    if (found.length > 0 || !isObject(step)) continue;
    const kinds = ["Return", "Throw"].filter((kind) => step[kind] !== undefined);
    if (kinds.length === 1) continue;
    const message = `${quote(calls)} must have Return or Throw, got: ${kinds.length === 0 ? "none" : "both"}`;
    yield error("mock-response", here, message, "write one of them");
  }
}

/** Returns a step whose failure may be written as the request of SendTaskFailure: `{ "taskToken": …, "error": …, "cause": … }`. */
function namedAsInThrow(step: Json): Json {
  if (!isObject(step) || !isObject(step.Throw)) return step;
  const { error: name, cause, ...rest } = step.Throw;
  const failure = { ...(name !== undefined && { Error: name }), ...(cause !== undefined && { Cause: cause }), ...rest };
  return { ...step, Throw: failure };
}

/** Returns a step without mistakes. */
function stepOf([calls, step]: [string, Json]): MockStep {
  const [, first, last = first] = CALLS.exec(calls)!;
  const { Return, Throw } = namedAsInThrow(step) as JsonObject;
  const answer: MockAnswer = Return === undefined ? thrown(Throw as JsonObject) : { kind: "returns", result: Return };
  return { first: Number(first), last: Number(last), answer };
}
