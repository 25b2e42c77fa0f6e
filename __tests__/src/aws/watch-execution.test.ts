import { FakeClock } from "../../../scripts/demo/fake-clock";
import { type WatchOptions, watchExecution } from "../../../src/aws/watch-execution";
import type { ExecutionEvent } from "../../../src/execution/events";
import { EXECUTION, type FakeExecution, fakeAws } from "./fake-aws";
import { type HistoryRow, historyOf, told } from "./history-events";

async function watch(execution: FakeExecution, options: Partial<WatchOptions> = {}, startedAt = 0) {
  const clock = new FakeClock(startedAt);
  const { aws, asked } = fakeAws(clock, execution);
  const events: ExecutionEvent[] = [];
  const emit = (event: ExecutionEvent) => events.push(event);
  const status = await watchExecution(aws, EXECUTION, { emit, clock, logs: "all", ...options });
  const count = (operation: string) => asked.filter((each) => each.operation === operation).length;
  return { status, events, told: events.map(told), asked, count, took: clock.now() - startedAt };
}

const failure = (name: string, message = "no") => Object.assign(new Error(message), { name });
const LONG_AGO = 10_000_000;

const passes = (count: number): HistoryRow[] => [
  [1, 0, "ExecutionStarted", { input: "{}" }],
  ...Array.from({ length: count }, (_, index): HistoryRow => {
    const [id, name] = [index + 2, `state${Math.floor(index / 2)}`];
    return index % 2 === 0
      ? [id, index === 0 ? 0 : id - 1, "PassStateEntered", { name }]
      : [id, id - 1, "PassStateExited", { name }];
  }),
];
const finished = (count: number) =>
  historyOf([...passes(count), [count + 2, count + 1, "ExecutionSucceeded", { output: "{}" }]]);

// Submitted at 4 s, runs from 6 s to 9 s.
const JOB = {
  startedAt: 6000,
  container: { logStreamName: "s1", logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/g" } } },
} as const;
const ATTEMPT = {
  startedAt: 6000,
  stoppedAt: 9000,
  statusReason: "Essential container in task exited",
  container: { exitCode: 0, logStreamName: "s1" },
};
const ended = (status: "SUCCEEDED" | "FAILED", exitCode: number, attempts: object[] = [ATTEMPT]) => ({
  JobId: "j1",
  JobName: "job",
  Status: status,
  StatusReason: "Essential container in task exited",
  StoppedAt: 9000,
  Attempts: attempts.map((attempt) => pascalCase({ ...attempt, container: { exitCode, logStreamName: "s1" } })),
  Container: { ExitCode: exitCode, LogStreamName: "s1", LogConfiguration: { Options: { "awslogs-group": "/g" } } },
});
const pascalCase = (value: unknown): unknown =>
  typeof value !== "object" || value === null
    ? value
    : Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key[0]!.toUpperCase() + key.slice(1), pascalCase(inner)]),
      );
const jobHistory = (...end: HistoryRow[]) =>
  historyOf([
    [1, 0, "ExecutionStarted", { input: "{}" }],
    [2, 0, "TaskStateEntered", { name: "task" }],
    [3, 2, "TaskScheduled"],
    [4, 3, "TaskSubmitted", { resourceType: "batch", output: '{"JobId":"j1","JobName":"job"}' }],
    ...end,
  ]);
const SUCCEEDED: HistoryRow[] = [
  [10, 4, "TaskSucceeded", { output: JSON.stringify(ended("SUCCEEDED", 0)) }],
  [11, 10, "TaskStateExited", { name: "task" }],
  [12, 11, "ExecutionSucceeded", { output: "{}" }],
];
const FAILED: HistoryRow[] = [
  [10, 4, "TaskFailed", { error: "States.TaskFailed", cause: JSON.stringify(ended("FAILED", 3)) }],
  [11, 10, "ExecutionFailed", { error: "States.TaskFailed", cause: "why" }],
];
const JOBS = {
  j1: [
    [4000, { status: "RUNNABLE", container: {} }],
    [6000, { status: "RUNNING", ...JOB }],
    [9000, { status: "SUCCEEDED", ...JOB, stoppedAt: 9000, attempts: [ATTEMPT] }],
  ],
} satisfies FakeExecution["jobs"];
const ATTEMPT_TOLD = (exitCode: number) =>
  `job-attempt j1 {"startedAt":6000,"stoppedAt":9000,"exitCode":${exitCode},"reason":null,"statusReason":"Essential container in task exited"}`;

describe("what a job runs", () => {
  const container = { image: "registry/echo:tag", taskArn: "arn:aws:ecs:eu-west-1:1:task/cluster-of-spot/0123" };
  const ecsClusterArn = "arn:aws:ecs:eu-west-1:1:cluster/cluster-of-spot";
  const environments = [{ ecsClusterArn, computeResources: { type: "FARGATE_SPOT" } }];
  const described = (events: readonly ExecutionEvent[]) =>
    events.flatMap((event) => (event.type === "job-described" ? [[event.at, event.job.image, event.job.compute]] : []));
  const jobs = {
    j1: [
      [4000, { status: "RUNNABLE", container: { image: "registry/echo:tag" } }],
      [6000, { status: "RUNNING", ...JOB, container: { ...JOB.container, ...container } }],
    ],
  } satisfies FakeExecution["jobs"];

  test("is told at the first look, and again when a host is known", async () => {
    const { events, count } = await watch({ history: jobHistory(...SUCCEEDED), jobs, environments });
    expect(described(events)).toEqual([
      [4000, "registry/echo:tag", null],
      [4000, "registry/echo:tag", "FARGATE_SPOT"],
    ]);
    expect(count("DescribeComputeEnvironments")).toBe(1);
  });

  test("is told after the end, from the history", async () => {
    const { Container, ...detail } = ended("SUCCEEDED", 0);
    const output = JSON.stringify({ ...detail, Container: { ...Container, ...(pascalCase(container) as object) } });
    const history = jobHistory([10, 4, "TaskSucceeded", { output }], ...SUCCEEDED.slice(1));
    const { events, count } = await watch({ history, environments }, {}, LONG_AGO);
    expect(described(events)).toEqual([[4000, "registry/echo:tag", "FARGATE_SPOT"]]);
    expect(count("DescribeJobs")).toBe(0);
  });

  test("is followed by what it used, if Container Insights is on", async () => {
    const at = (containerInsights: string) => [{ ...environments[0], ecsSettings: { containerInsights } }];
    const performance = [{ Timestamp: 7000, Type: "Task", TaskId: "0123", MemoryUtilized: 310, CpuUtilized: 1024 }];
    const { Container, ...detail } = ended("SUCCEEDED", 0);
    const output = JSON.stringify({ ...detail, Container: { ...Container, ...(pascalCase(container) as object) } });
    const history = jobHistory([10, 4, "TaskSucceeded", { output }], ...SUCCEEDED.slice(1));
    const usages = async (mode: string, options: Parameters<typeof watch>[1] = {}) => {
      const { events, count } = await watch({ history, environments: at(mode), performance }, options, LONG_AGO);
      return [events.flatMap((event) => (event.type === "job-usage" ? [event.usage] : [])), count("FilterLogEvents")];
    };
    expect(await usages("ENABLED")).toEqual([[{ peakMemoryMiB: 310, cpuSeconds: 3 }], 1]);
    expect(await usages("DISABLED")).toEqual([[], 0]);
    expect(await usages("ENABLED", { logs: "none" })).toEqual([[], 0]);
  });

  test("is told without the compute, if AWS does not let us read that", async () => {
    const failing = (operation: string) => {
      if (operation === "DescribeComputeEnvironments") throw failure("AccessDeniedException", "not authorized");
    };
    const { events, status } = await watch({ history: jobHistory(...SUCCEEDED), jobs, environments, failing });
    expect(status).toBe("SUCCEEDED");
    expect(described(events).at(-1)).toEqual([4000, "registry/echo:tag", null]);
    expect(events.filter(({ type }) => type === "notice")).toHaveLength(1);
  });
});

describe("the history", () => {
  test("of an execution that has ended is read page by page, each page once", async () => {
    const { status, events, asked } = await watch({ history: finished(2500) }, {}, LONG_AGO);
    expect(status).toBe("SUCCEEDED");
    expect(events).toHaveLength(2502);
    expect(asked.map(({ operation, input: { nextToken } }) => [operation, nextToken])).toEqual([
      ["GetExecutionHistory", undefined],
      ["GetExecutionHistory", "1000"],
      ["GetExecutionHistory", "2000"],
      ["DescribeExecution", undefined],
    ]);
  });

  test("that grows is read on from its last page, full pages never again, no event lost or doubled", async () => {
    const { events, asked } = await watch({ history: finished(2500) });
    expect(events.map(({ at }) => at)).toEqual(Array.from({ length: 2502 }, (_, index) => (index + 1) * 1000));
    const tokens = asked.filter(({ operation }) => operation === "GetExecutionHistory").map(({ input }) => input);
    const pages = tokens.map(({ nextToken }) => nextToken ?? "0");
    // The first two pages become full while they are the last.
    expect(pages).toEqual([...pages].sort());
    expect(new Set(pages)).toEqual(new Set(["0", "1000", "2000"]));
  });

  test("is asked for often at first, and every five seconds in the end", async () => {
    const { asked } = await watch({ history: finished(900) });
    const times = asked.filter(({ operation }) => operation === "GetExecutionHistory").map(({ at }) => at);
    const pauses = times.map((at, index) => [at, at - (times[index - 1] ?? 0)] as const);
    const pauseAfter = (milliseconds: number) => pauses.find(([at]) => at > milliseconds)![1];
    expect([1_000, 60_000, 300_000, 700_000].map(pauseAfter)).toEqual([500, 1000, 2000, 5000]);
  });

  test("is begun again where AWS does not take the token any more, and nothing is told twice", async () => {
    let refused = false;
    const { events, count } = await watch({
      history: finished(1500),
      failing: (operation, now) => {
        if (operation !== "GetExecutionHistory" || now < 1_200_000 || refused) return;
        refused = true;
        throw failure("InvalidToken");
      },
    });
    expect(refused).toBe(true);
    expect(events).toHaveLength(1502);
    expect(count("DescribeExecution")).toBe(1);
  });

  test("may be unknown for a moment after the start", async () => {
    const unknown = (until: number) => (operation: string, now: number) => {
      if (operation === "GetExecutionHistory" && now < until) throw failure("ExecutionDoesNotExist");
    };
    expect(await watch({ history: finished(2), failing: unknown(3000) })).toMatchObject({ status: "SUCCEEDED" });
    await expect(watch({ history: finished(2), failing: unknown(30_000) })).rejects.toThrow(
      `there is no execution \`${EXECUTION}\`, or AWS has deleted it after 90 days`,
    );
  });

  test("goes on after a redrive, which is told a moment after the execution runs again", async () => {
    const history = historyOf([
      [1, 0, "ExecutionStarted", { input: "{}" }],
      [2, 0, "TaskStateEntered", { name: "task" }],
      [3, 2, "TaskScheduled"],
      [4, 3, "TaskFailed", { error: "E", cause: "c" }],
      [5, 4, "ExecutionFailed", { error: "E", cause: "c" }],
      [20, 5, "ExecutionRedriven", { redriveCount: 1 }],
      [21, 20, "TaskScheduled"],
      [22, 21, "TaskSucceeded", { output: "{}" }],
      [23, 22, "TaskStateExited", { name: "task" }],
      [24, 23, "ExecutionSucceeded", { output: "{}" }],
    ]);
    const { status, told } = await watch({ history, status: (now) => (now < 24_000 ? "RUNNING" : "SUCCEEDED") });
    expect(status).toBe("SUCCEEDED");
    expect(told).toEqual([
      "execution-started run {}",
      "state-entered task",
      "task-failed task E c",
      "state-failed task E c",
      "execution-redriven 1",
      "state-entered task",
      "task-succeeded task {}",
      "state-succeeded task",
      "execution-ended SUCCEEDED {}",
    ]);
  });
});

// AWS ends an execution at 25,000 events: about 3,000 jobs in Maps.
const JOBS_OF_A_LONG_HISTORY = 3124;
const EVENTS_OF_A_LONG_HISTORY = 25_000;

function longHistory() {
  const rows: HistoryRow[] = [
    [1, 0, "ExecutionStarted", { input: "{}" }],
    [2, 0, "MapStateEntered", { name: "map" }],
    [3, 2, "MapStateStarted", { length: JOBS_OF_A_LONG_HISTORY }],
  ];
  for (let index = 0; index < JOBS_OF_A_LONG_HISTORY; index += 1) {
    const id = rows.length + 1;
    const job = { ...ended("SUCCEEDED", 0), JobId: `j${index}` };
    rows.push(
      [id, 3, "MapIterationStarted", { name: "map", index }],
      [id + 1, id, "TaskStateEntered", { name: "task" }],
      [id + 2, id + 1, "TaskScheduled"],
      [id + 3, id + 2, "TaskStarted"],
      [id + 4, id + 3, "TaskSubmitted", { resourceType: "batch", output: JSON.stringify(job) }],
      [id + 5, id + 4, "TaskSucceeded", { output: JSON.stringify(job) }],
      [id + 6, id + 5, "TaskStateExited", { name: "task" }],
      [id + 7, id + 6, "MapIterationSucceeded", { name: "map", index }],
    );
  }
  const last = rows.length;
  rows.push([last + 1, last, "MapStateSucceeded"], [last + 2, last, "MapStateExited", { name: "map" }]);
  while (rows.length < EVENTS_OF_A_LONG_HISTORY - 1)
    rows.push([rows.length + 1, last + 2, "WaitStateEntered", { name: "wait" }]);
  rows.push([rows.length + 1, rows.length, "ExecutionFailed", { error: "States.Runtime", cause: "25,000 events" }]);
  return historyOf(rows);
}

test("the longest history that there is takes 25 pages, each read once, and no other call but one", async () => {
  const history = longHistory();
  expect(history).toHaveLength(EVENTS_OF_A_LONG_HISTORY);
  const { status, events, asked } = await watch({ history }, { logs: "failed" }, 100 * LONG_AGO);
  expect(status).toBe("FAILED");
  expect(events.filter(({ type }) => type === "job-attempt")).toHaveLength(JOBS_OF_A_LONG_HISTORY);
  expect(asked.map(({ operation, input }) => [operation, input.nextToken])).toEqual([
    ...Array.from({ length: 25 }, (_, page) => ["GetExecutionHistory", page === 0 ? undefined : String(1000 * page)]),
    ["DescribeExecution", undefined],
  ]);
});

describe("trouble", () => {
  const unreachable = Object.assign(new Error(""), { name: "AggregateError", code: "ECONNREFUSED" });
  const throttled = failure("ThrottlingException", "Rate exceeded");
  const broken = Object.assign(new Error("oops"), { name: "Strange", $metadata: { httpStatusCode: 503 } });

  test.each([
    ["the endpoint is away", unreachable, "AWS cannot be reached: ECONNREFUSED"],
    ["AWS throttles", throttled, "AWS receives too many requests: Rate exceeded"],
    ["AWS itself is broken", broken, "AWS has an internal error: oops"],
  ])("%s for 10 s: it is said once, and no event is lost or doubled", async (_, error, message) => {
    const calm = await watch({ history: jobHistory(...SUCCEEDED), jobs: JOBS, streams: { s1: [[7000, "hello"]] } });
    const { status, events } = await watch({
      history: jobHistory(...SUCCEEDED),
      jobs: JOBS,
      streams: { s1: [[7000, "hello"]] },
      failing: (_, now) => {
        if (now >= 5000 && now < 15_000) throw error;
      },
    });
    expect(status).toBe("SUCCEEDED");
    const [notices, others] = [true, false].map((isNotice) =>
      events.filter(({ type }) => (type === "notice") === isNotice),
    );
    expect(notices!.map(told)).toEqual([
      `notice ${message}; the execution continues, and the command tries again`,
      "notice AWS answers again",
    ]);
    expect(others!.map(told)).toEqual(calm.told);
  });

  test("pauses grow to half a minute", async () => {
    const { asked } = await watch({
      history: finished(2),
      failing: (operation, now) => {
        if (operation === "GetExecutionHistory" && now < 130_000) throw unreachable;
      },
    });
    const times = asked.filter(({ operation }) => operation === "GetExecutionHistory").map(({ at }) => at / 1000);
    expect(times).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121, 151]);
  });

  test("what does not pass ends the watch, with what to do", async () => {
    const failing = () => {
      throw failure("AccessDeniedException", "not authorized to perform: states:GetExecutionHistory");
    };
    await expect(watch({ history: [], failing })).rejects.toThrow(
      "AWS denies access: not authorized to perform: states:GetExecutionHistory; grant the missing permission, or use other credentials",
    );
  });

  test.each([
    ["while it waits", 5250, false],
    ["while AWS cannot be reached", 30_000, true],
  ])("detaching %s is prompt, and nothing more is told", async (_, after, away) => {
    const clock = new FakeClock();
    const detach = new AbortController();
    void clock.sleep(after).then(() => detach.abort());
    const { aws } = fakeAws(clock, {
      history: jobHistory(),
      jobs: JOBS,
      failing: (_, now) => {
        if (away && now >= 5000) throw unreachable;
      },
    });
    const events: ExecutionEvent[] = [];
    const emit = (event: ExecutionEvent) => events.push(event);
    expect(await watchExecution(aws, EXECUTION, { emit, clock, signal: detach.signal, logs: "failed" })).toBeNull();
    expect(clock.now()).toBe(after);
    expect(events.some(({ type }) => type === "execution-ended")).toBe(false);
  });

  const calm = { history: jobHistory(...SUCCEEDED), jobs: JOBS, streams: { s1: [[7000, "hello"] as const] } };
  const withoutNotices = (events: readonly ExecutionEvent[]) =>
    events.filter(({ type }) => type !== "notice").map(told);
  const notices = (events: readonly ExecutionEvent[]) => events.filter(({ type }) => type === "notice").map(told);

  test.each([
    ["GetLogEvents", "the logs of the jobs are not shown", /^job-log /],
    ["DescribeExecution", "a redrive will not be noticed", /^$/],
  ])("where %s is not allowed, that is said once and the rest goes on", async (refused, without, missing) => {
    const failing = (operation: string) => {
      if (operation === refused) throw failure("AccessDeniedException", "not authorized");
    };
    const { status, events, count } = await watch({ ...calm, failing });
    expect(status).toBe("SUCCEEDED");
    expect(notices(events)).toEqual([
      `notice ${without}: AWS denies access: not authorized; grant the missing permission, or use other credentials`,
    ]);
    expect(count(refused)).toBe(1);
    expect(withoutNotices(events)).toEqual((await watch(calm)).told.filter((line) => !missing.test(line)));
  });

  test("detaching is prompt, too, while late lines of a log that may not be read are waited for", async () => {
    const clock = new FakeClock();
    const detach = new AbortController();
    const failing = (operation: string) => {
      if (operation === "GetLogEvents") throw failure("AccessDeniedException", "not authorized");
    };
    // The job ends at 9 s; its last lines may come 2 s later.
    void clock.sleep(10_300).then(() => detach.abort());
    const { aws } = fakeAws(clock, { ...calm, failing });
    const emit = () => {};
    expect(await watchExecution(aws, EXECUTION, { emit, clock, signal: detach.signal, logs: "all" })).toBeNull();
  });

  test("where DescribeJobs is not allowed, the history still tells how each job ended", async () => {
    const failing = (operation: string) => {
      if (operation === "DescribeJobs") throw failure("AccessDeniedException", "not authorized");
    };
    const { status, events } = await watch({ ...calm, failing });
    expect(status).toBe("SUCCEEDED");
    expect(notices(events)).toHaveLength(1);
    expect(withoutNotices(events)).toEqual(expect.arrayContaining([ATTEMPT_TOLD(0)]));
  });

  test("credentials that expire in the middle end the watch, with what to do", async () => {
    const failing = (_: string, now: number) => {
      if (now >= 5000) throw failure("ExpiredTokenException", "too old");
    };
    await expect(watch({ ...calm, failing })).rejects.toThrow(/^the AWS credentials have expired: too old; log in/);
  });

  test("an execution that AWS forgets in the middle ends the watch", async () => {
    const failing = (_: string, now: number) => {
      if (now >= 5000) throw failure("ExecutionDoesNotExist");
    };
    await expect(watch({ ...calm, failing })).rejects.toThrow(/^there is no execution /);
  });

  test.each([
    ["is set back by an hour", (time: number) => (time < 5000 ? time : time - 3_600_000)],
    ["is two hours late", (time: number) => time - 7_200_000],
    ["is two hours early", (time: number) => time + 7_200_000],
  ])("a machine whose clock %s sees the same, as soon", async (_, shown) => {
    const clock = new FakeClock();
    const { aws } = fakeAws(clock, calm);
    const events: ExecutionEvent[] = [];
    const emit = (event: ExecutionEvent) => events.push(event);
    const wrong = {
      now: () => shown(clock.now()),
      sleep: (milliseconds: number, signal?: AbortSignal) => clock.sleep(milliseconds, signal),
      every: () => () => {},
    };
    const { signal } = new AbortController();
    expect(await watchExecution(aws, EXECUTION, { emit, clock: wrong, logs: "all", signal })).toBe("SUCCEEDED");
    const types = (all: readonly ExecutionEvent[]) => all.map(({ type }) => type);
    expect(types(events)).toEqual(types((await watch(calm)).events));
    expect(clock.now()).toBeLessThan(20_000);
  });

  test("a page that leads to itself is asked for after a pause, not at once", async () => {
    const clock = new FakeClock();
    const { aws, asked } = fakeAws(clock, { history: [] });
    const detach = new AbortController();
    void clock.sleep(5000).then(() => detach.abort());
    aws.sfn.send = (async () => {
      asked.push({ operation: "any", at: clock.now(), input: {} });
      return { events: [], nextToken: "again" };
    }) as never;
    const { signal } = detach;
    expect(await watchExecution(aws, EXECUTION, { emit: () => {}, clock, signal, logs: "failed" })).toBeNull();
    expect(asked.length).toBeLessThan(12);
  });

  test.each<[string, object]>([
    ["no fields", {}],
    ["no time", { id: 5, type: "PassStateEntered", stateEnteredEventDetails: { name: "x" } }],
    ["no details", { id: 5, type: "TaskStateEntered", timestamp: new Date(1) }],
    [
      "details of other types",
      { id: 5, type: "MapIterationStarted", mapIterationStartedEventDetails: { name: 1, index: "x" } },
    ],
    ["details that are null", { id: 5, type: "TaskStateExited", stateExitedEventDetails: null }],
    ["the name of a method", { id: 5, type: "constructor" }],
    ["an id that is text", { id: "5", type: "TaskStateEntered" }],
  ])("an event with %s does not end the watch", async (_, event) => {
    const history = jobHistory(...SUCCEEDED);
    const { aws } = fakeAws(new FakeClock(LONG_AGO), calm);
    const send = aws.sfn.send.bind(aws.sfn) as (...args: unknown[]) => Promise<{ events?: object[] }>;
    aws.sfn.send = (async (...args: unknown[]) => {
      const answer = await send(...args);
      return answer.events ? { ...answer, events: [...history.slice(0, 4), event, ...history.slice(4)] } : answer;
    }) as never;
    const clock = new FakeClock(LONG_AGO);
    expect(await watchExecution(aws, EXECUTION, { emit: () => {}, clock, logs: "failed" })).toBe("SUCCEEDED");
  });

  test.each<[string, object]>([
    ["attempts that are no list", { attempts: "two" }],
    ["an attempt without an end", { attempts: [{ startedAt: 6000, container: null }] }],
    [
      "times that are none",
      { startedAt: "now", stoppedAt: 1e18, attempts: [{ startedAt: {}, stoppedAt: Number.NaN }] },
    ],
    ["a status that nobody knows", { status: "STRANGE" }],
    ["texts that are numbers", { statusReason: 5, container: { logStreamName: 6, exitCode: "x" } }],
  ])("a job with %s is shown as far as it is understood", async (_, detail) => {
    const jobs = { j1: [[4000, { ...JOB, status: "RUNNING", ...detail }]] } as unknown as NonNullable<
      FakeExecution["jobs"]
    >;
    const { status, events } = await watch({ history: jobHistory(...SUCCEEDED), jobs });
    expect(status).toBe("SUCCEEDED");
    for (const { at } of events) expect(new Date(at).toISOString()).toMatch(/^19/);
  });

  test("a log without a token for what follows is read once", async () => {
    const clock = new FakeClock(LONG_AGO);
    const { aws } = fakeAws(clock, { history: jobHistory(...SUCCEEDED) });
    aws.logs.send = (async () => ({ events: [{ timestamp: 7000, message: "hello" }, { message: 5 }, null] })) as never;
    const lines: string[] = [];
    const emit = (event: ExecutionEvent) => event.type === "job-log" && lines.push(event.line);
    expect(await watchExecution(aws, EXECUTION, { emit, clock, logs: "all" })).toBe("SUCCEEDED");
    expect(lines).toEqual(["hello", ""]);
  });

  test("detaching does not wait for an answer", async () => {
    const detach = new AbortController();
    const clock = new FakeClock();
    const { aws } = fakeAws(clock, { history: [] });
    aws.sfn.send = (() => new Promise(() => {})) as never;
    const watching = watchExecution(aws, EXECUTION, { emit: () => {}, clock, signal: detach.signal, logs: "failed" });
    detach.abort();
    expect(await watching).toBeNull();
  });
});

describe("jobs", () => {
  const STATES = ["SUBMITTED", "RUNNABLE", "STARTING", "RUNNING"].map((status) => `job-status j1 ${status}`);
  const BEGINNING = ["execution-started run {}", "state-entered task", "job-submitted task j1 job"];

  test("a job is told as here: its states, its lines as they come, its attempt, its end", async () => {
    const { told, events } = await watch({
      history: jobHistory(...SUCCEEDED),
      jobs: JOBS,
      streams: {
        s1: [
          [7000, "one"],
          [8000, "two\r"],
          [11_000, "late"],
        ],
      },
    });
    expect(told).toEqual([
      ...BEGINNING,
      ...STATES,
      ...["one", "two", "late"].map((line) => `job-log j1 ${line}`),
      ATTEMPT_TOLD(0),
      "job-status j1 SUCCEEDED Essential container in task exited",
      `task-succeeded task ${JSON.stringify(ended("SUCCEEDED", 0))}`,
      "state-succeeded task",
      "execution-ended SUCCEEDED {}",
    ]);
    expect(events.filter(({ type }) => type === "job-status").map(({ at }) => at)).toEqual([
      4000, 4000, 6000, 6000, 9000,
    ]);
  });

  test("late lines are waited for once, not for each job", async () => {
    const history = longHistory().slice(0, 3 + 8 * 100);
    const atOnce = history.map((event) => ({ ...event, timestamp: new Date(0) }));
    const over = { ...historyOf([[9000, 0, "ExecutionSucceeded", { output: "{}" }]])[0]!, timestamp: new Date(0) };
    const { told, took } = await watch({ history: [...atOnce, over], streams: { s1: [[10_000, "late"]] } }, {}, 9000);
    expect(told.filter((line) => line.startsWith("job-log"))).toHaveLength(100);
    expect(took).toBe(2000);
  });

  test("of an execution that ended long ago no job is asked for: the history knows all but the lines", async () => {
    const { told, asked, took } = await watch(
      {
        history: jobHistory(...SUCCEEDED),
        streams: {
          s1: [
            [7000, "one"],
            [8000, "two"],
            [8500, "three"],
          ],
        },
        logPage: 2,
      },
      {},
      LONG_AGO,
    );
    expect(told.filter((line) => line.startsWith("job-log"))).toEqual(
      ["one", "two", "three"].map((line) => `job-log j1 ${line}`),
    );
    expect(asked.map(({ operation, input }) => [operation, input.logGroupName, input.nextToken])).toEqual([
      ["GetExecutionHistory", undefined, undefined],
      ["GetLogEvents", "/g", undefined],
      ["GetLogEvents", "/g", "f/2"],
      ["GetLogEvents", "/g", "f/3"],
      ["DescribeExecution", undefined, undefined],
    ]);
    expect(took).toBe(0);
  });

  test("each attempt has its own stream", async () => {
    const first = { ...ATTEMPT, stoppedAt: 7000, container: { exitCode: 1, logStreamName: "s0" } };
    const detail = ended("SUCCEEDED", 0);
    detail.Attempts = [pascalCase(first), ...detail.Attempts];
    const history = jobHistory([10, 4, "TaskSucceeded", { output: JSON.stringify(detail) }], ...SUCCEEDED.slice(1));
    const { told } = await watch({ history, streams: { s0: [[7000, "first"]], s1: [[8000, "second"]] } }, {}, LONG_AGO);
    expect(told.slice(3, -3).map((line) => line.slice(0, 22))).toEqual([
      ...STATES.map((line) => line.slice(0, 22)),
      "job-log j1 first",
      'job-attempt j1 {"start',
      ...STATES.slice(1).map((line) => line.slice(0, 22)),
      "job-log j1 second",
      'job-attempt j1 {"start',
      "job-status j1 SUCCEEDE",
    ]);
  });

  const manyLines = Array.from({ length: 80 }, (_, index) => [7000 + index, `line ${index}`] as const);

  test("where only failures matter, the last lines of a failed job are read and nothing of others", async () => {
    const streams = { s1: manyLines };
    const failed = await watch({ history: jobHistory(...FAILED), streams }, { logs: "failed" }, LONG_AGO);
    expect(failed.told.filter((line) => line.startsWith("job-log"))).toEqual(
      manyLines.slice(-50).map(([, line]) => `job-log j1 ${line}`),
    );
    expect(failed.told.slice(-5, -3)).toEqual([
      ATTEMPT_TOLD(3),
      "job-status j1 FAILED Essential container in task exited",
    ]);
    const fine = await watch({ history: jobHistory(...SUCCEEDED), streams }, { logs: "failed" }, LONG_AGO);
    expect(fine.count("GetLogEvents")).toBe(0);
  });

  test("a job that wrote nothing has no stream", async () => {
    const { status, told } = await watch({ history: jobHistory(...SUCCEEDED), jobs: JOBS });
    expect([status, told.filter((line) => line.startsWith("job-log"))]).toEqual(["SUCCEEDED", []]);
  });

  test("jobs of an execution that was stopped are followed to their end, which is told before the execution's", async () => {
    const history = jobHistory([8, 0, "ExecutionAborted", {}]);
    const stopped = { ...ATTEMPT, stoppedAt: 20_000, container: { exitCode: 143, logStreamName: "s1" } };
    const jobs = {
      j1: [
        ...JOBS.j1.slice(0, 2),
        [20_000, { status: "FAILED", stoppedAt: 20_000, statusReason: "gone", attempts: [stopped] }],
      ],
    } as FakeExecution["jobs"];
    const { status, told } = await watch({ history, jobs: jobs!, streams: { s1: [] } });
    expect(status).toBe("ABORTED");
    expect(told.slice(-4).map((line) => line.slice(0, 26))).toEqual([
      "state-aborted task",
      'job-attempt j1 {"startedAt',
      "job-status j1 FAILED gone",
      "execution-ended ABORTED",
    ]);
  });

  test("jobs that do not end are said and left", async () => {
    const jobs = { j1: JOBS.j1.slice(0, 2) };
    const { told, took } = await watch({
      history: jobHistory([8, 0, "ExecutionAborted", {}]),
      jobs,
      streams: { s1: [] },
    });
    expect(told.slice(-2)).toEqual([
      "notice jobs of the execution that are still running: 1",
      "execution-ended ABORTED",
    ]);
    expect(took).toBe(68_000);
  });

  test("jobs that Batch has forgotten are not waited for", async () => {
    const { told, took } = await watch({ history: jobHistory([8, 0, "ExecutionAborted", {}]) }, {}, LONG_AGO);
    expect(told.slice(-2)).toEqual(["state-aborted task", "execution-ended ABORTED"]);
    expect(took).toBe(0);
  });

  test("a hundred are asked for at a time, those that run every ten seconds", async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `j${index}`);
    const history = historyOf([
      [1, 0, "ExecutionStarted", { input: "{}" }],
      [2, 0, "MapStateEntered", { name: "map" }],
      [3, 2, "MapStateStarted", { length: 250 }],
      ...ids.flatMap((id, index): HistoryRow[] => {
        const event = 4 + 4 * index;
        return [
          [event, 3, "MapIterationStarted", { name: "map", index }],
          [event + 1, event, "TaskStateEntered", { name: "task" }],
          [event + 2, event + 1, "TaskScheduled"],
          [
            event + 3,
            event + 2,
            "TaskSubmitted",
            { resourceType: "batch", output: JSON.stringify({ JobId: id, JobName: id }) },
          ],
        ];
      }),
    ]).map((event) => ({ ...event, timestamp: new Date(0) }));
    const over = historyOf([[40, 0, "ExecutionAborted", {}]]).map((event) => ({ ...event, id: 1004 }));
    const running = { status: "RUNNING", startedAt: 0, container: {} } as const;
    const over41 = { status: "FAILED", stoppedAt: 41_000 } as const;
    const jobs = Object.fromEntries(ids.map((id) => [id, [[0, running] as const, [40_000, over41] as const]]));
    const { asked } = await watch({ history: [...history, ...over], jobs }, { logs: "failed" });
    const looks = asked.filter(({ operation }) => operation === "DescribeJobs");
    expect(looks.map(({ at, input }) => [at / 1000, (input.jobs as string[]).length])).toEqual(
      [0, 10, 20, 30, 40].flatMap((at) => [100, 100, 50].map((count) => [at, count])),
    );
  });
});

test("a Map Run is followed by its counts, and children that failed are told, each once", async () => {
  const counts = {
    total: 30,
    pending: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    timedOut: 0,
    aborted: 0,
    resultsWritten: 0,
  };
  const child = (name: string, status: string) => ({
    executionArn: `arn:${name}`,
    name,
    status,
    stopDate: new Date(6000),
  });
  const { told, count } = await watch({
    history: historyOf([
      [1, 0, "ExecutionStarted", { input: "{}" }],
      [2, 0, "MapStateEntered", { name: "map" }],
      [3, 2, "MapStateStarted", { length: 0 }],
      [4, 3, "MapRunStarted", { mapRunArn: "arn:map-run" }],
      [14, 4, "MapRunSucceeded"],
      [15, 14, "MapStateSucceeded"],
      [16, 14, "MapStateExited", { name: "map" }],
      [17, 16, "ExecutionSucceeded", { output: "[]" }],
    ]),
    mapRun: (now) =>
      now < 6000
        ? { ...counts, total: 0 }
        : now < 10_000
          ? { ...counts, running: 20, failed: 1 }
          : { ...counts, succeeded: 28, failed: 1, timedOut: 1 },
    children: [child("a", "FAILED"), child("b", "TIMED_OUT")],
  });
  const of = (facts: object) => {
    const { resultsWritten, ...known } = { ...counts, ...facts };
    return `map-run map arn:map-run ${JSON.stringify(known)}`;
  };
  expect(told).toEqual([
    "execution-started run {}",
    "state-entered map",
    of({ total: 0 }),
    "map-started map 30",
    of({ running: 20, failed: 1 }),
    "map-run-failure map arn:map-run arn:a a FAILED E of arn:a",
    "map-run-failure map arn:map-run arn:b b TIMED_OUT E of arn:b",
    of({ succeeded: 28, failed: 1, timedOut: 1 }),
    "state-succeeded map",
    "execution-ended SUCCEEDED []",
  ]);
  expect(count("DescribeMapRun")).toBe(6);
});
