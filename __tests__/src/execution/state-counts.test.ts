import { countEvent, enteredOf, outcomeOf, startCounts } from "../../../src/execution/state-counts";
import {
  aborted,
  at,
  caught,
  entered,
  executionEnded,
  failed,
  mapRun,
  mapStarted,
  redriven,
  succeeded,
  type Told,
} from "../../events";
import { NESTED_MAPS } from "./nested-maps";

function countsOf(...events: Told[]) {
  const states = startCounts(NESTED_MAPS);
  for (const event of events) countEvent(states, at(0, event));
  return states;
}

test("counts the items of all runs of a Map inside a Map", () => {
  const states = countsOf(
    ...[entered("outer"), mapStarted(2, "outer")],
    ...[entered("inner", 0), mapStarted(3, "inner", 0), entered("inner", 1), mapStarted(4, "inner", 1)],
    ...[
      entered("job", 0, 0),
      entered("job", 1, 0),
      entered("job", 1, 1),
      succeeded("job", 0, 0),
      failed("job", [1, 0]),
    ],
  );
  expect(states.get("inner")!.items).toMatchObject({ total: 7, done: 1, failed: 1, running: new Set(["1,1"]) });
  expect(states.get("outer")!.items).toMatchObject({
    total: 2,
    done: 0,
    failed: 0,
    running: new Set(["0", "1"]),
  });
});

test("counts all items of a Map that succeeded as done, also without events", () => {
  const states = countsOf(entered("outer"), mapStarted(1000, "outer"), succeeded("outer"));
  expect(states.get("outer")!.items).toMatchObject({ total: 1000, done: 1000, failed: 0 });
});

test("uses the last counts of a Map Run as the counts of its Map", () => {
  const started = [
    entered("outer"),
    mapStarted(50, "outer"),
    mapRun("outer", { total: 50, running: 9, succeeded: 4, failed: 1, timedOut: 1 }),
  ];
  const during = countsOf(...started).get("outer")!.items;
  expect(during).toMatchObject({ total: 50, done: 4, failed: 2, runningApart: 9 });
  const after = countsOf(
    ...started,
    mapRun("outer", { total: 50, succeeded: 48, failed: 1, timedOut: 1 }),
    succeeded("outer"),
  );
  expect(after.get("outer")!.items).toMatchObject({ total: 50, done: 48, failed: 2, runningApart: 0 });
});

test("continues the counts of a Map Run after a redrive", () => {
  const states = countsOf(
    ...[
      entered("outer"),
      mapStarted(50, "outer"),
      mapRun("outer", { total: 50, succeeded: 49, failed: 1 }),
      failed("outer"),
    ],
    ...[redriven(), entered("outer"), mapRun("outer", { total: 50, succeeded: 49, running: 1 })],
  );
  expect(states.get("outer")!.items).toMatchObject({ total: 50, done: 49, failed: 0, runningApart: 1 });
});

test("counts running states as stopped when the execution ends", () => {
  const row = countsOf(entered("outer"), mapStarted(3, "outer"), entered("inner", 0), executionEnded("ABORTED")).get(
    "inner",
  )!;
  expect(row).toMatchObject({ running: new Set(), stopped: 1, stoppedAt: 0 });
});

test("a redrive resets failed and stopped states, and counts a retry for each failure", () => {
  const before = [entered("outer"), entered("inner", 0), entered("inner", 1), entered("inner", 2)];
  const states = countsOf(
    ...[...before, failed("inner", [0]), aborted("inner", 1), failed("outer"), executionEnded("FAILED")],
    ...[redriven(), entered("outer"), entered("inner", 0), entered("inner", 1), entered("inner", 2)],
  );
  const inner = states.get("inner")!;
  expect(inner).toMatchObject({ failed: 0, stopped: 0, retries: 1, running: new Set(["0", "1", "2"]) });
  expect([enteredOf(inner), outcomeOf(inner)]).toEqual([3, "running"]);
});

test.each([
  ["not-reached", []],
  ["running", [entered("inner", 0)]],
  ["succeeded", [entered("inner", 0), succeeded("inner", 0)]],
  ["stopped", [entered("inner", 0), entered("inner", 1), succeeded("inner", 0), aborted("inner", 1)]],
  ["caught", [entered("inner", 0), entered("inner", 1), aborted("inner", 0), caught("inner", [1], { next: "x" })]],
  ["failed", [entered("inner", 0), entered("inner", 1), failed("inner", [0])]],
])("the most serious thing that happened makes a state %s", (outcome, events) => {
  expect(outcomeOf(countsOf(...events).get("inner")!)).toBe(outcome);
});
