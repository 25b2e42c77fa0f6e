import * as fc from "fast-check";
import type { Json, JsonObject } from "../../../src/base/json";
import { isMockConfigFile, readMockConfigFile } from "../../../src/testing/mock-config-file";
import { mockableStates } from "../../../src/testing/mockable-states";
import { DOCUMENT } from "./document";

const STATES = mockableStates(DOCUMENT);

/** The shape of the example in AWS's documentation. */
const FILE = {
  Assert: "a field of another tool",
  StateMachines: {
    orders: {
      TestCases: {
        HappyPath: { Notify: "Sent", Charge: "Charged" },
        RetryPath: { Notify: "Sent", Charge: "ChargedLater" },
        Hybrid: { Charge: "Charged" },
        Broken: { Notfy: "Snt" },
      },
    },
  },
  MockedResponses: {
    Sent: { "0": { Return: { MessageId: "1" } } },
    Charged: { "0": { Return: "ok" } },
    ChargedLater: {
      "0": { Throw: { Error: "Lambda.ResourceNotReadyException", Cause: "Lambda resource is not ready." } },
      "1-2": { Throw: { Error: "Lambda.TimeoutException" } },
      "3": { Return: "ok" },
    },
    Unused: "not looked at",
  },
};

const read = (testCase: string | null, file: Json = FILE, stateMachines = ["orders"]) =>
  readMockConfigFile(file as JsonObject, { stateMachines, testCase }, STATES);

const mistakes = (testCase: string | null, file: Json = FILE, stateMachines = ["orders"]) =>
  read(testCase, file, stateMachines).findings.map(({ pointer, message, fix }) => `${pointer} ${message}; ${fix}`);

test("the format is known by its fields", () => {
  expect([FILE, { mocks: {} }, [], null].map((file) => isMockConfigFile(file))).toEqual([true, false, false, false]);
});

test("a test case gives each state its response, by the number of the call", () => {
  const { byPlace, findings } = read("RetryPath");
  expect(findings).toEqual([]);
  expect([...byPlace.keys()]).toEqual([" Notify", " Charge"]);
  expect(byPlace.get(" Charge")).toEqual({
    countedPer: "execution",
    steps: [
      {
        first: 0,
        last: 0,
        answer: {
          kind: "throws",
          error: "Lambda.ResourceNotReadyException",
          cause: "Lambda resource is not ready.",
        },
      },
      { first: 3, last: 3, answer: { kind: "returns", result: "ok" } },
      { first: 1, last: 2, answer: { kind: "throws", error: "Lambda.TimeoutException", cause: "" } },
    ],
  });
});

test.each<[string, Json, { error: string; cause: string }]>([
  [
    "as in the request of SendTaskFailure",
    { taskToken: "token", error: "Lost", cause: "the worker has gone" },
    { error: "Lost", cause: "the worker has gone" },
  ],
  ["with a cause that is no text", { Error: "Lost", Cause: { code: 5 } }, { error: "Lost", cause: '{"code":5}' }],
  ["with fields of other tools", { Error: "Lost", Comment: "rare" }, { error: "Lost", cause: "" }],
])("a failure may be written %s", (_, Throw, expected) => {
  const { byPlace, findings } = read(null, {
    StateMachines: { orders: { TestCases: { A: { Notify: "R" } } } },
    MockedResponses: { R: { "0": { Throw, Comment: "of another tool" } } },
  });
  expect(findings).toEqual([]);
  expect(byPlace.get(" Notify")?.steps).toEqual([{ first: 0, last: 0, answer: { kind: "throws", ...expected } }]);
});

test("a test case leaves out the states that call the real service", () => {
  expect([...read("Hybrid").byPlace.keys()]).toEqual([" Charge"]);
});

describe("the state machine", () => {
  const two = (first: JsonObject, second: JsonObject) => ({
    ...FILE,
    StateMachines: { one: { TestCases: first }, two: { TestCases: second } },
  });

  test("is the only one, whatever its name", () => {
    expect([...read("Hybrid", FILE, ["another"]).byPlace.keys()]).toEqual([" Charge"]);
  });

  test("is the one with the name, or else the only one that fits the document", () => {
    const file = two({ A: { Foreign: "Sent" } }, { A: { Notify: "Sent" } });
    expect([...read("A", file, ["another"]).byPlace.keys()]).toEqual([" Notify"]);
    expect(mistakes("A", file, ["one"])[0]).toContain('the document has no state "Foreign"');
  });

  test("is asked for if several fit", () => {
    expect(mistakes("A", two({ A: { Ask: "Sent" } }, { A: { Notify: "Sent" } }), ["orders", "orders_dev"])).toEqual([
      '/StateMachines the file has mocks for 2 state machines, none of them "orders" or "orders_dev": one, two; rename the right one to "orders"',
    ]);
  });
});

describe("a mistake has its place and its fix", () => {
  const withResponse = (response: Json) => ({
    StateMachines: { orders: { TestCases: { A: { Notify: "R" } } } },
    MockedResponses: { R: response },
  });

  test.each<[string, string[], string[]]>([
    [
      "no test case is named",
      mistakes(null),
      [
        '/StateMachines/orders/TestCases "orders" has 4 test cases: HappyPath, RetryPath, Hybrid, Broken; add the one to run to the name of the file: FILE#HappyPath',
      ],
    ],
    [
      "a test case that is not there",
      mistakes("HapyPath"),
      ['/StateMachines/orders/TestCases "orders" has no test case "HapyPath"; did you mean HappyPath?'],
    ],
    [
      "misspelt names in a test case",
      mistakes("Broken"),
      [
        '/StateMachines/orders/TestCases/Broken/Notfy the document has no state "Notfy"; did you mean Notify?',
        '/StateMachines/orders/TestCases/Broken/Notfy MockedResponses has no "Snt"; did you mean Sent?',
      ],
    ],
    [
      "a misspelt field",
      mistakes(null, { StateMachines: { orders: { TestCase: {} } }, MockedResponses: {} }),
      ["/StateMachines/orders/TestCase StateMachines.orders.TestCase is not a known field; did you mean TestCases?"],
    ],
    ["no responses", mistakes(null, { StateMachines: {} }), [" MockedResponses is missing; add MockedResponses"]],
    [
      "no state machines",
      mistakes(null, { StateMachines: {}, MockedResponses: {} }),
      ["/StateMachines StateMachines is empty; add the state machine and its TestCases"],
    ],
    [
      "a response that is no object",
      mistakes(null, withResponse([])),
      ['/MockedResponses/R the response "R" must be an object, got: []; write { "0": { "Return": … } }'],
    ],
    [
      "calls that are no numbers",
      mistakes(null, withResponse({ first: { Return: 1 }, "2-1": { Return: 1 } })),
      [
        '/MockedResponses/R/first the calls of a response must be a number or a range, got: "first"; write "0" for the first call, "1-2" for the next two',
        '/MockedResponses/R/2-1 the calls of a response must be a number or a range, got: "2-1"; write "0" for the first call, "1-2" for the next two',
      ],
    ],
    [
      "both kinds of answers",
      mistakes(null, withResponse({ "0": { Return: 1, Throw: { Error: "E" } }, "1": {} })),
      [
        '/MockedResponses/R/0 "0" must have Return or Throw, got: both; write one of them',
        '/MockedResponses/R/1 "1" must have Return or Throw, got: none; write one of them',
      ],
    ],
    [
      "a throw without an error",
      mistakes(null, withResponse({ "0": { Throw: { Cause: "why" } } })),
      ['/MockedResponses/R/0/Throw "0".Throw.Error is missing; add Error'],
    ],
    [
      "a misspelt field of a failure",
      mistakes(null, withResponse({ "0": { Throw: { Error: "E", Cuase: "why" } } })),
      ['/MockedResponses/R/0/Throw/Cuase "0".Throw.Cuase is not a known field; did you mean Cause?'],
    ],
  ])("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

test("any file is read, or its mistakes are found", () => {
  const step = fc.oneof(fc.record({ Return: fc.jsonValue() }), fc.record({ Throw: fc.jsonValue() }), fc.jsonValue());
  const response = fc.dictionary(fc.oneof(fc.nat().map(String), fc.string()), step);
  const testCase = fc.dictionary(fc.constantFrom("Notify", "Ask", "Other"), fc.constantFrom("R", "S", "T"));
  const machine = fc.oneof(fc.record({ TestCases: fc.dictionary(fc.string(), testCase) }), fc.jsonValue());
  const file = fc.record({
    StateMachines: fc.oneof(fc.dictionary(fc.string(), machine), fc.jsonValue()),
    MockedResponses: fc.oneof(fc.dictionary(fc.constantFrom("R", "S"), response), fc.jsonValue()),
  });
  fc.assert(
    fc.property(file, fc.option(fc.string()), (value, wanted) => {
      const { byPlace, findings } = readMockConfigFile(
        value as JsonObject,
        { stateMachines: ["orders"], testCase: wanted },
        STATES,
      );
      for (const { steps } of byPlace.values()) for (const { first, last } of steps) expect(first <= last).toBe(true);
      expect(findings.every(({ message, fix }) => message !== "" && fix !== "")).toBe(true);
    }),
    { numRuns: 40 },
  );
});
