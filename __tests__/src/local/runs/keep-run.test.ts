import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExactNumber } from "../../../../src/base/exact-number";
import type { ProcessTable } from "../../../../src/base/process-identity";
import type { ExecutionEvent } from "../../../../src/execution/events";
import { hideSecrets } from "../../../../src/execution/hide-secrets";
import { EventReader } from "../../../../src/local/runs/event-file";
import { findRun, keptRuns } from "../../../../src/local/runs/find-run";
import { keepRun } from "../../../../src/local/runs/keep-run";
import type { OpenRun } from "../../../../src/local/runs/open-run";
import { refuseUnlessRedrivable } from "../../../../src/local/runs/redrive-run";
import { readContent } from "../../../../src/local/runs/run-folder";
import { guardedSink } from "../../../../src/local/runs/run-keeper";
import { runsFolders } from "../../../../src/local/runs/runs-folders";
import { at, entered, executionEnded, executionStarted, log, notice, status, submitted } from "../../../events";
import { SOURCE } from "../../../run-source";

let root: string;
let runs: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "keep-run-test-"));
  runs = join(root, ".workflow", "runs");
});
afterEach(() => rmSync(root, { recursive: true }));

const DEFINITION = { StartAt: "only", States: { only: { Type: "Succeed" } }, Version: new ExactNumber("1.0") };
const PREPARED = {
  engine: "process",
  source: SOURCE,
  region: "us-east-1",
  stateMachine: { name: "echo_dev", definition: DEFINITION },
};

/** The processes of a machine: only this one runs, or none. */
function machine(isRunning = true): ProcessTable {
  return { host: "here", boot: "1", exists: () => isRunning, startOf: () => (isRunning ? "7" : null) };
}

function keep(name: string, events: readonly ExecutionEvent[], secrets: readonly string[] = []): string[] {
  const notices: string[] = [];
  const keeper = keepRun(runs, name, (message) => notices.push(message), machine());
  keeper.prepared(PREPARED);
  const { sink, hide } = hideSecrets(keeper.sink);
  hide(secrets);
  for (const event of events) sink(event);
  keeper.close();
  return notices;
}

async function eventsIn(folder: string): Promise<ExecutionEvent[]> {
  const events: ExecutionEvent[] = [];
  for await (const group of new EventReader(join(folder, "events.jsonl")).read()) events.push(...group);
  return events;
}

/** The names and modes of the files of a run. */
function modes(folder: string): Record<string, string> {
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  return Object.fromEntries([
    [".", mode(folder)],
    ...readdirSync(folder).map((name) => [name, mode(join(folder, name))]),
  ]);
}

test("a run has a folder with its head, definition, input and events, which only its user can read", async () => {
  const events = [
    at(500, notice("before the start")),
    at(1000, executionStarted("mine", { big: new ExactNumber("20261128093015123456") })),
    at(1000, { ...entered("only"), input: { one: new ExactNumber("1.0") } } as never),
    at(2000, executionEnded("SUCCEEDED", { output: 1 })),
  ];
  expect(keep("mine", events)).toEqual([]);
  const { folder, head } = findRun([runs], "latest", machine());
  expect(head).toEqual({
    ...{ name: "mine", workflow: "echo_dev", startedAt: 1000, stoppedAt: 2000, status: "SUCCEEDED", redriveCount: 0 },
    ...{ engine: "process", source: SOURCE, region: "us-east-1" },
    process: { pid: process.pid, startedAt: "7", boot: "1", host: "here" },
    cost: expect.objectContaining({ amount: 0.000025, transitions: 0.000025, region: "us-east-1", measuredHere: true }),
  });
  const run = findRun([runs], "mine", machine());
  expect(readContent(run, "definition")).toEqual(DEFINITION);
  expect(readContent(run, "input")).toEqual({ big: new ExactNumber("20261128093015123456") });
  expect(await eventsIn(folder)).toEqual(events);
  expect(modes(folder)).toEqual({
    ".": "700",
    ...{
      "run.json": "600",
      "definition.json": "600",
      "input.json": "600",
      "events.jsonl": "600",
      "results.jsonl": "600",
    },
  });
});

test("the bytes of a line are kept if they say more than its text", async () => {
  const odd = Buffer.from([0x61, 0xff, 0x0a]);
  const lines = [
    { ...log("id", "plain"), bytes: Buffer.from("plain\n") },
    { ...log("id", "a\ufffd"), bytes: odd },
  ];
  keep("mine", [at(1, executionStarted("mine")), ...lines.map((line) => at(2, line as never))]);
  const [, plain, other] = await eventsIn(join(runs, "mine"));
  expect([plain, other]).toEqual([at(2, log("id", "plain")), at(2, lines[1] as never)]);
});

test("no secret reaches the disk", () => {
  const secret = "s3cret-value";
  keep("mine", [at(1, executionStarted("mine", { token: secret })), at(2, log("id", `says ${secret}`))], [secret]);
  const files = readdirSync(join(runs, "mine")).map((name) => readFileSync(join(runs, "mine", name), "utf8"));
  expect(files.join("")).not.toContain(secret);
  expect(files.join("")).toContain("says ***");
});

test("what the user is told to have ended is in the file at once, and a cut last line is left out", async () => {
  const keeper = keepRun(runs, "mine", () => {}, machine());
  keeper.prepared(PREPARED);
  const events = [at(1, executionStarted("mine")), at(2, submitted("id", "only")), at(3, status("id", "SUCCEEDED"))];
  for (const event of events) keeper.sink(event);
  // Not closed: as if the process was killed here.
  appendFileSync(join(runs, "mine", "events.jsonl"), '{"at":4,"type":"state-suc');
  expect(await eventsIn(join(runs, "mine"))).toEqual(events);
  keeper.close();
});

test("the end of a job with an earlier result is in the file at the next turn, because nothing is lost with it", async () => {
  const keeper = keepRun(runs, "mine", () => {}, machine());
  keeper.prepared(PREPARED);
  const place = { state: "only", indices: [] };
  const events = [
    ...[at(1, executionStarted("mine")), at(2, submitted("id", "only"))],
    at(2, { ...place, type: "job-reused", jobId: "id", execution: "earlier" }),
    ...[at(2, status("id", "SUCCEEDED")), at(2, { ...place, type: "task-succeeded", result: {} })],
  ];
  for (const event of events) keeper.sink(event);
  expect(readFileSync(join(runs, "mine", "events.jsonl"), "utf8")).toBe("");
  await new Promise((resolve) => setImmediate(resolve));
  expect(await eventsIn(join(runs, "mine"))).toEqual(events);
  keeper.close();
});

test("a run whose process has ended is ABORTED", () => {
  keep("killed", [at(1000, executionStarted("killed"))]);
  expect(findRun([runs], "killed", machine()).head).toMatchObject({ status: "RUNNING", stoppedAt: null });
  expect(() => refuseUnlessRedrivable(findRun([runs], "killed", machine()))).toThrow("; wait for its end");
  const { head, wasKilled } = findRun([runs], "killed", machine(false));
  expect([head.status, wasKilled, head.stoppedAt === null]).toEqual(["ABORTED", true, false]);
});

test("a name can be used once, and one that begins with a dot is listed too", () => {
  keep("..", [at(1, executionStarted(".."))]);
  expect(keptRuns([runs], machine()).map(({ head }) => head.name)).toEqual([".."]);
  expect(() => keep("..", [])).toThrow(
    "`--name` must be a name that no kept run has, got: ..; `list --local` shows them",
  );
});

test("a run whose name another one has taken meanwhile is refused before its first state", async () => {
  const notices: string[] = [];
  const [first, second] = [1, 2].map(() => keepRun(runs, "mine", (message) => notices.push(message), machine()));
  for (const keeper of [first!, second!]) keeper.prepared(PREPARED);
  first!.sink(at(1, executionStarted("mine", "of the first")));
  expect(() => second!.sink(at(1, executionStarted("mine", "of the second")))).toThrow(
    "`--name` must be a name that no kept run has, got: mine; `list --local` shows them",
  );
  second!.close();
  first!.sink(at(2, executionEnded("SUCCEEDED")));
  first!.close();
  expect(notices).toEqual([]);
  const run = findRun([runs], "mine", machine());
  expect([run.head.status, readContent(run, "input")]).toEqual(["SUCCEEDED", "of the first"]);
});

test("an unknown name gets a suggestion", () => {
  expect(() => findRun([runs], "latest", machine())).toThrow("no run is kept here yet; start one");
  keep("morning", [at(1, executionStarted("morning"))]);
  expect(() => findRun([runs], "mornign", machine())).toThrow("there is no run `mornign` here; did you mean morning?");
  expect(() => findRun([runs], "zz", machine())).toThrow("`zz` here; `npx workflow list --local` shows the runs");
});

test("a run goes on, with one notice, if it cannot be kept", () => {
  writeFileSync(join(root, ".workflow"), "a file");
  const events = [at(1, executionStarted("mine")), at(2, entered("only"))];
  expect(keep("mine", events)).toEqual([`this run is not kept in ${runs}: part of its path is not a folder`]);
});

test.each([
  ["before it begins", null, "this run is not kept in /runs: no space is left on the disk (ENOSPC)"],
  ["later", { close: () => {} }, "the rest of this run is not kept in /runs: no space is left on the disk (ENOSPC)"],
])("a full disk is told once, %s", (_, opened, message) => {
  const notices: string[] = [];
  const full = () => {
    throw Object.assign(new Error("full"), { code: "ENOSPC" });
  };
  const { sink, close } = guardedSink(
    "/runs",
    full,
    () => opened as OpenRun | null,
    (told) => notices.push(told),
  );
  for (const event of [at(1, executionStarted("mine")), at(2, entered("only"))]) sink(event);
  close();
  expect(notices).toEqual([message]);
});

test("a folder inside the project has the runs of the project", () => {
  const [project, elsewhere] = ["/p/.workflow/runs", "/x/.workflow/runs"];
  expect(runsFolders("/p", "/p")).toEqual([project]);
  expect(runsFolders("/p/image", "/p")).toEqual([project]);
  expect(runsFolders("/x", "/p")).toEqual([elsewhere, project]);
});
