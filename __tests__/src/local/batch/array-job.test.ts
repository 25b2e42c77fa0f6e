import { jobDefinition } from "../../../../scripts/demo/example-job";
import { FakeClock } from "../../../../scripts/demo/fake-clock";
import type { JsonObject } from "../../../../src/base/json";
import type { ExecutionEvent } from "../../../../src/execution/events";
import { runJob, submitJob } from "../../../../src/local/batch/batch-job";
import type { JobDefinition } from "../../../../src/local/batch/job-definition";
import { Slots } from "../../../../src/local/batch/slots";
import { SubmittedJobs } from "../../../../src/local/batch/submitted-jobs";
import type { ContainerSpec, Engine } from "../../../../src/local/engines/engine";
import { StatesError } from "../../../../src/local/interpreter/states-error";
import { batchDependencies } from "./batch-dependencies";

const REQUEST = { JobName: "job", JobDefinition: "echo", JobQueue: "queue" };
const PLACE = { state: "step", indices: [] };
const JOB_ARN = "arn:aws:batch:eu-west-1:123456789012:job";

/** Batch, whose jobs take `seconds` each. `exitCode` decides by the name of the container, such as `job-id-1-0-1`. */
function batch(
  exitCode: (name: string) => number = () => 0,
  definition: Partial<JobDefinition> = {},
  { vcpus = 8, seconds = 1 } = {},
) {
  const clock = new FakeClock();
  const started: [at: number, name: string][] = [];
  const specs: ContainerSpec[] = [];
  const events: ExecutionEvent[] = [];
  const stop = new AbortController();
  const engine: Engine = {
    name: "docker",
    run: (spec, listener) => {
      specs.push(spec);
      started.push([clock.now(), spec.name]);
      listener.started();
      listener.line("hello", Buffer.from("hello\n"));
      let kill = () => {};
      const killed = new Promise<void>((resolve) => {
        kill = resolve;
      });
      const ended = Promise.race([clock.sleep(seconds * 1000), killed]).then(() => ({
        kind: "exited" as const,
        exitCode: exitCode(spec.name),
        outOfMemory: false,
      }));
      return { ended, kill };
    },
    close: () => {},
  };
  const jobs = new SubmittedJobs();
  const deps = batchDependencies({
    definitions: [jobDefinition(definition)],
    engine,
    slots: new Slots(vcpus, undefined, clock),
    jobs,
    emit: (event) => events.push(event),
    clock,
  });
  const submit = (request: JsonObject = {}) => submitJob(PLACE, { ...REQUEST, ...request }, deps, stop.signal);
  const run = async (request: JsonObject = {}): Promise<JsonObject> => {
    try {
      return await runJob(PLACE, { ...REQUEST, ...request }, deps, stop.signal);
    } catch (error) {
      if (!(error instanceof StatesError)) throw error;
      return JSON.parse(error.cause) as JsonObject;
    }
  };
  return { submit, run, jobs, started, specs, events, stop };
}

describe("a job that nothing waits for", () => {
  test("gives the response of SubmitJob at once, and goes on", async () => {
    const { submit, jobs, events } = batch();
    expect(submit()).toEqual({ JobArn: `${JOB_ARN}/id-1`, JobId: "id-1", JobName: "job" });
    expect(jobs.count).toBe(1);
    await jobs.settled();
    expect(jobs.count).toBe(0);
    expect(events.at(-1)).toMatchObject({ type: "job-status", at: 1000, status: "SUCCEEDED" });
  });

  test("ends when the user stops the execution", async () => {
    const { submit, jobs, events, stop } = batch(() => 143);
    submit();
    await Promise.resolve();
    stop.abort();
    await jobs.settled();
    expect(events.at(-1)).toMatchObject({ status: "FAILED", reason: "The state was stopped" });
  });
});

describe("an array job", () => {
  test("runs a child for each index, each with its index and its own id", async () => {
    const { run, specs } = batch();
    await run({ ArrayProperties: { Size: 3 } });
    expect(specs.map(({ name, environment }) => [name, environment.AWS_BATCH_JOB_ID])).toEqual([
      ["job-id-1-0-1", "id-1:0"],
      ["job-id-1-1-1", "id-1:1"],
      ["job-id-1-2-1", "id-1:2"],
    ]);
    expect(specs[2]!.environment).toMatchObject({ AWS_BATCH_JOB_ARRAY_INDEX: "2", AWS_BATCH_JOB_ARRAY_SIZE: "3" });
  });

  test("gives the summary of its children", async () => {
    const { run } = batch();
    const detail = await run({ ArrayProperties: { Size: 2 } });
    expect(detail).toMatchObject({
      ArrayProperties: {
        Size: 2,
        StatusSummary: { SUBMITTED: 0, PENDING: 0, RUNNABLE: 0, STARTING: 0, RUNNING: 0, SUCCEEDED: 2, FAILED: 0 },
        StatusSummaryLastUpdatedAt: 1000,
      },
      Attempts: [],
      Status: "SUCCEEDED",
    });
  });

  test("fails when a child fails, after all children have ended", async () => {
    const { run } = batch((name) => (name.includes("-1-1-") ? 1 : 0));
    const detail = await run({ ArrayProperties: { Size: 3 } });
    expect(detail).toMatchObject({
      ArrayProperties: { StatusSummary: { SUCCEEDED: 2, FAILED: 1 } },
      Status: "FAILED",
      StatusReason: "Array Child Job failed",
    });
  });

  test("retries its children one by one", async () => {
    const { run, started } = batch((name) => (name === "job-id-1-1-1" ? 1 : 0), { attempts: 2 });
    expect(await run({ ArrayProperties: { Size: 2 } })).toMatchObject({ Status: "SUCCEEDED" });
    expect(started.map(([, name]) => name)).toEqual(["job-id-1-0-1", "job-id-1-1-1", "job-id-1-1-2"]);
  });

  test("is one job in the events, and its lines begin with the index", async () => {
    const { run, events } = batch();
    await run({ ArrayProperties: { Size: 2 } });
    const told = events.map((event) =>
      event.type === "job-status"
        ? event.status
        : event.type === "job-log"
          ? [event.line, String(event.bytes)]
          : event.type,
    );
    expect(told).toEqual([
      ...["job-submitted", "job-described", "SUBMITTED", "RUNNABLE", "STARTING", "RUNNING"],
      ...[["[0] hello", "[0] hello\n"], ["[1] hello", "[1] hello\n"], "SUCCEEDED"],
    ]);
  });

  test("runs its children one after the other with SEQUENTIAL", async () => {
    const { run, started } = batch();
    await run({ ArrayProperties: { Size: 3 }, DependsOn: [{ Type: "SEQUENTIAL" }] });
    expect(started.map(([at]) => at)).toEqual([0, 1000, 2000]);
  });

  test("of 500 children in sequence does not slow down, and Node.js does not warn of a leak", async () => {
    const warn = jest.spyOn(process, "emitWarning").mockImplementation(() => {});
    const { run, started } = batch();
    await run({ ArrayProperties: { Size: 500 }, DependsOn: [{ Type: "SEQUENTIAL" }] });
    expect(started.at(-1)).toEqual([499_000, "job-id-1-499-1"]);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test("starts no further child with SEQUENTIAL after one has failed", async () => {
    const { run, started } = batch((name) => (name.includes("-1-1-") ? 1 : 0));
    const detail = await run({ ArrayProperties: { Size: 3 }, DependsOn: [{ Type: "SEQUENTIAL" }] });
    expect(started.map(([, name]) => name)).toEqual(["job-id-1-0-1", "job-id-1-1-1"]);
    expect(detail).toMatchObject({ ArrayProperties: { StatusSummary: { SUCCEEDED: 1, FAILED: 2 } } });
  });
});

describe("a job that depends on others", () => {
  test("starts when they have succeeded, and names them in its result", async () => {
    const { submit, run, started } = batch();
    submit();
    const detail = await run({ DependsOn: [{ JobId: "id-1" }] });
    expect(started).toEqual([
      [0, "job-id-1-1"],
      [1000, "job-id-2-1"],
    ]);
    expect(detail).toMatchObject({ Status: "SUCCEEDED", DependsOn: [{ JobId: "id-1" }] });
  });

  test("fails without a start when one of them fails", async () => {
    const { submit, run, started } = batch((name) => (name === "job-id-1-1" ? 1 : 0));
    submit();
    expect(await run({ DependsOn: [{ JobId: "id-1" }] })).toMatchObject({
      Status: "FAILED",
      StatusReason: "Dependent Job failed",
      Attempts: [],
      IsTerminated: false,
    });
    expect(started).toEqual([[0, "job-id-1-1"]]);
  });

  test("is terminated while it waits when the execution is stopped", async () => {
    const { submit, run, stop } = batch();
    submit();
    const ended = run({ DependsOn: [{ JobId: "id-1" }] });
    await Promise.resolve();
    stop.abort();
    expect(await ended).toMatchObject({ IsCancelled: true, StatusReason: "The state was stopped", Attempts: [] });
  });

  test("waits child by child with N_TO_N", async () => {
    const { submit, run, started } = batch((name) => (name === "job-id-1-0-1" ? 1 : 0));
    submit({ ArrayProperties: { Size: 2 } });
    const detail = await run({ ArrayProperties: { Size: 2 }, DependsOn: [{ JobId: "id-1", Type: "N_TO_N" }] });
    expect(started.map(([, name]) => name)).toEqual(["job-id-1-0-1", "job-id-1-1-1", "job-id-2-1-1"]);
    expect(detail).toMatchObject({ ArrayProperties: { StatusSummary: { SUCCEEDED: 1, FAILED: 1 } } });
  });

  test.each<[string, JsonObject, string]>([
    ["an unknown job", { DependsOn: [{ JobId: "other" }] }, "the job other of DependsOn is none of this execution"],
    ["no job", { DependsOn: [{}] }, "a dependency needs a JobId, or the type SEQUENTIAL"],
    [
      "a type without an array",
      { DependsOn: [{ Type: "SEQUENTIAL" }] },
      "a dependency of the type SEQUENTIAL needs an array job",
    ],
    [
      "N_TO_N of another size",
      { ArrayProperties: { Size: 2 }, DependsOn: [{ JobId: "id-1", Type: "N_TO_N" }] },
      "N_TO_N needs array jobs of the same size, got: 2 and no array",
    ],
  ])("is refused with %s", (_, request, cause) => {
    const { submit } = batch();
    submit();
    expect(() => submit(request)).toThrow(expect.objectContaining({ error: "Batch.ClientException", cause }));
  });
});

describe("a job that waits", () => {
  const SLOW = { seconds: 5 };
  const toldOf = (events: readonly ExecutionEvent[], id: string) =>
    events.flatMap((event) => {
      if (!("jobId" in event) || event.jobId !== id) return [];
      if (event.type === "job-waiting") return [[event.at, event.wait.reason, event.wait.place]];
      return event.type === "job-status" ? [[event.at, event.status]] : [];
    });

  test("for others says so after a second, while it is SUBMITTED", async () => {
    const { submit, jobs, events } = batch(() => 0, {}, SLOW);
    const ids = [submit(), submit()].map(({ JobId }) => ({ JobId: JobId as string }));
    submit({ DependsOn: ids });
    submit({ DependsOn: ids.slice(0, 1) });
    await jobs.settled();
    expect(toldOf(events, "id-3").slice(0, 3)).toEqual([
      [0, "SUBMITTED"],
      [1000, "waiting for 2 jobs that it depends on", null],
      [5000, "RUNNABLE"],
    ]);
    expect(toldOf(events, "id-4")[1]).toEqual([1000, "waiting for a job that it depends on", null]);
  });

  test("for others that end soon says nothing", async () => {
    const { submit, jobs, events } = batch(() => 0, {}, { seconds: 0.5 });
    const { JobId } = submit();
    submit({ DependsOn: [{ JobId: JobId as string }] });
    await jobs.settled();
    expect(events.filter(({ type }) => type === "job-waiting")).toEqual([]);
  });

  test("for vCPUs says so, and nothing after its start", async () => {
    const { submit, jobs, events } = batch(() => 0, {}, { ...SLOW, vcpus: 1 });
    submit();
    submit();
    await jobs.settled();
    expect(toldOf(events, "id-2").slice(0, 4)).toEqual([
      [0, "SUBMITTED"],
      [0, "RUNNABLE"],
      [1000, "waiting for 1 of 1 vCPU", 1],
      [5000, "STARTING"],
    ]);
  });

  test("as an array waits until its first child starts", async () => {
    const { submit, jobs, events } = batch(() => 0, {}, { ...SLOW, vcpus: 1 });
    submit();
    submit({ ArrayProperties: { Size: 3 } });
    await jobs.settled();
    expect(
      events.flatMap((event) => (event.type === "job-waiting" ? [[event.at, event.jobId, event.wait]] : [])),
    ).toEqual([[1000, "id-2", { reason: "waiting for 1 of 1 vCPU", place: 1 }]]);
  });
});
