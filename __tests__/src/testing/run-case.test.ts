import type { StatesDocument } from "../../../src/asl/document";
import type { JsonObject } from "../../../src/base/json";
import { type CaseSetup, runCase } from "../../../src/testing/run-case";

const SETUP: CaseSetup = { executionName: "test", startedAt: 0, input: {}, mocks: null, objects: {} };

const YEAR = 365 * 24 * 3600;

function documentOf(states: JsonObject, rest: JsonObject = {}): StatesDocument {
  return { ...rest, StartAt: Object.keys(states)[0]!, States: states } as unknown as StatesDocument;
}

const run = (document: StatesDocument, setup: Partial<CaseSetup> = {}) =>
  runCase({ name: "orders", document }, { ...SETUP, ...setup });

const JOB = {
  Type: "Task",
  Resource: "arn:aws:states:::batch:submitJob.sync",
  Parameters: { JobName: "train", JobDefinition: "${TrainJobDefinitionArn}", JobQueue: "queue" },
};

test("a wait of a year takes no time, and the clock shows it", async () => {
  const wait = documentOf({ Wait: { Type: "Wait", Seconds: YEAR, Next: "Now" }, Now: { Type: "Pass", End: true } });
  expect(await run(wait)).toMatchObject({ status: "SUCCEEDED", output: {}, duration: YEAR * 1000 });
});

test("a Batch job without a mock succeeds, and its request is kept", async () => {
  const ran = await run(documentOf({ Train: { ...JOB, End: true } }));
  expect(ran).toMatchObject({ status: "SUCCEEDED", output: { JobName: "train", Status: "SUCCEEDED" } });
  expect(ran.requests).toEqual([{ state: "Train", indices: [], parameters: JOB.Parameters }]);
});

test("a request that Batch refuses fails the state", async () => {
  const Parameters = { ...JOB.Parameters, Timeout: { AttemptDurationSeconds: 5 } };
  expect(await run(documentOf({ Train: { ...JOB, Parameters, End: true } }))).toMatchObject({
    status: "FAILED",
    error: "Batch.ClientException",
  });
});

test("a task that loops without a wait is not taken for one that waits for its time limit", async () => {
  const Iterator = { StartAt: "One", States: { One: { Type: "Pass", End: true } } };
  const document = documentOf({ Each: { Type: "Map", Iterator, End: true } }, { TimeoutSeconds: 60 });
  const input = Array.from({ length: 3000 }, (_, index) => index);
  expect(await run(document, { input })).toMatchObject({ status: "SUCCEEDED", duration: 0 });
});

test("an execution that never ends is stopped", async () => {
  const document = documentOf({ Wait: { Type: "Wait", Seconds: 60 * YEAR, Next: "Wait" } });
  expect(await run(document)).toMatchObject({ status: "ABORTED", isEndless: true });
});

test("two runs of a case are equal, with their random values, times and ids", async () => {
  const Output = "{% [$random(), $uuid(), $now(), $states.context.Execution.Id] %}";
  const document = documentOf({ One: { Type: "Pass", Output, End: true } }, { QueryLanguage: "JSONata" });
  const [one, other] = [await run(document), await run(document)];
  expect(one).toEqual(other);
  expect(one.output).toEqual([
    0.23645552527159452,
    "00000000-0000-4000-8000-000000000001",
    "1970-01-01T00:00:00.000Z",
    "arn:aws:states:us-east-1:000000000000:execution:orders:test",
  ]);
});
