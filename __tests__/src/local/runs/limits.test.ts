import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessTable } from "../../../../src/base/process-identity";
import type { ExecutionEvent } from "../../../../src/execution/events";
import { eventOf } from "../../../../src/local/runs/event-lines";
import { keptRuns } from "../../../../src/local/runs/find-run";
import { keptPart } from "../../../../src/local/runs/kept-part";
import { pruneRuns } from "../../../../src/local/runs/prune-runs";
import { createRun } from "../../../../src/local/runs/run-folder";
import type { RunHead } from "../../../../src/local/runs/run-head";
import { at, entered, executionEnded, log, notice, succeeded } from "../../../events";
import { SOURCE } from "../../../run-source";

const MIB = 1024 * 1024;
const LIMITS = { jobOutput: MIB, output: 3 * MIB, data: MIB, all: 8 * MIB };

/** The events that are kept of some. */
function kept(events: readonly ExecutionEvent[], size = 0): (ExecutionEvent | null)[] {
  const linesOf = keptPart(size, LIMITS);
  return events.flatMap((event) => linesOf(event).map(eventOf));
}

const long = "x".repeat(0.6 * MIB);

test("of a job's output the first part is kept, and a line says so", () => {
  const said = [log("one", long), log("one", long), log("one", "more"), log("other", "hello")];
  expect(kept(said.map((event) => at(1, event)))).toEqual([
    at(1, log("one", long)),
    at(1, log("one", "(the rest is not kept: a kept run has at most 1 MiB of each job's output, and 3 MiB of all)")),
    at(1, log("other", "hello")),
  ]);
});

test("the output of all jobs has a limit too", () => {
  const jobs = Array.from({ length: 8 }, (_, index) => at(1, log(`job${index}`, long)));
  const found = kept(jobs).map((event) => (event as { line: string }).line.length);
  expect(found).toEqual([...Array(4).fill(long.length), expect.any(Number)]);
});

test("inputs beyond the limit are left out, and the events are marked", () => {
  const entry = (index: number, input: string) => ({ ...at(1, entered("step", index)), input }) as ExecutionEvent;
  expect(kept([entry(0, long), entry(1, long), entry(2, "small"), at(2, succeeded("step", 0))])).toEqual([
    entry(0, long),
    at(1, notice("inputs and results of the states that follow are not kept: a kept run has at most 1 MiB of them")),
    { ...at(1, entered("step", 1)), leftOut: true },
    { ...at(1, entered("step", 2)), leftOut: true },
    at(2, succeeded("step", 0)),
  ]);
});

test("a full run keeps only its end", () => {
  const events = [at(1, succeeded("a")), at(2, succeeded("b")), at(3, executionEnded("SUCCEEDED"))];
  expect(kept(events, 8 * MIB - 10)).toEqual([
    events[0],
    at(1, notice("the events that follow are not kept: a kept run has at most 8 MiB of them")),
    events[2],
  ]);
});

describe("of many runs", () => {
  let runs: string;
  beforeEach(() => {
    runs = mkdtempSync(join(tmpdir(), "prune-test-"));
  });
  afterEach(() => rmSync(runs, { recursive: true }));

  /** Process 1 runs, and no other. */
  const TABLE: ProcessTable = { host: "here", boot: "1", exists: (pid) => pid === 1, startOf: () => null };
  const create = (index: number, pid = 2, status: RunHead["status"] = "SUCCEEDED") =>
    createRun(
      runs,
      {
        ...{ name: `run${index}`, workflow: "w", startedAt: index, stoppedAt: null, status, redriveCount: 0 },
        ...{
          engine: "process",
          source: SOURCE,
          region: null,
          cost: null,
          process: { pid, startedAt: null, boot: "1", host: "here" },
        },
      },
      { definition: {}, input: null },
    );
  const names = () => keptRuns([runs], TABLE).map(({ head }) => head.name);

  test("the newest are kept, and each that still runs", () => {
    create(0, 1, "RUNNING");
    create(1, 2, "RUNNING");
    for (let index = 2; index < 6; index += 1) create(index);
    pruneRuns(runs, TABLE, 3);
    expect(names()).toEqual(["run5", "run4", "run3", "run0"]);
  });

  test("what a killed command has left is removed, but no run that is being created", () => {
    for (const name of [".removed-1", ".new-old", ".new-young"])
      mkdirSync(join(runs, name, "inside"), { recursive: true });
    utimesSync(join(runs, ".new-old"), new Date(0), new Date(0));
    create(1);
    pruneRuns(runs, TABLE);
    expect(readdirSync(runs).toSorted()).toEqual([".new-young", "run1"]);
    expect(names()).toEqual(["run1"]);
  });

  test("no folder, no runs", () => {
    rmSync(runs, { recursive: true });
    pruneRuns(runs, TABLE);
    expect(existsSync(runs)).toBe(false);
    mkdirSync(runs);
  });
});
