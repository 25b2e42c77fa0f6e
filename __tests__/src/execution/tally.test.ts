import type { StatesDocument } from "../../../src/asl/document";
import type { ExecutionEvent } from "../../../src/execution/events";
import { record, startTally } from "../../../src/execution/tally";

const block = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
const task = { Type: "Task", Resource: "r", End: true };
const document = block("outer", {
  Type: "Map",
  ItemProcessor: block("inner", { Type: "Map", ItemProcessor: block("job", task), End: true }),
  End: true,
}) as unknown as StatesDocument;

function tallyOf(...events: object[]) {
  const tally = startTally(document);
  for (const event of events) record(tally, { at: 0, ...event } as ExecutionEvent);
  return tally;
}

const enter = (state: string, ...indices: number[]) => ({ type: "state-entered", state, indices });
const items = (total: number, state: string, ...indices: number[]) => ({ type: "map-started", state, indices, total });
const succeed = (state: string, ...indices: number[]) => ({ type: "state-succeeded", state, indices });
const fail = (state: string, ...indices: number[]) => ({
  type: "state-failed",
  state,
  indices,
  error: "States.TaskFailed",
  cause: "",
});

test("counts the items of all runs of a Map inside a Map", () => {
  const tally = tallyOf(
    ...[enter("outer"), items(2, "outer")],
    ...[enter("inner", 0), items(3, "inner", 0), enter("inner", 1), items(4, "inner", 1)],
    ...[enter("job", 0, 0), enter("job", 1, 0), enter("job", 1, 1), succeed("job", 0, 0), fail("job", 1, 0)],
  );
  expect(tally.rows.get("inner")!.items).toMatchObject({ total: 7, done: 1, failed: 1, running: new Set(["1,1"]) });
  expect(tally.rows.get("outer")!.items).toMatchObject({ total: 2, done: 0, failed: 0, running: new Set(["0", "1"]) });
});

test("takes the items of a Map that succeeded for done, seen or not", () => {
  const tally = tallyOf(enter("outer"), items(1000, "outer"), succeed("outer"));
  expect(tally.rows.get("outer")!.items).toMatchObject({ total: 1000, done: 1000, failed: 0 });
});

const counts = { total: 50, pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 };
const mapRun = (facts: object) => ({
  type: "map-run",
  state: "outer",
  indices: [],
  mapRunArn: "arn",
  counts: { ...counts, ...facts },
});

test("takes the counts of a Map Run for those of its Map, and the last ones only", () => {
  const started = [enter("outer"), items(50, "outer"), mapRun({ running: 9, succeeded: 4, failed: 1, timedOut: 1 })];
  const during = tallyOf(...started).rows.get("outer")!.items;
  expect(during).toMatchObject({ total: 50, done: 4, failed: 2, runningApart: 9 });
  const after = tallyOf(...started, mapRun({ succeeded: 48, failed: 1, timedOut: 1 }), succeed("outer"));
  expect(after.rows.get("outer")!.items).toMatchObject({ total: 50, done: 48, failed: 2, runningApart: 0 });
});

test("keeps the children of a Map Run that failed, and not the Map that failed with them", () => {
  const child = (name: string) => ({
    type: "map-run-failure",
    state: "outer",
    indices: [],
    mapRunArn: "arn",
    executionArn: `arn:${name}`,
    name,
    status: "FAILED",
    error: "E",
    cause: name,
  });
  const tally = tallyOf(enter("outer"), child("a"), child("b"), fail("outer"));
  expect(tally.failures.map(({ cause }) => cause)).toEqual(["a", "b"]);
});

test("begins to count failures anew when the execution is redriven, and goes on with the items", () => {
  const ended = { type: "execution-ended", status: "FAILED", output: null, error: "E", cause: "c" };
  const failed = [
    ...[enter("outer"), items(2, "outer"), enter("inner", 0), succeed("inner", 0)],
    ...[enter("inner", 1), fail("inner", 1), fail("outer"), ended],
  ];
  const redriven = [{ type: "execution-redriven", redriveCount: 1 }, enter("outer"), enter("inner", 1)];
  const tally = tallyOf(...failed, ...redriven, succeed("inner", 1), succeed("outer"));
  expect(tally).toMatchObject({ failures: [], failureCount: 0, end: null });
  expect(tally.rows.get("outer")).toMatchObject({ done: 1, failed: 0, items: { total: 2, done: 2, failed: 0 } });
});

test("goes on with the counts of a Map Run that is redriven", () => {
  const redriven = [{ type: "execution-redriven", redriveCount: 1 }, enter("outer")];
  const tally = tallyOf(
    ...[enter("outer"), items(50, "outer"), mapRun({ succeeded: 49, failed: 1 }), fail("outer")],
    ...[...redriven, mapRun({ succeeded: 49, running: 1 })],
  );
  expect(tally.rows.get("outer")!.items).toMatchObject({ total: 50, done: 49, failed: 0, runningApart: 1 });
});

test("keeps the failure of the innermost state only", () => {
  const tally = tallyOf(
    ...[enter("outer"), enter("inner", 0), enter("job", 0, 0)],
    ...[fail("job", 0, 0), fail("inner", 0), fail("outer")],
  );
  expect(tally.failures.map(({ place }) => place)).toEqual([{ state: "job", indices: [0, 0] }]);
  expect(tally.failureCount).toBe(1);
});

test("takes what runs for stopped when the execution ends", () => {
  const ended = { type: "execution-ended", status: "ABORTED", output: null, error: null, cause: null };
  const row = tallyOf(enter("outer"), items(3, "outer"), enter("inner", 0), ended).rows.get("inner")!;
  expect(row).toMatchObject({ running: new Set(), stopped: 1, endedAt: 0 });
});

test("leaves out states and jobs that it does not know", () => {
  expect(tallyOf(enter("other"), { type: "job-log", jobId: "x", line: "hello" })).toEqual(startTally(document));
});

test("a job that is stopped with its state keeps its name for its last lines, and waits for nothing", () => {
  const job = { jobId: "1", jobName: "job-0" };
  const place = { state: "job", indices: [0, 0] };
  const tally = tallyOf(
    ...[enter("outer"), enter("inner", 0), enter("job", 0, 0)],
    ...[
      { type: "job-submitted", ...place, ...job },
      { type: "state-aborted", ...place },
    ],
    ...[
      { type: "job-status", jobId: "1", status: "RUNNABLE", reason: null },
      { type: "job-log", jobId: "1", line: "bye" },
    ],
  );
  expect(tally.jobs.get("1")).toMatchObject({ name: "job-0", log: ["bye"] });
  expect(tally.rows.get("job")!.waiting).toBe(0);
});

test("remembers nothing of what is over but the numbers", () => {
  const tally = tallyOf(enter("outer"), items(10_000, "outer"));
  for (let item = 0; item < 10_000; item += 1) {
    const [place, jobId] = [{ state: "job", indices: [item, 0] }, `job-${item}`];
    const lines = Array.from({ length: 20 }, (_, line) => ({ type: "job-log", jobId, line: `line ${line}` }));
    const end = item % 2 === 0 ? succeed("job", item, 0) : fail("job", item, 0);
    const events = [enter("inner", item), items(1, "inner", item), enter("job", item, 0)];
    for (const event of [...events, { type: "job-submitted", ...place, jobId, jobName: "job" }, ...lines, end]) {
      record(tally, { at: 0, ...event } as ExecutionEvent);
    }
    record(tally, { at: 0, ...succeed("inner", item) } as ExecutionEvent);
  }
  expect(tally.jobs.size).toBe(5);
  expect(tally.jobAt.size).toBe(0);
  expect(tally.failures.map(({ job }) => job!.log)).toEqual(
    Array.from({ length: 5 }, () => [10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map((line) => `line ${line}`)),
  );
  expect(tally.rows.get("job")).toMatchObject({ done: 5000, failed: 5000, running: new Set(), waiting: 0 });
  expect(tally.rows.get("inner")!.items!.runs.size).toBe(0);
});
