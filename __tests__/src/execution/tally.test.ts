import { record, startTally } from "../../../src/execution/tally";
import {
  aborted,
  at,
  entered,
  executionEnded,
  failed,
  log,
  mapRun,
  mapRunFailure,
  mapStarted,
  redriven,
  status,
  submitted,
  succeeded,
  type Told,
} from "../../events";
import { NESTED_MAPS } from "./nested-maps";

function tallyOf(...events: Told[]) {
  const tally = startTally(NESTED_MAPS);
  for (const event of events) record(tally, at(0, event));
  return tally;
}

test("keeps the failed items of a Map Run, but not the failure of their Map", () => {
  const tally = tallyOf(
    entered("outer"),
    mapRunFailure("outer", "a", "a"),
    mapRunFailure("outer", "b", "b"),
    failed("outer"),
  );
  expect(tally.failures.map(({ cause }) => cause)).toEqual(["a", "b"]);
});

test("resets the failures after a redrive, and continues to count the items", () => {
  const before = [
    ...[entered("outer"), mapStarted(2, "outer"), entered("inner", 0), succeeded("inner", 0)],
    ...[entered("inner", 1), failed("inner", [1]), failed("outer"), executionEnded("FAILED")],
  ];
  const again = [redriven(), entered("outer"), entered("inner", 1)];
  const tally = tallyOf(...before, ...again, succeeded("inner", 1), succeeded("outer"));
  expect(tally).toMatchObject({ failures: [], failureCount: 0, end: null });
  expect(tally.states.get("outer")).toMatchObject({ succeeded: 1, failed: 0, items: { total: 2, done: 2, failed: 0 } });
});

test("keeps only the failure of the innermost state", () => {
  const tally = tallyOf(
    ...[entered("outer"), entered("inner", 0), entered("job", 0, 0)],
    ...[failed("job", [0, 0]), failed("inner", [0]), failed("outer")],
  );
  expect(tally.failures.map(({ place }) => place)).toEqual([{ state: "job", indices: [0, 0] }]);
  expect(tally.failureCount).toBe(1);
});

describe("a distributed Map that succeeds although items failed", () => {
  const counts = { total: 9, succeeded: 7, failed: 2 };

  test("its failures on AWS are no failures of the execution", () => {
    const tally = tallyOf(
      ...[entered("outer"), mapStarted(9, "outer"), mapRun("outer", counts)],
      ...[mapRunFailure("outer", "a", "a"), mapRunFailure("outer", "b", "b"), succeeded("outer")],
    );
    expect(tally).toMatchObject({ failures: [], failureCount: 0 });
    expect(tally.tolerated).toEqual([
      { place: { state: "outer", indices: [] }, failed: 2, total: 9, example: expect.objectContaining({ cause: "a" }) },
    ]);
  });

  test("its failures here are those of the states inside", () => {
    const items = Array.from({ length: 9 }, (_, index) => [entered("inner", index), failed("inner", [index])]);
    const running = [
      entered("outer"),
      mapStarted(9, "outer"),
      mapRun("outer", { total: 9, pending: 9 }),
      ...items.flat(),
    ];
    const ended = [mapRun("outer", { total: 9, failed: 9 }), mapRunFailure("outer", "a", "a")];
    const during = tallyOf(...running, ...ended);
    expect([during.failures.length, during.failureCount]).toEqual([5, 9]);
    expect(during.states.get("outer")!.items).toMatchObject({ total: 9, done: 0, failed: 9, running: new Set() });
    const after = tallyOf(...running, ...ended, succeeded("outer"));
    expect([after.failures.length, after.failureCount]).toEqual([0, 0]);
    expect(after.tolerated).toMatchObject([{ failed: 9, example: { place: { state: "inner", indices: [0] } } }]);
    expect(after.states.get("outer")!.items).toMatchObject({ failed: 9, tolerated: 9 });
  });

  test("other failures stay", () => {
    const tally = tallyOf(
      ...[
        entered("outer"),
        entered("inner", 0),
        mapStarted(2, "inner", 0),
        entered("job", 0, 0),
        failed("job", [0, 0]),
      ],
      ...[entered("inner", 1), entered("job", 1, 0), failed("job", [1, 0])],
      ...[mapRun("inner", { total: 2, succeeded: 1, failed: 1 }, "arn", [0]), succeeded("inner", 0)],
    );
    expect(tally.failures.map(({ place }) => place.indices)).toEqual([[1, 0]]);
    expect([tally.failureCount, tally.tolerated.length]).toEqual([1, 1]);
  });
});

test("ignores unknown states and jobs", () => {
  expect(tallyOf(entered("other"), log("x", "hello"))).toEqual({
    ...startTally(NESTED_MAPS),
    items: expect.anything(),
    use: expect.anything(),
  });
});

test("a job that is stopped with its state keeps its name for late lines, and no longer waits", () => {
  const tally = tallyOf(
    ...[entered("outer"), entered("inner", 0), entered("job", 0, 0)],
    ...[submitted("1", "job", [0, 0], "job-0"), aborted("job", 0, 0)],
    ...[status("1", "RUNNABLE"), log("1", "bye")],
  );
  expect(tally.jobs.get("1")).toMatchObject({ name: "job-0", log: ["bye"] });
  expect(tally.waiting.get("job")).toBe(0);
});

test("keeps only the numbers of states and jobs that are over", () => {
  const tally = tallyOf(entered("outer"), mapStarted(1000, "outer"));
  for (let item = 0; item < 1000; item += 1) {
    const jobId = `job-${item}`;
    const lines = Array.from({ length: 20 }, (_, line) => log(jobId, `line ${line}`));
    const end = item % 2 === 0 ? succeeded("job", item, 0) : failed("job", [item, 0]);
    const start = [entered("inner", item), mapStarted(1, "inner", item), entered("job", item, 0)];
    const job = [submitted(jobId, "job", [item, 0]), ...lines, end];
    for (const event of [...start, ...job, succeeded("inner", item)]) record(tally, at(0, event));
  }
  expect(tally.jobs.size).toBe(5);
  expect(tally.jobAt.size).toBe(0);
  expect(tally.failures.map(({ job }) => job!.log)).toEqual(
    Array.from({ length: 5 }, () => [10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map((line) => `line ${line}`)),
  );
  expect(tally.states.get("job")).toMatchObject({ succeeded: 500, failed: 500, running: new Set() });
  expect(tally.states.get("inner")!.items!.runs.size).toBe(0);
});
