import type { JsonObject } from "../../../src/base/json";
import { readExpectation } from "../../../src/testing/expectation";
import { judgeCase } from "../../../src/testing/judge-case";
import { mockableStates } from "../../../src/testing/mockable-states";
import type { CaseRun, TaskRequest } from "../../../src/testing/run-case";
import { DOCUMENT } from "./document";
import { SUCCEEDED_RUN } from "./succeeded-run";

const STATES = mockableStates(DOCUMENT);
const RUN: CaseRun = { ...SUCCEEDED_RUN, output: { a: 1 } };
const FAILED = { status: "FAILED", output: null, error: "E", cause: "because of it" } as const;

const judge = (run: Partial<CaseRun>, expected: JsonObject) =>
  judgeCase({ ...RUN, ...run }, readExpectation(expected), STATES);

const call = (state: string, indices: number[], parameters: JsonObject): TaskRequest => ({
  state,
  indices,
  parameters,
});

test.each<[string, Partial<CaseRun>, JsonObject]>([
  ["nothing but success", {}, {}],
  ["an output", {}, { output: { a: 1 } }],
  ["an error, which implies the status", FAILED, { error: "E" }],
  ["a part of a cause", FAILED, { cause: { $contains: "it" } }],
  ["a status alone", FAILED, { status: "FAILED" }],
  ["a time-out", { status: "TIMED_OUT", output: null }, { status: "TIMED_OUT" }],
])("passes: %s", (_, run, expected) => {
  expect(judge(run, expected)).toMatchObject({ hasPassed: true, problem: null, mismatches: [], paths: null });
});

test.each<[string, Partial<CaseRun>, JsonObject, string[]]>([
  [
    "a failure, with its reason",
    FAILED,
    { output: 1 },
    ["status: SUCCEEDED, FAILED", 'error: nothing, "E"', 'cause: nothing, "because of it"'],
  ],
  ["a success", {}, { error: "E" }, ["status: FAILED, SUCCEEDED"]],
  ["another error", FAILED, { error: "F", cause: "no" }, ['error: "F", "E"', 'cause: "no", "because of it"']],
  ["no error at all", { ...FAILED, error: null }, { error: "E" }, ['error: "E", nothing']],
])("fails: %s", (_, run, expected, differences) => {
  const { hasPassed, mismatches } = judge(run, expected);
  expect(hasPassed).toBe(false);
  expect(mismatches.map(({ place, ...values }) => `${place}: ${values.expected}, ${values.actual}`)).toEqual(
    differences,
  );
});

describe("requests", () => {
  const requests = [
    call("Charge", [1], { n: 10 }),
    call("Charge", [0], { n: 0 }),
    call("Charge", [1], { n: 11 }),
    call("Deep", [0, 1], { d: true }),
    call("Deep", [0, 0], { d: false }),
  ];
  test.each<[string, JsonObject, string[]]>([
    ["each call, by item and then by time", { Charge: [{ n: 0 }, { n: 10 }, { n: 11 }] }, []],
    ["one item", { "Charge[1]": [{ n: 10 }, { n: 11 }], "Deep[0][1]": { d: true } }, []],
    ["every call", { Charge: { n: { $any: "number" } } }, []],
    ["no call", { Notify: [] }, []],
    [
      "the item and the number of a call",
      { Charge: { n: 10 } },
      ["requests.Charge[0].n: 10, 0", "requests.Charge[1] (call 2).n: 10, 11"],
    ],
    ["too few calls", { "Charge[0]": [{}, {}] }, ["requests.Charge[0]: 2 calls, 1 call"]],
    ["too many calls", { Charge: [] }, ["requests.Charge: 0 calls, 3 calls"]],
    ["a call that is missing", { Notify: {} }, ["requests.Notify: a call, no call"]],
  ])("%s", (_, expected, differences) => {
    const { mismatches } = judge({ requests }, { requests: expected });
    expect(mismatches.map(({ place, ...values }) => `${place}: ${values.expected}, ${values.actual}`)).toEqual(
      differences,
    );
  });
});

test("an execution that never ends, or needs a mock, cannot be judged", () => {
  expect(judge({ isEndless: true, status: "ABORTED" }, { status: "FAILED" })).toMatchObject({
    hasPassed: false,
    problem: "the execution does not end: after 100 years of virtual time it still waits",
  });
  const unmocked = { ...FAILED, error: "Workflow.NotMocked", cause: "add a mock" };
  expect(judge(unmocked, { status: "FAILED" })).toMatchObject({ hasPassed: false, problem: "add a mock" });
});

test("a path that contains a state", () => {
  const events = [{ at: 0, type: "state-entered", state: "Notify", indices: [] }] as const;
  expect(judge({ events }, { path: { $contains: "Notify" } }).hasPassed).toBe(true);
  expect(judge({ events }, { path: { $contains: "Done" } }).mismatches).toEqual([
    { place: "path", expected: 'contains "Done"', actual: '["Notify"]' },
  ]);
});
