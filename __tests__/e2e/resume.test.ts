/** Tests `local --resume` on the real command line: edits of real files, and runs that are killed. Needs no emulator. */
import { randomInt } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { ExecutionResult } from "../../src/execution/result";
import { LocalProject } from "./local-run";

let project: LocalProject;

beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.dispose());

const local = (...args: string[]) => project.start(["--engine", "process", ...args]);
const file = (path: string) => join(project.folder, path);

/** A Map whose jobs note their start and their end in the file `marks`. */
function mapOf(items: number, seconds: number, comment = ""): void {
  const item = {
    ...{ Type: "Task", Resource: "arn:${Partition}:states:::batch:submitJob.sync", ResultSelector: {}, End: true },
    Parameters: {
      ...{ JobName: "item", JobDefinition: "${EchoJobDefinitionArn}", JobQueue: "${JobQueueArn}" },
      ContainerOverrides: { "Command.$": "States.Array('-c', $$.Map.Item.Value.script)" },
    },
  };
  project.document({
    ...(comment === "" ? {} : { Comment: comment }),
    StartAt: "each",
    States: {
      each: { Type: "Map", ItemsPath: "$.items", Iterator: { StartAt: "item", States: { item } }, End: true },
    },
  });
  const script = (index: number) => `echo start ${index} >> marks; sleep ${seconds}; echo end ${index} >> marks`;
  const scripts = Array.from({ length: items }, (_, index) => ({ script: script(index) }));
  writeFileSync(file("workflow/echo.input.json"), JSON.stringify({ items: scripts }));
}

const marks = (): string[] => {
  try {
    return readFileSync(file("marks"), "utf8").trim().split("\n");
  } catch {
    return [];
  }
};

async function resumed(): Promise<ExecutionResult> {
  const { stdout } = await local("--resume", "--json", "--quiet").ended;
  return JSON.parse(stdout) as ExecutionResult;
}

test("of two runs that start at once with one name, the second is refused before its first job", async () => {
  mapOf(2, 0.5);
  const runs = await Promise.all([local("--name", "twin"), local("--name", "twin")].map(({ ended }) => ended));
  expect(runs.map(({ code }) => code).sort()).toEqual([0, 2]);
  expect(runs.find(({ code }) => code === 2)!.stderr).toContain(
    "`--name` must be a name that no kept run has, got: twin",
  );
  expect(marks().sort()).toEqual(["end 0", "end 1", "start 0", "start 1"]);
});

test("after an edit of a file, only the jobs that see it run again", async () => {
  mapOf(2, 0);
  expect((await local().ended).code).toBe(0);
  const reused = async () => {
    const { jobs } = await resumed();
    return jobs
      .toSorted((one, other) => one.indices[0]! - other.indices[0]!)
      .map(({ reusedFrom }) => reusedFrom !== null);
  };
  mapOf(2, 0, "Other words.");
  expect(await reused()).toEqual([true, true]);
  writeFileSync(file("workflow/echo.input.schema.json"), '{ "type": "object" }');
  expect(await reused()).toEqual([true, true]);
  mapOf(3, 0, "Other words.");
  expect(await reused()).toEqual([true, true, false]);
  writeFileSync(file("image/new.sh"), "echo new\n");
  const { jobs } = await resumed();
  expect(jobs.map(({ notReused }) => notReused)).toEqual(Array(3).fill("the image has changed"));
});

test("runs that are killed at any moment lose no finished result, and no unfinished one is reused", async () => {
  mapOf(200, 0.05);
  /** The items that a killed run has told as succeeded, and how many marks there were then. */
  const told = new Map<string, number>();
  const seen = new Set<string>();
  for (let kill = 0; kill < 20; kill += 1) {
    const run = local("--resume");
    await run.says("started\n");
    await setTimeout(randomInt(250));
    run.signal("SIGKILL");
    await run.ended;
    const noted = marks().length;
    for (const name of readdirSync(file(".workflow/runs"))) {
      // The salt is no run.
      if (seen.has(name) || name.startsWith(".")) continue;
      seen.add(name);
      for (const index of succeededIn(name)) if (!told.has(index)) told.set(index, noted);
    }
  }
  const { status, cause, jobs } = await resumed();
  const all = marks();
  expect([status, cause, jobs.length]).toEqual(["SUCCEEDED", null, 200]);
  expect([...told].filter(([index, noted]) => all.indexOf(`start ${index}`, noted) >= 0)).toEqual([]);
  expect(jobs.filter(({ indices: [index] }) => !all.includes(`end ${index}`))).toEqual([]);
});

/** Returns the items whose jobs have succeeded in a run, or been reused. */
function succeededIn(run: string): string[] {
  const places = new Map<string, string>();
  return readFileSync(file(`.workflow/runs/${run}/events.jsonl`), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { type: string; jobId: string; status?: string; indices?: number[] })
    .flatMap(({ type, jobId, status, indices }) => {
      if (type === "job-submitted") places.set(jobId, String(indices![0]));
      return type === "job-status" && status === "SUCCEEDED" ? [places.get(jobId)!] : [];
    });
}
