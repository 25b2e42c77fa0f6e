import type { ExecutionEvent } from "../../../src/execution/events";
import { collectResult } from "../../../src/execution/result";

const START = Date.UTC(2026, 0, 1);

function collect(events: ExecutionEvent[]) {
  const { result, sink } = collectResult();
  events.forEach(sink);
  return result;
}

const submitted: ExecutionEvent = {
  at: START + 1000,
  type: "job-submitted",
  state: "step2_job",
  indices: [3],
  jobId: "id-1",
  jobName: "step2-3",
};

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
    { at: START, type: "execution-started", name: "run", input: { a: 1 } },
    { at: START, type: "state-entered", state: "step2", indices: [] },
    submitted,
    { at: START + 1500, type: "job-attempt", jobId: "id-1", attempt: lost },
    { at: START + 2000, type: "job-status", jobId: "id-1", status: "RUNNING", reason: null },
    { at: START + 2500, type: "job-log", jobId: "id-1", line: "héllo" },
    { at: START + 3000, type: "job-attempt", jobId: "id-1", attempt: done },
    { at: START + 3000, type: "job-status", jobId: "id-1", status: "SUCCEEDED", reason: "fine" },
    { at: START + 4000, type: "execution-ended", status: "SUCCEEDED", output: [1], error: null, cause: null },
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
    jobs: [
      {
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
        startedAt: "2026-01-01T00:00:02.000Z",
        stoppedAt: "2026-01-01T00:00:03.000Z",
        log: "héllo\n",
      },
    ],
  });
});

test("a redrive takes back how the execution ended", () => {
  const result = collect([
    { at: START, type: "execution-started", name: "run", input: {} },
    { at: START + 1000, type: "execution-ended", status: "FAILED", output: null, error: "E", cause: "why" },
    { at: START + 2000, type: "execution-redriven", redriveCount: 1 },
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
    jobs: [],
  });
});

test("of a long log the end is kept, and how many lines are left out is said", () => {
  const lines = Array.from({ length: 10_000 }, (_, number): ExecutionEvent => {
    return { at: START, type: "job-log", jobId: "id-1", line: `line ${number}` };
  });
  const result = collect([
    submitted,
    ...lines,
    { at: START, type: "job-status", jobId: "id-1", status: "FAILED", reason: null },
  ]);
  const log = result.jobs[0]!.log.split("\n");
  expect(log[0]).toBe("(9181 earlier lines left out)");
  expect(log.at(-2)).toBe("line 9999");
  expect(result.jobs[0]!.log.length).toBeLessThan(8192 + 40);
});
