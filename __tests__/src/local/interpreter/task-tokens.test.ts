import type { Json, JsonObject } from "../../../../src/base/json";
import type { TaskCall } from "../../../../src/local/interpreter/state-actions";
import { StatesError } from "../../../../src/local/interpreter/states-error";
import { runDocument, states } from "./run-document";

const WAITING = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";

const task = (fields: JsonObject): JsonObject => ({ Type: "Task", Resource: WAITING, End: true, ...fields });

/** Gives no answer before its time is up. */
const never = ({ signal }: TaskCall) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));

describe("the token of a task", () => {
  const UUIDS = ["token-1", "token-2", "token-3"];
  const uuids = () => {
    const left = [...UUIDS];
    return () => left.shift()!;
  };

  test.each<[string, JsonObject]>([
    ["JSONPath", { Parameters: { "token.$": "$$.Task.Token" }, ResultSelector: { "same.$": "$$.Task.Token" } }],
    [
      "JSONata",
      {
        QueryLanguage: "JSONata",
        Arguments: { token: "{% $states.context.Task.Token %}" },
        Output: { same: "{% $states.context.Task.Token %}" },
      },
    ],
  ])("is in the context object in %s, another one for each attempt", async (_, fields) => {
    let failures = 1;
    const { outcome, calls } = await runDocument(
      states({ ask: task({ ...fields, Retry: [{ ErrorEquals: ["E"] }] }) }),
      {
        uuid: uuids(),
        task: async () => {
          if (failures-- > 0) throw new StatesError("E", "why");
          return null;
        },
      },
    );
    expect(calls.map(({ parameters }) => parameters)).toEqual([{ token: "token-1" }, { token: "token-2" }]);
    expect(outcome).toEqual({ status: "SUCCEEDED", output: { same: "token-2" } });
  });

  test("is there without .waitForTaskToken too, as AWS was recorded to do for startExecution.sync", async () => {
    const ask = task({ Resource: "arn:aws:states:::batch:submitJob.sync", Parameters: { "t.$": "$$.Task.Token" } });
    const { calls } = await runDocument(states({ ask }), { uuid: uuids() });
    expect(calls[0]?.parameters).toEqual({ t: "token-1" });
  });

  test("is not in a state of another type", async () => {
    const pass: JsonObject = { Type: "Pass", Parameters: { "context.$": "$$" }, End: true };
    const { outcome } = await runDocument(states({ pass }), { uuid: uuids() });
    expect(Object.keys(((outcome as { output: Json }).output as { context: JsonObject }).context)).toEqual([
      "Execution",
      "StateMachine",
      "State",
    ]);
  });
});

describe("HeartbeatSeconds", () => {
  const ended = async (fields: JsonObject, input: Json = {}) => {
    const { outcome, clock } = await runDocument(states({ ask: task(fields) }), { task: never, input });
    return { outcome, seconds: clock.now() / 1000 };
  };
  const timedOut = { status: "FAILED", error: "States.Timeout", cause: null };

  test.each<[string, JsonObject, number]>([
    ["without a heartbeat", { HeartbeatSeconds: 5, TimeoutSeconds: 600 }, 5],
    ["by its path", { HeartbeatSecondsPath: "$.beat", TimeoutSeconds: 600 }, 7],
    ["in JSONata", { QueryLanguage: "JSONata", HeartbeatSeconds: "{% 2 + 1 %}" }, 3],
    ["as an activity", { Resource: "arn:aws:states:eu-west-1:123456789012:activity:ask", HeartbeatSeconds: 5 }, 5],
    ["at the end of its time", { HeartbeatSeconds: 20, TimeoutSeconds: 10 }, 10],
    [
      "by its time alone, if it waits for no worker",
      { Resource: "arn:aws:states:::lambda:invoke", HeartbeatSeconds: 5, TimeoutSeconds: 10 },
      10,
    ],
  ])("a task ends %s", async (_, fields, seconds) => {
    expect(await ended(fields, { beat: 7 })).toEqual({ outcome: timedOut, seconds });
  });

  test.each([
    ["States.HeartbeatTimeout", { HeartbeatSeconds: 5 }, true],
    ["States.Timeout", { HeartbeatSeconds: 5 }, true],
    ["States.ALL", { HeartbeatSeconds: 5 }, true],
    ["States.TaskFailed", { HeartbeatSeconds: 5 }, false],
    ["States.HeartbeatTimeout", { TimeoutSeconds: 5 }, false],
  ])("%s in a Catch of %j takes the error: %p", async (name, fields, isCaught) => {
    const ask = task({ ...fields, Catch: [{ ErrorEquals: [name], Next: "caught" }] });
    const { outcome } = await runDocument(states({ ask, caught: { Type: "Pass", End: true } }), { task: never });
    const output = { Error: "States.Timeout", Cause: null };
    expect(outcome).toEqual(isCaught ? { status: "SUCCEEDED", output } : timedOut);
  });
});
