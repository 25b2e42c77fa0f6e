import { createHash } from "node:crypto";
import { exampleEvents, exampleReport, items, OUT_OF_MEMORY, steady } from "../../../../scripts/demo/example-run";
import type { StatesDocument } from "../../../../src/asl/document";
import type { JsonObject } from "../../../../src/base/json";
import type { ExecutionEvent, JobStatus, MapRunCounts } from "../../../../src/execution/events";
import { collectReport, toCsv, toHtml, toJson } from "../../../../src/execution/report/formats";
import * as told from "../../../events";
import { at, type Told } from "../../../events";

const START = Date.UTC(2026, 0, 1);
const DOCUMENT = {
  StartAt: "first",
  States: {
    first: { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", Next: "all" },
    all: {
      Type: "Map",
      ItemProcessor: { StartAt: "each", States: { each: { Type: "Task", End: true } } },
      Next: "never",
    },
    never: { Type: "Succeed" },
  },
} as unknown as StatesDocument;

function reportOf(events: readonly ExecutionEvent[], document = DOCUMENT) {
  const { sink, report } = collectReport(document, { place: "this machine" });
  for (const event of events) sink(event);
  return report();
}

const seconds = (time: number, event: Told) => at(START + time * 1000, event);
const submitted = (jobId: string, state: string, indices: number[], jobName = jobId) =>
  seconds(1, told.submitted(jobId, state, indices, jobName));
const status = (jobId: string, to: JobStatus, time: number) => seconds(time, told.status(jobId, to));
const attempt = (jobId: string, exitCode: number | null, reason: string | null) =>
  seconds(3, told.attempt(jobId, { startedAt: START + 2000, stoppedAt: START + 3000, exitCode, reason }));
const log = (jobId: string, line: string) => seconds(2.5, told.log(jobId, line));
const entered = (state: string, ...indices: number[]) => seconds(1, told.entered(state, ...indices));
const started = at(START, told.executionStarted("run", { a: 1 }));
const ended = (to: "SUCCEEDED" | "FAILED") =>
  seconds(4, told.executionEnded(to, to === "FAILED" ? { error: "States.TaskFailed", cause: "why" } : {}));

const FAILED_MAP: ExecutionEvent[] = [
  ...[started, entered("first"), seconds(1, told.retried("first", [], { error: "Busy", delaySeconds: 2 }))],
  ...[seconds(1.5, told.succeeded("first")), entered("all"), seconds(1, told.mapStarted(3, "all"))],
  ...[2, 0, 1].map((index) => entered("each", index)),
  ...[2, 0, 1].map((index) => submitted(`id-${index}`, "each", [index])),
  ...[status("id-0", "RUNNING", 2), log("id-0", "out of memory"), attempt("id-0", 137, "OutOfMemoryError")],
  ...[status("id-0", "FAILED", 3), seconds(3, told.failed("each", [0], { cause: "job" }))],
  ...[status("id-1", "FAILED", 3), seconds(3, told.aborted("each", 1))],
  ...[seconds(3, told.failed("all", [], { cause: "job" })), seconds(3.5, told.notice("a word")), ended("FAILED")],
];

describe("the facts", () => {
  const { states, jobs, failures, notices, ...execution } = reportOf(FAILED_MAP);
  const iso = (time: number) => new Date(START + time * 1000).toISOString();

  test("of the execution", () => {
    expect(execution).toEqual({
      name: "run",
      place: "this machine",
      mapRuns: [],
      advice: [],
      status: "FAILED",
      document: DOCUMENT,
      input: { a: 1 },
      output: null,
      error: "States.TaskFailed",
      cause: "why",
      startedAt: iso(0),
      stoppedAt: iso(4),
      redriveCount: 0,
      failuresLeftOut: 0,
    });
    expect(notices).toEqual(["a word"]);
  });

  test("of its states, in the order of the document; a state without an end was stopped", () => {
    const none = {
      entered: 0,
      succeeded: 0,
      failed: 0,
      caught: 0,
      stopped: 0,
      retries: 0,
      itemRuns: null,
      tolerated: 0,
      mocked: 0,
      reused: 0,
    };
    expect(states).toEqual([
      {
        name: "first",
        type: "Task",
        parents: [],
        outcome: "succeeded",
        ...none,
        entered: 1,
        succeeded: 1,
        retries: 1,
        items: null,
        startedAt: iso(1),
        stoppedAt: iso(1.5),
      },
      {
        name: "all",
        type: "Map",
        parents: [],
        outcome: "failed",
        ...none,
        entered: 1,
        failed: 1,
        items: 3,
        startedAt: iso(1),
        stoppedAt: iso(3),
      },
      {
        name: "each",
        type: "Task",
        parents: ["all"],
        outcome: "failed",
        ...none,
        entered: 3,
        failed: 1,
        stopped: 2,
        items: null,
        startedAt: iso(1),
        stoppedAt: iso(4),
      },
      {
        name: "never",
        type: "Succeed",
        parents: [],
        outcome: "not-reached",
        ...none,
        items: null,
        startedAt: null,
        stoppedAt: null,
      },
    ]);
  });

  test("of its jobs, by item; failed jobs differ from jobs that were stopped with them", () => {
    expect(jobs.map(({ id, indices, status: is, outcome }) => [id, indices, is, outcome])).toEqual([
      ["id-0", [0], "FAILED", "failed"],
      ["id-1", [1], "FAILED", "stopped"],
      ["id-2", [2], "SUBMITTED", "stopped"],
    ]);
    expect(jobs[0]).toEqual({
      ...told.UNKNOWN_JOB,
      state: "each",
      indices: [0],
      name: "id-0",
      id: "id-0",
      status: "FAILED",
      outcome: "failed",
      statusReason: null,
      exitCode: 137,
      hint: "the memory is used up: raise `memoryMiB` of the job",
      attempts: [
        { startedAt: iso(2), stoppedAt: iso(3), exitCode: 137, reason: "OutOfMemoryError", statusReason: null },
      ],
      wait: null,
      waitedSeconds: 1,
      submittedAt: iso(1),
      startedAt: iso(2),
      stoppedAt: iso(3),
      reusedFrom: null,
      log: "out of memory\n",
    });
  });

  test("of its errors, with their jobs", () => {
    expect(failures.map(({ state, indices, what, error, jobId }) => [state, indices, what, error, jobId])).toEqual([
      ["first", [], "retried", "Busy", null],
      ["all", [], "failed", "States.TaskFailed", null],
      ["each", [0], "failed", "States.TaskFailed", "id-0"],
    ]);
  });
});

test("an execution that is not over has running jobs and states", () => {
  const { states, jobs } = reportOf([started, entered("first"), submitted("id", "first", [])]);
  expect([states[0]!.outcome, jobs[0]!.outcome]).toEqual(["running", "running"]);
});

test("the page counts the attempts that Batch repeats apart from the retries of states", async () => {
  const lost = attempt("id-0", null, "lost");
  const repeated = FAILED_MAP.flatMap((event) => (event.type === "job-attempt" ? [lost, lost, event] : [event]));
  const page = await toHtml(reportOf(repeated));
  expect(page).toContain("<dt>Batch retries</dt><dd>2</dd>");
  expect(page).toContain("<dt>State retries</dt><dd>1</dd>");
});

test("the page and its data mark what --chaos has injected, and a redrive", async () => {
  const injected = { startedAt: START, exitCode: null, injected: "lost-host" };
  const events = FAILED_MAP.flatMap((event) =>
    event.type === "job-attempt" ? [at(event.at, told.attempt(event.jobId, injected)), event] : [event],
  );
  const page = await toHtml(reportOf([...events, seconds(5, told.redriven(2))]));
  expect(page).toContain("<dt>Redriven</dt><dd>2×</dd>");
  expect(page).toContain('"injected":"lost-host"');
  expect(await toHtml(reportOf(FAILED_MAP))).not.toMatch(/Redriven<|"injected"/);
});

test("failures before a redrive count as retried", () => {
  const {
    status: now,
    error,
    states,
    failures,
  } = reportOf([
    ...FAILED_MAP,
    ...[seconds(5, told.redriven()), entered("all"), entered("each", 0), entered("each", 1)],
    ...[0, 1, 2].map((index) => seconds(6, told.succeeded("each", index))),
    seconds(6, told.succeeded("all")),
    ended("SUCCEEDED"),
  ]);
  expect([now, error]).toEqual(["SUCCEEDED", null]);
  expect(
    states
      .slice(1, 3)
      .map(({ outcome, entered: runs, succeeded, failed, stopped, retries }) => [
        outcome,
        runs,
        succeeded,
        failed,
        stopped,
        retries,
      ]),
  ).toEqual([
    ["succeeded", 1, 1, 0, 0, 1],
    ["succeeded", 3, 3, 0, 0, 1],
  ]);
  expect(failures.map(({ what }) => what)).toEqual(["retried", "retried", "retried"]);
});

test("adds up the last counts of all Map Runs, and lists their failures", () => {
  const run = (mapRunArn: string, counts: Partial<MapRunCounts>) =>
    at(START, told.mapRun("all", { total: 3, pending: 1, running: 1, succeeded: 1, ...counts }, mapRunArn));
  const { states, failures } = reportOf([
    ...[started, entered("all"), run("one", {}), run("one", { pending: 0, running: 0, succeeded: 2, failed: 1 })],
    ...[run("two", {}), at(START, told.mapRunFailure("all", "item"))],
  ]);
  expect(states[1]!.itemRuns).toEqual({ pending: 1, running: 1, succeeded: 3, failed: 1, timedOut: 0, aborted: 0 });
  expect(failures.map(({ state, what, error, cause }) => [state, what, error, cause])).toEqual([
    ["all", "failed", "E", "why"],
  ]);
});

test("failures inside a distributed Map that succeeds are tolerated", async () => {
  const run = at(START, told.mapRun("all", { total: 300, succeeded: 297, failed: 3 }));
  const report = reportOf([
    ...[started, entered("all"), at(START, told.mapStarted(300, "all")), run],
    ...[at(START, told.mapRunFailure("all", "item")), at(START, told.succeeded("all")), entered("first")],
    ...[at(START, told.failed("first")), at(START, told.executionEnded("FAILED"))],
  ]);
  expect(report.failures.map(({ state, what, item }) => [state, what, item])).toEqual([
    ["first", "failed", null],
    ["all", "tolerated", "item"],
  ]);
  expect(report.states.find(({ name }) => name === "all")).toMatchObject({ outcome: "succeeded", tolerated: 3 });
  const page = await toHtml(report);
  expect(page).toContain("297 succeeded, 3 failed, 3 tolerated");
  expect(page).toContain("failed, and its Map tolerated it");
});

test("keeps lines that arrive after the end of a job", () => {
  const { jobs } = reportOf([started, submitted("id", "first", []), status("id", "FAILED", 3), log("id", "late")]);
  expect(jobs[0]!.log).toBe("late\n");
});

test("another time, other ids and another place change nothing else", async () => {
  const events = await exampleEvents({ input: items(3, 2) });
  const elsewhere = JSON.parse(
    JSON.stringify(events).replaceAll("00000000-0000-4000", "11111111-1111-4111"),
    (key, value) => (/^(at|startedAt|stoppedAt)$/.test(key) && value !== null ? value + 86_400_000 : value),
  ) as ExecutionEvent[];
  const facts = (which: readonly ExecutionEvent[]) =>
    toJson(reportOf(which))
      .replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"time"')
      .replaceAll(/[01]{8}-[01]{4}-4[01]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "id");
  expect(toJson(reportOf(elsewhere))).not.toBe(toJson(reportOf(events)));
  expect(facts(elsewhere)).toBe(facts(events));
});

test("keeps a part of long logs: more for the first failed jobs than for others", () => {
  const line = "x".repeat(99);
  const jobs = Array.from({ length: 500 }, (_, index) => `id-${index}`);
  const report = reportOf([
    started,
    ...jobs.flatMap((id, index) => [
      submitted(id, "each", [index]),
      ...Array.from({ length: 200 }, () => log(id, line)),
      status(id, index < 300 ? "FAILED" : "SUCCEEDED", 3),
    ]),
    submitted("long", "first", []),
    log("long", "y".repeat(1_000_000)),
    status("long", "SUCCEEDED", 3),
  ]);
  const kept = (index: number) => report.jobs.find(({ id }) => id === `id-${index}`)!.log.split("\n").length - 2;
  expect([0, 199, 200, 299, 300].map(kept)).toEqual([81, 81, 10, 10, 10]);
  expect(report.jobs[0]!.log).toBe(`…${"y".repeat(1024)}\n`);
});

test("keeps the first of very many failures, and the number of the others", () => {
  const failures = Array.from({ length: 250 }, (_, index) =>
    at(START, told.failed("each", [index], { error: "E", cause: "c".repeat(10_000) })),
  );
  const report = reportOf([started, ...failures]);
  expect([report.failures.length, report.failuresLeftOut]).toEqual([200, 50]);
  expect(report.failures[0]!.cause).toHaveLength(4096);
});

test("the JSON holds the facts without the workflow's document", () => {
  const { document: _, ...facts } = reportOf(FAILED_MAP);
  expect(JSON.parse(toJson(reportOf(FAILED_MAP)))).toEqual(facts);
});

describe("the cost", () => {
  const described = (jobId: string) =>
    seconds(1, told.described(jobId, { compute: "FARGATE", vcpus: 4, memoryMiB: 8192 }));
  const hours = { startedAt: START, stoppedAt: START + 7_200_000 };
  const priced = (region: string) => {
    const { sink, report } = collectReport(DOCUMENT, { place: "AWS", pricing: { region, isHere: false } });
    const events = [
      ...[started, entered("first"), submitted("id-0", "first", []), described("id-0")],
      ...[seconds(3, told.attempt("id-0", hours)), status("id-0", "SUCCEEDED", 3), ended("SUCCEEDED")],
    ];
    for (const event of events) sink(event);
    return report();
  };
  // 2 h × (4 × 0.04048 + 8 × 0.004445) + 1 × 0.000025
  const cost = { amount: 0.394985, currency: "USD", pricesOf: "2026-09", isMost: false };

  test("is in the JSON, by job, state and run", () => {
    const report = JSON.parse(toJson(priced("us-east-1")));
    expect(report.cost).toEqual({
      ...{ ...cost, unpricedJobs: 0, region: "us-east-1", measuredHere: false },
      ...{ jobs: 0.39496, transitions: 0.000025, itemsLeftOut: 0, reusedJobs: 0 },
    });
    expect(report.states.map((state: { cost: { amount: number } }) => state.cost.amount)).toEqual([0.394985, 0, 0, 0]);
    expect(report.jobs[0].cost).toEqual({ ...cost, amount: 0.39496 });
  });

  test("is in the CSV, in US dollars", () => {
    expect(toCsv(priced("us-east-1")).split("\r\n")[1]).toMatch(/,0\.39496$/);
  });

  test("is in the page: in the head, for each state, and with the date of the prices", async () => {
    const page = await toHtml(priced("us-east-1"));
    expect(page).toContain("<dt>Cost</dt><dd>about $0.395</dd>");
    expect(page).toContain('<td class="number">$0.395</td>');
    expect(page).toContain("about $0.395 at list prices of 2026-09: the jobs and the state transitions.");
    expect(page).toContain('"cost":{"amount":0.39496,"isMost":false}');
  });

  test("is said to be unknown for a region without prices", async () => {
    const page = await toHtml(priced("me-central-1"));
    expect(page).toContain("<dt>Cost</dt><dd>not known</dd>");
    expect(page.includes("no price for me-central-1")).toBe(true);
  });

  test("is left out if no prices are asked for", async () => {
    expect((await toHtml(reportOf(FAILED_MAP))).includes("<dt>Cost</dt>")).toBe(false);
  });
});

describe("the CSV", () => {
  const [header, ...rows] = toCsv(reportOf(FAILED_MAP)).split("\r\n");

  test("has one row for each job", () => {
    expect(header).toBe(
      "state,indices,name,id,outcome,status,exitCode,attempts,reason,submittedAt,startedAt,stoppedAt,queuedSeconds,ranSeconds,reusedFrom,costUsd",
    );
    expect(rows).toEqual([
      "each,0,id-0,id-0,failed,FAILED,137,1,OutOfMemoryError,2026-01-01T00:00:01.000Z,2026-01-01T00:00:02.000Z,2026-01-01T00:00:03.000Z,1,1,,",
      "each,1,id-1,id-1,stopped,FAILED,,0,,2026-01-01T00:00:01.000Z,,2026-01-01T00:00:03.000Z,,,,",
      "each,2,id-2,id-2,stopped,SUBMITTED,,0,,2026-01-01T00:00:01.000Z,,,,,,",
      "",
    ]);
  });

  test.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "so"', '"say ""so"""'],
    ["two\nlines", '"two\nlines"'],
    ["=1+1", "'=1+1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ["-2", "'-2"],
  ])("writes the name %j as %s", (name, cell) => {
    const csv = toCsv(reportOf([started, submitted("id", "first", [], name)]));
    expect(csv.split("\r\n")[1]).toBe(`first,,${cell},id,running,SUBMITTED,,0,,2026-01-01T00:00:01.000Z,,,,,,`);
  });
});

describe("the page", () => {
  const EVIL = `</script><!--<script>alert(1)</script><img src=x onerror="alert(1)">'"&`;

  test("shows text from jobs and users only as text", async () => {
    const document = {
      Comment: EVIL,
      StartAt: EVIL,
      States: { [EVIL]: { Type: "Task", Resource: EVIL, End: true } },
    } as unknown as StatesDocument;
    const input: JsonObject = { [EVIL]: EVIL };
    const events: ExecutionEvent[] = [
      at(START, told.executionStarted(EVIL, input)),
      entered(EVIL),
      submitted("id", EVIL, [], EVIL),
      log("id", EVIL),
      attempt("id", 1, EVIL),
      status("id", "FAILED", 3),
      at(START, told.failed(EVIL, [], { error: EVIL, cause: EVIL })),
      at(START, told.notice(EVIL)),
      at(START, told.executionEnded("FAILED", { output: input, error: EVIL, cause: EVIL })),
    ];
    const { sink, report } = collectReport(document, { place: EVIL });
    events.forEach(sink);
    const page = await toHtml(report());
    const clean = await toHtml(await exampleReport({ input: items(1, 1) }));
    const count = (text: string, part: RegExp) => text.match(part)?.length ?? 0;
    for (const part of [/<script/g, /<\/script/g, /<img/g]) expect(count(page, part)).toBe(count(clean, part));
    expect(count(page, /alert\(1\)/g)).toBeGreaterThan(10);
  });

  test("runs only its own script and requests nothing", async () => {
    const page = await toHtml(await exampleReport({ input: items(1, 1) }));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, source]) => source!);
    const hashes = scripts.map((source) => `&#39;sha256-${createHash("sha256").update(source).digest("base64")}&#39;`);
    expect(scripts.length).toBe(1);
    expect(policy).toBe(
      `default-src 'none'; script-src ${hashes.join(" ")}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`.replaceAll(
        "'",
        "&#39;",
      ),
    );
    expect(page.replaceAll(/<script>.*?<\/script>/gs, "")).not.toMatch(
      /<(?:link|iframe|object|embed)\b|\ssrc=|@import|sourceMappingURL/,
    );
  });

  test.each([
    [
      "https://console.aws.amazon.com/x",
      'Ran on <a href="https://console.aws.amazon.com/x" rel="noopener noreferrer">console.aws.amazon.com</a>',
    ],
    ["javascript:alert(1)", "Ran on javascript:alert(1)<"],
    ["this machine", "Ran on this machine<"],
  ])("says that it ran on %s", async (place, expected) => {
    expect(await toHtml(await exampleReport({ input: items(1, 1) }, place))).toContain(expected);
  });

  test("names the job that failed, its exit code and its last lines", async () => {
    const page = await toHtml(
      await exampleReport({
        input: items(2, 2),
        behaviour: (name, number) =>
          name === "step3-1" ? { seconds: 1, lines: ["almost", "too much"], end: OUT_OF_MEMORY } : steady(name, number),
      }),
    );
    const [, wrong] = /<section class="card wrong is-failed"(.*?)<\/section>/s.exec(page)!;
    expect(wrong).toContain('step3_job</button><span class="quiet">[1]</span>\nfailed: <b>States.TaskFailed</b>');
    expect(wrong).toContain("exit code 137 · OutOfMemoryError: Container killed due to memory usage");
    expect(wrong).toContain("almost\ntoo much</pre>");
    expect(wrong).not.toContain('data-filter-state="step3"');
  });
});
