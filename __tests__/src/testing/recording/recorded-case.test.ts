import { asDocument, type StatesDocument } from "../../../../src/asl/document";
import type { Json, JsonObject } from "../../../../src/base/json";
import type { ExecutionEvent } from "../../../../src/execution/events";
import { readMockFile } from "../../../../src/testing/mock-file";
import { mockableStates } from "../../../../src/testing/mockable-states";
import type { EndedRecording } from "../../../../src/testing/recording/recorded-case";
import { CaseRecorder } from "../../../../src/testing/recording/recorder";
import { shortestCase } from "../../../../src/testing/recording/shortest-case";
import { runCase } from "../../../../src/testing/run-case";

interface Example {
  readonly states: JsonObject;
  readonly rest?: JsonObject;
  readonly input?: Json;
  readonly mocks?: JsonObject;
}

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };
const JOB = {
  ...{ Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", End: true },
  Parameters: { JobName: "work", JobDefinition: "work", JobQueue: "queue" },
};
const PASS = { Type: "Pass", End: true };
const each = (states: JsonObject): JsonObject => ({
  Type: "Map",
  ItemProcessor: { StartAt: Object.keys(states)[0]!, States: states },
  End: true,
});
const returns = (result: Json) => ({ returns: result });
const throws = (name: string, cause: Json = "why") => ({ throws: { Error: name, Cause: cause } });

const documentOf = ({ states, rest = {} }: Example): StatesDocument =>
  asDocument({ ...rest, StartAt: Object.keys(states)[0]!, States: states });

async function recordingOf(example: Example): Promise<EndedRecording> {
  const document = documentOf(example);
  const states = mockableStates(document);
  const { byPlace, findings } = readMockFile({ mocks: example.mocks ?? {} }, states);
  expect(findings).toEqual([]);
  const { events } = await runCase(
    { name: "machine", document },
    {
      executionName: "run-1",
      startedAt: Date.UTC(2026, 4, 1),
      input: example.input ?? {},
      mocks: { file: "m.json", format: "own", byPlace },
      objects: {},
    },
  );
  return record(document, events);
}

function record(document: StatesDocument, events: readonly ExecutionEvent[]): EndedRecording {
  const recorder = new CaseRecorder(mockableStates(document));
  events.forEach(recorder.sink);
  return recorder.result() as EndedRecording;
}

/** Records an execution. Returns the case, and whether it passes. */
async function recorded(example: Example): Promise<{ hasPassed: boolean; written: JsonObject }> {
  const document = documentOf(example);
  const workflow = {
    ...{ name: "machine", document, values: {}, inputSchema: null, stateMachines: [] },
    file: { path: "/none/a.asl.json", name: "a.asl.json" },
  };
  const recording = await recordingOf(example);
  const { written, tests, result } = await shortestCase(recording, workflow, '{ "cases": [] }', { now: () => 0 });
  expect(tests.problems).toEqual([]);
  return { hasPassed: result!.verdict.hasPassed, written };
}

const CAUGHT = { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Mend" }] };
const RETRIED = { Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 2 }] };

test.each<[string, Example, JsonObject]>([
  [
    "a task that succeeds",
    { states: { Ask: TASK }, mocks: { Ask: returns({ Payload: 1 }) } },
    {
      mocks: { Ask: { returns: { Payload: 1 } } },
      expect: { status: "SUCCEEDED", output: { Payload: 1 }, path: ["Ask"] },
    },
  ],
  [
    "retries, in their order",
    {
      states: { Ask: { ...TASK, ...RETRIED } },
      mocks: { Ask: [throws("Busy", ""), throws("Lost", { a: [1] }), returns(1)] },
    },
    {
      mocks: { Ask: [{ throws: { Error: "Busy" } }, { throws: { Error: "Lost", Cause: { a: [1] } } }, { returns: 1 }] },
      expect: { status: "SUCCEEDED", output: 1, path: ["Ask"] },
    },
  ],
  [
    "equal answers once",
    { states: { Ask: { ...TASK, ...RETRIED } }, mocks: { Ask: throws("Busy") } },
    {
      mocks: { Ask: { throws: { Error: "Busy", Cause: "why" } } },
      expect: { status: "FAILED", error: "Busy", path: ["Ask"] },
    },
  ],
  [
    "an error that a Catch takes",
    { states: { Ask: { ...TASK, ...CAUGHT }, Mend: PASS }, mocks: { Ask: throws("Lost") } },
    {
      mocks: { Ask: { throws: { Error: "Lost", Cause: "why" } } },
      expect: { status: "SUCCEEDED", output: { Error: "Lost", Cause: "why" }, path: ["Ask", "Mend"] },
    },
  ],
  [
    "a Fail, with its cause",
    { states: { Stop: { Type: "Fail", Error: "Bad", Cause: "input" } } },
    { expect: { status: "FAILED", error: "Bad", cause: "input", path: ["Stop"] } },
  ],
  [
    "a timeout",
    { states: { Ask: { ...TASK, ...CAUGHT, TimeoutSeconds: 5 }, Mend: PASS }, mocks: { Ask: { never: true } } },
    {
      mocks: { Ask: { never: true } },
      expect: {
        status: "SUCCEEDED",
        output: expect.objectContaining({ Error: "States.Timeout" }) as JsonObject,
        path: ["Ask", "Mend"],
      },
    },
  ],
  [
    "an execution whose time is up",
    { states: { Ask: TASK }, rest: { TimeoutSeconds: 5 }, mocks: { Ask: { never: true } } },
    { mocks: { Ask: { never: true } }, expect: { status: "TIMED_OUT", path: ["Ask"] } },
  ],
  [
    "items with the same answer",
    { states: { Each: each({ Ask: TASK }) }, input: [1, 2], mocks: { Ask: returns("a") } },
    {
      mocks: { Ask: { returns: "a" } },
      expect: { status: "SUCCEEDED", output: ["a", "a"], path: ["Each", "Ask[0]", "Ask[1]"] },
    },
  ],
  [
    "items with answers of their own",
    { states: { Each: each({ Ask: TASK }) }, input: [1, 2], mocks: { "Ask[0]": returns("a"), "Ask[1]": returns("b") } },
    {
      mocks: { "Ask[0]": { returns: "a" }, "Ask[1]": { returns: "b" } },
      expect: { status: "SUCCEEDED", output: ["a", "b"], path: ["Each", "Ask[0]", "Ask[1]"] },
    },
  ],
  [
    "a job whose result does not matter, without its result",
    { states: { Work: { ...JOB, ResultPath: null } }, mocks: { Work: returns({ JobId: "1", Status: "SUCCEEDED" }) } },
    { expect: { status: "SUCCEEDED", output: {}, path: ["Work"] } },
  ],
  [
    "a job whose result matters, with its result",
    { states: { Work: JOB }, mocks: { Work: returns({ JobId: "1", Status: "SUCCEEDED" }) } },
    {
      mocks: { Work: { returns: { JobId: "1", Status: "SUCCEEDED" } } },
      expect: { status: "SUCCEEDED", output: { JobId: "1", Status: "SUCCEEDED" }, path: ["Work"] },
    },
  ],
  [
    "the name of the execution, if the output has it",
    { states: { Name: { ...PASS, Parameters: { "name.$": "$$.Execution.Name" } } } },
    {
      executionName: "run-1",
      startTime: "2026-05-01T00:00:00.000Z",
      expect: { status: "SUCCEEDED", output: { name: "run-1" }, path: ["Name"] },
    },
  ],
  [
    "an output that looks like a matcher",
    { states: { Same: PASS }, input: { $any: "x" } },
    { expect: { status: "SUCCEEDED", output: { $exact: { $any: "x" } }, path: ["Same"] } },
  ],
])("records %s, and the case passes", async (_, example, expected) => {
  const { hasPassed, written } = await recorded(example);
  expect({ hasPassed, written }).toEqual({
    hasPassed: true,
    written: { name: "run-1", input: example.input ?? {}, ...expected },
  });
});

describe("a branch that stops another one", () => {
  const branch = (states: JsonObject) => ({ StartAt: Object.keys(states)[0]!, States: states });
  const to = (Next: string) => ({ Type: TASK.Type, Resource: TASK.Resource, Next });
  const both = (...branches: JsonObject[]): JsonObject => ({
    Both: { Type: "Parallel", Branches: branches.map(branch), End: true },
  });
  const late = (afterSeconds: number, answer: JsonObject) => ({ ...answer, afterSeconds });

  test("the call that it stopped would be answered a second later", async () => {
    const { hasPassed, written } = await recorded({
      states: both({ Slow: TASK }, { Failing: TASK }),
      mocks: { Slow: late(10, returns(1)), Failing: late(5, throws("Lost")) },
    });
    expect({ hasPassed, mocks: written.mocks }).toEqual({
      hasPassed: true,
      mocks: { Slow: late(6, { returns: null }), Failing: throws("Lost") },
    });
    expect(written.expect).toMatchObject({ path: ["Both", "Slow", "Failing"] });
  });

  test("the answers come after the recorded times, if the path needs that", async () => {
    const passes = Array.from({ length: 9 }, (_, index) => [
      `Pass${index}`,
      { Type: "Pass", Next: `Pass${index + 1}` },
    ]);
    const chain = { First: to("Pass0"), ...Object.fromEntries(passes), Pass9: PASS } as JsonObject;
    const mocks = { Failing: late(5, throws("Lost")), First: late(1, returns(1)) };
    const states = both({ Failing: TASK }, chain);
    const { hasPassed, written } = await recorded({ states, mocks });
    expect({ hasPassed, mocks: written.mocks }).toEqual({ hasPassed: true, mocks });
    expect((written.expect as JsonObject).path).toHaveLength(13);
  });
});

test("the path of many items has each different way once", async () => {
  const { hasPassed, written } = await recorded({
    states: { Each: each({ Same: PASS }) },
    input: Array.from({ length: 60 }, (_, index) => index),
  });
  expect([hasPassed, (written.expect as JsonObject).path]).toEqual([true, ["Each", "Same"]]);
});
