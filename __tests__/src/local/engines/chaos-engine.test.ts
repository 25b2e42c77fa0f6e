import { jobDefinition, QUEUE } from "../../../../scripts/demo/example-job";
import { FakeClock } from "../../../../scripts/demo/fake-clock";
import type { StatesDocument } from "../../../../src/asl/document";
import { collectResult, type ExecutionResult } from "../../../../src/execution/result";
import { memoryStore } from "../../../../src/local/data/memory-store";
import { type Chaos, chaosEngine } from "../../../../src/local/engines/chaos-engine";
import { CHAOS_FAILURES, type FailureName } from "../../../../src/local/engines/chaos-failures";
import type { ContainerEnd, Engine } from "../../../../src/local/engines/engine";
import { runLocally } from "../../../../src/local/run";
import { retryRules } from "../../../../stacks/retry-rules";
import { containerSpec, runContainer } from "../container-log";

const SUCCEEDED: ContainerEnd = { kind: "exited", exitCode: 0, outOfMemory: false };

/** Writes a line and ends at once, or after so many seconds, or when it is killed. */
function fakeEngine(clock: FakeClock, seconds = 0) {
  const killed: string[] = [];
  const engine: Engine = {
    name: "docker",
    close: () => killed.push("closed"),
    run: (_, listener) => {
      const over = new AbortController();
      listener.started();
      listener.line("working", Buffer.from("working"));
      const sleeps = seconds === 0 ? Promise.resolve() : clock.sleep(seconds * 1000, over.signal);
      const ended = sleeps.then(() => {
        if (over.signal.aborted) listener.line("last words", Buffer.from("last words"));
        return SUCCEEDED;
      });
      const kill = (signal: string) => {
        killed.push(signal);
        over.abort();
      };
      return { ended, kill };
    },
  };
  return { engine, killed };
}

const PULL =
  "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref: i/o timeout";
const START =
  "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: context deadline exceeded";

const certain = (name: FailureName): Chaos => ({ probabilities: { [name]: 1 }, seed: 1 });

describe("a failure", () => {
  test.each(["pull", "start"] as const)("%s comes before the container starts", async (name) => {
    const clock = new FakeClock();
    const { end, told } = await runContainer(
      chaosEngine(fakeEngine(clock).engine, certain(name), clock),
      containerSpec(),
    );
    expect([end, told]).toEqual([{ ...CHAOS_FAILURES[name].end, injected: name }, []]);
  });

  test.each(["lost-host", "out-of-memory", "exit"] as const)(
    "%s kills a container that runs, and nothing is heard of it any more",
    async (name) => {
      const clock = new FakeClock();
      const { engine, killed } = fakeEngine(clock, 1e6);
      const { end, told } = await runContainer(chaosEngine(engine, certain(name), clock), containerSpec());
      expect([end, told, killed]).toEqual([
        { ...CHAOS_FAILURES[name].end, injected: name },
        ["started", "working"],
        ["SIGKILL"],
      ]);
      expect(clock.now()).toBeGreaterThanOrEqual(10);
      expect(clock.now()).toBeLessThan(100_000);
    },
  );

  test("takes a container that ends before its moment, too", async () => {
    const clock = new FakeClock();
    const { engine, killed } = fakeEngine(clock);
    const { end } = await runContainer(chaosEngine(engine, certain("lost-host"), clock), containerSpec());
    expect([end.injected, killed, clock.now()]).toEqual(["lost-host", [], 0]);
  });

  test("leaves a container alone that could not start by itself", async () => {
    const clock = new FakeClock();
    const cannotStart: ContainerEnd = { kind: "not-started", reason: "CannotPullContainerError: no such image" };
    const engine: Engine = {
      name: "process",
      close: () => {},
      run: () => ({ ended: Promise.resolve(cannotStart), kill: () => {} }),
    };
    const { end } = await runContainer(chaosEngine(engine, certain("lost-host"), clock), containerSpec());
    expect(end).toEqual(cannotStart);
  });
});

test("closes the engine, and has its name", () => {
  const { engine, killed } = fakeEngine(new FakeClock());
  const chaos = chaosEngine(engine, certain("pull"), new FakeClock());
  chaos.close();
  expect([chaos.name, killed]).toEqual(["docker", ["closed"]]);
});

/** Runs a Map with a job for each item. */
async function runMap(items: number, attempts: number, chaos: Chaos, onFargate = true): Promise<ExecutionResult> {
  const clock = new FakeClock();
  const evaluateOnExit = retryRules(onFargate).map(({ action, onReason, onStatusReason }) => ({
    Action: action,
    ...(onReason !== undefined && { OnReason: onReason }),
    ...(onStatusReason !== undefined && { OnStatusReason: onStatusReason }),
  }));
  const platformCapabilities = [onFargate ? "FARGATE" : "EC2"];
  const job = jobDefinition({ vcpus: 0.25, attempts, evaluateOnExit, platformCapabilities });
  const parameters = { JobName: "job", JobQueue: QUEUE.arn, JobDefinition: job.arn };
  const Resource = "arn:aws:states:::batch:submitJob.sync";
  const definition: StatesDocument = {
    StartAt: "all",
    States: {
      all: {
        Type: "Map",
        ItemProcessor: {
          StartAt: "one",
          States: { one: { Type: "Task", Resource, Parameters: parameters, ResultPath: null, End: true } },
        },
        End: true,
      },
    },
  };
  const { result, sink } = collectResult(definition);
  const arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:echo";
  await runLocally(
    {
      stateMachine: { name: "echo", arn, roleArn: "arn:aws:iam::123456789012:role/echo", definition },
      queues: [QUEUE],
      jobDefinitions: [job],
      images: {},
    },
    { name: "run", input: Array.from({ length: items }, (_, index) => index) },
    {
      engine: chaosEngine(fakeEngine(clock).engine, chaos, clock),
      objects: memoryStore({}),
      vcpus: 4,
      clock,
      emit: sink,
    },
    { stop: new AbortController().signal, force: new AbortController().signal },
  );
  return result;
}

const injectedIn = ({ jobs }: ExecutionResult) =>
  jobs
    .map(({ indices, attempts }) => `${indices}: ${attempts.map(({ injected }) => injected ?? "-").join(" ")}`)
    .sort();

describe("with the retry rules of the project", () => {
  test("300 jobs with 30 % lost hosts end without a failed one, if each has ten attempts", async () => {
    const result = await runMap(300, 10, { probabilities: { "lost-host": 0.3 }, seed: 1 });
    const attempts = result.jobs.flatMap((job) => job.attempts);
    const lost = attempts.filter(({ injected }) => injected === "lost-host");
    expect([result.status, new Set(result.jobs.map(({ status }) => status))]).toEqual([
      "SUCCEEDED",
      new Set(["SUCCEEDED"]),
    ]);
    expect([result.jobs.length, attempts.length, lost.length]).toEqual([300, 300 + lost.length, 102]);
    expect(new Set(lost.map(({ statusReason }) => statusReason))).toEqual(new Set(["Your Spot Task was interrupted."]));
  });

  test("with the three attempts of the shipped job, one of 300 jobs fails", async () => {
    const { status, jobs } = await runMap(300, 3, { probabilities: { "lost-host": 0.3 }, seed: 1 });
    expect([status, jobs.find((job) => job.status === "FAILED")!.attempts.length]).toEqual(["FAILED", 3]);
  });

  test.each<[FailureName, onFargate: boolean, attempts: number, reason: string | null, statusReason: string]>([
    ["lost-host", true, 2, null, "Your Spot Task was interrupted."],
    ["lost-host", false, 2, null, "Host EC2 (instance chaos) terminated."],
    ["pull", true, 2, PULL, PULL],
    ["pull", false, 2, PULL, "Task failed to start"],
    ["start", true, 2, START, START],
    ["start", false, 2, START, "Task failed to start"],
    [
      "out-of-memory",
      true,
      1,
      "OutOfMemoryError: Container killed due to memory usage",
      "Essential container in task exited",
    ],
    ["exit", false, 1, null, "Essential container in task exited"],
  ])("%s (on Fargate: %p) ends after %p of two attempts", async (name, onFargate, count, reason, statusReason) => {
    const { jobs } = await runMap(1, 2, certain(name), onFargate);
    expect(jobs[0]!.attempts.map((attempt) => [attempt.reason, attempt.statusReason, attempt.injected])).toEqual(
      Array<unknown>(count).fill([reason, statusReason, name]),
    );
  });
});

test("the same seed injects the same failures, and another seed others", async () => {
  const probabilities = { "lost-host": 0.2, pull: 0.2 };
  const [one, same, other] = await Promise.all(
    [7, 7, 8].map((seed) => runMap(40, 10, { probabilities, seed }).then(injectedIn)),
  );
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
});
