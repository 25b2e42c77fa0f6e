import { stripVTControlCharacters } from "node:util";
import { FakeClock } from "../../../scripts/demo/fake-clock";
import type { StatesDocument } from "../../../src/asl/document";
import { createProgress } from "../../../src/execution/progress";
import { liveLines } from "../../../src/execution/progress-view";
import { record, startTally } from "../../../src/execution/tally";
import { needsAction, waitText } from "../../../src/execution/waits";
import * as told from "../../events";
import { at, entered, status, submitted, type Told, waiting } from "../../events";

const task = { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync" };
const DOCUMENT = {
  StartAt: "step1",
  States: {
    step1: { ...task, Next: "step2" },
    step2: {
      Type: "Map",
      ItemProcessor: { StartAt: "step2_job", States: { step2_job: { ...task, End: true } } },
      End: true,
    },
  },
} as unknown as StatesDocument;

const STUCK = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement is too high.";
const CAPACITY = "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - none";
const SUBMITTED = [entered("step1"), submitted("id", "step1", [], "echo"), status("id", "RUNNABLE")];

/** Returns the live lines about waits after the events, which come one second after another. */
function live(events: readonly Told[], { columns = 200, rows = 24 } = {}): string[] {
  const tally = startTally(DOCUMENT);
  for (const [index, event] of [told.executionStarted(), ...events].entries()) record(tally, at(index * 1000, event));
  const lines = liveLines(tally, 723_000, columns, rows).map((line) => line.map(({ text }) => text).join(""));
  return lines.filter((line) => line.startsWith("⋯"));
}

function printed({ canRedraw = false, quiet = false }, ...events: Told[]): string {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const terminal = { write, canRedraw, columns: () => 200, rows: () => 24, color: false };
  const clock = new FakeClock();
  const progress = createProgress(DOCUMENT, terminal, { quiet }, clock);
  for (const event of [told.executionStarted(), ...events]) progress.sink(at(clock.now(), event));
  clock.advance(100);
  progress.close();
  return stripVTControlCharacters(text);
}

describe("the words", () => {
  test.each<[Parameters<typeof waitText>, string]>([
    [[{ reason: STUCK, place: 3 }, "12:03"], `waiting 12:03 · 3rd in the queue · ${STUCK}`],
    [[{ reason: null, place: 21 }, "0:07"], "waiting 0:07 · 21st in the queue"],
    [[{ reason: null, place: 12 }], "waiting · 12th in the queue"],
    [[{ reason: CAPACITY, place: null }], `waiting · ${CAPACITY}`],
    [[{ reason: "waiting for 2 of 2 vCPUs", place: 2 }, "0:42"], "waiting for 2 of 2 vCPUs · 0:42 · 2nd in the queue"],
  ])("%j are %s", (wait, text) => {
    expect(waitText(...wait)).toBe(text);
  });

  test.each([
    [STUCK, true],
    ["MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS – Batch service role has a permission issue.", true],
    ["ACTION_REQUIRED - CE(s) associated with the job queue are invalid.", true],
    ["UNDETERMINED - Batch job is blocked, root cause is undetermined.", true],
    [CAPACITY, false],
    ["waiting for 2 of 2 vCPUs", false],
    [null, false],
  ])("%s needs a person: %s", (reason, needed) => {
    expect(needsAction(reason)).toBe(needed);
  });
});

describe("a terminal", () => {
  test("shows how long a job waits, its place and the reason", () => {
    expect(live([...SUBMITTED, waiting("id", STUCK, 3)])).toEqual([
      `⋯ echo: waiting 12:01 · 3rd in the queue · ${STUCK}`,
    ]);
  });

  test("shows jobs that wait for the same reason in one line, with the first place", () => {
    const jobs = [4, 2, 3].flatMap((place, index) => [
      submitted(`id-${index}`, "step2_job", [index]),
      waiting(`id-${index}`, CAPACITY, place),
    ]);
    expect(live(jobs)).toEqual([`⋯ id-0 and 2 more: waiting 12:02 · 2nd in the queue · ${CAPACITY}`]);
  });

  test("shows nothing stale", () => {
    const stuck = [...SUBMITTED, waiting("id", STUCK, 3)];
    expect(live([...stuck, waiting("id", CAPACITY, null)])).toEqual([`⋯ echo: waiting 12:01 · ${CAPACITY}`]);
    expect(live([...stuck, waiting("id", null, null)])).toEqual([]);
    expect(live([...stuck, status("id", "STARTING")])).toEqual([]);
    expect(live([...stuck, told.aborted("step1")])).toEqual([]);
    expect(live([...stuck, status("id", "STARTING"), waiting("id", null, null)])).toEqual([]);
  });

  test("counts the wait of a second attempt from the end of the first", () => {
    const again = [
      ...[status("id", "RUNNING"), told.attempt("id", { startedAt: 1000, stoppedAt: 600_000 })],
      ...[status("id", "RUNNABLE"), waiting("id", null, 1)],
    ];
    expect(live([...SUBMITTED, ...again])).toEqual(["⋯ echo: waiting 2:03 · 1st in the queue"]);
  });

  test("shows three reasons at most, fewer on a low terminal, none wider than the terminal", () => {
    const jobs = [0, 1, 2, 3].flatMap((index) => [
      submitted(`id-${index}`, "step2_job", [index]),
      waiting(`id-${index}`, `reason ${index}`),
    ]);
    expect(live(jobs)).toHaveLength(3);
    expect(live(jobs, { rows: 8 })).toHaveLength(2);
    expect(live(jobs, { rows: 3 })).toHaveLength(0);
    expect(live(jobs, { columns: 12 })[0]).toBe("⋯ id-0: wai…");
  });

  test("keeps a line above the table for a reason that needs a person", () => {
    const line = `echo: waiting · ${STUCK}; \`npx workflow doctor --queue\` explains it\n`;
    expect(printed({ canRedraw: true }, ...SUBMITTED, waiting("id", STUCK), status("id", "STARTING"))).toContain(line);
    expect(printed({ canRedraw: true }, ...SUBMITTED, waiting("id", CAPACITY))).not.toContain("echo: waiting ·");
  });

  test("removes control characters, and cuts a long reason", () => {
    const [line] = live([...SUBMITTED, waiting("id", `bad\u001b[2J${"x".repeat(1000)}`)], { columns: 2000 });
    expect(line).toContain("· badxxx");
    expect(line!.length).toBeLessThan(350);
  });
});

describe("elsewhere", () => {
  const second = [submitted("id-2", "step2_job", [0]), waiting("id-2", CAPACITY, 7)];

  test("each reason has one line, whatever the jobs and their places", () => {
    const events = [
      ...SUBMITTED,
      waiting("id", CAPACITY),
      waiting("id", CAPACITY, 2),
      ...second,
      waiting("id", null, 1),
    ];
    expect(printed({}, ...events).split("\n")).toEqual(["execution run started", `echo: waiting · ${CAPACITY}`, ""]);
  });

  test("quiet shows only reasons that need a person", () => {
    const events = [...SUBMITTED, waiting("id", CAPACITY), ...second, waiting("id", STUCK, 1), waiting("id-2", STUCK)];
    expect(printed({ quiet: true }, ...events)).toBe(
      `echo: waiting · 1st in the queue · ${STUCK}; \`npx workflow doctor --queue\` explains it\n`,
    );
  });
});
