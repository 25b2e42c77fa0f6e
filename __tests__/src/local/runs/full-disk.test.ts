import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processTable } from "../../../../src/base/process-identity";
import { findRun } from "../../../../src/local/runs/find-run";
import { createRun, writeHead } from "../../../../src/local/runs/run-folder";
import type { RunHead } from "../../../../src/local/runs/run-head";
import { SOURCE } from "../../../run-source";

jest.mock("../../../../src/base/output-file", () => ({
  replaceFile: () => {
    throw Object.assign(new Error("full"), { code: "ENOSPC" });
  },
}));

const HEAD: RunHead = {
  ...{ name: "mine", workflow: "w", startedAt: 0, stoppedAt: null, status: "RUNNING", redriveCount: 0 },
  ...{ engine: "process", source: SOURCE, region: null, cost: null },
  process: { pid: 1, startedAt: "7", boot: "1", host: "here" },
};

const runs = mkdtempSync(join(tmpdir(), "full-disk-test-"));
afterAll(() => rmSync(runs, { recursive: true }));

test("the end of a run is in its head even if the disk has no room for another file", () => {
  const folder = createRun(runs, HEAD, { definition: {}, input: {} })!;
  const ended: RunHead = { ...HEAD, status: "SUCCEEDED", stoppedAt: 5 };
  writeHead(folder, ended);
  expect(findRun([runs], "mine", processTable()).head).toEqual(ended);
  writeHead(folder, { ...ended, stoppedAt: null });
  expect(readFileSync(join(folder, "run.json"), "utf8")).toMatch(/"stoppedAt": null[\s\S]*\}\n$/);
});

test("a head that does not fit into its blocks is not written in part", () => {
  const folder = createRun(runs, { ...HEAD, name: "long" }, { definition: {}, input: {} })!;
  const before = readFileSync(join(folder, "run.json"), "utf8");
  const images = ["x".repeat(100_000)];
  expect(() => writeHead(folder, { ...HEAD, source: { ...SOURCE, images } })).toThrow("full");
  expect(readFileSync(join(folder, "run.json"), "utf8")).toBe(before);
});
