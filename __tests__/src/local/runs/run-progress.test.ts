import { FakeClock } from "../../../../scripts/demo/fake-clock";
import type { StatesDocument } from "../../../../src/asl/document";
import type { Json } from "../../../../src/base/json";
import { type ExecutionEvent, placeName } from "../../../../src/execution/events";
import { memoryStore } from "../../../../src/local/data/memory-store";
import { interpret, type Outcome } from "../../../../src/local/interpreter/interpreter";
import { StatesError } from "../../../../src/local/interpreter/states-error";
import { RunProgress } from "../../../../src/local/runs/run-progress";
import { at, entered, executionStarted, type Told } from "../../../events";

const task = (next: object) => ({ Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", ...next });

/** A branch, a Map in a Map, a distributed Map, variables, a loop, a Retry and a Catch. */
const DOCUMENT = {
  StartAt: "prepare",
  QueryLanguage: "JSONata",
  States: {
    prepare: task({ Assign: { base: "{% $states.result %}", round: 0 }, Next: "both" }),
    both: {
      Type: "Parallel",
      Branches: [
        { StartAt: "left", States: { left: task({ Next: "left2" }), left2: task({ End: true }) } },
        {
          StartAt: "outer",
          States: {
            outer: {
              Type: "Map",
              Items: "{% [1, 2] %}",
              ItemProcessor: {
                StartAt: "first",
                States: {
                  first: task({ Assign: { own: "{% $states.result %}" }, Next: "inner" }),
                  inner: {
                    Type: "Map",
                    Items: "{% [3, 4] %}",
                    ItemProcessor: {
                      StartAt: "deep",
                      States: { deep: task({ Output: "{% $base & $own & $states.result %}", End: true }) },
                    },
                    End: true,
                  },
                },
              },
              End: true,
            },
          },
        },
      ],
      Retry: [{ ErrorEquals: ["Once"], MaxAttempts: 1 }],
      Next: "apart",
    },
    apart: {
      Type: "Map",
      Items: "{% [5, 6, 7] %}",
      ToleratedFailureCount: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "child",
        States: { child: task({ Next: "child2" }), child2: { Type: "Pass", End: true } },
      },
      Output: { apart: "{% $states.result %}", both: "{% $states.input %}" },
      Next: "again",
    },
    again: task({
      Assign: { round: "{% $round + 1 %}" },
      Output: "{% $states.input %}",
      Catch: [{ ErrorEquals: ["Caught"], Assign: { round: 10 }, Output: "{% $states.input %}", Next: "more" }],
      Next: "more",
    }),
    more: { Type: "Choice", Choices: [{ Condition: "{% $round < 2 %}", Next: "again" }], Default: "last" },
    last: { Type: "Pass", Output: { of: "{% $states.input %}", round: "{% $round %}" }, End: true },
  },
} as unknown as StatesDocument;

type Fails = (place: string, visit: number) => string | null;

/** Runs the document. A task gives its place and how often it was called there. */
async function run(fails: Fails, known: RunProgress | null = null) {
  const events: ExecutionEvent[] = [];
  const calls: string[] = [];
  const counts = new Map<string, number>();
  const clock = new FakeClock();
  const emit = (event: ExecutionEvent) => events.push(event);
  const outcome = await interpret(
    DOCUMENT,
    {
      input: {},
      context: { Execution: { Id: "a:states:b:c:execution:d:e" }, StateMachine: { Id: "a:stateMachine:b" } },
    },
    {
      task: async ({ state, indices }) => {
        const place = placeName({ state, indices });
        const answer = known?.answer({ state, indices }) ?? null;
        const visit = (counts.get(place) ?? 0) + 1;
        counts.set(place, visit);
        if (answer === null) {
          calls.push(place);
          const error = fails(place, visit);
          if (error !== null) throw new StatesError(error, "why");
        }
        const result: Json = answer?.value ?? place;
        emit(at(0, { type: "task-succeeded", state, indices, result }));
        return result;
      },
      emit,
      clock,
      random: () => 0,
      objects: memoryStore({}),
      known,
    },
    new AbortController().signal,
  );
  return { outcome, events, calls };
}

function progressOf(events: readonly ExecutionEvent[]): RunProgress {
  const progress = new RunProgress(DOCUMENT);
  for (const event of events) progress.record(event);
  return progress;
}

/** The tasks that have succeeded and whose states were not tried again, by place. */
function succeededTasks(events: readonly ExecutionEvent[]): string[] {
  return events.flatMap((event) => (event.type === "task-succeeded" ? [placeName(event)] : []));
}

const output = (outcome: Outcome) => ("output" in outcome ? outcome.output : outcome);

test("a run that was killed after any of its events goes on to the same output, and runs no task again that had succeeded", async () => {
  const never: Fails = () => null;
  const whole = await run(never);
  expect(whole.outcome.status).toBe("SUCCEEDED");
  for (let length = 0; length <= whole.events.length; length += 1) {
    const before = whole.events.slice(0, length);
    const rest = await run(never, progressOf(before));
    expect([length, output(rest.outcome)]).toEqual([length, output(whole.outcome)]);
    expect([length, [...succeededTasks(before), ...rest.calls].toSorted()]).toEqual([length, whole.calls.toSorted()]);
  }
});

test.each([["prepare"], ["left"], ["left2"], ["first[1]"], ["deep[0][1]"], ["again"]])(
  "a run that failed at %s runs only that again, what it has stopped, and what follows",
  async (place) => {
    const never = await run(() => null);
    const failed = await run((one) => (one === place ? "Broken" : null));
    expect(failed.outcome).toMatchObject({ status: "FAILED", error: "Broken" });
    const rest = await run(() => null, progressOf(failed.events));
    expect(output(rest.outcome)).toEqual(output(never.outcome));
    expect(rest.calls).toContain(place);
    const succeeded = failed.events.flatMap((event) => (event.type === "state-succeeded" ? [placeName(event)] : []));
    expect(rest.calls.filter((call) => succeeded.includes(call))).toEqual([]);
  },
);

test("the states that go on are entered again, the outer ones first, and a Map tells its items once", async () => {
  const failed = await run((one) => (one === "deep[0][1]" ? "Broken" : null));
  const rest = await run(() => null, progressOf(failed.events));
  const names = (type: ExecutionEvent["type"]) =>
    rest.events.flatMap((event) => (event.type === type && "state" in event ? [placeName(event)] : []));
  expect(names("state-entered").slice(0, 3)).toEqual(["both", "outer", "inner[0]"]);
  expect(names("map-started")).toEqual(["apart"]);
});

test("a run that failed twice goes on from its second failure", async () => {
  const failed = await run((one) => (one === "left2" ? "Broken" : null));
  const again = await run(
    (one) => (one === "child[1]" || one === "child[2]" ? "Broken" : null),
    progressOf(failed.events),
  );
  expect(again.outcome).toMatchObject({ status: "FAILED", error: "States.ExceedToleratedFailureThreshold" });
  const events = [...failed.events, at(0, { type: "execution-redriven", redriveCount: 1 }), ...again.events];
  const rest = await run(() => null, progressOf(events));
  expect(rest.calls).toEqual(["child[1]", "child[2]", "again", "again"]);
  expect(rest.outcome.status).toBe("SUCCEEDED");
});

test("what was done before a Retry of the state around it counts no more", async () => {
  let isFirst = true;
  const failed = await run((one) => {
    if (one !== "left2") return null;
    const error = isFirst ? "Once" : "Broken";
    isFirst = false;
    return error;
  });
  expect(failed.calls.filter((call) => call === "left")).toHaveLength(2);
  const rest = await run(() => null, progressOf(failed.events));
  expect(rest.calls[0]).toBe("left2");
  expect(rest.calls).not.toContain("left");
});

test("an error that was caught stays caught", async () => {
  const failing: Fails = (one) => (one === "again" ? "Caught" : null);
  const whole = await run(failing);
  const entry = whole.events.findIndex((event) => event.type === "state-entered" && event.state === "more");
  const rest = await run(failing, progressOf(whole.events.slice(0, entry + 1)));
  expect(rest.calls).toEqual([]);
  expect(output(rest.outcome)).toMatchObject({ round: 10 });
});

describe("what is masked or left out is not taken for what it was", () => {
  const known = async (change: (event: ExecutionEvent) => ExecutionEvent) =>
    progressOf((await run((one) => (one === "again" ? "Broken" : null))).events.map(change));

  test("an item runs again from its start", async () => {
    const broken: Fails = (one) => (one === "child[0]" || one === "child[2]" ? "Broken" : null);
    const { events } = await run(broken);
    const last = (event: ExecutionEvent) => event.type === "state-succeeded" && event.state === "child2";
    const progress = progressOf(events.map((event) => (last(event) ? { ...event, leftOut: true } : event)));
    expect(progress.problem).toBeNull();
    const { calls } = await run(() => null, progress);
    expect(calls.filter((call) => call.startsWith("child"))).toEqual(["child[0]", "child[1]", "child[2]"]);
  });

  test("the states of the document cannot go on", async () => {
    const masked = await known((event) =>
      event.type === "state-entered" && event.state === "again" ? { ...event, masked: true } : event,
    );
    expect(masked.problem).toBe("secrets are hidden, or data is left out, in what is kept of its states up to 'again'");
    const variable = await known((event) =>
      event.type === "state-succeeded" && event.state === "prepare" ? { ...event, masked: true } : event,
    );
    expect(variable.problem).not.toBeNull();
    const told: Told[] = [{ ...executionStarted("mine"), masked: true } as Told, entered("prepare")];
    expect(progressOf(told.map((event) => at(0, event))).problem).toBe(
      "secrets are hidden in what is kept of its input",
    );
  });
});
