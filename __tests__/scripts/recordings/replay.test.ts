import { type ReplayRequest, replay } from "../../../scripts/recordings/replay";
import type { StatesDocument } from "../../../src/asl/document";

const request = (definition: object, more: Partial<ReplayRequest> = {}): ReplayRequest => ({
  id: "one",
  now: "2026-11-28T02:34:08Z",
  definition: definition as StatesDocument,
  input: {},
  context: { Execution: { Id: "run" }, StateMachine: { Id: "machine" } },
  mocks: [],
  ...more,
});

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };

test("a recorded answer goes to the state and the item that it was recorded for", async () => {
  const map = { Type: "Map", ItemProcessor: { StartAt: "task", States: { task: TASK } }, End: true };
  const mocks = [1, 0].map((index) => ({
    state: "task",
    iterations: [{ index }],
    result: "output" as const,
    output: `answer ${index}`,
  }));
  const { context } = request({});
  expect(await replay({ ...request({ StartAt: "map", States: { map } }), context, input: ["a", "b"], mocks })).toEqual({
    status: "SUCCEEDED",
    output: ["answer 0", "answer 1"],
    path: ["map", "task", "task"],
  });
});

test("an answer whose state is not known goes to the state that has none of its own", async () => {
  const States = { first: { Type: "Task", Resource: TASK.Resource, Next: "second" }, second: TASK };
  const mocks = [
    { state: null, result: "output" as const, output: 2 },
    { state: "first", result: "output" as const, output: 1 },
  ];
  expect(await replay(request({ StartAt: "first", States }, { mocks }))).toMatchObject({ output: 2 });
});

test("an answer that timed out on AWS waits for the timeout of its state", async () => {
  const mocks = [{ state: "task", result: "error" as const, error: "Other", cause: null, event: "TaskTimedOut" }];
  const States = { task: { ...TASK, TimeoutSeconds: 5 } };
  expect(await replay(request({ StartAt: "task", States }, { mocks }))).toMatchObject({ error: "States.Timeout" });
});

test("a wait of years takes no time, and starts when the recording says", async () => {
  const wait = { Type: "Wait", Seconds: 100_000_000, Next: "after" };
  const after = { Type: "Pass", Parameters: { "at.$": "$$.State.EnteredTime" }, End: true };
  expect(await replay(request({ StartAt: "wait", States: { wait, after } }))).toMatchObject({
    output: { at: "2030-01-28T12:20:48.000Z" },
  });
});

test("a function without a recorded answer gives back what it is given, any other Task fails by name", async () => {
  const lambda = { ...TASK, Parameters: { Payload: { n: 1 } } };
  expect(await replay(request({ StartAt: "task", States: { task: lambda } }))).toMatchObject({
    output: { Payload: { n: 1 } },
  });
  const topic = { ...TASK, Resource: "arn:aws:states:::sns:publish" };
  expect(await replay(request({ StartAt: "task", States: { task: topic } }))).toMatchObject({
    status: "FAILED",
    error: "Workflow.NotMocked",
    cause: "no recorded answer is left for task (arn:aws:states:::sns:publish)",
  });
});

test("anything that is not an error of the language is a crash", async () => {
  const broken = { StartAt: "a" };
  expect(Object.keys(await replay(request(broken)))).toEqual(["crashed"]);
});
