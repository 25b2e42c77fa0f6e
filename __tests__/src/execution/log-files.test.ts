import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionEvent, JobStatus } from "../../../src/execution/events";
import { keepLogs, type LogOptions } from "../../../src/execution/log-files";
import * as told from "../../events";
import { at } from "../../events";

jest.mock("node:fs", () => ({ ...jest.requireActual("node:fs") }));

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "log-files-test-"));
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

const submitted = (jobId: string, jobName: string, state = "s", indices: readonly number[] = []) =>
  at(0, told.submitted(jobId, state, indices, jobName));
const log = (jobId: string, line: string) => at(0, told.log(jobId, line));
const status = (jobId: string, to: JobStatus) => at(0, told.status(jobId, to));

function keep(events: readonly ExecutionEvent[], options: Partial<LogOptions> = {}) {
  const keeper = keepLogs(folder, { force: false, failed: fail, ...options });
  for (const event of events) keeper.sink(event);
  return keeper.close();
}

function fail(message: string): never {
  throw new Error(message);
}

const files = () => fs.readdirSync(folder).sort();
const read = (name: string) => fs.readFileSync(join(folder, name), "utf8");

test("each job with output has a file with all of its lines, late lines included", () => {
  const lines = Array.from({ length: 1000 }, (_, line) => log("1", `line ${line}`));
  const end = keep([
    ...[submitted("1", "a"), submitted("2", "b", "t"), submitted("3", "silent", "u"), status("3", "STARTING")],
    ...[...lines, log("2", "hello"), status("1", "SUCCEEDED"), log("1", "late"), status("2", "SUCCEEDED")],
  ]);
  expect(files()).toEqual(["a.s.attempt-1.log", "b.t.attempt-1.log"]);
  expect(read("a.s.attempt-1.log").split("\n").slice(998)).toEqual(["line 998", "line 999", "late", ""]);
  expect(end).toEqual({ isComplete: true, place: folder });
});

test("retries of Batch and of Step Functions both count as attempts of a state and an item", () => {
  const attempt = (jobId: string, text: string) => [status(jobId, "STARTING"), log(jobId, text)];
  keep([
    ...[submitted("x", "job", "each", [7]), ...attempt("x", "1"), ...attempt("x", "2"), status("x", "FAILED")],
    ...[submitted("y", "job", "each", [8]), ...attempt("y", "1"), status("y", "SUCCEEDED")],
    ...[submitted("z", "job", "each", [7]), status("z", "STARTING"), ...attempt("z", "4"), status("z", "FAILED")],
  ]);
  expect(files().map((name) => [name, read(name)])).toEqual([
    ["job.each.item-7.attempt-1.log", "1\n"],
    ["job.each.item-7.attempt-2.log", "2\n"],
    ["job.each.item-7.attempt-4.log", "4\n"],
    ["job.each.item-8.attempt-1.log", "1\n"],
  ]);
});

test("a file has exactly the bytes that the job wrote", () => {
  const bytes = [Buffer.from("x".repeat(9000)), Buffer.from([0x61, 0xff, 0x0d, 0x0a]), Buffer.from("no end")];
  keep([submitted("1", "a"), ...bytes.map((bytes) => ({ ...log("1", "shown"), bytes }) as ExecutionEvent)]);
  expect(fs.readFileSync(join(folder, "a.s.attempt-1.log"))).toEqual(Buffer.concat(bytes));
});

test("file names stay inside the folder, are short enough and are unique", () => {
  const names = ["../../etc/x", "a b", "a_b", "a/b", ".", "ü".repeat(80), "x".repeat(300), "\0\x1b[31m"];
  keep(names.flatMap((name, index) => [submitted(String(index), "job", name), log(String(index), name)]));
  expect(files()).toHaveLength(names.length);
  expect(files().every((name) => /^job\.[\w-]{1,80}\.attempt-1\.log$/.test(name))).toBe(true);
  expect(files()).toContain("job.a_b.attempt-1.log");
});

test("files of an earlier run and other files are kept: files of a second run have its number", () => {
  const run = [submitted("1", "a"), log("1", "first"), submitted("2", "b"), log("2", "first")];
  fs.writeFileSync(join(folder, "b.s.attempt-2.log"), "foreign");
  expect(keep(run)).toEqual({ isComplete: true, place: `${folder}, as *.run-2.log` });
  keep([submitted("1", "a"), log("1", "second")]);
  expect(files()).toEqual([
    "a.s.attempt-1.run-2.log",
    "a.s.attempt-1.run-3.log",
    "b.s.attempt-2.log",
    "b.s.attempt-2.run-2.log",
  ]);
  expect(read("b.s.attempt-2.log")).toBe("foreign");
});

test("--force overwrites the files", () => {
  for (const text of ["first, and longer", "second"]) keep([submitted("1", "a"), log("1", text)], { force: true });
  expect(files()).toEqual(["a.s.attempt-1.log"]);
  expect(read("a.s.attempt-1.log")).toBe("second\n");
});

test("reports a missing folder once", () => {
  const said: string[] = [];
  fs.rmdirSync(folder);
  const events = [submitted("1", "a"), log("1", "x"), log("1", "y")];
  expect(keep(events, { failed: (message) => said.push(message) })).toEqual({ isComplete: false, place: null });
  expect(said).toEqual([`cannot write the logs to ${folder}: there is no such file`]);
});

test("reports a full disk once, and closes the files", () => {
  const said: string[] = [];
  const node = jest.requireMock<typeof fs>("node:fs");
  const close = jest.spyOn(node, "closeSync");
  jest.spyOn(node, "writeFileSync").mockImplementation(() => {
    throw Object.assign(new Error(), { code: "ENOSPC" });
  });
  const events = [submitted("1", "a"), log("1", "x"), log("1", "y")];
  expect(keep(events, { failed: (message) => said.push(message) }).isComplete).toBe(false);
  expect(said).toEqual([`cannot write the logs to ${folder}: no space is left on the disk (ENOSPC)`]);
  expect(close).toHaveBeenCalledTimes(1);
});
