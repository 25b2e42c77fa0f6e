import { getEventListeners } from "node:events";
import { jobDefinition } from "../../../../scripts/demo/example-job";
import { FakeClock } from "../../../../scripts/demo/fake-clock";
import type { JsonObject } from "../../../../src/base/json";
import type { ExecutionEvent, JobStatus } from "../../../../src/execution/events";
import { runJob } from "../../../../src/local/batch/batch-job";
import type { EvaluateOnExit, JobDefinition } from "../../../../src/local/batch/job-definition";
import { Slots } from "../../../../src/local/batch/slots";
import type {
  Container,
  ContainerEnd,
  ContainerListener,
  ContainerSpec,
  Engine,
} from "../../../../src/local/engines/engine";
import type { StatesError } from "../../../../src/local/interpreter/states-error";
import { batchDependencies } from "./batch-dependencies";

const PLACE = { state: "step", indices: [2] };
const REQUEST = { JobName: "job", JobDefinition: "echo", JobQueue: "queue" };
const EXITED = "Essential container in task exited";
const TIMED_OUT = "Job attempt duration exceeded timeout";
const STOPPED = "The state was stopped";
const SPOT = "Your Spot Task was interrupted.";
const HOST = "Host EC2 (instance i-0123456789abcdef0) terminated.";
/** The time at which jobs are submitted, in milliseconds. */
const START = 1_000_000;

/** The behaviour of one container. */
type Script = (given: {
  listener: ContainerListener;
  clock: FakeClock;
  killed: (signal: "SIGTERM" | "SIGKILL" | "SIGINT") => Promise<void>;
}) => Promise<ContainerEnd>;

const exits =
  (exitCode: number, { lines = [] as string[], outOfMemory = false } = {}): Script =>
  async ({ listener, clock }) => {
    await clock.sleep(500);
    listener.started();
    for (const line of lines) listener.line(line, Buffer.from(`${line}\n`));
    await clock.sleep(1000);
    return { kind: "exited", exitCode, outOfMemory };
  };

/** Runs until it is sent the signal; SIGINT is never sent. */
const runsUntil =
  (signal: "SIGTERM" | "SIGKILL" | "SIGINT", exitCode: number): Script =>
  async ({ listener, killed }) => {
    listener.started();
    await killed(signal);
    return { kind: "exited", exitCode, outOfMemory: false };
  };

const neverStarts =
  (reason: string): Script =>
  async () => ({ kind: "not-started", reason });

const losesHost =
  (statusReason: string): Script =>
  async ({ listener, clock }) => {
    listener.started();
    await clock.sleep(1000);
    return { kind: "host-lost", statusReason };
  };

const ON_EC2: Partial<JobDefinition> = { platformCapabilities: ["EC2"] };

/** Gives each container the next script, the last one again when there are no more. */
class FakeEngine implements Engine {
  readonly name = "docker";
  readonly specs: ContainerSpec[] = [];
  readonly kills: [number, string][] = [];

  constructor(
    private readonly clock: FakeClock,
    private readonly scripts: readonly Script[],
  ) {}

  run(spec: ContainerSpec, listener: ContainerListener): Container {
    const script = this.scripts[Math.min(this.specs.push(spec), this.scripts.length) - 1]!;
    const waiting = new Map<string, () => void>();
    const killed = (signal: string) => new Promise<void>((resolve) => waiting.set(signal, resolve));
    return {
      ended: script({ listener, clock: this.clock, killed }),
      kill: (signal) => {
        this.kills.push([this.clock.now() - START, signal]);
        waiting.get(signal)?.();
      },
    };
  }

  close(): void {}
}

interface Outcome {
  /** The result of the job, or the cause of its failure. */
  readonly detail: JsonObject;
  readonly error: string | null;
  readonly events: ExecutionEvent[];
  readonly statuses: [number, JobStatus][];
  readonly engine: FakeEngine;
  readonly stop: AbortController;
  readonly force: AbortController;
}

/** Runs one job; `during` may stop it. */
async function run(
  scripts: readonly Script[],
  definition: Partial<JobDefinition> = {},
  during: (given: { clock: FakeClock; stop: AbortController; force: AbortController }) => unknown = () => {},
  slots = new Slots(2),
): Promise<Outcome> {
  const clock = new FakeClock(START);
  const engine = new FakeEngine(clock, scripts);
  const [stop, force] = [new AbortController(), new AbortController()];
  const events: ExecutionEvent[] = [];
  const deps = batchDependencies({
    definitions: [jobDefinition(definition)],
    engine,
    slots,
    emit: (event) => events.push(event),
    clock,
    forceSignal: force.signal,
  });
  const job = runJob(PLACE, REQUEST, deps, stop.signal);
  during({ clock, stop, force });
  const outcome = await job.then(
    (detail) => ({ detail, error: null }),
    ({ error, cause }: StatesError) => ({ detail: JSON.parse(cause) as JsonObject, error }),
  );
  const statuses = events.flatMap((event): [number, JobStatus][] =>
    event.type === "job-status" ? [[event.at - START, event.status]] : [],
  );
  return { ...outcome, events, statuses, engine, stop, force };
}

describe("a job that succeeds", () => {
  const succeed = () => run([exits(0, { lines: ["hello"] })]);

  test("tells of each step", async () => {
    const { events } = await succeed();
    const status = (at: number, name: JobStatus, reason: string | null = null) => ({
      type: "job-status",
      at: START + at,
      jobId: "id-1",
      status: name,
      reason,
    });
    expect(events).toEqual([
      { ...PLACE, type: "job-submitted", at: START, jobId: "id-1", jobName: "job" },
      { type: "job-described", at: START, jobId: "id-1", job: expect.objectContaining({ definition: "echo:1" }) },
      status(0, "SUBMITTED"),
      status(0, "RUNNABLE"),
      status(0, "STARTING"),
      status(500, "RUNNING"),
      { type: "job-log", at: START + 500, jobId: "id-1", line: "hello", bytes: Buffer.from("hello\n") },
      {
        type: "job-attempt",
        at: START + 1500,
        jobId: "id-1",
        attempt: { startedAt: START + 500, stoppedAt: START + 1500, exitCode: 0, reason: null, statusReason: EXITED },
      },
      status(1500, "SUCCEEDED", EXITED),
    ]);
  });

  test("gives what DescribeJobs gives", async () => {
    const { detail } = await succeed();
    const container = {
      ExitCode: 0,
      LogStreamName: "echo/default/id2",
      NetworkInterfaces: [{ AttachmentId: "id2", PrivateIpv4Address: "10.0.0.10" }],
      TaskArn: "arn:aws:ecs:eu-west-1:123456789012:task/AWSBatch-queue/id2",
    };
    expect(detail).toEqual({
      Attempts: [
        {
          Container: container,
          StartedAt: START + 500,
          StatusReason: EXITED,
          StoppedAt: START + 1500,
          TaskProperties: [],
        },
      ],
      Container: {
        ...container,
        Command: ["hello"],
        Environment: [
          { Name: "LEVEL", Value: "info" },
          { Name: "MANAGED_BY_AWS", Value: "STARTED_BY_STEP_FUNCTIONS" },
        ],
        Image: "registry/echo:tag",
        MountPoints: [],
        ReadonlyRootFilesystem: true,
        ResourceRequirements: [
          { Type: "VCPU", Value: "1" },
          { Type: "MEMORY", Value: "512" },
        ],
        Secrets: [],
        Ulimits: [],
        Volumes: [],
      },
      CreatedAt: START,
      DependsOn: [],
      EksAttempts: [],
      IsCancelled: false,
      IsTerminated: false,
      JobArn: "arn:aws:batch:eu-west-1:123456789012:job/id-1",
      JobDefinition: "arn:aws:batch:eu-west-1:123456789012:job-definition/echo:1",
      JobId: "id-1",
      JobName: "job",
      JobQueue: "arn:aws:batch:eu-west-1:123456789012:job-queue/queue",
      Parameters: { greeting: "hello" },
      PlatformCapabilities: ["FARGATE"],
      PropagateTags: false,
      RetryStrategy: { Attempts: 1, EvaluateOnExit: [] },
      StartedAt: START + 500,
      Status: "SUCCEEDED",
      StatusReason: EXITED,
      StoppedAt: START + 1500,
      Tags: { resourceArn: "arn:aws:batch:eu-west-1:123456789012:job/id-1" },
    });
  });

  test("runs as its definition says", async () => {
    const { engine } = await run([exits(0)], { user: "65534", vcpus: 0.5 });
    expect(engine.specs).toEqual([
      {
        name: "job-id-1-1",
        place: "step[2]",
        image: "registry/echo:tag",
        localCommand: ["/bin/sh", "image/echo.sh"],
        command: ["hello"],
        environment: {
          LEVEL: "info",
          MANAGED_BY_AWS: "STARTED_BY_STEP_FUNCTIONS",
          AWS_BATCH_CE_NAME: "docker",
          AWS_BATCH_JOB_ATTEMPT: "1",
          AWS_BATCH_JOB_ID: "id-1",
          AWS_BATCH_JQ_NAME: "queue",
        },
        vcpus: 0.5,
        memoryMiB: 512,
        user: "65534",
        readonlyRootFilesystem: true,
        secrets: {},
        gpus: 0,
        sharedMemoryMiB: null,
        initProcess: false,
        mounts: [],
        hosts: {},
      },
    ]);
  });

  test("leaves nobody listening", async () => {
    const { force, stop } = await succeed();
    expect(getEventListeners(force.signal, "abort")).toEqual([]);
    // That of the queue, which is there once for all jobs.
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(1);
  });
});

describe("a job that fails", () => {
  test("fails its state with the job as the cause", async () => {
    const { error, detail, events } = await run([exits(3)]);
    expect(error).toBe("States.TaskFailed");
    expect(detail).toMatchObject({
      Status: "FAILED",
      StatusReason: EXITED,
      Container: { ExitCode: 3 },
      Attempts: [{ Container: { ExitCode: 3 }, StatusReason: EXITED }],
    });
    expect(events.at(-1)).toMatchObject({ status: "FAILED", reason: EXITED });
  });

  test("says so when it ran out of memory", async () => {
    const { detail } = await run([exits(137, { outOfMemory: true })]);
    const Container = { ExitCode: 137, Reason: "OutOfMemoryError: Container killed due to memory usage" };
    expect(detail).toMatchObject({ StatusReason: EXITED, Container, Attempts: [{ Container }] });
  });

  test("never comes to run where its container does not start, and gives a reason of 255 characters at most", async () => {
    const { detail, statuses, events } = await run(
      [neverStarts(`CannotPullContainerError: ${"x".repeat(300)}`)],
      ON_EC2,
    );
    const Reason = `CannotPullContainerError: ${"x".repeat(229)}`;
    expect(detail).toMatchObject({ StatusReason: "Task failed to start", Container: { Reason } });
    expect(detail).not.toHaveProperty("StartedAt");
    expect(detail).not.toHaveProperty("Container.ExitCode");
    expect(detail).not.toHaveProperty("Container.LogStreamName");
    expect(statuses.map(([, status]) => status)).toEqual(["SUBMITTED", "RUNNABLE", "STARTING", "FAILED"]);
    expect(events.find(({ type }) => type === "job-attempt")).toMatchObject({
      attempt: { startedAt: null, exitCode: null, reason: Reason, statusReason: "Task failed to start" },
    });
  });
});

describe("a job with several attempts", () => {
  test("runs until one succeeds, each time from the queue on", async () => {
    const { error, detail, statuses, engine } = await run([exits(3), exits(0)], { attempts: 3 });
    expect(error).toBeNull();
    expect(detail).toMatchObject({
      Status: "SUCCEEDED",
      StartedAt: START + 2000,
      Attempts: [{ Container: { ExitCode: 3 } }, { Container: { ExitCode: 0 } }],
    });
    expect(statuses).toEqual([
      [0, "SUBMITTED"],
      [0, "RUNNABLE"],
      [0, "STARTING"],
      [500, "RUNNING"],
      [1500, "RUNNABLE"],
      [1500, "STARTING"],
      [2000, "RUNNING"],
      [3000, "SUCCEEDED"],
    ]);
    expect(engine.specs.map(({ name, environment }) => [name, environment.AWS_BATCH_JOB_ATTEMPT])).toEqual([
      ["job-id-1-1", "1"],
      ["job-id-1-2", "2"],
    ]);
  });

  test("fails after the last", async () => {
    const { error, engine } = await run([exits(3)], { attempts: 3 });
    expect(error).toBe("States.TaskFailed");
    expect(engine.specs).toHaveLength(3);
  });

  const pull = neverStarts("CannotPullContainerError: no");
  const exit: EvaluateOnExit = { Action: "exit", OnReason: "*" };
  test.each<[string, EvaluateOnExit[], Script, number]>([
    ["no rule", [], exits(3), 2],
    ["no rule that matches", [{ Action: "exit", OnExitCode: "4" }], exits(3), 2],
    ["an exit for its exit code", [{ Action: "exit", OnExitCode: "3" }], exits(3), 1],
    ["an exit for a start of its exit code", [{ Action: "EXIT", OnExitCode: "1*" }], exits(137), 1],
    ["a pattern that is only a start of it", [{ Action: "exit", OnExitCode: "13" }], exits(137), 2],
    ["an exit for any reason, where it has none", [exit], exits(3), 1],
    ["a retry before that", [{ Action: "RETRY", OnExitCode: "3" }, exit], exits(3), 2],
    ["a retry after that", [exit, { Action: "retry", OnExitCode: "3" }], exits(3), 1],
    [
      "a rule of which only one half matches",
      [{ Action: "exit", OnExitCode: "3", OnStatusReason: "Host*" }],
      exits(3),
      2,
    ],
    ["a rule of which both halves match", [{ Action: "exit", OnExitCode: "3", OnStatusReason: "Ess*" }], exits(3), 1],
    ["a pattern in other letter case", [{ Action: "exit", OnStatusReason: "essential*" }], exits(3), 2],
    ["a rule for an exit code that there is none of", [{ Action: "exit", OnExitCode: "0" }], pull, 2],
    ["a retry of what did not start", [{ Action: "retry", OnStatusReason: "Task failed to start" }, exit], pull, 2],
    ["an exit for its reason", [{ Action: "exit", OnReason: "CannotPull*" }], pull, 1],
    ["a retry of a lost host", [{ Action: "retry", OnStatusReason: "Host EC2*" }, exit], losesHost(HOST), 2],
    ["a retry of a lost host, and an exit 3", [{ Action: "retry", OnStatusReason: "Host EC2*" }, exit], exits(3), 1],
    [
      "a retry of an interruption",
      [{ Action: "retry", OnStatusReason: `${SPOT.slice(0, -1)}*` }, exit],
      losesHost(SPOT),
      2,
    ],
  ])("with %s", async (_, evaluateOnExit, script, attempts) => {
    const { engine } = await run([script], { attempts: 2, evaluateOnExit, ...ON_EC2 });
    expect(engine.specs).toHaveLength(attempts);
  });

  test.each<[string, Script, string, Partial<JobDefinition>]>([
    ["a lost host of Fargate reads like an interruption", losesHost(HOST), "Your Spot Task was interrupted.", {}],
    ["a lost instance has its own text", losesHost(HOST), HOST, ON_EC2],
    ["Fargate tells why it cannot pull", neverStarts("CannotPullContainerError: x"), "CannotPullContainerError: x", {}],
    [
      "an instance only tells that it cannot start",
      neverStarts("CannotPullContainerError: x"),
      "Task failed to start",
      ON_EC2,
    ],
    [
      "Fargate does not tell why a container cannot start",
      neverStarts("CannotStartContainerError: x"),
      "Task failed to start",
      {},
    ],
  ])("%s", async (_, script, StatusReason, definition) => {
    const { detail } = await run([script], definition);
    expect(detail).toMatchObject({ StatusReason });
  });

  test("that has lost its host says so, without an exit code, and goes on", async () => {
    const { detail } = await run([losesHost(HOST), exits(0)], { attempts: 2, ...ON_EC2 });
    expect(detail).toMatchObject({ Status: "SUCCEEDED", StatusReason: EXITED });
    expect(detail.Attempts).toEqual([
      {
        Container: {
          LogStreamName: "echo/default/id2",
          NetworkInterfaces: [],
          TaskArn: "arn:aws:ecs:eu-west-1:123456789012:task/AWSBatch-queue/id2",
        },
        StartedAt: START,
        StatusReason: HOST,
        StoppedAt: START + 1000,
        TaskProperties: [],
      },
      expect.objectContaining({ StatusReason: EXITED }),
    ]);
  });
});

describe("a job that outlives its timeout", () => {
  const definition = { timeoutSeconds: 60, attempts: 3 };

  test("has lost its host 30 s after it was killed, where it goes on", async () => {
    const { detail, statuses } = await run([runsUntil("SIGINT", 0)], definition);
    expect(statuses.at(-1)).toEqual([120_000, "FAILED"]);
    expect(detail).toMatchObject({
      StatusReason: TIMED_OUT,
      Attempts: [{ Container: { TaskArn: expect.any(String) } }],
    });
    expect(detail).not.toHaveProperty("Container.ExitCode");
  });

  test("is asked to end, then killed 30 s later, and not retried", async () => {
    const { error, detail, statuses, engine } = await run([runsUntil("SIGKILL", 137)], definition);
    expect(engine.kills).toEqual([
      [60_000, "SIGTERM"],
      [90_000, "SIGKILL"],
    ]);
    expect(error).toBe("States.TaskFailed");
    expect(detail).toMatchObject({
      StatusReason: TIMED_OUT,
      IsTerminated: false,
      Container: { ExitCode: 137 },
      Attempts: [{ StatusReason: TIMED_OUT }],
      Timeout: { AttemptDurationSeconds: 60 },
    });
    expect(statuses.at(-1)).toEqual([90_000, "FAILED"]);
  });

  test("fails even if it ends well when it is asked to", async () => {
    const { error, detail, engine } = await run([runsUntil("SIGTERM", 0)], definition);
    expect(engine.kills).toEqual([[60_000, "SIGTERM"]]);
    expect(error).toBe("States.TaskFailed");
    expect(detail).toMatchObject({ StatusReason: TIMED_OUT, Container: { ExitCode: 0 } });
  });

  test("is given the whole time again in each attempt, from its start on", async () => {
    const { engine } = await run([exits(1), runsUntil("SIGTERM", 143)], definition);
    expect(engine.kills).toEqual([[61_500, "SIGTERM"]]);
  });
});

describe("a job that is stopped", () => {
  test("is asked to end, then killed 30 s later, and not retried", async () => {
    const { error, detail, engine } = await run(
      [runsUntil("SIGKILL", 137)],
      { attempts: 3 },
      ({ clock, stop }) => void clock.sleep(5000).then(() => stop.abort()),
    );
    expect(engine.kills).toEqual([
      [5000, "SIGTERM"],
      [35_000, "SIGKILL"],
    ]);
    expect(error).toBe("States.TaskFailed");
    expect(detail).toMatchObject({
      Status: "FAILED",
      StatusReason: STOPPED,
      IsTerminated: true,
      IsCancelled: false,
      Attempts: [{ StatusReason: STOPPED }],
    });
  });

  test("is killed at once when that is forced", async () => {
    const { engine } = await run([runsUntil("SIGKILL", 137)], {}, ({ clock, stop, force }) => {
      void clock.sleep(5000).then(() => stop.abort());
      void clock.sleep(6000).then(() => force.abort());
    });
    expect(engine.kills).toEqual([
      [5000, "SIGTERM"],
      [6000, "SIGKILL"],
    ]);
  });

  test("has lost its host a second later where not even that ends it", async () => {
    const { detail, engine, statuses } = await run(
      [runsUntil("SIGINT", 0)],
      { attempts: 3 },
      ({ clock, stop, force }) => {
        void clock.sleep(5000).then(() => stop.abort());
        void clock.sleep(6000).then(() => force.abort());
      },
    );
    expect(engine.specs).toHaveLength(1);
    expect(statuses.at(-1)).toEqual([7000, "FAILED"]);
    expect(detail).toMatchObject({ StatusReason: STOPPED, Attempts: [{ StatusReason: STOPPED }] });
  });

  test("is asked once, whatever else happens until it ends", async () => {
    const { detail, engine } = await run(
      [runsUntil("SIGKILL", 137)],
      { timeoutSeconds: 60 },
      ({ clock, stop }) => void clock.sleep(50_000).then(() => stop.abort()),
    );
    expect(engine.kills).toEqual([
      [50_000, "SIGTERM"],
      [80_000, "SIGKILL"],
    ]);
    expect(detail.StatusReason).toBe(STOPPED);
  });

  test("starts no container if it was still queued", async () => {
    const full = new Slots(2);
    await full.take(2, new AbortController().signal);
    const { error, detail, engine, statuses } = await run([exits(0)], {}, ({ stop }) => stop.abort(), full);
    expect(error).toBe("States.TaskFailed");
    expect(engine.specs).toEqual([]);
    expect(detail).toMatchObject({ StatusReason: STOPPED, IsTerminated: true, IsCancelled: true, Attempts: [] });
    expect(statuses.map(([, status]) => status)).toEqual(["SUBMITTED", "RUNNABLE", "FAILED"]);
  });

  test("before an attempt that was to follow has just the attempts that it had", async () => {
    const { detail } = await run(
      [exits(3)],
      { attempts: 3 },
      ({ clock, stop }) => void clock.sleep(1500).then(() => stop.abort()),
    );
    expect(detail.Attempts).toHaveLength(1);
    expect(detail).toMatchObject({ StatusReason: STOPPED, IsTerminated: true });
  });
});

test("jobs wait in the queue until there is room, and give it back", async () => {
  const slots = new Slots(1);
  const [first, second] = await Promise.all([
    run([exits(1)], {}, () => {}, slots),
    run([exits(0)], {}, () => {}, slots),
  ]);
  expect(first.statuses.at(-1)).toEqual([1500, "FAILED"]);
  expect(second.error).toBeNull();
  expect(await slots.take(1, new AbortController().signal)).toBe(true);
});

test("a request that makes no job starts nothing and tells nothing", async () => {
  const events: ExecutionEvent[] = [];
  const clock = new FakeClock();
  const engine = new FakeEngine(clock, []);
  const deps = batchDependencies({
    definitions: [],
    engine,
    slots: new Slots(1),
    emit: (event) => events.push(event),
    clock,
  });
  await expect(runJob(PLACE, REQUEST, deps, new AbortController().signal)).rejects.toMatchObject({
    error: "Batch.ClientException",
    cause: "JobDefinition echo not found",
  });
  expect(events).toEqual([]);
});

test("tells what the last attempt has used, after the attempt", async () => {
  const usage = { peakMemoryMiB: 310, cpuSeconds: 1.5 };
  const { events } = await run([async (given) => ({ ...(await exits(0)(given)), usage })]);
  const [attempt, used] = events.slice(-3);
  expect([attempt?.type, used]).toEqual(["job-attempt", { type: "job-usage", at: START + 1500, jobId: "id-1", usage }]);
});
