import type { StatesDocument } from "../../../src/asl/document";
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

const block = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
const task = { Type: "Task", Resource: "r", End: true };
const document = block("outer", {
  Type: "Map",
  ItemProcessor: block("inner", { Type: "Map", ItemProcessor: block("job", task), End: true }),
  End: true,
}) as unknown as StatesDocument;

function tallyOf(...events: Told[]) {
  const tally = startTally(document);
  for (const event of events) record(tally, at(0, event));
  return tally;
}

test("counts the items of all runs of a Map inside a Map", () => {
  const tally = tallyOf(
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
  expect(tally.rows.get("inner")!.items).toMatchObject({ total: 7, done: 1, failed: 1, running: new Set(["1,1"]) });
  expect(tally.rows.get("outer")!.items).toMatchObject({ total: 2, done: 0, failed: 0, running: new Set(["0", "1"]) });
});

test("takes the items of a Map that succeeded for done, seen or not", () => {
  const tally = tallyOf(entered("outer"), mapStarted(1000, "outer"), succeeded("outer"));
  expect(tally.rows.get("outer")!.items).toMatchObject({ total: 1000, done: 1000, failed: 0 });
});

test("takes the counts of a Map Run for those of its Map, and the last ones only", () => {
  const started = [
    entered("outer"),
    mapStarted(50, "outer"),
    mapRun("outer", { total: 50, running: 9, succeeded: 4, failed: 1, timedOut: 1 }),
  ];
  const during = tallyOf(...started).rows.get("outer")!.items;
  expect(during).toMatchObject({ total: 50, done: 4, failed: 2, runningApart: 9 });
  const after = tallyOf(
    ...started,
    mapRun("outer", { total: 50, succeeded: 48, failed: 1, timedOut: 1 }),
    succeeded("outer"),
  );
  expect(after.rows.get("outer")!.items).toMatchObject({ total: 50, done: 48, failed: 2, runningApart: 0 });
});

test("keeps the children of a Map Run that failed, and not the Map that failed with them", () => {
  const tally = tallyOf(
    entered("outer"),
    mapRunFailure("outer", "a", "a"),
    mapRunFailure("outer", "b", "b"),
    failed("outer"),
  );
  expect(tally.failures.map(({ cause }) => cause)).toEqual(["a", "b"]);
});

test("begins to count failures anew when the execution is redriven, and goes on with the items", () => {
  const before = [
    ...[entered("outer"), mapStarted(2, "outer"), entered("inner", 0), succeeded("inner", 0)],
    ...[entered("inner", 1), failed("inner", [1]), failed("outer"), executionEnded("FAILED")],
  ];
  const again = [redriven(), entered("outer"), entered("inner", 1)];
  const tally = tallyOf(...before, ...again, succeeded("inner", 1), succeeded("outer"));
  expect(tally).toMatchObject({ failures: [], failureCount: 0, end: null });
  expect(tally.rows.get("outer")).toMatchObject({ done: 1, failed: 0, items: { total: 2, done: 2, failed: 0 } });
});

test("goes on with the counts of a Map Run that is redriven", () => {
  const tally = tallyOf(
    ...[
      entered("outer"),
      mapStarted(50, "outer"),
      mapRun("outer", { total: 50, succeeded: 49, failed: 1 }),
      failed("outer"),
    ],
    ...[redriven(), entered("outer"), mapRun("outer", { total: 50, succeeded: 49, running: 1 })],
  );
  expect(tally.rows.get("outer")!.items).toMatchObject({ total: 50, done: 49, failed: 0, runningApart: 1 });
});

test("keeps the failure of the innermost state only", () => {
  const tally = tallyOf(
    ...[entered("outer"), entered("inner", 0), entered("job", 0, 0)],
    ...[failed("job", [0, 0]), failed("inner", [0]), failed("outer")],
  );
  expect(tally.failures.map(({ place }) => place)).toEqual([{ state: "job", indices: [0, 0] }]);
  expect(tally.failureCount).toBe(1);
});

test("takes what runs for stopped when the execution ends", () => {
  const row = tallyOf(
    entered("outer"),
    mapStarted(3, "outer"),
    entered("inner", 0),
    executionEnded("ABORTED"),
  ).rows.get("inner")!;
  expect(row).toMatchObject({ running: new Set(), stopped: 1, endedAt: 0 });
});

test("leaves out states and jobs that it does not know", () => {
  expect(tallyOf(entered("other"), log("x", "hello"))).toEqual(startTally(document));
});

test("a job that is stopped with its state keeps its name for its last lines, and waits for nothing", () => {
  const tally = tallyOf(
    ...[entered("outer"), entered("inner", 0), entered("job", 0, 0)],
    ...[submitted("1", "job", [0, 0], "job-0"), aborted("job", 0, 0)],
    ...[status("1", "RUNNABLE"), log("1", "bye")],
  );
  expect(tally.jobs.get("1")).toMatchObject({ name: "job-0", log: ["bye"] });
  expect(tally.rows.get("job")!.waiting).toBe(0);
});

test("remembers nothing of what is over but the numbers", () => {
  const tally = tallyOf(entered("outer"), mapStarted(10_000, "outer"));
  for (let item = 0; item < 10_000; item += 1) {
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
  expect(tally.rows.get("job")).toMatchObject({ done: 5000, failed: 5000, running: new Set(), waiting: 0 });
  expect(tally.rows.get("inner")!.items!.runs.size).toBe(0);
});
