import type { Json, JsonObject } from "../../../../../src/base/json";
import { StatesError } from "../../../../../src/local/interpreter/states-error";
import { runDocument, states } from "../run-document";

const JSONATA = { QueryLanguage: "JSONata" };
const run = (blocks: JsonObject, options: Parameters<typeof runDocument>[1] = {}) =>
  runDocument(states(blocks, JSONATA), options);
const task = (rest: JsonObject = {}): JsonObject => ({
  Type: "Task",
  Resource: "arn:aws:states:::batch:submitJob.sync",
  End: true,
  ...rest,
});
const pass = (rest: JsonObject): JsonObject => ({
  Type: "Pass",
  ...(rest.Next === undefined && { End: true }),
  ...rest,
});
const failure = (cause: string, state = "a") => ({
  status: "FAILED",
  error: "States.QueryEvaluationError",
  cause: `An error occurred while executing the state '${state}' (entered at the event id #2). ${cause}`,
});

test("a Task sends its Arguments and leaves its Output", async () => {
  const { outcome, calls } = await run(
    {
      a: task({
        Arguments: { JobName: "{% 'job-' & $states.input.name %}", Tags: ["{% $states.context.State.Name %}", 1] },
        Output: { id: "{% $states.result.JobId %}", name: "{% $states.input.name %}" },
      }),
    },
    { input: { name: "x" }, task: async () => ({ JobId: "7" }) },
  );
  expect(calls[0]!.parameters).toEqual({ JobName: "job-x", Tags: ["a", 1] });
  expect(outcome).toEqual({ status: "SUCCEEDED", output: { id: "7", name: "x" } });
});

test("a Task without Arguments and Output sends its input and leaves its result", async () => {
  const { outcome, calls } = await run({ a: task() }, { input: { n: 1 }, task: async () => "result" });
  expect(calls[0]!.parameters).toEqual({ n: 1 });
  expect(outcome).toEqual({ status: "SUCCEEDED", output: "result" });
});

test.each<[string, JsonObject, Json]>([
  ["Pass", pass({ Output: { n: "{% $states.input.n + 1 %}" } }), { n: 2 }],
  ["Pass without Output", pass({}), { n: 1 }],
  ["Succeed", { Type: "Succeed", Output: "{% $states.input.n %}" }, 1],
  [
    "Wait",
    { Type: "Wait", Seconds: "{% $states.input.n %}", Output: "{% $states.context.State.Name %}", End: true },
    "a",
  ],
  [
    "Parallel",
    {
      Type: "Parallel",
      Arguments: { twice: "{% $states.input.n * 2 %}" },
      Branches: [states({ b: pass({}) }), states({ c: pass({ Output: "{% $states.input.twice %}" }) })],
      Output: "{% $states.result %}",
      End: true,
    },
    [{ twice: 2 }, 2],
  ],
  [
    "Map",
    {
      Type: "Map",
      Items: "{% [1..3] %}",
      ItemSelector: { index: "{% $states.context.Map.Item.Index %}", value: "{% $states.context.Map.Item.Value %}" },
      ItemProcessor: states({ b: pass({ Output: "{% $states.input.value * 10 + $states.input.index %}" }) }),
      Output: "{% $sum($states.result) %}",
      End: true,
    },
    63,
  ],
  [
    "text that is no expression",
    pass({ Output: ["{%", "{% x", "x %}", " {% 1 %}", "$.n"] }),
    ["{%", "{% x", "x %}", " {% 1 %}", "$.n"],
  ],
])("%s", async (_, state, output) => {
  expect((await run({ a: state }, { input: { n: 1 } })).outcome).toEqual({ status: "SUCCEEDED", output });
});

describe("Choice", () => {
  const choice = {
    Type: "Choice",
    Choices: [
      { Condition: "{% $states.input.n > 10 %}", Output: "{% 'large' %}", Assign: { size: "L" }, Next: "end" },
      { Condition: "{% $states.input.n > 5 %}", Next: "end" },
    ],
    Default: "end",
    Output: "{% 'small' %}",
    Assign: { size: "S" },
  };
  const end = pass({ Output: { input: "{% $states.input %}", size: "{% $exists($size) ? $size : null %}" } });

  test.each<[number, JsonObject]>([
    [11, { input: "large", size: "L" }],
    [6, { input: { n: 6 }, size: null }],
    [1, { input: "small", size: "S" }],
  ])("of %d goes by its Condition", async (n, output) => {
    expect((await run({ a: choice, end }, { input: { n } })).outcome).toEqual({ status: "SUCCEEDED", output });
  });

  test("needs a condition that is true or false", async () => {
    const { outcome } = await run(
      { a: { ...choice, Choices: [{ Condition: "{% $states.input.n %}", Next: "end" }] }, end },
      { input: { n: 1 } },
    );
    expect(outcome).toEqual(
      failure(
        "The JSONata expression '$states.input.n' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1",
      ),
    );
  });
});

test("a Fail evaluates its Error and its Cause", async () => {
  const { outcome } = await run(
    { a: { Type: "Fail", Error: "{% 'Bad' & $states.input.n %}", Cause: "{% 'because' %}" } },
    { input: { n: 1 } },
  );
  expect(outcome).toEqual({ status: "FAILED", error: "Bad1", cause: "because" });
});

test("a Catch leaves its Output and assigns, from the error", async () => {
  const { outcome } = await run(
    {
      a: task({
        Catch: [
          {
            ErrorEquals: ["States.ALL"],
            Output: { error: "{% $states.errorOutput.Error %}", n: "{% $states.input.n %}" },
            Assign: { cause: "{% $states.errorOutput.Cause %}" },
            Next: "end",
          },
        ],
      }),
      end: pass({ Output: "{% $merge([$states.input, {'cause': $cause}]) %}" }),
    },
    {
      input: { n: 1 },
      task: async () => {
        throw new StatesError("Oops", "why");
      },
    },
  );
  expect(outcome).toEqual({ status: "SUCCEEDED", output: { error: "Oops", n: 1, cause: "why" } });
});

test("an error of an expression can be retried and caught", async () => {
  const { outcome, trace } = await run({
    a: task({
      Arguments: "{% $none %}",
      Retry: [{ ErrorEquals: ["States.QueryEvaluationError"], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "end" }],
    }),
    end: pass({ Output: "{% $states.input.Error %}" }),
  });
  expect(outcome).toEqual({ status: "SUCCEEDED", output: "States.QueryEvaluationError" });
  expect(trace).toEqual([
    "state-entered a",
    "state-retried a",
    "state-caught a",
    "state-entered end",
    "state-succeeded end",
  ]);
});

test.each<[string, JsonObject, string]>([
  [
    "without a value",
    pass({ Output: { deep: ["{% $states.input.none %}"] } }),
    "The JSONata expression '$states.input.none' specified for the field 'Output/deep[0]' returned nothing (undefined).",
  ],
  [
    "whose value is a function",
    pass({ Output: "{% function($x) { $x } %}" }),
    "The JSONata expression 'function($x) { $x }' specified for the field 'Output' returned an unsupported result type.",
  ],
  [
    "of another type",
    { Type: "Wait", Seconds: "{% 'x' %}", End: true },
    "The JSONata expression ''x'' specified for the field 'Seconds' returned an unexpected result type. Expected 'number', but was 'string' for value: \"x\"",
  ],
  [
    "with $eval, which Step Functions does not have",
    pass({ Output: "{% $eval('1') %}" }),
    "The JSONata expression '$eval('1')' specified for the field 'Output' threw an error during evaluation. T1006: Attempted to invoke a non-function",
  ],
  [
    "that reads a result where there is none",
    pass({ Output: "{% $states.result %}" }),
    "The JSONata expression '$states.result' specified for the field 'Output' returned nothing (undefined).",
  ],
  [
    "that is no timestamp",
    { Type: "Wait", Timestamp: "{% 'soon' %}", End: true },
    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: soon",
  ],
  [
    "of items that are no list",
    { Type: "Map", ItemProcessor: states({ b: pass({}) }), End: true },
    "Map state input must be an array but was: {}",
  ],
])("an expression %s fails the state", async (_, state, cause) => {
  expect((await run({ a: state })).outcome).toEqual(failure(cause));
});

test("a state may be in the other language", async () => {
  const { outcome } = await runDocument(
    states({
      a: pass({ Parameters: { "n.$": "$.n" }, Next: "b" }),
      b: pass({ ...JSONATA, Output: { n: "{% $states.input.n + 1 %}" } }),
    }),
    { input: { n: 1 } },
  );
  expect(outcome).toEqual({ status: "SUCCEEDED", output: { n: 2 } });
});

const MAP = { Type: "Map", Items: [1], End: true };
const DISTRIBUTED = {
  ...MAP,
  ItemProcessor: states({ b: pass({}) }, { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } }),
};

test.each<[string, JsonObject, string]>([
  ["Seconds", { Type: "Wait", Seconds: "{% -1 %}", End: true }, '"-1" which is not a valid integer from 0 to 99999999'],
  ["Seconds", { Type: "Wait", Seconds: "{% 0.5 %}", End: true }, '"0.5" which is not a valid integer'],
  [
    "Seconds",
    { Type: "Wait", Seconds: "{% 1e8 %}", End: true },
    '"100000000" which is not a valid integer from 0 to 99999999',
  ],
  ["TimeoutSeconds", task({ TimeoutSeconds: "{% 0 %}" }), '"0" which is not a valid integer from 1 to 99999999'],
  ["HeartbeatSeconds", task({ HeartbeatSeconds: "{% -3 %}" }), '"-3" which is not a valid integer from 1 to 99999999'],
  [
    "MaxConcurrency",
    { ...MAP, MaxConcurrency: "{% -1 %}", ItemProcessor: states({ b: pass({}) }) },
    '"-1" which is not a valid integer from 0 on',
  ],
  [
    "ToleratedFailureCount",
    { ...DISTRIBUTED, ToleratedFailureCount: "{% -1 %}" },
    '"-1" which is not a valid integer from 0 on',
  ],
  [
    "ToleratedFailurePercentage",
    { ...DISTRIBUTED, ToleratedFailurePercentage: "{% 100.5 %}" },
    '"100.5" which is not a valid float from 0 to 100',
  ],
  [
    "ItemBatcher/MaxItemsPerBatch",
    { ...DISTRIBUTED, ItemBatcher: { MaxItemsPerBatch: "{% 0 %}" } },
    '"0" which is not a valid integer from 1 on',
  ],
  [
    "ItemBatcher/MaxInputBytesPerBatch",
    { ...DISTRIBUTED, ItemBatcher: { MaxInputBytesPerBatch: "{% 262145 %}" } },
    '"262145" which is not a valid integer from 1 to 262144',
  ],
])("a number that %s cannot have fails the state", async (field, state, words) => {
  const { outcome } = await run({ a: state });
  expect(outcome).toMatchObject({
    error: "States.QueryEvaluationError",
    cause: expect.stringContaining(`The ${field} field refers to value ${words}`),
  });
});

test.each<[string, JsonObject, Json]>([
  ["an expression", { Items: "{% $states.input %}" }, { one: 1 }],
  ["an object", { Items: { one: "{% 1 %}" } }, []],
  ["the input", {}, { one: 1 }],
])("a distributed Map takes the members of %s as its items", async (_, fields, input) => {
  const { Items: _none, ...rest } = DISTRIBUTED;
  const { outcome } = await run({ a: { ...rest, ...fields } }, { input });
  expect(outcome).toEqual({ status: "SUCCEEDED", output: [{ Key: "one", Value: 1 }] });
});

test("an inline Map takes no object as its items", async () => {
  const { outcome } = await run({ a: { ...MAP, Items: { one: 1 }, ItemProcessor: states({ b: pass({}) }) } });
  expect(outcome).toMatchObject(
    failure(
      `The JSONata expression '{"one":1}' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'object' for value: {"one":1}`,
    ),
  );
});

test("a text that is too long for JSON is told by its size, and not written", async () => {
  const long = `{% $pad('"', 300000, '"') %}`;
  const result = await runDocument(states({ a: pass({ ...JSONATA, Output: long }) }));
  expect(result.outcome).toMatchObject({ error: "States.DataLimitExceeded" });
  const wait = { ...JSONATA, Type: "Wait", Seconds: long, End: true };
  expect((await runDocument(states({ a: wait }))).outcome).toMatchObject({
    cause: expect.stringMatching(/Expected 'number', but was 'string' for value: 300000 bytes$/),
  });
});

test("a key of a template may have any name", async () => {
  const Output = JSON.parse('{"__proto__": "{% 1 %}", "a": ["{% 2 %}", 3]}') as JsonObject;
  const { outcome } = await runDocument(states({ a: pass({ ...JSONATA, Output }) }));
  expect(JSON.stringify(outcome)).toBe('{"status":"SUCCEEDED","output":{"__proto__":1,"a":[2,3]}}');
});
