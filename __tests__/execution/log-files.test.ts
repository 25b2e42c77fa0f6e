import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionEvent } from "../../execution/events";
import { keepLogs } from "../../execution/log-files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-files-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const submitted = (jobId: string, jobName: string): ExecutionEvent => ({
  ...{ at: 0, type: "job-submitted", state: "s", indices: [], jobId, jobName },
});
const log = (jobId: string, line: string): ExecutionEvent => ({ at: 0, type: "job-log", jobId, line });
const ended = (jobId: string): ExecutionEvent => ({
  ...{ at: 0, type: "job-status", jobId, status: "SUCCEEDED", reason: null },
});

test("each job that writes has a file, with all of its lines and those that come late", () => {
  const sink = keepLogs(folder, fail);
  for (const event of [submitted("1", "a"), submitted("2", "b"), submitted("3", "silent")]) sink(event);
  for (let line = 0; line < 1000; line += 1) sink(log("1", `line ${line}`));
  for (const event of [log("2", "hello"), ended("1"), log("1", "late"), ended("2"), ended("3")]) sink(event);
  expect(readdirSync(folder).sort()).toEqual(["a.1.log", "b.2.log"]);
  expect(readFileSync(join(folder, "a.1.log"), "utf8").split("\n").slice(998)).toEqual([
    "line 998",
    "line 999",
    "late",
    "",
  ]);
});

test("a folder that is gone is told once", () => {
  const said: string[] = [];
  const sink = keepLogs(join(folder, "gone"), (message) => said.push(message));
  for (const event of [submitted("1", "a"), log("1", "x"), log("1", "y")]) sink(event);
  expect(said).toEqual([expect.stringMatching(/^the logs are not kept: ENOENT/)]);
});

function fail(message: string): never {
  throw new Error(message);
}
