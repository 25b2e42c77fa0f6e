import type { ExecutionEvent } from "../../execution/events";
import { record, startTally } from "../../execution/tally";
import type { StatesDocument } from "../../workflow/document";

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
