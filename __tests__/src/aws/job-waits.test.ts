import type { JobDetail } from "@aws-sdk/client-batch";
import { FakeClock } from "../../../scripts/demo/fake-clock";
import { watchExecution } from "../../../src/aws/watch-execution";
import type { ExecutionEvent, JobWait } from "../../../src/execution/events";
import { EXECUTION, type FakeExecution, fakeAws } from "./fake-aws";
import { historyOf } from "./history-events";

const QUEUE = "arn:aws:batch:eu-west-1:123456789012:job-queue/echo_dev";
const STUCK =
  "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.";
const runnable = (facts: Partial<JobDetail> = {}): Partial<JobDetail> => ({
  status: "RUNNABLE",
  jobQueue: QUEUE,
  ...facts,
});
const failure = (name: string) => Object.assign(new Error("no"), { name });

/** The job is submitted at 4 s and ends at 60 s. */
const HISTORY = historyOf([
  [1, 0, "ExecutionStarted", { input: "{}" }],
  [2, 0, "TaskStateEntered", { name: "task" }],
  [3, 2, "TaskScheduled"],
  [4, 3, "TaskSubmitted", { resourceType: "batch", output: '{"JobId":"j1","JobName":"job"}' }],
  [60, 4, "TaskFailed", { error: "States.TaskFailed", cause: "{}" }],
  [61, 60, "ExecutionFailed", { error: "States.TaskFailed", cause: "{}" }],
]);

async function watch(states: readonly (readonly [number, Partial<JobDetail>])[], more: Partial<FakeExecution> = {}) {
  const clock = new FakeClock(0);
  const { aws, asked } = fakeAws(clock, { history: HISTORY, jobs: { j1: states }, ...more });
  const events: ExecutionEvent[] = [];
  await watchExecution(aws, EXECUTION, { emit: (event) => events.push(event), clock, logs: "failed" });
  const waits = events.flatMap((event): [number, JobWait][] =>
    event.type === "job-waiting" ? [[event.at, event.wait]] : [],
  );
  const times = asked.filter(({ operation }) => operation === "GetJobQueueSnapshot").map(({ at }) => at);
  return { events, waits, times, asked };
}

const END = [58_000, { status: "FAILED", stoppedAt: 58_000 }] as const;

test("the reason is told within one poll, and again when it changes or goes", async () => {
  const { waits } = await watch([
    [4000, runnable()],
    [5200, runnable({ statusReason: STUCK })],
    [8100, runnable({ statusReason: "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - none" })],
    [9100, runnable({ statusReason: "" })],
    [10_000, { status: "STARTING", statusReason: STUCK }],
    END,
  ]);
  expect(waits).toEqual([
    [5500, { reason: STUCK, place: null }],
    [8500, { reason: "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - none", place: null }],
    [9500, { reason: null, place: null }],
  ]);
});

test("a job that has started and waits again for its next attempt is told anew", async () => {
  const attempts = [{ startedAt: 6000, stoppedAt: 7000, container: {} }];
  const { events } = await watch([
    [4000, runnable({ statusReason: STUCK })],
    [6000, { status: "RUNNING", startedAt: 6000, container: {} }],
    [7000, runnable({ statusReason: STUCK, attempts })],
    [50_000, { status: "RUNNING", startedAt: 50_000, container: {}, attempts }],
    END,
  ]);
  const told = events.flatMap((event) =>
    event.type === "job-waiting" ? ["waiting"] : event.type === "job-status" ? [event.status] : [],
  );
  expect(told.slice(1, 9)).toEqual([
    ...["RUNNABLE", "waiting", "STARTING", "RUNNING"],
    ...["RUNNABLE", "waiting", "STARTING", "RUNNING"],
  ]);
});

test("the reason of the last attempt is no reason to wait", async () => {
  const attempts = [{ startedAt: 6000, stoppedAt: 7000, statusReason: "Host EC2 terminated", container: {} }];
  const { waits } = await watch([
    [4000, runnable({ statusReason: "Host EC2 terminated", attempts })],
    [8000, runnable({ statusReason: STUCK, attempts })],
    [50_000, { status: "STARTING", attempts }],
    END,
  ]);
  expect(waits.map(([, { reason }]) => reason)).toEqual([STUCK]);
});

test("the place comes from the front of its queue, which is asked for only after some seconds, and seldom", async () => {
  const front = (now: number) => (now < 20_000 ? ["other", "j1"] : ["j1"]);
  const { waits, times, asked } = await watch([[4000, runnable()], [40_000, { status: "STARTING" }], END], { front });
  expect(waits).toEqual([
    [9500, { reason: null, place: 2 }],
    [expect.any(Number), { reason: null, place: 1 }],
  ]);
  expect(times).toEqual([9000, 14_000, 19_000, 24_000, 29_000, 34_000, 39_000]);
  expect(asked.find(({ operation }) => operation === "GetJobQueueSnapshot")!.input).toEqual({ jobQueue: QUEUE });
});

test("a job that starts soon asks for no place", async () => {
  const { times } = await watch([[4000, runnable()], [8500, { status: "STARTING" }], END]);
  expect(times).toEqual([]);
});

test("two jobs of a queue ask once", async () => {
  const history = historyOf([
    [1, 0, "ExecutionStarted", { input: "{}" }],
    [2, 0, "TaskStateEntered", { name: "task" }],
    [3, 2, "TaskScheduled"],
    [4, 3, "TaskSubmitted", { resourceType: "batch", output: '{"JobId":"j1","JobName":"job"}' }],
    [5, 0, "TaskStateEntered", { name: "other" }],
    [6, 5, "TaskScheduled"],
    [7, 6, "TaskSubmitted", { resourceType: "batch", output: '{"JobId":"j2","JobName":"job"}' }],
    [19, 0, "ExecutionAborted", { error: "E", cause: "c" }],
  ]);
  const jobs = { j1: [[4000, runnable()]], j2: [[7000, runnable()]] } as const;
  const { times, waits } = await watch([], { history, jobs, front: () => ["j2", "j1"] });
  expect(times.filter((at) => at < 19_000)).toEqual([9000, 14_000]);
  expect(waits.map(([, { place }]) => place).slice(0, 2)).toEqual([2, 1]);
});

test.each([
  ["a right that is missing costs the place alone, without a word, and is asked for once", "AccessDeniedException", 1],
  ["a failure that may pass is asked for again", "ThrottlingException", 7],
])("%s", async (_, name, count) => {
  const { waits, times, events } = await watch(
    [[4000, runnable()], [20_000, runnable({ statusReason: STUCK })], [40_000, { status: "STARTING" }], END],
    {
      failing: (operation) => {
        if (operation === "GetJobQueueSnapshot") throw failure(name);
      },
    },
  );
  expect(waits).toEqual([[expect.any(Number), { reason: STUCK, place: null }]]);
  expect(times).toHaveLength(count);
  expect(events.filter(({ type }) => type === "notice")).toEqual([]);
});

test.each<[string, Partial<JobDetail>, string | null]>([
  ["one job", { dependsOn: [{ jobId: "a" }] }, "waiting for a job that it depends on"],
  ["two jobs", { dependsOn: [{ jobId: "a" }, { jobId: "b" }] }, "waiting for 2 jobs that it depends on"],
  ["what Batch says", { statusReason: "soon", dependsOn: [{ jobId: "a" }] }, "soon"],
  ["its own children", { dependsOn: [{ jobId: "a" }], arrayProperties: { size: 3 } }, null],
  ["nothing that is known", { dependsOn: null as never }, null],
])("a job that is PENDING waits for %s", async (_, detail, reason) => {
  const { waits } = await watch([[4000, { status: "PENDING", ...detail }], [40_000, { status: "STARTING" }], END]);
  expect(waits.map(([, wait]) => wait)).toEqual(reason === null ? [] : [{ reason, place: null }]);
});

test.each<[string, unknown]>([
  ["no field", {}],
  ["no list", { frontOfQueue: { jobs: "x" } }],
  ["no ARN", { frontOfQueue: { jobs: [{}, { jobArn: 3 }, null] } }],
])("an answer with %s gives no place", async (_, answer) => {
  const clock = new FakeClock(0);
  const { aws } = fakeAws(clock, { history: HISTORY, jobs: { j1: [[4000, runnable()], END] } });
  const send = aws.batch.send.bind(aws.batch) as (command: object) => Promise<unknown>;
  aws.batch.send = ((command: object) =>
    command.constructor.name === "GetJobQueueSnapshotCommand" ? Promise.resolve(answer) : send(command)) as never;
  const events: ExecutionEvent[] = [];
  await watchExecution(aws, EXECUTION, { emit: (event) => events.push(event), clock, logs: "failed" });
  expect(events.filter(({ type }) => type === "job-waiting")).toEqual([]);
});
