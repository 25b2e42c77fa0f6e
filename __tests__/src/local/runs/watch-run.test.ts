import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessTable } from "../../../../src/base/process-identity";
import { type ExecutionEvent, STOPPED_WITH_STATE } from "../../../../src/execution/events";
import { eventLine } from "../../../../src/local/runs/event-lines";
import { createRun, writeHead } from "../../../../src/local/runs/run-folder";
import type { RunHead } from "../../../../src/local/runs/run-head";
import { type WatchRunOptions, watchRun } from "../../../../src/local/runs/watch-run";
import {
  aborted,
  at,
  entered,
  executionEnded,
  executionStarted,
  log,
  mapStarted,
  notice,
  redriven,
  status,
  submitted,
  type Told,
} from "../../../events";
import { SOURCE } from "../../../run-source";

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), "watch-run-test-"));
});
afterEach(() => rmSync(runs, { recursive: true }));

let isRunning = true;
const TABLE: ProcessTable = { host: "here", boot: "1", exists: () => isRunning, startOf: () => null };

const HEAD: RunHead = {
  ...{ name: "mine", workflow: "w", startedAt: 0, stoppedAt: null, status: "RUNNING", redriveCount: 0 },
  ...{
    engine: "process",
    source: SOURCE,
    region: null,
    cost: null,
    process: { pid: 1, startedAt: null, boot: "1", host: "here" },
  },
};

/** A run that says what it is told to. */
function run() {
  isRunning = true;
  const folder = createRun(runs, HEAD, { definition: {}, input: null })!;
  let time = 0;
  return {
    folder,
    tell: (...told: Told[]) => {
      for (const event of told) {
        time += 1;
        appendFileSync(join(folder, "events.jsonl"), `${eventLine(at(time, event))}\n`);
      }
    },
    end: (ended: RunHead["status"]) => writeHead(folder, { ...HEAD, status: ended, stoppedAt: 9 }),
  };
}

/** Follows the run. At each pause one of the `steps` happens. */
async function watch(folder: string, steps: readonly (() => void)[] = [], options: Partial<WatchRunOptions> = {}) {
  const events: ExecutionEvent[] = [];
  const left = [...steps];
  const clock = { now: () => 0, every: () => () => {}, sleep: async () => left.shift()!() };
  const watched = { emit: (event: ExecutionEvent) => events.push(event), logs: "all", clock, table: TABLE } as const;
  const ended = await watchRun(folder, { ...watched, ...options });
  return { ended, events: events.map(({ at: _, ...told }) => told) };
}

test("a run of another process is followed to its end, over a redrive", async () => {
  const { folder, tell, end } = run();
  const events = [executionStarted("mine"), entered("only"), executionEnded("FAILED"), redriven(), entered("only")];
  tell(...events);
  const last = executionEnded("SUCCEEDED");
  const found = await watch(folder, [
    () => {},
    () => {
      tell(last);
      end("SUCCEEDED");
    },
  ]);
  // The end that no longer holds is not told.
  expect(found).toEqual({ ended: "SUCCEEDED", events: [events[0], events[1], events[3], events[4], last] });
});

test("a killed run ends with all its states and jobs", async () => {
  const { folder, tell } = run();
  const events = [
    ...[
      executionStarted("mine"),
      entered("map"),
      mapStarted(2, "map"),
      entered("step", 0),
      submitted("done", "step", [0]),
    ],
    ...[status("done", "SUCCEEDED"), submitted("id", "step", [0]), log("id", "last words")],
  ];
  tell(...events);
  isRunning = false;
  expect(await watch(folder)).toEqual({
    ended: "ABORTED",
    events: [
      ...events,
      ...[status("id", "FAILED", STOPPED_WITH_STATE), aborted("step", 0), aborted("map")],
      executionEnded("ABORTED", { cause: "The process of the run has ended" }),
    ],
  });
});

test("a run whose last events could not be kept ends as its head says", async () => {
  const { folder, tell, end } = run();
  tell(executionStarted("mine"));
  end("TIMED_OUT");
  const ending = [notice("the last events of this run are not kept"), executionEnded("TIMED_OUT")];
  expect(await watch(folder)).toEqual({ ended: "TIMED_OUT", events: [executionStarted("mine"), ...ending] });
});

test("only the output of the jobs that fail is told, if asked for", async () => {
  const { folder, tell, end } = run();
  tell(log("good", "fine"), status("good", "SUCCEEDED"), log("bad", "oh"), log("bad", "no"), status("bad", "FAILED"));
  tell(executionEnded("FAILED"));
  end("FAILED");
  const { events } = await watch(folder, [], { logs: "failed" });
  expect(events.slice(0, -1)).toEqual([
    status("good", "SUCCEEDED"),
    ...[log("bad", "oh"), log("bad", "no"), status("bad", "FAILED")],
  ]);
});

test("what there is until now is told at once", async () => {
  const { folder, tell } = run();
  tell(executionStarted("mine"));
  expect(await watch(folder, [], { untilNow: true })).toEqual({ ended: null, events: [executionStarted("mine")] });
});

test("a detached watch ends, and the run goes on", async () => {
  const { folder } = run();
  const detached = new AbortController();
  expect(await watch(folder, [() => detached.abort()], { signal: detached.signal })).toEqual({
    ended: null,
    events: [],
  });
});

test("a run that is removed meanwhile is gone", async () => {
  const { folder } = run();
  await expect(watch(folder, [() => rmSync(folder, { recursive: true })])).rejects.toThrow(
    "the run mine is no longer kept: newer runs have taken its place, or its files were removed",
  );
});
