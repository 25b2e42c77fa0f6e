import { stripVTControlCharacters } from "node:util";
import { FakeClock } from "../../../scripts/demo/fake-clock";
import type { StatesDocument } from "../../../src/asl/document";
import type { JobAttempt } from "../../../src/execution/events";
import type { NotReused } from "../../../src/execution/not-reused";
import { createProgress } from "../../../src/execution/progress";
import * as told from "../../events";
import {
  at,
  attempt,
  caught,
  entered,
  mapRunFailure,
  notice,
  preparing,
  redriven,
  retried,
  status,
  type Told,
} from "../../events";

const task = { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync" };
const document = {
  StartAt: "shape",
  States: {
    shape: { Type: "Pass", Next: "step1" },
    step1: { ...task, Next: "step2" },
    step2: {
      Type: "Map",
      ItemProcessor: { StartAt: "step2_job", States: { step2_job: { ...task, End: true } } },
      Next: "refuse",
    },
    refuse: { Type: "Fail", Error: "Refused" },
  },
} as unknown as StatesDocument;

function start({ canRedraw = true, columns = 80, rows = 24, color = false, quiet = false, of = document } = {}) {
  const writes: string[] = [];
  const size = { columns, rows };
  const clock = new FakeClock();
  const terminal = {
    write: (text: string) => void writes.push(text),
    canRedraw,
    columns: () => size.columns,
    rows: () => size.rows,
    color,
  };
  const progress = createProgress(of, terminal, { quiet }, clock);
  const tell = (...events: Told[]) => {
    for (const event of events) progress.sink(at(clock.now(), event));
  };
  return { writes, size, clock, tell, close: progress.close, text: () => writes.join("") };
}

/** The written text, without the sequences that move the cursor. */
const visible = (written: string) => stripVTControlCharacters(written).replaceAll("\r", "");

const started = told.executionStarted("run-1");
const succeeded = told.executionEnded("SUCCEEDED", { output: {} });
const failed = told.executionEnded("FAILED", { error: "States.TaskFailed", cause: "{}" });
const IMAGE: NotReused = { changed: ["image"], names: [] };
const ofStep2 = (total: number) => [entered("step2"), told.mapStarted(total, "step2")];
const idOf = (jobName: string) => `id of ${jobName}`;
const submitted = (state: string, indices: number[], jobName: string) => [
  entered(state, ...indices),
  told.submitted(idOf(jobName), state, indices, jobName),
];
const running = (jobName: string) => status(idOf(jobName), "RUNNING");
const log = (jobName: string, line: string) => told.log(idOf(jobName), line);
const ended = (state: string, indices: number[], jobName: string) => [
  status(idOf(jobName), "SUCCEEDED"),
  told.succeeded(state, ...indices),
];
const ESSENTIAL = "Essential container in task exited";
const broken = (state: string, indices: number[], jobName: string, exitCode: number) => [
  attempt(idOf(jobName), { startedAt: 0, exitCode, statusReason: ESSENTIAL }),
  status(idOf(jobName), "FAILED", ESSENTIAL),
  told.failed(state, indices, { cause: '{"JobName":"…"}' }),
];

describe("on a terminal", () => {
  test("draws the states while they run, then their outcomes, and restores the cursor", () => {
    const { writes, clock, tell } = start();
    tell(started, ...submitted("step1", [], "step1"));
    clock.advance(100);
    tell(running("step1"), log("step1", "hello"));
    clock.advance(400);
    tell(...ended("step1", [], "step1"), ...ofStep2(3), ...submitted("step2_job", [0], "step2-0"), running("step2-0"));
    clock.advance(100);
    tell(...ended("step2_job", [0], "step2-0"));
    tell(told.succeeded("step2"), succeeded);
    expect(writes).toEqual([
      [
        "\x1b[?25l\r▸ step1        1 waiting  0:00\x1b[K",
        "· step2\x1b[K",
        "·   step2_job\x1b[K",
        "running 0:00, 1 job\x1b[K\n",
      ].join("\n"),
      [
        "\x1b[4A\rstep1 │ hello\x1b[K",
        "▸ step1        1 running  0:00\x1b[K",
        "· step2\x1b[K",
        "·   step2_job\x1b[K",
        "running 0:00, 1 job\x1b[K\n",
      ].join("\n"),
      [
        "\x1b[4A\r✓ step1                     1 done  0.5 s\x1b[K",
        "▸ step2        1 running  0/3 done   0:00\x1b[K",
        "▸   step2_job  1 running             0:00\x1b[K",
        "running 0:00, 2 jobs\x1b[K\n",
      ].join("\n"),
      [
        "\x1b[4A\r✓ step1          1 done  0.5 s\x1b[K",
        "✓ step2        3/3 done  0.1 s\x1b[K",
        "✓   step2_job    1 done  0.1 s\x1b[K",
        "SUCCEEDED in 0.6 s, 2 jobs\x1b[K\n\x1b[?25h",
      ].join("\n"),
    ]);
    expect(clock.isTicking).toBe(false);
  });

  test("marks and counts the jobs that got an earlier result, on a terminal and in a log", () => {
    const reused = (state: string, index: number, jobName: string): Told[] => [
      told.submitted(idOf(jobName), state, [index], jobName),
      { type: "job-reused", state, indices: [index], jobId: idOf(jobName), execution: "run-0" },
      status(idOf(jobName), "SUCCEEDED"),
    ];
    const events = [
      ...[started, ...ofStep2(2), entered("step2_job", 0), entered("step2_job", 1)],
      ...[...reused("step2_job", 0, "step2-0"), told.succeeded("step2_job", 0)],
      ...[told.submitted(idOf("step2-1"), "step2_job", [1], "step2-1"), ...ended("step2_job", [1], "step2-1")],
      ...[told.succeeded("step2"), succeeded],
    ];
    const terminal = start();
    terminal.tell(...events);
    expect(visible(terminal.writes.at(-1)!)).toBe(
      [
        "· step1",
        "✓ step2                2/2 done  0 ms",
        "✓   step2_job  2 done  1 reused  0 ms",
        "SUCCEEDED in 0 ms, 2 jobs, 1 reused\n",
      ].join("\n"),
    );
    const file = start({ canRedraw: false });
    file.tell(...events);
    expect(file.text()).toBe(
      [
        "execution run-1 started",
        "step2: 2 items",
        "step2-0 is reused",
        "step2-1 succeeded in 0 ms",
        "SUCCEEDED in 0 ms, 2 jobs, 1 reused\n",
      ].join("\n"),
    );
  });

  test("says once for each state and reason why jobs of a resumed run run again, and sums up the states", () => {
    const again = (index: number, notReused: NotReused): Told[] => [
      entered("step2_job", index),
      { ...told.submitted(idOf(`step2-${index}`), "step2_job", [index], `step2-${index}`), notReused } as Told,
      ...[...ended("step2_job", [index], `step2-${index}`), told.succeeded("step2_job", index)],
    ];
    const events = [
      ...[started, { ...told.submitted(idOf("step1"), "step1", [], "step1"), notReused: IMAGE } as Told],
      ...[...ended("step1", [], "step1"), ...ofStep2(5), entered("step2_job", 0)],
      told.submitted(idOf("step2-0"), "step2_job", [0], "step2-0"),
      { type: "job-reused", state: "step2_job", indices: [0], jobId: idOf("step2-0"), execution: "run-0" } as Told,
      ...[status(idOf("step2-0"), "SUCCEEDED"), told.succeeded("step2_job", 0)],
      ...again(1, { changed: "read", object: "in/a.csv" }),
      ...again(2, { changed: "read", object: "in/b.csv" }),
      ...again(3, { because: "none" }),
      ...again(4, { changed: ["image", "command"], names: ["A"] }),
      ...[told.succeeded("step2"), succeeded],
    ];
    const news = [
      "step1 runs again: the image has changed",
      "step2_job[1] runs again: an object that it read has changed (in/a.csv)",
      "step2_job[3] runs: no earlier result of it is kept",
      "step2_job[4] runs again: the image and the command have changed (A)",
    ];
    const sum =
      "step2_job: 1 of 5 jobs reused; 2 ran again: an object that it read has changed, 1 ran: no earlier result of it is kept, 1 ran again: the image and the command have changed";
    const file = start({ canRedraw: false });
    file.tell(...events);
    const lines = file.text().split("\n");
    expect(lines.filter((line) => / runs/.test(line))).toEqual(news);
    expect(lines.slice(-3, -1)).toEqual([sum, "SUCCEEDED in 0 ms, 6 jobs, 1 reused"]);
    const terminal = start({ columns: 200 });
    terminal.tell(...events);
    expect(
      visible(terminal.text())
        .split("\n")
        .filter((line) => / runs/.test(line)),
    ).toEqual(news);
    expect(visible(terminal.writes.at(-1)!)).toContain(`\n${sum}\nSUCCEEDED`);
  });

  test("shows a hint below the log of a job that failed for a known reason", () => {
    const { writes, tell } = start();
    tell(started, ...submitted("step1", [], "step1"), running("step1"), log("step1", "exec format error"));
    tell(...broken("step1", [], "step1", 1), failed);
    expect(visible(writes.at(-1)!)).toContain(
      "    step1 │ exec format error\n    hint: the image is built for another processor: set `architecture` of the job",
    );
  });

  test("shows failures with exit code, reason and the last ten lines of the log", () => {
    const { writes, clock, tell } = start();
    tell(started, ...submitted("step1", [], "step1"), running("step1"));
    for (let line = 1; line <= 12; line += 1) tell(log("step1", `line ${line}`));
    clock.advance(1000);
    tell(...broken("step1", [], "step1", 7), failed);
    expect(visible(writes.at(-1)!)).toBe(`✗ step1        1 failed  1.0 s
· step2
·   step2_job
✗ step1 failed: States.TaskFailed, exit code 7, Essential container in task exited
    step1 │ line 3
    step1 │ line 4
    step1 │ line 5
    step1 │ line 6
    step1 │ line 7
    step1 │ line 8
    step1 │ line 9
    step1 │ line 10
    step1 │ line 11
    step1 │ line 12
FAILED in 1.0 s, 1 job: States.TaskFailed
`);
  });

  test("shows five failures at most", () => {
    const { writes, tell } = start();
    tell(started, ...ofStep2(8));
    for (let item = 0; item < 7; item += 1) {
      tell(...submitted("step2_job", [item], `step2-${item}`), ...broken("step2_job", [item], `step2-${item}`, 1));
    }
    tell(told.failed("step2"), failed);
    expect(visible(writes.at(-1)!)).toBe(`· step1
✗ step2        0/8 done  7 failed  0 ms
✗   step2_job            7 failed  0 ms
${[0, 1, 2, 3, 4].map((item) => `✗ step2_job[${item}] failed: States.TaskFailed, exit code 1, Essential container in task exited\n`).join("")}\
✗ and 2 more failures
FAILED in 0 ms, 7 jobs: States.TaskFailed
`);
  });

  test("shows the cause of the end if no state told the same error", () => {
    const { writes, tell } = start();
    const threshold = { error: "States.ExceedToleratedFailureThreshold", cause: "too many items failed" };
    tell(started, ...ofStep2(2), ...submitted("step2_job", [0], "step2-0"), ...broken("step2_job", [0], "step2-0", 1));
    tell(told.failed("step2", [], threshold), told.executionEnded("FAILED", threshold));
    expect(visible(writes.at(-1)!)).toContain(
      "\nFAILED in 0 ms, 1 job: States.ExceedToleratedFailureThreshold: too many items failed\n",
    );
  });

  test("shows the cause of a failure without a job, in a state that usually has no row", () => {
    const { writes, tell } = start();
    tell(
      ...[started, entered("refuse"), told.failed("refuse", [], { error: "Refused", cause: "not\x1b[2J today" })],
      told.executionEnded("FAILED", { error: "Refused", cause: "not today" }),
    );
    expect(visible(writes.at(-1)!).split("\n").slice(3)).toEqual([
      "✗ refuse       1 failed  0 ms",
      "✗ refuse failed: Refused, not today",
      "FAILED in 0 ms, 0 jobs: Refused",
      "",
    ]);
  });

  test("says why an execution ended if no state failed", () => {
    const { writes, tell } = start();
    const cause = "the input is too large";
    tell(started, told.executionEnded("TIMED_OUT", { error: "States.Timeout", cause }));
    expect(visible(writes.at(-1)!)).toContain("\nTIMED_OUT in 0 ms, 0 jobs: States.Timeout: the input is too large\n");
  });

  test("leaves out the output of a job after 100 lines, but not of other jobs", () => {
    const { clock, tell, text } = start();
    tell(started, ...submitted("step1", [], "step1"), running("step1"), ...submitted("step2_job", [0], "step2-0"));
    for (let line = 1; line <= 1000; line += 1) tell(log("step1", `line ${line}`));
    tell(log("step2-0", "hello"));
    clock.advance(100);
    const lines = visible(text()).split("\n");
    expect(lines.filter((line) => line.startsWith("step1 │ "))).toHaveLength(101);
    expect(lines.slice(99, 102)).toEqual([
      "step1 │ line 100",
      "step1 │ … more output is left out after 100 lines",
      "step2-0 │ hello",
    ]);
  });

  test("leaves out the output of all jobs after 300 lines", () => {
    const { clock, tell, text } = start();
    tell(started);
    for (let item = 0; item < 400; item += 1) {
      tell(...submitted("step2_job", [item], `step2-${item}`), log(`step2-${item}`, "hello"));
    }
    clock.advance(100);
    const lines = visible(text()).split("\n");
    expect(lines.slice(298, 300)).toEqual([
      "step2-298 │ hello",
      "… more output of all jobs is left out after 300 lines",
    ]);
    expect(lines.filter((line) => line.includes("hello"))).toHaveLength(299);
  });

  test("says why a job failed if its error is caught", () => {
    const { clock, tell, text } = start();
    tell(started, ...submitted("step1", [], "step1"), running("step1"), ...broken("step1", [], "step1", 3).slice(0, 2));
    tell(caught("step1", [], { cause: '{"JobId":"x"}', next: "step2" }));
    clock.advance(100);
    expect(visible(text())).toContain("step1 failed, goes on with step2: States.TaskFailed, exit code 3, Essential");
  });

  test("shows retries, catches and notices above the table", () => {
    const { clock, tell, text } = start();
    tell(
      ...[notice("no engine"), started, entered("step1")],
      retried("step1", [], { error: "Batch.ServerException", cause: "busy", delaySeconds: 2 }),
      caught("step1", [], { cause: '{"JobId":"x"}', next: "step2" }),
    );
    clock.advance(100);
    expect(visible(text())).toBe(`no engine
step1 failed, retry 1 in 2.0 s: Batch.ServerException, busy
step1 failed, goes on with step2: States.TaskFailed
! step1        1 caught  0 ms
· step2
·   step2_job
running 0:00, 0 jobs
`);
  });

  test("counts the items of a retried Map from the start", () => {
    const { writes, clock, tell } = start();
    tell(started, ...ofStep2(4), ...submitted("step2_job", [0], "a"), ...ended("step2_job", [0], "a"));
    tell(retried("step2"), told.mapStarted(4, "step2"));
    clock.advance(100);
    expect(visible(writes.at(-1)!)).toContain("▸ step2        0/4 done  0:00\n");
  });

  test("writes nothing while nothing changes", () => {
    const { writes, clock, tell } = start();
    tell(started, ...submitted("step1", [], "step1"));
    clock.advance(900);
    expect(writes).toHaveLength(1);
    clock.advance(100);
    expect(writes).toHaveLength(2);
  });

  test("is no higher than the terminal, and prefers running and failed states", () => {
    const names = Array.from({ length: 30 }, (_, index) => `state${index}`);
    const of = {
      StartAt: "state0",
      States: Object.fromEntries(names.map((name) => [name, { ...task, End: true }])),
    } as unknown as StatesDocument;
    const { writes, clock, tell } = start({ rows: 8, of });
    tell(started, entered("state3"), told.succeeded("state3"));
    tell(...submitted("state20", [], "job"), running("job"), ...broken("state20", [], "job", 1));
    tell(...submitted("state10", [], "ten"), ...submitted("state29", [], "last"));
    clock.advance(100);
    expect(visible(writes[0]!)).toBe(`✓ state3              1 done            0 ms
▸ state10  1 waiting                    0:00
✗ state20                     1 failed  0 ms
▸ state29  1 waiting                    0:00
… 26 more states
✗ state20 failed: States.TaskFailed, exit code 1, Essential container in task …
running 0:00, 3 jobs
`);
  });

  test("is no wider than the terminal, also after a resize", () => {
    const wide = "とても長い名前の状態🎉";
    const of = { StartAt: wide, States: { [wide]: { ...task, End: true } } } as unknown as StatesDocument;
    const { writes, size, clock, tell } = start({ columns: 80, of });
    tell(started, ...submitted(wide, [], "job"), running("job"));
    clock.advance(100);
    size.columns = 30;
    clock.advance(100);
    expect(writes).toEqual([
      `\x1b[?25l\r▸ ${wide}  1 running  0:00\x1b[K\nrunning 0:00, 1 job\x1b[K\n`,
      // 41 columns of the first line have become two rows: with the second line three.
      "\x1b[3A\r▸ とても長い名前の…  1▸  0:00\x1b[K\nrunning 0:00, 1 job\x1b[K\n\x1b[J",
    ]);
  });

  test("removes control characters from names, output and errors", () => {
    const evil = "\x1b[2J\x07\nx";
    const of = { StartAt: evil, States: { [evil]: { ...task, End: true } } } as unknown as StatesDocument;
    const { clock, tell, text } = start({ of });
    tell(told.executionStarted(evil), notice(evil));
    tell(...submitted(evil, [], evil), running(evil), log(evil, `${evil}\ty\x9b31m`));
    clock.advance(100);
    tell(told.failed(evil, [], { error: evil, cause: evil }));
    tell(told.executionEnded("FAILED", { error: evil, cause: evil }));
    expect(text()).not.toContain("\x1b[2J");
    expect(visible(text()).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(visible(text())).toContain("␇␊x │ ␇␊x    y\n");
  });

  test("leaves nothing behind if the execution never started, and closes once", () => {
    const { writes, clock, close } = start();
    clock.advance(100);
    close();
    close();
    expect(writes).toEqual([
      "\x1b[?25l\r· step1\x1b[K\n· step2\x1b[K\n·   step2_job\x1b[K\nstarting\x1b[K\n",
      "\x1b[4A\r\x1b[J\x1b[?25h",
    ]);
    expect(clock.isTicking).toBe(false);
  });

  test("restores the cursor when it is closed before the end", () => {
    const { writes, clock, tell, close } = start();
    tell(started, ...submitted("step1", [], "step1"));
    clock.advance(2000);
    close();
    expect(writes.at(-1)).toBe(
      "\x1b[4A\r▸ step1        1 waiting  0:02\x1b[K\n· step2\x1b[K\n·   step2_job\x1b[K\n\x1b[J\x1b[?25h",
    );
  });

  test("colours", () => {
    const { writes, tell } = start({ color: true });
    tell(started, succeeded);
    expect(writes.at(-1)).toContain("\x1b[32mSUCCEEDED\x1b[39m in 0 ms, 0 jobs");
    const { writes: red, tell: tellRed } = start({ color: true });
    tellRed(started, failed);
    expect(red.at(-1)).toContain("\x1b[31mFAILED\x1b[39m in 0 ms, 0 jobs: States.TaskFailed");
  });

  test("writes little with ten thousand items", () => {
    const { writes, clock, tell, text } = start();
    tell(started, ...ofStep2(10_000));
    for (let item = 0; item < 10_000; item += 1) {
      const name = `step2-${item}`;
      tell(...submitted("step2_job", [item], name), running(name), log(name, "x".repeat(100)));
      tell(...ended("step2_job", [item], name));
      if (item % 100 === 99) clock.advance(100);
    }
    tell(told.succeeded("step2"), succeeded);
    expect(writes).toHaveLength(101);
    expect(text().length).toBeLessThan(60_000);
    expect(visible(writes.at(-1)!)).toBe(`· step1
✓ step2        10,000/10,000 done  10.0 s
✓   step2_job         10,000 done   9.9 s
SUCCEEDED in 10.0 s, 10,000 jobs
`);
  });
});

describe("before the execution starts", () => {
  test("a terminal shows the step, its time and its last line of output in one line", () => {
    const { clock, tell, writes } = start({ columns: 60 });
    clock.advance(100);
    tell(preparing("synthesizing the stacks"));
    clock.advance(1500);
    tell(preparing("building image echo:1"), preparing("building image echo:1", "Step 1/15 : FROM \x1b[2Jbusybox"));
    clock.advance(25_000);
    tell(preparing("building image echo:1", `Step 2/15 : RUN ${"x".repeat(80)}`));
    clock.advance(100);
    const status = writes.map((text) => visible(text).trimEnd().split("\n").at(-1));
    expect(status[0]).toBe("starting");
    expect(status).toContain("synthesizing the stacks 0:01");
    expect(status).toContain("building image echo:1 0:25 │ Step 1/15 : FROM busybox");
    expect(status.at(-1)).toBe("building image echo:1 0:25 │ Step 2/15 : RUN xxxxxxxxxxxxx…");
  });

  test("a terminal shows the part of the step", () => {
    const { clock, tell, writes } = start({ columns: 60 });
    tell(preparing("building image echo:1"), preparing("building image echo:1", "hello", "step 2 of 15"));
    clock.advance(25_000);
    expect(visible(writes.at(-1)!)).toMatch(/\nbuilding image echo:1, step 2 of 15 0:25 │ hello\n$/);
  });

  test("elsewhere each step and each part is one line, without the output of the builder", () => {
    const { tell, text } = start({ canRedraw: false });
    const build = (line: string, part: string | null) => preparing("building image echo:1", line, part);
    tell(preparing("building image echo:1"), build("sending", null));
    tell(build("FROM busybox", "step 1 of 2"), build("hello", "step 1 of 2"), build("RUN make", "step 2 of 2"));
    tell(preparing("b"), started);
    expect(text()).toBe(`building image echo:1
building image echo:1, step 1 of 2: FROM busybox
building image echo:1, step 2 of 2: RUN make
b
execution run-1 started
`);
  });
});

test.each(Array.from({ length: 20 }, (_, index) => index + 1))("fits into a terminal of %d columns", (columns) => {
  const { clock, tell, writes, size, close } = start({ columns, rows: 5 });
  tell(preparing("building image echo:1", "Step 1/15"));
  clock.advance(100);
  tell(started, ...submitted("step1", [], "step1"), running("step1"), ...ofStep2(30));
  clock.advance(100);
  size.columns = 1;
  clock.advance(100);
  const drawn = writes.slice(0, 2).flatMap((text) => visible(text).split("\n"));
  expect(drawn.filter((line) => line.length > Math.max(columns - 1, 1))).toEqual([]);
  close();
});

describe("elsewhere", () => {
  test("writes one line for each important event, and never moves the cursor", () => {
    const { clock, tell, text, close } = start({ canRedraw: false });
    tell(started, ...submitted("step1", [], "step1"), running("step1"), log("step1", "hello"));
    clock.advance(1900);
    tell(...ended("step1", [], "step1"), ...ofStep2(2));
    tell(...submitted("step2_job", [0], "step2-0"), running("step2-0"), log("step2-0", "oh no"));
    tell(...broken("step2_job", [0], "step2-0", 3), failed);
    close();
    expect(text()).toBe(`execution run-1 started
step1 started
step1 │ hello
step1 succeeded in 1.9 s
step2: 2 items
step2-0 started
step2-0 │ oh no
step2-0 failed after 0 ms
✗ step2_job[0] failed: States.TaskFailed, exit code 3, Essential container in task exited
    step2-0 │ oh no
FAILED in 1.9 s, 2 jobs: States.TaskFailed
`);
    expect(clock.isTicking).toBe(false);
  });

  test("tells that Batch starts a job again, why, and how often in all", () => {
    const { tell, text } = start({ canRedraw: false });
    const interrupted = "Your Spot Task was interrupted.";
    const lost = (facts: Partial<JobAttempt>) => [
      attempt(idOf("step1"), { exitCode: null, ...facts }),
      status(idOf("step1"), "RUNNABLE"),
    ];
    tell(started, ...submitted("step1", [], "step1"), status(idOf("step1"), "RUNNABLE"), running("step1"));
    tell(...lost({ statusReason: interrupted, injected: "lost-host" }), running("step1"));
    tell(...lost({ reason: "CannotPullContainerError: i/o timeout", statusReason: "Task failed to start" }));
    tell(running("step1"), ...ended("step1", [], "step1"), succeeded);
    expect(text()).toBe(`execution run-1 started
step1 started
step1 starts again: Your Spot Task was interrupted, injected by --chaos
step1 started
step1 starts again: CannotPullContainerError: i/o timeout, Task failed to start
step1 started
step1 succeeded in 0 ms
SUCCEEDED in 0 ms, 1 job, 2 Batch retries
`);
  });

  test("sums up a Map of many items, ten times at most", () => {
    const { tell, text } = start({ canRedraw: false });
    tell(started, ...ofStep2(10_000));
    for (let item = 0; item < 10_000; item += 1) {
      const name = `step2-${item}`;
      tell(...submitted("step2_job", [item], name), running(name));
      tell(...(item === 2500 ? broken("step2_job", [item], name, 1) : ended("step2_job", [item], name)));
    }
    tell(succeeded);
    expect(text()).toBe(`execution run-1 started
step2: 10,000 items
step2: 1,000/10,000 done
step2: 2,000/10,000 done
✗ step2_job[2500] failed: States.TaskFailed, exit code 1, Essential container in task exited
step2: 2,999/10,000 done, 1 failed
step2: 3,999/10,000 done, 1 failed
step2: 4,999/10,000 done, 1 failed
step2: 5,999/10,000 done, 1 failed
step2: 6,999/10,000 done, 1 failed
step2: 7,999/10,000 done, 1 failed
step2: 8,999/10,000 done, 1 failed
step2: 9,999/10,000 done, 1 failed
SUCCEEDED in 0 ms, 10,000 jobs
`);
  });

  test("leaves out output after 100 lines, but not the end", () => {
    const { tell, text } = start({ canRedraw: false });
    tell(started, ...submitted("step1", [], "step1"));
    for (let line = 1; line <= 1000; line += 1) tell(log("step1", `line ${line}`));
    tell(...ended("step1", [], "step1"), succeeded);
    expect(text().split("\n").slice(100)).toEqual([
      "step1 │ line 100",
      "step1 │ … more output is left out after 100 lines",
      "step1 succeeded in 0 ms",
      "SUCCEEDED in 0 ms, 1 job",
      "",
    ]);
  });

  test("shows the id of a job if a line arrives after its end", () => {
    const { tell, text } = start({ canRedraw: false });
    tell(started, ...submitted("step1", [], "step1"), ...ended("step1", [], "step1"), log("step1", "late"));
    expect(text()).toContain("\nid of step1 │ late\n");
  });
});

describe("quiet", () => {
  test.each([true, false])("writes nothing if the execution succeeds (terminal: %s)", (canRedraw) => {
    const { writes, clock, tell, close } = start({ canRedraw, quiet: true });
    tell(notice("no engine"), started, ...submitted("step1", [], "step1"), log("step1", "hello"));
    clock.advance(1000);
    tell(...ended("step1", [], "step1"), succeeded);
    close();
    expect(writes).toEqual([]);
  });

  test("writes the failures and the last line if the execution fails", () => {
    const { tell, text } = start({ quiet: true });
    tell(
      started,
      ...submitted("step1", [], "step1"),
      log("step1", "oh no"),
      ...broken("step1", [], "step1", 1),
      failed,
    );
    expect(text()).toBe(`✗ step1 failed: States.TaskFailed, exit code 1, Essential container in task exited
    step1 │ oh no
FAILED in 0 ms, 1 job: States.TaskFailed
`);
  });
});

describe("events that only AWS has", () => {
  const run = (running: number, succeeded: number, failed: number) =>
    told.mapRun("step2", { total: 1000, running, succeeded, failed });
  const child = mapRunFailure("step2", "a");

  test("have a line each: tenths of a Map Run, its failed items, a redrive", () => {
    const { tell, text } = start({ canRedraw: false });
    tell(started, ...ofStep2(1000), run(40, 50, 0), run(40, 199, 1), child, run(40, 205, 1));
    tell(redriven());
    expect(text()).toBe(
      [
        "execution run-1 started",
        "step2: 1,000 items",
        "step2: 199/1,000 done, 1 failed",
        "step2: the execution a of an item failed: E, why",
        "redriven: failed states run again",
        "",
      ].join("\n"),
    );
  });

  test("tolerated failures of a Map Run have their own words", () => {
    const { tell, text } = start({ canRedraw: false });
    tell(started, ...ofStep2(1000), run(0, 999, 1), child, told.succeeded("step2"), told.executionEnded("SUCCEEDED"));
    expect(text().split("\n").slice(-4)).toEqual([
      "step2: the execution a of an item failed: E, why",
      "! step2 tolerated 1 failed of 1,000 items, such as step2: E, why",
      "SUCCEEDED in 0 ms, 0 jobs",
      "",
    ]);
    const table = start();
    table.tell(started, ...ofStep2(1000), run(0, 999, 1), child, told.succeeded("step2"));
    table.clock.advance(100);
    expect(visible(table.writes.at(-1)!).split("\n")[1]).toBe("✓ step2        999/1,000 done  1 tolerated  0 ms");
  });

  test("the failures of items that run here are told by their states alone", () => {
    const { tell, text } = start({ canRedraw: false });
    tell(started, ...ofStep2(2), told.mapRun("step2", { total: 2, pending: 2 }));
    tell(entered("step2_job", 0), told.failed("step2_job", [0]), child);
    expect(text()).not.toContain("the execution a of an item failed");
  });

  test("the table has the running items of a Map Run", () => {
    const { clock, tell, writes } = start();
    tell(started, ...ofStep2(1000), run(40, 50, 2));
    clock.advance(100);
    expect(visible(writes.at(-1)!).split("\n")[1]).toBe("▸ step2        40 running  50/1,000 done  2 failed  0:00");
  });
});

describe("a mocked state", () => {
  test("has a line of its own where lines cannot be redrawn, unless its Map has many items", () => {
    const { tell, text } = start({ canRedraw: false });
    tell(started, entered("step1"), told.mocked("step1"), ...ofStep2(2), told.mocked("step2_job", 1));
    tell(...ofStep2(5000), told.mocked("step2_job", 1));
    expect(text()).toBe(
      [
        "execution run-1 started",
        "step1 is answered by a mock",
        "step2: 2 items",
        "step2_job[1] is answered by a mock",
        "step2: 5,000 items",
        "",
      ].join("\n"),
    );
  });

  test("is marked in the table", () => {
    const { tell, writes } = start();
    tell(started, entered("step1"), told.mocked("step1"), told.succeeded("step1"), succeeded);
    expect(visible(writes.at(-1)!)).toContain("✓ step1 (mocked)");
  });
});

test("a Wait has a line where lines cannot be redrawn, because nothing else happens for a while", () => {
  const pause = { StartAt: "pause", States: { pause: { Type: "Wait", Seconds: 3600, End: true } } };
  const of = pause as unknown as StatesDocument;
  const { tell, text } = start({ canRedraw: false, of });
  tell(started, entered("pause"));
  expect(text()).toBe("execution run-1 started\npause waits\n");
  const quiet = start({ canRedraw: false, quiet: true, of });
  quiet.tell(started, entered("pause"));
  expect(quiet.text()).toBe("");
});
