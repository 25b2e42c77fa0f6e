import * as fc from "fast-check";
import { FakeClock } from "../../../scripts/demo/fake-clock";
import { asDocument, type StatesDocument } from "../../../src/asl/document";
import type { Json } from "../../../src/base/json";
import { memoryStore } from "../../../src/local/data/memory-store";
import { interpret } from "../../../src/local/interpreter/interpreter";
import { s3Services } from "../../../src/local/s3-tasks";
import { taskHandler } from "../../../src/local/tasks";
import { readMockFile } from "../../../src/testing/mock-file";
import { mockableStates } from "../../../src/testing/mockable-states";
import { DOCUMENT } from "../testing/document";

/** Runs the document with mocks, and without any service. Returns its end and the names of the mocked states. */
async function runWith(file: Json, document: StatesDocument) {
  const clock = new FakeClock();
  const mocked = new Set<string>();
  const { byPlace, findings } = readMockFile(file, mockableStates(document));
  expect(findings).toEqual([]);
  const task = taskHandler({
    services: {
      "batch:submitJob": async () => null,
      "batch:submitJob.sync": async () => null,
      ...s3Services(memoryStore({})),
    },
    mocks: { file: "m.json", format: "own", byPlace },
    emit: (event) => void (event.type === "task-mocked" && mocked.add(event.state)),
    clock,
  });
  const outcome = await interpret(
    document,
    { input: [1, 2], context: { Execution: {}, StateMachine: {} } },
    { task, emit: () => {}, clock, random: () => 0, objects: memoryStore({}) },
    new AbortController().signal,
  );
  return { outcome, mocked };
}

test("whatever the mocks answer, a run ends in a way of the language", async () => {
  const error = fc.oneof(
    fc.constantFrom("States.Runtime", "States.Timeout", "States.DataLimitExceeded", "__proto__", "E"),
    fc.string({ minLength: 1 }),
  );
  const answer = fc.oneof(
    fc.record({ returns: fc.jsonValue() }),
    fc.record({ throws: fc.record({ Error: error, Cause: fc.jsonValue() }) }),
  );
  const answers = fc.oneof(answer, fc.array(answer, { minLength: 1, maxLength: 3 }));
  const states = fc.constantFrom("Notify", "Charge", "Charge[1]", "Deep", "Deep[0][1]", "Ask", "odd[1]");
  await fc.assert(
    fc.asyncProperty(fc.dictionary(states, answers), async (mocks) => {
      const { outcome, mocked } = await runWith({ mocks } as Json, DOCUMENT);
      expect(["SUCCEEDED", "FAILED"]).toContain(outcome.status);
      if (mocks.Notify === undefined) expect(outcome).toMatchObject({ error: "Workflow.NotMocked" });
      else expect(mocked.has("Notify")).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test("Retry and Catch take the error of a task, even one with the name of an error of the state machine", async () => {
  const throws = { throws: { Error: "States.Runtime", Cause: "by the worker" } };
  const document = asDocument({
    StartAt: "Notify",
    States: {
      Notify: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ["States.Runtime"], Next: "Mend" }],
        Next: "Mend",
      },
      Mend: { Type: "Pass", End: true },
    },
  });
  const run = async (...Notify: Json[]) => (await runWith({ mocks: { Notify } }, document)).outcome;
  expect(await run(throws, { returns: "sent" })).toEqual({ status: "SUCCEEDED", output: "sent" });
  expect(await run(throws)).toEqual({
    status: "SUCCEEDED",
    output: { Error: "States.Runtime", Cause: "by the worker" },
  });
});
