import type { StatesDocument } from "../../../src/asl/document";
import type { ExecutionEvent } from "../../../src/execution/events";
import { descriptionOf } from "../../../src/execution/job-result";
import { collectResult } from "../../../src/execution/result";
import {
  at,
  attempt,
  described,
  description,
  entered,
  executionEnded,
  executionStarted,
  log,
  mapRun,
  mocked,
  redriven,
  status,
  submitted,
  type Told,
  UNKNOWN_JOB,
  usage,
  waiting,
} from "../../events";

const START = Date.UTC(2026, 0, 1);

const DOCUMENT = {
  StartAt: "step2",
  States: {
    step2: {
      Type: "Map",
      ItemProcessor: { StartAt: "prepare", States: { prepare: { Type: "Pass" }, step2_job: { Type: "Task" } } },
    },
  },
} as unknown as StatesDocument;

function collect(events: ExecutionEvent[]) {
  const { result, sink } = collectResult(DOCUMENT);
  events.forEach(sink);
  return result;
}

const JOB = at(START + 1000, submitted("id-1", "step2_job", [3], "step2-3"));

test("an execution with a job that failed once and then succeeded", () => {
  const lost = {
    startedAt: null,
    stoppedAt: START + 1500,
    exitCode: null,
    reason: null,
    statusReason: "Host EC2 gone",
  };
  const done = { startedAt: START + 2000, stoppedAt: START + 3000, exitCode: 0, reason: null, statusReason: null };
  const result = collect([
    at(START, executionStarted("run", { a: 1 })),
    at(START, entered("step2")),
    at(START, mocked("tell", 0)),
    at(START, mocked("tell", 1)),
    JOB,
    at(START + 1500, attempt("id-1", lost)),
    at(START + 2000, status("id-1", "RUNNING")),
    at(START + 2500, log("id-1", "héllo")),
    at(START + 3000, attempt("id-1", done)),
    at(START + 3000, status("id-1", "SUCCEEDED", "fine")),
    at(START + 4000, executionEnded("SUCCEEDED", { output: [1] })),
  ]);
  expect(result).toEqual({
    name: "run",
    status: "SUCCEEDED",
    input: { a: 1 },
    output: [1],
    error: null,
    cause: null,
    startedAt: "2026-01-01T00:00:00.000Z",
    stoppedAt: "2026-01-01T00:00:04.000Z",
    redriveCount: 0,
    mapRuns: [],
    mockedStates: ["tell"],
    advice: [],
    jobs: [
      {
        ...UNKNOWN_JOB,
        state: "step2_job",
        indices: [3],
        name: "step2-3",
        id: "id-1",
        status: "SUCCEEDED",
        statusReason: "fine",
        exitCode: 0,
        attempts: [
          { ...lost, stoppedAt: "2026-01-01T00:00:01.500Z" },
          { ...done, startedAt: "2026-01-01T00:00:02.000Z", stoppedAt: "2026-01-01T00:00:03.000Z" },
        ],
        wait: null,
        waitedSeconds: 0.5,
        startedAt: "2026-01-01T00:00:02.000Z",
        stoppedAt: "2026-01-01T00:00:03.000Z",
        reusedFrom: null,
        log: "héllo\n",
      },
    ],
  });
});

test("a job has its description, its usage, and the item that it belongs to", () => {
  const facts = { image: "registry/echo:2", environment: { A: "1" }, compute: "SPOT" } as const;
  const result = collect([
    at(START, { ...entered("prepare", 3), input: { sample: "s3" } } as Told),
    at(START, { ...entered("step2_job", 3), input: "not the item" } as Told),
    JOB,
    at(START, described("id-1")),
    at(START, described("id-1", facts)),
    at(START, usage("id-1", { peakMemoryMiB: 310, cpuSeconds: 1.5 })),
  ]);
  expect(result.jobs[0]).toMatchObject({
    ...description(facts),
    item: { sample: "s3" },
    usage: { peakMemoryMiB: 310, cpuSeconds: 1.5 },
    dockerRun: "docker run --rm --memory 2048m --cpus 1 --env A=1 registry/echo:2",
  });
  expect(descriptionOf(result.jobs[0]!)).toEqual(description(facts));
});

test("a job that failed for a known reason has a hint, one that succeeded has none", () => {
  const line = log("id-1", "sh: can't create /tmp/part: Read-only file system");
  const hintAfter = (...events: ExecutionEvent[]) => collect([JOB, ...events]).jobs[0]!.hint;
  expect(hintAfter(at(START, line), at(START, status("id-1", "FAILED")))).toBe(
    "the root of the container is read-only, /tmp too: set `readonlyRootFilesystem` of the job to false",
  );
  // On AWS, lines also arrive after the end.
  expect(hintAfter(at(START, status("id-1", "FAILED")), at(START, line))).toContain("`readonlyRootFilesystem`");
  expect(hintAfter(at(START, line), at(START, status("id-1", "SUCCEEDED")))).toBeUndefined();
});

describe("a job that waits", () => {
  const jobAfter = (...told: (readonly [time: number, event: Told])[]) =>
    collect([JOB, ...told.map(([time, event]) => at(START + time, event))]).jobs[0]!;
  const RUNNABLE = [1000, status("id-1", "RUNNABLE")] as const;
  const LACK = [9000, waiting("id-1", "CAPACITY:X - none", 3)] as const;

  test("has its reason and its place, and no waiting time yet", () => {
    expect(jobAfter(RUNNABLE, LACK)).toMatchObject({
      status: "RUNNABLE",
      wait: { reason: "CAPACITY:X - none", place: 3 },
      waitedSeconds: null,
    });
  });

  test.each<[string, (readonly [number, Told])[], number]>([
    ["it starts", [[13_000, status("id-1", "STARTING")]], 12],
    ["it is seen only when it runs", [[13_000, status("id-1", "RUNNING")]], 12],
    ["Batch cancels it", [[13_000, status("id-1", "FAILED", "Canceled")]], 12],
    [
      "it has waited again for its second attempt",
      [
        [13_000, status("id-1", "STARTING")],
        [14_000, status("id-1", "RUNNING")],
        [20_000, attempt("id-1", { startedAt: START + 14_000, stoppedAt: START + 20_000 })],
        [20_000, status("id-1", "RUNNABLE")],
        [21_000, waiting("id-1", null, 1)],
        [25_000, status("id-1", "STARTING")],
        [26_000, status("id-1", "RUNNING")],
        [30_000, attempt("id-1", { startedAt: START + 26_000, stoppedAt: START + 30_000 })],
        [31_000, status("id-1", "SUCCEEDED")],
      ],
      17,
    ],
  ])("has only the time that it waited once %s", (_, events, waitedSeconds) => {
    expect(jobAfter(RUNNABLE, LACK, ...events)).toMatchObject({ wait: null, waitedSeconds });
  });
});

test("the items of the runs of distributed Maps, by their last counts", () => {
  const { mapRuns } = collect([
    at(START, mapRun("all", { total: 9, pending: 9 }, "one")),
    at(START, mapRun("all", { total: 9, succeeded: 7, failed: 2 }, "one")),
    at(START, mapRun("all", { total: 1, running: 1 }, "two")),
  ]);
  const none = { pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 };
  expect(mapRuns).toEqual([
    { state: "all", indices: [], arn: "one", items: { ...none, total: 9, succeeded: 7, failed: 2 } },
    { state: "all", indices: [], arn: "two", items: { ...none, total: 1, running: 1 } },
  ]);
});

test("a redrive resets the end of the execution", () => {
  const result = collect([
    at(START, executionStarted()),
    at(START + 1000, executionEnded("FAILED", { error: "E", cause: "why" })),
    at(START + 2000, redriven()),
  ]);
  expect(result).toEqual({
    name: "run",
    status: "RUNNING",
    input: {},
    output: null,
    error: null,
    cause: null,
    startedAt: "2026-01-01T00:00:00.000Z",
    stoppedAt: null,
    redriveCount: 1,
    mapRuns: [],
    mockedStates: [],
    advice: [],
    jobs: [],
  });
});

test("keeps the end of a long log and the number of lines that are left out", () => {
  const lines = Array.from({ length: 10_000 }, (_, number) => at(START, log("id-1", `line ${number}`)));
  const result = collect([...[JOB, ...lines, at(START, status("id-1", "FAILED"))]]);
  const kept = result.jobs[0]!.log.split("\n");
  expect(kept[0]).toBe("(9181 earlier lines left out)");
  expect(kept.at(-2)).toBe("line 9999");
  expect(result.jobs[0]!.log.length).toBeLessThan(8192 + 40);
});
