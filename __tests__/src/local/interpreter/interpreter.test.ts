import { readFileSync } from "node:fs";
import path from "node:path";
import type { StatesDocument } from "../../../../src/asl/document";
import { substitute } from "../../../../src/asl/substitution";
import type { Json, JsonObject } from "../../../../src/base/json";
import { StatesError } from "../../../../src/local/interpreter/states-error";
import { map, runDocument, states, task } from "./run-document";

const failing =
  (error: string, cause = "broken") =>
  async (): Promise<Json> => {
    throw new StatesError(error, cause);
  };

/** A task that runs until its signal aborts, and then takes another second to end. */
const stubborn =
  (ended: string[]) =>
  async (
    { state, indices, signal }: { state: string; indices: readonly number[]; signal: AbortSignal },
    clock: { sleep(milliseconds: number, signal?: AbortSignal): Promise<void> },
  ): Promise<Json> => {
    await clock.sleep(3_600_000, signal);
    await clock.sleep(1000);
    ended.push(`${state}[${indices}]`);
    return null;
  };

describe("the states", () => {
  test("Task gets what Parameters describe; ResultSelector, ResultPath and OutputPath shape what it gives", async () => {
    const { outcome, calls } = await runDocument(
      states({
        first: task({
          InputPath: "$.in",
          Parameters: { "a.$": "$.a", "name.$": "$$.State.Name" },
          ResultSelector: { "id.$": "$.JobId" },
          ResultPath: "$.job",
          OutputPath: "$.job",
        }),
      }),
      { input: { in: { a: 1 } }, task: async () => ({ JobId: "id-1", Status: "SUCCEEDED" }) },
    );
    expect(calls).toEqual([
      {
        state: "first",
        indices: [],
        resource: "arn:job",
        parameters: { a: 1, name: "first" },
        signal: expect.any(AbortSignal),
      },
    ]);
    expect(outcome).toEqual({ status: "SUCCEEDED", output: { id: "id-1" } });
  });

  test("Task without any of them hands its input to the task, and the result on", async () => {
    const { outcome, calls, events } = await runDocument(states({ first: task({ Next: "second" }), second: task() }), {
      input: { a: 1 },
      task: async ({ state }) => state,
    });
    expect(calls.map(({ parameters }) => parameters)).toEqual([{ a: 1 }, "first"]);
    expect(outcome).toEqual({ status: "SUCCEEDED", output: "second" });
    expect(events).toEqual([
      { at: 0, type: "state-entered", state: "first", indices: [], input: { a: 1 } },
      { at: 0, type: "state-succeeded", state: "first", indices: [] },
      { at: 0, type: "state-entered", state: "second", indices: [], input: "first" },
      { at: 0, type: "state-succeeded", state: "second", indices: [], output: "second" },
    ]);
  });

  test("ResultPath puts the result into the whole input, not into what InputPath leaves of it", async () => {
    const { outcome } = await runDocument(states({ first: task({ InputPath: "$.b", ResultPath: "$.r" }) }), {
      input: { a: 1, b: 2 },
      task: async ({ parameters }) => parameters,
    });
    expect(outcome).toEqual({ status: "SUCCEEDED", output: { a: 1, b: 2, r: 2 } });
  });

  test.each<[string, JsonObject, Json]>([
    ["its input", {}, { a: 1 }],
    ["Result as it stands", { Result: { "b.$": "$.a" } }, { "b.$": "$.a" }],
    ["a Result of null", { Result: null, ResultPath: "$.b" }, { a: 1, b: null }],
    ["what Parameters describe", { Parameters: { "b.$": "$.a" } }, { b: 1 }],
    ["nothing with an InputPath of null", { InputPath: null }, {}],
    ["nothing with an OutputPath of null", { OutputPath: null }, {}],
  ])("Pass gives %s", async (_, fields, output) => {
    const { outcome } = await runDocument(states({ pass: { Type: "Pass", End: true, ...fields } }), {
      input: { a: 1 },
    });
    expect(outcome).toEqual({ status: "SUCCEEDED", output });
  });

  test("Succeed ends the execution with its input", async () => {
    const { outcome } = await runDocument(states({ done: { Type: "Succeed", OutputPath: "$.a" } }), {
      input: { a: 1 },
    });
    expect(outcome).toEqual({ status: "SUCCEEDED", output: 1 });
  });

  test.each<[JsonObject, string | null, string | null]>([
    [{ Error: "E", Cause: "c" }, "E", "c"],
    [{}, null, null],
    [{ ErrorPath: "$.e", CausePath: "States.Format('caused by {}', $.c)" }, "from input", "caused by me"],
  ])("Fail with %j", async (fields, error, cause) => {
    const { outcome, trace } = await runDocument(states({ end: { Type: "Fail", ...fields } }), {
      input: { e: "from input", c: "me" },
    });
    expect(outcome).toEqual({ status: "FAILED", error, cause });
    expect(trace).toEqual(["state-entered end", "state-failed end"]);
  });

  test.each<[JsonObject, string]>([
    [
      { ErrorPath: "$.nope" },
      "The JSONPath '$.nope' specified for the field 'ErrorPath' could not be found in the input '{\"n\":1}'",
    ],
    [{ CausePath: "$.n" }, "The CausePath field refers to a value that is not a string: $.n"],
  ])("Fail with %j fails with States.Runtime", async (fields, cause) => {
    const { outcome } = await runDocument(states({ end: { Type: "Fail", ...fields } }), { input: { n: 1 } });
    expect(outcome).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause: `An error occurred while executing the state 'end' (entered at the event id #2). ${cause}`,
    });
  });

  test("Choice leads to the state of the rule that holds, back to an earlier one too", async () => {
    const turns = 5_000;
    const { outcome, events } = await runDocument(
      states({
        count: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 1)" }, Next: "again" },
        again: {
          Type: "Choice",
          Choices: [{ Variable: "$.n", NumericLessThan: turns, Next: "count" }],
          Default: "done",
        },
        done: { Type: "Succeed" },
      }),
      { input: { n: 0 } },
    );
    expect(outcome).toEqual({ status: "SUCCEEDED", output: { n: turns } });
    expect(events).toHaveLength(2 * (2 * turns + 1));
  });

  test("Choice without a state to go on with fails with States.NoChoiceMatched", async () => {
    const { outcome } = await runDocument(
      states({ choice: { Type: "Choice", Choices: [{ Variable: "$", IsNull: true, Next: "choice" }] } }),
    );
    expect(outcome).toEqual({
      status: "FAILED",
      error: "States.NoChoiceMatched",
      cause:
        "An error occurred while executing the state 'choice' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.",
    });
  });

  test("a state that is not there fails with States.Runtime", async () => {
    const { outcome } = await runDocument(states({ a: { Type: "Pass", Next: "b" } }));
    expect(outcome).toEqual({ status: "FAILED", error: "States.Runtime", cause: "there is no state 'b' in its block" });
  });
});

describe("Wait", () => {
  test.each<[JsonObject, number]>([
    [{ Seconds: 10 }, 10_000],
    [{ SecondsPath: "$.seconds" }, 7000],
    [{ Timestamp: "1970-01-01T00:01:00.250Z" }, 60_250],
    [{ TimestampPath: "$.at" }, 3_600_000],
    [{ Timestamp: "1969-12-31T23:59:59Z" }, 0],
    [{ SecondsPath: "$.none" }, 0],
  ])("with %j waits %d ms", async (fields, milliseconds) => {
    const { outcome, clock } = await runDocument(states({ wait: { Type: "Wait", End: true, ...fields } }), {
      input: { seconds: 7, none: 0, at: "1970-01-01T02:00:00+01:00" },
    });
    expect(outcome.status).toBe("SUCCEEDED");
    expect(clock.now()).toBe(milliseconds);
  });

  // The causes are AWS's, from the recordings of LocalStack's tests.
  test.each<[JsonObject, string]>([
    [{ SecondsPath: "$.a" }, "The SecondsPath parameter does not reference an input value: $.a"],
    [{ SecondsPath: "$.negative" }, "The SecondsPath parameter references a negative value: $.negative == -1"],
    [{ SecondsPath: "$.half" }, "The SecondsPath parameter cannot be parsed as a long value: $.half == 1.5"],
    [
      { TimestampPath: "$.day" },
      "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.day == 2016-12-05",
    ],
    [
      { Timestamp: "2016-12-05T21:29:29" },
      "The Timestamp parameter is not a valid ISO-8601 extended offset date-time format string: 2016-12-05T21:29:29",
    ],
    [{ SecondsPath: "$.long" }, "Wait state delay is too long."],
    [{ Timestamp: "2038-01-19T03:14:08Z" }, "Wait state delay is too long."],
  ])("with %j fails with States.Runtime", async (fields, cause) => {
    const { outcome } = await runDocument(states({ wait: { Type: "Wait", End: true, ...fields } }), {
      input: { negative: -1, half: 1.5, day: "2016-12-05", long: 2 ** 31 },
    });
    expect(outcome).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause: `An error occurred while executing the state 'wait' (entered at the event id #2). ${cause}`,
    });
  });

  test("ends at once when the execution is stopped", async () => {
    const stop = new AbortController();
    const { outcome, trace, clock } = await runDocument(states({ wait: { Type: "Wait", Seconds: 3600, End: true } }), {
      signal: stop.signal,
      onEvent: () => queueMicrotask(() => stop.abort()),
    });
    expect(outcome).toEqual({ status: "ABORTED", error: null, cause: null });
    expect(trace).toEqual(["state-entered wait", "state-aborted wait"]);
    expect(clock.now()).toBe(0);
  });
});

describe("Retry", () => {
  const delays = async (retriers: JsonObject[], errors: string[], random = () => 0) => {
    const queue = [...errors];
    const { outcome, events } = await runDocument(states({ try: task({ Retry: retriers }) }), {
      random,
      task: async () => {
        const error = queue.shift();
        if (error) throw new StatesError(error, "broken");
        return "done";
      },
    });
    const waits = events.flatMap((event) => (event.type === "state-retried" ? [event.delaySeconds] : []));
    return { outcome, waits, events };
  };

  test("waits 1, 2 and 4 seconds by default, and gives up after three retries", async () => {
    const { outcome, events } = await delays([{ ErrorEquals: ["E"] }], ["E", "E", "E", "E"]);
    const failure = { state: "try", indices: [], error: "E", cause: "broken" };
    expect(events).toEqual([
      { at: 0, type: "state-entered", state: "try", indices: [], input: {} },
      { at: 0, type: "state-retried", ...failure, attempt: 1, delaySeconds: 1, rule: "/Retry/0" },
      { at: 1000, type: "state-retried", ...failure, attempt: 2, delaySeconds: 2, rule: "/Retry/0" },
      { at: 3000, type: "state-retried", ...failure, attempt: 3, delaySeconds: 4, rule: "/Retry/0" },
      { at: 7000, type: "state-failed", ...failure },
    ]);
    expect(outcome).toEqual({ status: "FAILED", error: "E", cause: "broken" });
  });

  test.each<[JsonObject, number[]]>([
    [{ IntervalSeconds: 3, MaxAttempts: 2, BackoffRate: 1.5 }, [3, 4.5]],
    [{ IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2, MaxDelaySeconds: 10 }, [2, 4, 8, 10, 10, 10]],
    [{ MaxAttempts: 0 }, []],
    [{ MaxAttempts: 1, JitterStrategy: "NONE" }, [1]],
  ])("with %j waits %j seconds", async (fields, waits) => {
    expect((await delays([{ ErrorEquals: ["E"], ...fields }], Array(10).fill("E"))).waits).toEqual(waits);
  });

  test("with full jitter waits some part of the time", async () => {
    const parts = [0, 0.5, 0.25, 0.75];
    const retrier = {
      ErrorEquals: ["E"],
      IntervalSeconds: 2,
      MaxAttempts: 4,
      MaxDelaySeconds: 8,
      JitterStrategy: "FULL",
    };
    const { waits } = await delays([retrier], Array(5).fill("E"), () => parts.shift()!);
    expect(waits).toEqual([0, 2, 2, 6]);
  });

  test("counts for each retrier by itself, as in AWS's example", async () => {
    const { waits, outcome } = await delays(
      [
        { ErrorEquals: ["A", "B"], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
        { ErrorEquals: ["C"], IntervalSeconds: 5 },
      ],
      ["A", "B", "C", "B"],
    );
    expect(waits).toEqual([1, 2, 5]);
    expect(outcome).toEqual({ status: "FAILED", error: "B", cause: "broken" });
  });

  test("a retrier that is used up leaves nothing to the retriers after it", async () => {
    const { waits } = await delays(
      [{ ErrorEquals: ["E"], MaxAttempts: 1 }, { ErrorEquals: ["States.ALL"] }],
      ["E", "E"],
    );
    expect(waits).toEqual([1]);
  });

  test.each<[string, string, boolean]>([
    ["States.ALL", "E", true],
    ["States.ALL", "States.Timeout", true],
    ["States.ALL", "States.DataLimitExceeded", true],
    ["States.ALL", "States.Runtime", false],
    ["States.TaskFailed", "E", true],
    ["States.TaskFailed", "States.TaskFailed", true],
    ["States.TaskFailed", "States.Timeout", false],
    ["States.Timeout", "States.Timeout", true],
    ["States.HeartbeatTimeout", "States.HeartbeatTimeout", true],
    ["States.HeartbeatTimeout", "States.Timeout", false],
    ["States.DataLimitExceeded", "States.DataLimitExceeded", true],
    ["States.Runtime", "States.Runtime", false],
    ["E", "Ee", false],
  ])("of %s takes %s: %s", async (name, error, taken) => {
    expect((await delays([{ ErrorEquals: ["X", name] }], [error])).outcome.status).toBe(taken ? "SUCCEEDED" : "FAILED");
  });

  test("tells the state how often it was retried, and evaluates its parameters again", async () => {
    const { calls } = await runDocument(
      states({ try: task({ Parameters: { "n.$": "$$.State.RetryCount" }, Retry: [{ ErrorEquals: ["E"] }] }) }),
      { task: failing("E") },
    );
    expect(calls.map(({ parameters }) => parameters)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test("starts anew with each visit to the state", async () => {
    let calls = 0;
    const { events } = await runDocument(
      states({
        try: task({
          Next: "again",
          Parameters: { "n.$": "$.n" },
          ResultPath: "$.n",
          Retry: [{ ErrorEquals: ["E"], MaxAttempts: 1 }],
        }),
        again: { Type: "Choice", Choices: [{ Variable: "$.n", NumericLessThan: 4, Next: "try" }], Default: "done" },
        done: { Type: "Succeed" },
      }),
      {
        input: { n: 0 },
        task: async () => {
          calls += 1;
          if (calls % 2 === 1) throw new StatesError("E", "");
          return calls;
        },
      },
    );
    expect(events.flatMap((event) => (event.type === "state-retried" ? [event.attempt] : []))).toEqual([1, 1]);
  });

  test("ends at once when the execution is stopped", async () => {
    const stop = new AbortController();
    const { outcome, trace, clock, calls } = await runDocument(
      states({ try: task({ Retry: [{ ErrorEquals: ["E"], IntervalSeconds: 600 }] }) }),
      {
        signal: stop.signal,
        task: failing("E"),
        onEvent: ({ type }) => type === "state-retried" && queueMicrotask(() => stop.abort()),
      },
    );
    expect(outcome.status).toBe("ABORTED");
    expect(trace).toEqual(["state-entered try", "state-retried try", "state-aborted try"]);
    expect(calls).toHaveLength(1);
    expect(clock.now()).toBe(0);
  });
});

describe("Catch", () => {
  const caught = (catcher: JsonObject) =>
    states({
      try: task({ InputPath: "$.a", OutputPath: "$.none", Catch: [{ ErrorEquals: ["X"], Next: "try" }, catcher] }),
      mend: { Type: "Pass", End: true },
    });

  test.each<[JsonObject, Json]>([
    [{}, { Error: "E", Cause: "broken" }],
    [{ ResultPath: "$.error.info" }, { a: 1, error: { info: { Error: "E", Cause: "broken" } } }],
    [{ ResultPath: null }, { a: 1 }],
  ])("with %j gives %j to the next state; OutputPath does not count", async (fields, output) => {
    const { outcome, events } = await runDocument(caught({ ErrorEquals: ["States.ALL"], Next: "mend", ...fields }), {
      input: { a: 1 },
      task: failing("E"),
    });
    expect(outcome).toEqual({ status: "SUCCEEDED", output });
    expect(events.slice(0, 3)).toEqual([
      { at: 0, type: "state-entered", state: "try", indices: [], input: { a: 1 } },
      {
        at: 0,
        type: "state-caught",
        state: "try",
        indices: [],
        error: "E",
        cause: "broken",
        next: "mend",
        rule: "/Catch/1",
      },
      { at: 0, type: "state-entered", state: "mend", indices: [], input: output },
    ]);
  });

  test("takes what the retries leave", async () => {
    const document = states({
      try: task({ Retry: [{ ErrorEquals: ["E"], MaxAttempts: 1 }], Catch: [{ ErrorEquals: ["E"], Next: "mend" }] }),
      mend: { Type: "Succeed" },
    });
    const { trace } = await runDocument(document, { task: failing("E") });
    expect(trace).toEqual([
      "state-entered try",
      "state-retried try",
      "state-caught try",
      "state-entered mend",
      "state-succeeded mend",
    ]);
  });

  test("that cannot write its ResultPath catches nothing", async () => {
    const document = states({
      try: task({ Catch: [{ ErrorEquals: ["E"], Next: "mend", ResultPath: "$.error" }] }),
      mend: { Type: "Succeed" },
    });
    const { outcome, trace } = await runDocument(document, { input: null, task: failing("E") });
    expect(outcome).toMatchObject({ status: "FAILED", error: "States.ResultPathMatchFailure" });
    expect(trace).toEqual(["state-entered try", "state-failed try"]);
  });

  test("takes a failure of a call in the templates", async () => {
    const document = states({
      try: task({
        ResultSelector: { "n.$": "States.ArrayLength($)" },
        Catch: [{ ErrorEquals: ["States.IntrinsicFailure"], Next: "mend" }],
      }),
      mend: { Type: "Succeed" },
    });
    expect((await runDocument(document, { task: async () => 1 })).outcome).toEqual({
      status: "SUCCEEDED",
      output: {
        Error: "States.IntrinsicFailure",
        Cause:
          "The function 'States.ArrayLength($)' had the following error: the first argument must be a list, got: 1",
      },
    });
  });

  test("leaves States.Runtime alone, even where it is named", async () => {
    const { outcome } = await runDocument(caught({ ErrorEquals: ["States.Runtime"], Next: "mend" }), {
      input: { a: 1 },
    });
    expect(outcome).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause:
        "An error occurred while executing the state 'try' (entered at the event id #2). Invalid path '$.none' : No results for path: $['none']",
    });
  });
});

describe("time limits", () => {
  test("a task that takes too long is aborted and awaited; then the state fails with States.Timeout", async () => {
    const ended: string[] = [];
    const { outcome, events } = await runDocument(states({ slow: task({ TimeoutSeconds: 5 }) }), {
      task: stubborn(ended),
    });
    expect(ended).toEqual(["slow[]"]);
    expect(outcome).toEqual({ status: "FAILED", error: "States.Timeout", cause: null });
    expect(events.at(-1)).toEqual({
      at: 6000,
      type: "state-failed",
      state: "slow",
      indices: [],
      error: "States.Timeout",
      cause: "",
    });
  });

  test("a task that is in time leaves no timer behind", async () => {
    const { outcome, clock } = await runDocument(states({ quick: task({ TimeoutSeconds: 5 }) }), {
      task: async (_, clock) => clock.sleep(4000).then(() => "done"),
    });
    await new Promise(setImmediate);
    expect(outcome).toEqual({ status: "SUCCEEDED", output: "done" });
    expect(clock.now()).toBe(4000);
  });

  test("a task that answers its abort with an error has failed with States.Timeout too, and can be caught", async () => {
    const document = states({
      slow: task({
        TimeoutSecondsPath: "$.limit",
        Parameters: {},
        Catch: [{ ErrorEquals: ["States.Timeout"], Next: "mend" }],
      }),
      mend: { Type: "Succeed" },
    });
    const { outcome, clock } = await runDocument(document, {
      input: { limit: 2 },
      task: async ({ signal }, clock) => {
        await clock.sleep(60_000, signal);
        throw new StatesError("Batch.Terminated", "");
      },
    });
    expect(outcome).toEqual({ status: "SUCCEEDED", output: { Error: "States.Timeout", Cause: null } });
    expect(clock.now()).toBe(2000);
  });

  test.each<[string, string]>([
    ["$.none", "Invalid path '$.none' : No results for path: $['none']"],
    ["$.text", 'The TimeoutSecondsPath field refers to value "5 s" which is not a valid integer: $.text'],
  ])("TimeoutSecondsPath %s fails with States.Runtime", async (TimeoutSecondsPath, cause) => {
    const { outcome, calls } = await runDocument(states({ slow: task({ TimeoutSecondsPath }) }), {
      input: { text: "5 s" },
    });
    expect(outcome).toMatchObject({
      cause: `An error occurred while executing the state 'slow' (entered at the event id #2). ${cause}`,
    });
    expect(calls).toEqual([]);
  });

  test("an execution that takes too long has TIMED_OUT, after what runs in it has ended", async () => {
    const ended: string[] = [];
    const map = {
      Type: "Map",
      ItemProcessor: states({ slow: task({ Retry: [{ ErrorEquals: ["States.ALL"] }] }) }),
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "all" }],
      End: true,
    };
    const { outcome, trace, clock } = await runDocument(states({ all: map }, { TimeoutSeconds: 30 }), {
      input: [1, 2],
      task: stubborn(ended),
    });
    expect(outcome).toEqual({ status: "TIMED_OUT", error: null, cause: null });
    expect(ended).toEqual(["slow[0]", "slow[1]"]);
    expect(clock.now()).toBe(31_000);
    expect(trace.slice(-3)).toEqual(["state-aborted slow[0]", "state-aborted slow[1]", "state-aborted all"]);
  });

  test("a task's States.Timeout is not the execution's", async () => {
    const { outcome } = await runDocument(states({ a: task() }, { TimeoutSeconds: 30 }), {
      task: failing("States.Timeout"),
    });
    expect(outcome).toEqual({ status: "FAILED", error: "States.Timeout", cause: "broken" });
  });

  test("a loop that never waits for anything lets timers run, which stop it", async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    const { outcome } = await runDocument(states({ loop: { Type: "Pass", Next: "loop" } }), { signal: stop.signal });
    expect(outcome.status).toBe("ABORTED");
  });
});

describe("Parallel", () => {
  test("gives the outputs of its branches in their order, each of which gets the input", async () => {
    const { outcome, calls, trace } = await runDocument(
      states({
        both: {
          Type: "Parallel",
          Parameters: { "n.$": "$.a" },
          Branches: [states({ left: task() }), states({ right: task() })],
          ResultSelector: { "all.$": "$" },
          ResultPath: "$.r",
          End: true,
        },
      }),
      {
        input: { a: 1 },
        task: async ({ state }, clock) => clock.sleep(state === "left" ? 2000 : 1000).then(() => state),
      },
    );
    expect(outcome).toEqual({ status: "SUCCEEDED", output: { a: 1, r: { all: ["left", "right"] } } });
    expect(calls.map(({ parameters }) => parameters)).toEqual([{ n: 1 }, { n: 1 }]);
    expect(trace).toEqual([
      "state-entered both",
      "state-entered left",
      "state-entered right",
      "state-succeeded right",
      "state-succeeded left",
      "state-succeeded both",
    ]);
  });

  test("fails with the first error of a branch; the others are aborted and awaited before", async () => {
    const ended: string[] = [];
    const slow = stubborn(ended);
    const { outcome, events, trace } = await runDocument(
      states({
        both: {
          Type: "Parallel",
          Branches: [
            states({ left: task() }),
            states({ right: task() }),
            states({ wait: { Type: "Wait", Seconds: 60, Next: "never" }, never: task() }),
          ],
          Catch: [{ ErrorEquals: ["E"], Next: "mend" }],
          End: true,
        },
        mend: { Type: "Succeed" },
      }),
      {
        task: async (call, clock) => (call.state === "right" ? clock.sleep(500).then(failing("E")) : slow(call, clock)),
      },
    );
    expect(outcome).toEqual({ status: "SUCCEEDED", output: { Error: "E", Cause: "broken" } });
    expect(ended).toEqual(["left[]"]);
    expect(trace).toEqual([
      "state-entered both",
      "state-entered left",
      "state-entered right",
      "state-entered wait",
      "state-failed right",
      "state-aborted wait",
      "state-aborted left",
      "state-caught both",
      "state-entered mend",
      "state-succeeded mend",
    ]);
    expect(events.find(({ type }) => type === "state-caught")?.at).toBe(1500);
  });

  test("is retried with all of its branches", async () => {
    let calls = 0;
    const { outcome, clock } = await runDocument(
      states({
        both: {
          Type: "Parallel",
          Branches: [states({ left: task() }), states({ right: task() })],
          Retry: [{ ErrorEquals: ["E"], IntervalSeconds: 9 }],
          End: true,
        },
      }),
      { task: async () => (++calls === 1 ? failing("E")() : calls) },
    );
    expect(outcome).toEqual({ status: "SUCCEEDED", output: [3, 4] });
    expect(clock.now()).toBe(9000);
  });
});

describe("Map", () => {
  test("gives the outputs in the order of the items, and tells each item its index", async () => {
    const { outcome, calls, trace } = await runDocument(
      states({
        all: map({
          ItemsPath: "$.list",
          ItemSelector: {
            "i.$": "$$.Map.Item.Index",
            "v.$": "$$.Map.Item.Value",
            "all.$": "$.n",
            "name.$": "$$.State.Name",
          },
          ResultPath: "$.r",
        }),
      }),
      {
        input: { list: ["a", "b"], n: 1 },
        task: async ({ indices }, clock) => clock.sleep(5000 - indices[0]! * 1000).then(() => indices[0]!),
      },
    );
    expect(outcome).toEqual({ status: "SUCCEEDED", output: { list: ["a", "b"], n: 1, r: [0, 1] } });
    expect(calls.map(({ indices, parameters }) => ({ indices, parameters }))).toEqual([
      { indices: [0], parameters: { i: 0, v: "a", all: 1, name: "all" } },
      { indices: [1], parameters: { i: 1, v: "b", all: 1, name: "all" } },
    ]);
    expect(trace).toEqual([
      "state-entered all",
      "map-started all",
      "state-entered item[0]",
      "state-entered item[1]",
      "state-succeeded item[1]",
      "state-succeeded item[0]",
      "state-succeeded all",
    ]);
  });

  test("hands the items on as they are without an ItemSelector, from the input itself without an ItemsPath", async () => {
    const { calls } = await runDocument(states({ all: map() }), { input: ["a", null, [1]] });
    expect(calls.map(({ parameters }) => parameters)).toEqual(["a", null, [1]]);
  });

  test("knows its older names, Iterator and Parameters", async () => {
    const { calls } = await runDocument(
      states({
        all: { Type: "Map", Iterator: states({ item: task() }), Parameters: { "v.$": "$$.Map.Item.Value" }, End: true },
      }),
      { input: ["a"] },
    );
    expect(calls.map(({ parameters }) => parameters)).toEqual([{ v: "a" }]);
  });

  test("of an empty list gives an empty list", async () => {
    const { outcome, events } = await runDocument(states({ all: map() }), { input: [] });
    expect(outcome).toEqual({ status: "SUCCEEDED", output: [] });
    expect(events[1]).toEqual({ at: 0, type: "map-started", state: "all", indices: [], total: 0 });
  });

  test("of no list fails with States.Runtime", async () => {
    const { outcome } = await runDocument(states({ all: map() }), { input: {} });
    expect(outcome).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause: `An error occurred while executing the state 'all' (entered at the event id #2). Reference path "$" must point to array.`,
    });
  });

  test("inside a Map: the indices of both, and the context object of the inner item", async () => {
    const inner = map(
      { ItemSelector: { "outer.$": "$", "inner.$": "$$.Map.Item.Value", "run.$": "$$.Execution.Name" } },
      states({
        look: { Type: "Pass", Parameters: { "i.$": "$$.Map.Item.Index", "item.$": "$" }, Next: "leaf" },
        leaf: task(),
      }),
    );
    const { calls, trace } = await runDocument(states({ outer: map({}, states({ inner })) }), {
      input: [["a", "b"], ["c"]],
      context: { Execution: { Name: "run-1" } },
    });
    expect(calls.map(({ indices, parameters }) => ({ indices, parameters }))).toEqual([
      { indices: [0, 0], parameters: { i: 0, item: { outer: ["a", "b"], inner: "a", run: "run-1" } } },
      { indices: [0, 1], parameters: { i: 1, item: { outer: ["a", "b"], inner: "b", run: "run-1" } } },
      { indices: [1, 0], parameters: { i: 0, item: { outer: ["c"], inner: "c", run: "run-1" } } },
    ]);
    expect(trace).toContain("map-started inner[1]");
    expect(trace).toContain("state-succeeded leaf[0][1]");
  });

  test("an item that fails aborts the others, which are awaited; no further item starts", async () => {
    const ended: string[] = [];
    const slow = stubborn(ended);
    const { outcome, trace, clock } = await runDocument(states({ all: map({ MaxConcurrency: 3 }) }), {
      input: [0, 1, 2, 3, 4],
      task: async (call, clock) =>
        call.indices[0] === 1 ? clock.sleep(200).then(failing("E", "item 1")) : slow(call, clock),
    });
    expect(outcome).toEqual({ status: "FAILED", error: "E", cause: "item 1" });
    expect(ended).toEqual(["item[0]", "item[2]"]);
    expect(clock.now()).toBe(1200);
    expect(trace).toEqual([
      "state-entered all",
      "map-started all",
      "state-entered item[0]",
      "state-entered item[1]",
      "state-entered item[2]",
      "state-failed item[1]",
      "state-aborted item[0]",
      "state-aborted item[2]",
      "state-failed all",
    ]);
  });

  test("a failure inside a Map inside a Map aborts both", async () => {
    const ended: string[] = [];
    const slow = stubborn(ended);
    const { trace } = await runDocument(states({ outer: map({}, states({ inner: map() })) }), {
      input: [["a", "b"], ["c"]],
      task: async (call, clock) =>
        `${call.indices}` === "0,0" ? clock.sleep(1).then(failing("E")) : slow(call, clock),
    });
    expect(ended.sort()).toEqual(["item[0,1]", "item[1,0]"]);
    expect(trace.slice(-6)).toEqual([
      "state-failed item[0][0]",
      "state-aborted item[0][1]",
      "state-failed inner[0]",
      "state-aborted item[1][0]",
      "state-aborted inner[1]",
      "state-failed outer",
    ]);
  });

  test("can be retried and caught as a whole", async () => {
    const { outcome, trace } = await runDocument(
      states({
        all: map({
          Retry: [{ ErrorEquals: ["E"], MaxAttempts: 1 }],
          Catch: [{ ErrorEquals: ["E"], Next: "mend", ResultPath: "$[0]" }],
        }),
        mend: { Type: "Succeed" },
      }),
      { input: ["x"], task: failing("E") },
    );
    expect(outcome).toEqual({ status: "SUCCEEDED", output: [{ Error: "E", Cause: "broken" }] });
    expect(trace.filter((line) => line.endsWith(" all"))).toEqual([
      "state-entered all",
      "map-started all",
      "state-retried all",
      "map-started all",
      "state-caught all",
    ]);
  });

  test.each<[JsonObject, number]>([
    [{}, 40],
    [{ MaxConcurrency: 0 }, 40],
    [{ MaxConcurrency: 100 }, 40],
    [{ MaxConcurrency: 3 }, 3],
    [{ MaxConcurrencyPath: "$.limit" }, 2],
    [{ ItemProcessor: states({ item: task() }, { ProcessorConfig: { Mode: "DISTRIBUTED" } }) }, 90],
  ])("with %j runs at most %d items at a time", async (fields, limit) => {
    let running = 0;
    let most = 0;
    await runDocument(states({ all: map({ ItemsPath: "$.list", ...fields }) }), {
      input: { list: Array(90).fill(0), limit: 2 },
      task: async (_, clock) => {
        running += 1;
        most = Math.max(most, running);
        await clock.sleep(1000);
        running -= 1;
        return null;
      },
    });
    expect(most).toBe(limit);
  });

  test.each<[Json, string]>([
    ["NoNumber", '"NoNumber" which is not a valid integer'],
    [{}, '"{}" which is not a valid integer'],
    [1.5, '"1.5" which is not a valid integer'],
    [-1, '"-1" which is not a valid integer from 0 on'],
  ])("MaxConcurrencyPath to %j fails with States.Runtime", async (limit, shown) => {
    const { outcome } = await runDocument(
      states({ all: map({ ItemsPath: "$.list", MaxConcurrencyPath: "$.limit" }) }),
      {
        input: { list: [1], limit },
      },
    );
    expect(outcome).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause: `An error occurred while executing the state 'all' (entered at the event id #2). The MaxConcurrencyPath field refers to value ${shown}: $.limit`,
    });
  });

  test("a distributed Map fails with States.ExceedToleratedFailureThreshold, whatever failed", async () => {
    const processor = states({ item: task() }, { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } });
    const { outcome } = await runDocument(states({ all: map({}, processor) }), { input: [1], task: failing("E") });
    expect(outcome).toEqual({
      status: "FAILED",
      error: "States.ExceedToleratedFailureThreshold",
      cause: "The specified tolerated failure threshold was exceeded",
    });
  });

  test("the items of a distributed Map are executions of their own, which know where they come from", async () => {
    const look = {
      Type: "Pass",
      Parameters: { "execution.$": "$$.Execution", "name.$": "$$.StateMachine.Name" },
      End: true,
    };
    const { outcome } = await runDocument(
      states({
        all: map(
          { ItemSelector: { "from.$": "$$.Map.Item.Source", "value.$": "$$.Map.Item.Value" } },
          states({ look }, { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } }),
        ),
      }),
      { input: ["a"] },
    );
    const id = "arn:aws:states:eu-west-1:123456789012:execution:machine/all:";
    const Input = { from: "STATE_DATA", value: "a" };
    const execution = {
      Id: expect.stringMatching(id),
      Input,
      Name: expect.any(String),
      RedriveCount: 0,
      RoleArn: "role",
    };
    expect(outcome).toEqual({
      status: "SUCCEEDED",
      output: [{ execution: { ...execution, StartTime: "1970-01-01T00:00:00.000Z" }, name: "machine" }],
    });
  });

  test("hands a large value to a thousand items without measuring it again for each", async () => {
    let reads = 0;
    const big = new Proxy(Array<Json>(2000).fill("text"), {
      get: (list, key) => {
        reads += 1;
        return Reflect.get(list, key);
      },
    });
    const { outcome } = await runDocument(
      states({ all: map({ ItemsPath: "$.list", ItemSelector: { "big.$": "$.big" }, ResultSelector: {} }) }),
      { input: { list: Array(1000).fill(0), big }, task: async () => 0 },
    );
    expect(outcome).toEqual({ status: "SUCCEEDED", output: {} });
    expect(reads).toBeLessThan(3 * 2000);
  });
});

describe("a stopped execution", () => {
  test("has aborted and awaited all that ran in it", async () => {
    const stop = new AbortController();
    const ended: string[] = [];
    const { outcome, trace, clock } = await runDocument(
      states({
        both: {
          Type: "Parallel",
          Branches: [
            states({ one: task({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "one" }] }) }),
            states({ all: { Type: "Map", ItemProcessor: states({ item: task() }), End: true } }),
          ],
          End: true,
        },
      }),
      {
        input: [1, 2],
        signal: stop.signal,
        task: async (call, clock) => {
          const result = await stubborn(ended)(call, clock);
          if (call.state === "one") throw new StatesError("Batch.Terminated", "stopped");
          return result;
        },
        onEvent: (event) => "indices" in event && event.indices[0] === 1 && queueMicrotask(() => stop.abort()),
      },
    );
    expect(outcome).toEqual({ status: "ABORTED", error: null, cause: null });
    expect(ended).toEqual(["one[]", "item[0]", "item[1]"]);
    expect(clock.now()).toBe(1000);
    expect([...trace.slice(-5)].sort()).toEqual([
      "state-aborted all",
      "state-aborted both",
      "state-aborted item[0]",
      "state-aborted item[1]",
      "state-aborted one",
    ]);
  });

  test("never starts when it was stopped before", async () => {
    const { outcome, trace } = await runDocument(states({ a: task() }), { signal: AbortSignal.abort() });
    expect(outcome.status).toBe("ABORTED");
    expect(trace).toEqual([]);
  });

  test("is one even if its last task still succeeds", async () => {
    const stop = new AbortController();
    const { outcome, trace } = await runDocument(states({ a: task() }), {
      signal: stop.signal,
      task: async () => {
        stop.abort();
        return "done";
      },
    });
    expect(outcome.status).toBe("ABORTED");
    expect(trace).toEqual(["state-entered a", "state-aborted a"]);
  });

  test("ends a loop that never waits for anything", async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    const { outcome } = await runDocument(states({ loop: { Type: "Pass", Next: "loop" } }), { signal: stop.signal });
    expect(outcome.status).toBe("ABORTED");
  });
});

test("a mistake in a task handler ends the execution with the mistake, after everything else has ended", async () => {
  const ended: string[] = [];
  const slow = stubborn(ended);
  const document = states({ all: { Type: "Map", ItemProcessor: states({ item: task() }), End: true } });
  const run = runDocument(document, {
    input: [0, 1],
    task: async (call, clock) => {
      if (call.indices[0] === 0) return slow(call, clock);
      throw new TypeError("not a function");
    },
  });
  await expect(run).rejects.toThrow(new TypeError("not a function"));
  expect(ended).toEqual(["item[0]"]);
});

describe("the 256 KiB limit", () => {
  const MAX = 262_144;
  /** A text whose JSON has this many bytes. */
  const text = (bytes: number) => "x".repeat(bytes - 2);
  const tooLarge = (subject: string) => ({
    status: "FAILED",
    error: "States.DataLimitExceeded",
    cause: `${subject} exceeding the maximum number of bytes service limit.`,
  });

  test.each<[string, JsonObject]>([
    ["a task's result", states({ a: task() })],
    ["a Pass's result", states({ a: { Type: "Pass", Result: text(MAX), End: true } })],
    ["a Pass's input", states({ a: { Type: "Pass", End: true } })],
  ])("%s may be as large", async (_, document) => {
    const { outcome } = await runDocument(document, { input: text(MAX), task: async () => text(MAX) });
    expect(outcome).toEqual({ status: "SUCCEEDED", output: text(MAX) });
  });

  test("counts bytes, not characters", async () => {
    const { outcome } = await runDocument(states({ a: task() }), { task: async () => `${text(MAX - 1)}é` });
    expect(outcome).toEqual(tooLarge("The state/task 'a' returned a result with a size"));
  });

  test("counts what JSON makes of a value", async () => {
    const value = { 'k"': ["é", 1.5, null, true, {}], "": "\n" };
    const room = MAX - Buffer.byteLength(JSON.stringify(["", value]));
    const fits = await runDocument(states({ a: task() }), { task: async () => ["x".repeat(room), value] });
    const over = await runDocument(states({ a: task() }), { task: async () => ["x".repeat(room + 1), value] });
    expect([fits.outcome.status, over.outcome.status]).toEqual(["SUCCEEDED", "FAILED"]);
  });

  test.each<[string, JsonObject, string]>([
    ["the input of the execution", states({ a: task({ InputPath: null }) }), "The input of the state 'a' has a size"],
    [
      "a result that is dropped",
      states({ a: task({ InputPath: null, Resource: "large", ResultPath: null }) }),
      "The state/task 'a' returned a result with a size",
    ],
    [
      "what Parameters make of the input",
      states({ a: task({ Parameters: { "twice.$": "States.Array($$.half, $$.half)" }, InputPath: null }) }),
      "The input of the state 'a' has a size",
    ],
    [
      "input and result together",
      states({ a: task({ InputPath: null, ResultPath: "$.result" }) }),
      "The state/task 'a' returned a result with a size",
    ],
    [
      "the results of a Map together",
      states({ a: { Type: "Map", ItemsPath: "$.items", ItemProcessor: states({ b: task() }), End: true } }),
      "The state/task 'a' returned a result with a size",
    ],
  ])("%s may not be larger", async (what, document, subject) => {
    const half = text(MAX / 2);
    const input = what.startsWith("the input") ? [half, half] : { half: text(MAX / 2 - 30), items: [0, 1] };
    const { outcome } = await runDocument(document, {
      input,
      context: { half },
      task: async ({ resource }) => (resource === "large" ? text(MAX + 1) : half),
    });
    expect(outcome).toEqual(tooLarge(subject));
  });

  test("can be caught by its name and by States.ALL", async () => {
    const document = (name: string) =>
      states({
        a: task({ Catch: [{ ErrorEquals: [name], Next: "mend", ResultPath: null }] }),
        mend: { Type: "Succeed" },
      });
    const options = { task: async () => text(MAX + 1) };
    expect((await runDocument(document("States.DataLimitExceeded"), options)).outcome.status).toBe("SUCCEEDED");
    expect((await runDocument(document("States.ALL"), options)).outcome.status).toBe("SUCCEEDED");
  });
});

test("the context object tells the state, its time, the execution and the state machine", async () => {
  const context = { Execution: { Name: "run-1", Input: { a: 1 } }, StateMachine: { Name: "machine" } };
  const { outcome } = await runDocument(
    states({
      wait: { Type: "Wait", Seconds: 90, Next: "look" },
      look: { Type: "Pass", Parameters: { "context.$": "$$" }, OutputPath: "$.context", End: true },
    }),
    { context },
  );
  expect(outcome).toEqual({
    status: "SUCCEEDED",
    output: { ...context, State: { EnteredTime: "1970-01-01T00:01:30.000Z", Name: "look" } },
  });
});

test("an error from within a Map names the state that it came from, and no other", async () => {
  const { events } = await runDocument(
    states({ all: { Type: "Map", ItemProcessor: states({ item: task({ InputPath: "$.nope" }) }), End: true } }),
    { input: [{}] },
  );
  const causes = events.flatMap((event) => (event.type === "state-failed" ? [event.cause] : []));
  const cause =
    "An error occurred while executing the state 'item' (entered at the event id #5). Invalid path '$.nope' : No results for path: $['nope']";
  expect(causes).toEqual([cause, cause]);
});

describe("the example", () => {
  const file = path.join(__dirname, "../../../fixtures/echo-jsonpath.asl.json");
  const document: StatesDocument = substitute(JSON.parse(readFileSync(file, "utf8")), {
    Partition: "aws",
    EchoJobDefinitionArn: "definition",
    JobQueueArn: "queue",
  });
  const parameters = { step1_parameter: "one", step2_parameters: ["2a", "2b"], step3_parameters: ["3a", "3b"] };

  test("submits five jobs, step after step", async () => {
    const { outcome, calls } = await runDocument(document, {
      input: { parameters },
      task: async () => ({ JobId: "id" }),
    });
    const job = (JobName: string, parameter: string) => ({
      JobName,
      JobDefinition: "definition",
      JobQueue: "queue",
      ContainerOverrides: { Command: [parameter] },
    });
    expect(calls.map((call) => call.parameters)).toEqual([
      job("step1", "one"),
      job("step2-0", "2a"),
      job("step2-1", "2b"),
      job("step3-0", "3a"),
      job("step3-1", "3b"),
    ]);
    expect(calls.map(({ state, indices }) => `${state}[${indices}]`)).toEqual([
      "step1[]",
      "step2_job[0]",
      "step2_job[1]",
      "step3_job[0]",
      "step3_job[1]",
    ]);
    expect(new Set(calls.map(({ resource }) => resource))).toEqual(new Set(["arn:aws:states:::batch:submitJob.sync"]));
    expect(outcome).toEqual({ status: "SUCCEEDED", output: { parameters } });
  });

  test("submits one job where the lists are empty", async () => {
    const { outcome, calls } = await runDocument(document, {
      input: { parameters: { step1_parameter: "one", step2_parameters: [], step3_parameters: [] } },
    });
    expect(outcome.status).toBe("SUCCEEDED");
    expect(calls).toHaveLength(1);
  });

  test.each<[string, Json]>([
    ["no parameters", {}],
    ["a text at the top", "step1"],
    ["null at the top", null],
    ["parameters that are a text", { parameters: "step1" }],
    ["a missing list", { parameters: { step1_parameter: "one", step2_parameters: [] } }],
    ["a text for a list", { parameters: { ...parameters, step2_parameters: "2a" } }],
    ["a text that looks like a list", { parameters: { ...parameters, step2_parameters: "[]" } }],
    ["an object for a list", { parameters: { ...parameters, step3_parameters: { "0": "3a" } } }],
    ["null for a list", { parameters: { ...parameters, step3_parameters: null } }],
    ["a number for step1", { parameters: { ...parameters, step1_parameter: 1 } }],
    ["null for step1", { parameters: { ...parameters, step1_parameter: null } }],
  ])("refuses %s before any job", async (_, input) => {
    const { outcome, calls } = await runDocument(document, { input });
    expect(outcome).toMatchObject({ status: "FAILED", error: "Workflow.InvalidInput" });
    expect(calls).toEqual([]);
  });
});

describe("what could go on for ever ends as on AWS", () => {
  const full = "The execution reached the maximum number of history events (25000).";

  test("a loop of states ends with the 25,000 events of a history", async () => {
    const { outcome } = await runDocument(states({ a: { Type: "Pass", Next: "b" }, b: { Type: "Pass", Next: "a" } }));
    expect(outcome).toEqual({ status: "FAILED", error: "States.Runtime", cause: full });
  });

  test("a Map of many items is no loop", async () => {
    const { outcome } = await runDocument(
      states({
        map: {
          Type: "Map",
          ItemProcessor: { ...states({ item: { Type: "Pass", End: true } }) },
          ResultPath: null,
          End: true,
        },
      }),
      { input: Array(10_000).fill(1) },
    );
    expect(outcome.status).toBe("SUCCEEDED");
  });

  test("data that each turn of a loop puts into itself is bounded in its depth", async () => {
    const { outcome } = await runDocument(states({ a: { Type: "Pass", Parameters: { "inner.$": "$" }, Next: "a" } }));
    expect(outcome).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: expect.stringMatching(/^An error .* 'a' .*#400\). The .* that is nested more than 200 levels deep$/),
    });
  });

  test.each([
    ["__proto__", "constructor"],
    ["toString", "hasOwnProperty"],
  ])("states may have names of prototypes: %s", async (first, second) => {
    const pass = (next: object) => ({ Type: "Pass", ...next });
    const document = { StartAt: first, States: JSON.parse(`{"${first}": 0, "${second}": 0}`) };
    document.States[second] = pass({ End: true });
    Object.defineProperty(document.States, first, { value: pass({ Next: second }), enumerable: true });
    expect((await runDocument(document as never)).outcome.status).toBe("SUCCEEDED");
  });

  test("a name of a prototype is no state", async () => {
    const { outcome } = await runDocument(states({ a: { Type: "Pass", Next: "constructor" } }));
    expect(outcome).toMatchObject({ error: "States.Runtime", cause: "there is no state 'constructor' in its block" });
  });

  test.each([
    ["$..*..*..*..*", "States.Runtime", /selects more than 1000000 values/],
    [`States.Format('${"{}".repeat(20)}'${", $.long".repeat(20)})`, "States.DataLimitExceeded", /States.Format/],
    ["States.StringToJson($.brackets)", "States.IntrinsicFailure", /nested more than 200 levels deep/],
    ["States.JsonToString(States.Array($.long, $.long, $.long))", "States.DataLimitExceeded", /An argument of/],
    ["States.ArrayRange(1, 1000000, 1)", "States.IntrinsicFailure", /must not hold more than 1000 numbers/],
  ])("an expression that explodes is refused: %.40s", async (expression, error, cause) => {
    const input = {
      deep: JSON.parse("[".repeat(150) + "]".repeat(150)),
      long: "x".repeat(100_000),
      brackets: "[".repeat(50_000) + "]".repeat(50_000),
    };
    const { outcome } = await runDocument(
      states({ a: { Type: "Pass", Parameters: { "a.$": expression }, End: true } }),
      { input },
    );
    expect(outcome).toMatchObject({ status: "FAILED", error, cause: expect.stringMatching(cause) });
  });
});

test("a cause has at most 32,768 characters, so that causes that quote earlier causes do not grow for ever", async () => {
  const { outcome } = await runDocument(states({ end: { Type: "Fail", Error: "Own", Cause: "c".repeat(40_000) } }));
  expect(outcome).toEqual({ status: "FAILED", error: "Own", cause: "c".repeat(32_768) });
});
