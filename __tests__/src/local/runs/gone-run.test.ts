import { mkdtempSync, rmSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StatesDocument } from "../../../../src/asl/document";
import { processTable } from "../../../../src/base/process-identity";
import { keptExecution } from "../../../../src/cli/kept-execution";
import { readResults } from "../../../../src/local/reuse/stored-results";
import { EventReader } from "../../../../src/local/runs/event-file";
import { keepRedrive, readUnfinishedRun } from "../../../../src/local/runs/redrive-run";
import { createRun, type KeptRun, readContent, readRun } from "../../../../src/local/runs/run-folder";
import type { RunHead } from "../../../../src/local/runs/run-head";
import { watchRun } from "../../../../src/local/runs/watch-run";
import { SOURCE } from "../../../run-source";

const HEAD: RunHead = {
  ...{ name: "mine", workflow: "w", startedAt: 0, stoppedAt: 1, status: "FAILED", redriveCount: 0 },
  ...{ engine: "process", source: SOURCE, region: null, cost: null },
  process: { pid: 1, startedAt: "7", boot: "1", host: "here" },
};
const DOCUMENT: StatesDocument = { StartAt: "only", States: { only: { Type: "Succeed" } } };

let runs: string;
let run: KeptRun;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), "gone-run-test-"));
  run = readRun(createRun(runs, HEAD, { definition: DOCUMENT, input: {} })!, processTable())!;
});
afterEach(() => rmSync(runs, { recursive: true }));

/** Each way to read a run that was found before. */
const READS: Readonly<Record<string, (run: KeptRun) => unknown>> = {
  "its events": ({ folder }) => new EventReader(join(folder, "events.jsonl")).read().next(),
  "its input": (found) => readContent(found, "input"),
  "its definition, for a report": (found) => keptExecution(found).definition(),
  "its results, for --resume": ({ folder }) => readResults(join(folder, "results.jsonl")),
  "all, to watch it": ({ folder }) => watchRun(folder, { emit: () => {}, logs: "all" }),
  "all, to redrive it": (found) => readUnfinishedRun(found, DOCUMENT),
};

test.each(Object.entries(READS))("a run that was removed since it was found is no longer kept: %s", async (_, read) => {
  rmSync(run.folder, { recursive: true });
  await expect((async () => read(run))()).rejects.toMatchObject({
    name: "UsageError",
    message:
      "the run mine is no longer kept: newer runs have taken its place, or its files were removed; `npx workflow list --local` shows the runs",
  });
});

test("a run that was removed before its redrive begins is no longer kept", async () => {
  const keeper = keepRedrive(await readUnfinishedRun(run, DOCUMENT), () => {});
  rmSync(run.folder, { recursive: true });
  await expect(keeper.prepared({} as never)).rejects.toThrow("the run mine is no longer kept: ");
});

test("a file that is missing in a run that is kept is told by its name", async () => {
  for (const file of ["input.json", "events.jsonl"]) unlinkSync(join(run.folder, file));
  const message = (file: string) => `${join(run.folder, file)} of a kept run cannot be read: there is no such file`;
  expect(() => readContent(run, "input")).toThrow(message("input.json"));
  await expect(READS["its events"]!(run)).rejects.toThrow(message("events.jsonl"));
});
