import { MAX_LINE_BYTES } from "../../../src/base/log-lines";
import type { ExecutionEvent } from "../../../src/execution/events";
import { at, described } from "../../events";
import { logOf, seen, written } from "./seen-events";

const PLACE = { state: "hunter2", indices: [] };
const again = (object: string) =>
  ({ type: "job-submitted", ...PLACE, jobId: "1", jobName: "job", notReused: { changed: "written", object } }) as const;

test("hides a secret in every free text, keeps the names of states, and marks data that is no longer what it was", () => {
  const cause = '{"Reason":"hunter2"}';
  const attempt = { startedAt: 1, stoppedAt: 2, exitCode: 1, reason: "no hunter2", statusReason: "hunter2" };
  expect(
    seen([
      { at: 1, type: "execution-started", name: "run", input: { hunter2: ["hunter2", 1] } },
      { at: 1, type: "preparing", step: "building", part: null, line: "hunter2" },
      { at: 1, type: "notice", message: "hunter2!" },
      { at: 1, type: "state-failed", ...PLACE, error: "hunter2", cause },
      { at: 1, type: "state-retried", ...PLACE, error: "E", cause, attempt: 1, delaySeconds: 2 },
      { at: 1, ...again("out/hunter2") },
      { at: 1, type: "job-status", jobId: "1", status: "FAILED", reason: "hunter2" },
      { at: 1, type: "job-attempt", jobId: "1", attempt },
      { at: 1, type: "job-log", jobId: "1", line: "is hunter2" },
      { at: 1, type: "execution-ended", status: "FAILED", output: "hunter2", error: null, cause },
    ]),
  ).toEqual([
    { at: 1, type: "execution-started", name: "run", input: { "***": ["***", 1] }, masked: true },
    { at: 1, type: "preparing", step: "building", part: null, line: "***" },
    { at: 1, type: "notice", message: "***!" },
    { at: 1, type: "state-failed", ...PLACE, error: "***", cause: '{"Reason":"***"}' },
    { at: 1, type: "state-retried", ...PLACE, error: "E", cause: '{"Reason":"***"}', attempt: 1, delaySeconds: 2 },
    { at: 1, ...again("out/***") },
    { at: 1, type: "job-status", jobId: "1", status: "FAILED", reason: "***" },
    { at: 1, type: "job-attempt", jobId: "1", attempt: { ...attempt, reason: "no ***", statusReason: "***" } },
    { at: 1, type: "job-log", jobId: "1", line: "is ***" },
    {
      at: 1,
      type: "execution-ended",
      status: "FAILED",
      output: "***",
      error: null,
      cause: '{"Reason":"***"}',
      masked: true,
    },
  ]);
});

test("a number with a secret in it becomes a text", () => {
  const [event] = seen([{ at: 1, type: "execution-started", name: "run", input: [4711, 12, 47110] }], ["4711"]);
  expect(event).toMatchObject({ input: ["***", 12, "***0"] });
});

test("a variable of a job whose value holds a secret counts as a secret of the job", () => {
  const job = {
    command: ["--key", "hunter2"],
    environment: { TOKEN: "***", URL: "db://me:hunter2@host", LEVEL: "info" },
    secrets: ["TOKEN"],
  };
  expect(seen([at(1, described("1", job))])).toEqual([
    at(
      1,
      described("1", {
        command: ["--key", "***"],
        environment: { TOKEN: "***", URL: "db://me:***@host", LEVEL: "info" },
        secrets: ["TOKEN", "URL"],
      }),
    ),
  ]);
});

test("without secrets, the events pass as they are", () => {
  const event: ExecutionEvent = { at: 1, type: "notice", message: "hunter2" };
  expect(seen([event], [])[0]).toBe(event);
});

test.each([1, 3, 6, 7])("hides a secret of which a long line has %d characters before its cut", (count) => {
  const before = "x".repeat(MAX_LINE_BYTES - count);
  expect(written(seen(logOf(Buffer.from(`${before}hunter2 and more\n`))))).toBe(`${before}*** and more\n`);
});

test("no byte of a long line is lost if its end only looks like a secret", () => {
  const output = Buffer.from(`${"x".repeat(MAX_LINE_BYTES - 4)}hunt`);
  expect(written(seen(logOf(output)))).toBe(output.toString());
});
