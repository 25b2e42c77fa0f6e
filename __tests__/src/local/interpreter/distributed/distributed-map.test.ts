import { type Json, type JsonObject, stringifyJson } from "../../../../../src/base/json";
import type { ExecutionEvent } from "../../../../../src/execution/events";
import { StatesError } from "../../../../../src/local/interpreter/states-error";
import { type RunOptions, runDocument, states } from "../run-document";

const DISTRIBUTED = { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" };
const PASS = { one: { Type: "Pass", End: true } };
const TASK = { one: { Type: "Task", Resource: "r", End: true } };
const READER = { Resource: "arn:aws:states:::s3:getObject", Parameters: { Bucket: "b", "Key.$": "$.key" } };
const WRITER = { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "b", Prefix: "out" } };
const NONE = { pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 };
const MACHINE = "arn:aws:states:eu-west-1:123456789012";

/** Runs a distributed Map with the name `each`. */
function run(fields: JsonObject, options: RunOptions & { readonly processor?: JsonObject } = {}) {
  const { processor = PASS } = options;
  const ItemProcessor = { ProcessorConfig: DISTRIBUTED, ...states(processor) };
  return runDocument(states({ each: { Type: "Map", ItemProcessor, ...fields, End: true } }), options);
}

/** Fails for the items of a list. */
const failingFor =
  (...items: Json[]) =>
  async ({ parameters }: { parameters: Json }) => {
    if (items.includes(parameters)) throw new StatesError("E", `no ${parameters}`);
    return parameters;
  };

function lastCounts(events: readonly ExecutionEvent[]) {
  const runs = events.filter((event) => event.type === "map-run");
  return runs.at(-1)?.counts;
}

test("reads items from S3, selects from each, and runs them in batches", async () => {
  const { outcome, events } = await run(
    {
      ItemReader: { ...READER, ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" } },
      ItemSelector: {
        "at.$": "$$.Map.Item.Index",
        "row.$": "$$.Map.Item.Value.h",
        "from.$": "$$.Map.Item.Source",
        "key.$": "$.key",
      },
      ItemBatcher: { BatchInput: { "key.$": "$.key" }, MaxItemsPerBatchPath: "$.most" },
    },
    { input: { key: "k", most: 2 }, objects: { "b/k": "h\nx\ny\nz\n" } },
  );
  const item = (at: number, row: string) => ({ at, row, from: "S3://b/k", key: "k" });
  expect(outcome).toEqual({
    status: "SUCCEEDED",
    output: [
      { BatchInput: { key: "k" }, Items: [item(0, "x"), item(1, "y")] },
      { BatchInput: { key: "k" }, Items: [item(2, "z")] },
    ],
  });
  expect(events.find(({ type }) => type === "map-started")).toMatchObject({ total: 3 });
  expect(lastCounts(events)).toEqual({ ...NONE, total: 3, succeeded: 3 });
});

test("does the same in JSONata", async () => {
  const { outcome } = await run(
    {
      QueryLanguage: "JSONata",
      ItemReader: {
        Resource: READER.Resource,
        Arguments: { Bucket: "b", Key: "{% $states.input.key %}" },
        ReaderConfig: { InputType: "JSONL", MaxItems: "{% $states.input.most %}" },
      },
      ItemSelector: { row: "{% $states.context.Map.Item.Value %}", key: "{% $states.input.key %}" },
      ItemBatcher: { MaxItemsPerBatch: "{% 1 + 1 %}", BatchInput: "{% $states.input.most %}" },
    },
    { input: { key: "k", most: 2 }, objects: { "b/k": "1\n2\n3\n" } },
  );
  const rows = [1, 2].map((row) => ({ row, key: "k" }));
  expect(outcome).toEqual({ status: "SUCCEEDED", output: [{ BatchInput: 2, Items: rows }] });
});

test("numbers of the items keep their digits, in the output and in the result files", async () => {
  const objects: Record<string, string> = { "b/k": "[20261128093015123456, 1.0]" };
  const fields = {
    ItemReader: { ...READER, ReaderConfig: { InputType: "JSON" } },
    ItemBatcher: { MaxItemsPerBatch: 2 },
  };
  const { outcome } = await run(fields, { input: { key: "k" }, objects });
  expect(stringifyJson((outcome as { output?: Json }).output)).toBe('[{"Items":[20261128093015123456,1.0]}]');
  await run({ ...fields, ResultWriter: WRITER }, { input: { key: "k" }, objects });
  const [, written] = Object.entries(objects).find(([name]) => name.endsWith("SUCCEEDED_0.json"))!;
  expect(written).toContain('"Output":"{\\"Items\\":[20261128093015123456,1.0]}"');
});

test("members of an object are items with a key", async () => {
  const { outcome } = await run(
    {
      ItemReader: { ...READER, ReaderConfig: { InputType: "JSON", ItemsPointer: "/in" } },
      ItemSelector: { "key.$": "$$.Map.Item.Key", "value.$": "$$.Map.Item.Value" },
    },
    { input: { key: "k" }, objects: { "b/k": '{"in": {"a": 1}}' } },
  );
  expect(outcome).toMatchObject({ output: [{ key: "a", value: 1 }] });
});

test("members of an object in the state's own data are items, too", async () => {
  const { outcome } = await run({ ItemsPath: "$.all" }, { input: { all: { a: 1, b: 2 } } });
  expect(outcome).toMatchObject({
    output: [
      { Key: "a", Value: 1 },
      { Key: "b", Value: 2 },
    ],
  });
});

test("a task without a mock fails the run, however many failures are tolerated", async () => {
  const task = async () => {
    throw new StatesError("Workflow.NotMocked", "add a mock");
  };
  const { outcome } = await run({ ToleratedFailurePercentage: 100 }, { input: [1, 2], processor: TASK, task });
  expect(outcome).toEqual({ status: "FAILED", error: "Workflow.NotMocked", cause: "add a mock" });
});

test("the items of the state's own data come from STATE_DATA", async () => {
  const { outcome } = await run({ ItemSelector: { "item.$": "$$.Map.Item" } }, { input: ["x"] });
  expect(outcome).toMatchObject({ output: [{ item: { Index: 0, Value: "x", Source: "STATE_DATA" } }] });
});

test("each child is an execution of its own, named after the Label", async () => {
  const { outcome } = await run(
    { Label: "Rows", ItemBatcher: { MaxItemsPerBatch: 2 } },
    { input: [1, 2], processor: { one: { Type: "Pass", Parameters: { "execution.$": "$$.Execution" }, End: true } } },
  );
  const { output } = outcome as unknown as { output: [{ execution: JsonObject }] };
  expect(output[0].execution).toMatchObject({ Input: { Items: [1, 2] } });
  expect(output[0].execution.Id).toBe(`${MACHINE}:execution:machine/Rows:${output[0].execution.Name}`);
});

describe("failed items", () => {
  const input = [0, 1, 2, 3];

  test("without a tolerance the first one fails the Map, and stops the rest", async () => {
    const { outcome, events } = await run({ MaxConcurrency: 1 }, { input, processor: TASK, task: failingFor(1) });
    expect(outcome).toEqual({
      status: "FAILED",
      error: "States.ExceedToleratedFailureThreshold",
      cause: "The specified tolerated failure threshold was exceeded",
    });
    expect(lastCounts(events)).toEqual({ ...NONE, total: 4, pending: 2, succeeded: 1, failed: 1 });
  });

  test("are described in the result if they are tolerated", async () => {
    const { outcome, events } = await run(
      { ToleratedFailurePercentage: 50 },
      { input, processor: TASK, task: failingFor(1, 3) },
    );
    const failed = (item: number) => expect.objectContaining({ Status: "FAILED", Error: "E", Cause: `no ${item}` });
    expect(outcome).toEqual({ status: "SUCCEEDED", output: [0, failed(1), 2, failed(3)] });
    expect(lastCounts(events)).toEqual({ ...NONE, total: 4, succeeded: 2, failed: 2 });
  });

  test("have an event each, after the counts", async () => {
    const { events } = await run({ ToleratedFailureCount: 1 }, { input, processor: TASK, task: failingFor(1) });
    const [counts, failure] = events.filter(({ type }) => type.startsWith("map-run")).slice(-2);
    expect(counts).toMatchObject({ type: "map-run", state: "each", counts: { failed: 1 } });
    const arn = (counts as { mapRunArn: string }).mapRunArn;
    expect(arn).toMatch(new RegExp(`^${MACHINE}:mapRun:machine/each:[0-9a-f-]{36}$`));
    expect(failure).toMatchObject({
      type: "map-run-failure",
      mapRunArn: arn,
      status: "FAILED",
      error: "E",
      cause: "no 1",
    });
  });

  test("have no more than 20 events", async () => {
    const many = Array.from({ length: 50 }, (_, index) => index);
    const { events } = await run(
      { ToleratedFailureCount: 50 },
      { input: many, processor: TASK, task: failingFor(...many) },
    );
    expect(events.filter(({ type }) => type === "map-run-failure")).toHaveLength(20);
  });

  test("count with all the items of their batch", async () => {
    const { outcome, events } = await run(
      { ItemBatcher: { MaxItemsPerBatch: 2 }, ToleratedFailureCount: 1 },
      {
        input,
        processor: TASK,
        task: async ({ parameters }) => {
          if ((parameters as { Items: number[] }).Items.includes(0)) throw new StatesError("E", "");
          return null;
        },
      },
    );
    expect(outcome).toMatchObject({ status: "FAILED", error: "States.ExceedToleratedFailureThreshold" });
    expect(lastCounts(events)).toMatchObject({ total: 4, failed: 2 });
  });

  test("are caught by the Map's own Catch", async () => {
    const ItemProcessor = { ProcessorConfig: DISTRIBUTED, ...states(TASK) };
    const Catch = [{ ErrorEquals: ["States.ExceedToleratedFailureThreshold"], Next: "after" }];
    const document = states({
      each: { Type: "Map", ItemProcessor, Catch, End: true },
      after: { Type: "Pass", End: true },
    });
    const { outcome } = await runDocument(document, { input, task: failingFor(1) });
    expect(outcome).toMatchObject({ output: { Error: "States.ExceedToleratedFailureThreshold" } });
  });
});

describe("ResultWriter", () => {
  const input = ["a", "b", "c", "d"];

  test("leaves files by status and a manifest, also if the Map fails", async () => {
    const objects: Record<string, string> = {};
    const options = { input, processor: TASK, task: failingFor("b"), objects };
    const { outcome } = await run({ ResultWriter: WRITER, MaxConcurrency: 1 }, options);
    expect(outcome).toMatchObject({ error: "States.ExceedToleratedFailureThreshold" });
    const namesOf = (kind: string) => {
      const key = Object.keys(objects).find((name) => name.endsWith(`/${kind}_0.json`))!;
      return (JSON.parse(objects[key]!) as { Input: string }[]).map(({ Input }) => JSON.parse(Input));
    };
    expect({ ok: namesOf("SUCCEEDED"), failed: namesOf("FAILED"), pending: namesOf("PENDING") }).toEqual({
      ...{ ok: ["a"], failed: ["b"], pending: ["c", "d"] },
    });
    expect(Object.keys(objects).some((name) => /^b\/out\/[0-9a-f-]{36}\/manifest\.json$/.test(name))).toBe(true);
  });

  test("makes the place of the manifest the output", async () => {
    const objects: Record<string, string> = {};
    const { outcome } = await run({ ResultWriter: WRITER }, { input, objects });
    const [, Key] = Object.keys(objects)
      .find((name) => name.endsWith("manifest.json"))!
      .split(/\/(.*)/s);
    expect(outcome).toEqual({
      status: "SUCCEEDED",
      output: { MapRunArn: expect.any(String), ResultWriterDetails: { Bucket: "b", Key } },
    });
  });

  test("only shapes the output without a Resource", async () => {
    const { outcome } = await run(
      { ResultWriter: { WriterConfig: { Transformation: "FLATTEN" } } },
      { input: [[1, 2], [3]] },
    );
    expect(outcome).toEqual({ status: "SUCCEEDED", output: [1, 2, 3] });
  });
});

describe("a reader that fails", () => {
  test("fails the Map, which has no items then, as on AWS", async () => {
    const { outcome, trace, events } = await run({ ItemReader: READER }, { input: { key: "no" } });
    expect(outcome).toEqual({
      status: "FAILED",
      error: "States.ItemReaderFailed",
      cause: "The specified key does not exist. (Service: Amazon S3; Error Code: NoSuchKey)",
    });
    expect(trace).toEqual(["state-entered each", "map-run each", "map-started each", "state-failed each"]);
    expect(events[2]).toMatchObject({ total: 0 });
  });

  test("is caught as States.ItemReaderFailed", async () => {
    const { outcome } = await run(
      { ItemReader: READER, Retry: [{ ErrorEquals: ["States.ItemReaderFailed"], MaxAttempts: 1 }] },
      { input: { key: "no" } },
    );
    expect(outcome).toMatchObject({ error: "States.ItemReaderFailed" });
  });
});

test.each<[JsonObject, JsonObject, string]>([
  [{ ToleratedFailureCount: -1 }, {}, "ToleratedFailureCount cannot be negative."],
  [{ ToleratedFailurePercentagePath: "$.p" }, { p: 100.1 }, "ToleratedFailurePercentage must be between 0 and 100."],
  [
    { ToleratedFailurePercentagePath: "$.p" },
    { p: "x" },
    'The ToleratedFailurePercentagePath field refers to value "x" which is not a valid float: $.p',
  ],
])("%j with %j fails", async (fields, input, cause) => {
  const { outcome } = await run({ ItemsPath: "$.items", ...fields }, { input: { items: [1], ...input } });
  expect(outcome).toMatchObject({ error: "States.Runtime", cause: expect.stringContaining(cause) });
});

test("runs at most MaxConcurrency executions at a time", async () => {
  let running = 0;
  let most = 0;
  await run(
    { MaxConcurrencyPath: "$.most", ItemsPath: "$.items" },
    {
      input: { most: 2, items: [1, 2, 3, 4, 5] },
      processor: TASK,
      task: async (_, clock) => {
        running += 1;
        most = Math.max(most, running);
        await clock.sleep(1000);
        running -= 1;
        return null;
      },
    },
  );
  expect(most).toBe(2);
});

test("reports the counts while time passes", async () => {
  const { events } = await run(
    { MaxConcurrency: 1 },
    { input: [1, 2], processor: TASK, task: (_, clock) => clock.sleep(1000).then(() => null) },
  );
  const counts = events.flatMap((event) => (event.type === "map-run" ? [event.counts] : []));
  expect(counts.map(({ pending, running, succeeded }) => [pending, running, succeeded])).toEqual([
    [2, 0, 0],
    [1, 0, 1],
    [0, 0, 2],
  ]);
});

test("a stopped execution stops the children, and leaves no files", async () => {
  const stop = new AbortController();
  const objects: Record<string, string> = {};
  const { outcome, events } = await run(
    { ResultWriter: WRITER },
    {
      ...{ input: [1, 2, 3], processor: TASK, objects, signal: stop.signal },
      task: async ({ parameters, signal }, clock) => {
        if (parameters === 2) stop.abort();
        await clock.sleep(1e6, signal);
        return null;
      },
    },
  );
  expect(outcome).toMatchObject({ status: "ABORTED" });
  expect(objects).toEqual({});
  expect(lastCounts(events)).toMatchObject({ total: 3, running: 0, succeeded: 0 });
});
