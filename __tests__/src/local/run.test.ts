import echo from "../../../scripts/demo/echo.asl.json";
import example from "../../../scripts/demo/echo.input.json";
import { jobDefinition, QUEUE } from "../../../scripts/demo/example-job";
import { FakeClock } from "../../../scripts/demo/fake-clock";
import type { StatesDocument } from "../../../src/asl/document";
import { substitute } from "../../../src/asl/substitution";
import type { Json, JsonObject } from "../../../src/base/json";
import { type ExecutionEvent, placeName } from "../../../src/execution/events";
import { collectResult, type ExecutionResult } from "../../../src/execution/result";
import type { JobDefinition } from "../../../src/local/batch/job-definition";
import { memoryStore } from "../../../src/local/data/memory-store";
import type { ContainerEnd, Engine } from "../../../src/local/engines/engine";
import type { Mocks } from "../../../src/local/mocks";
import { runLocally } from "../../../src/local/run";
import type { SynthesizedWorkflow } from "../../../src/local/synthesize";
import { readMockFile } from "../../../src/testing/mock-file";
import { mockableStates } from "../../../src/testing/mockable-states";
import echoInJsonPath from "../../fixtures/echo-jsonpath.asl.json";

/** The behaviour of a job, by its name and the number of its attempt: it ends in this way after so many seconds, or never. */
type Behaviour = (jobName: string, attempt: number) => { end: ContainerEnd; seconds: number } | "hangs";

const exits = (exitCode: number, seconds = 1) => ({
  end: { kind: "exited", exitCode, outOfMemory: false } as const,
  seconds,
});
const spotInterruption = {
  end: { kind: "host-lost", statusReason: "Your Spot Task was interrupted." } as const,
  seconds: 5,
};

/** As the stacks define it: three attempts, for lost hosts only. */
const definition = jobDefinition({
  vcpus: 0.25,
  timeoutSeconds: 60,
  attempts: 3,
  evaluateOnExit: [
    { Action: "retry", OnStatusReason: "Your Spot Task was interrupted*" },
    { Action: "exit", OnReason: "*" },
  ],
});

function fakeEngine(behaviour: Behaviour, clock: FakeClock): Engine {
  return {
    name: "process",
    close: () => {},
    run: ({ name, environment, command }, listener) => {
      const behaves = behaviour(name.replace(/-[0-9a-f-]{36}-\d$/, ""), Number(environment.AWS_BATCH_JOB_ATTEMPT));
      const over = new AbortController();
      const ended = (async (): Promise<ContainerEnd> => {
        listener.started();
        for (const parameter of command) listener.line(parameter, Buffer.from(parameter));
        await clock.sleep(behaves === "hangs" ? 1e9 : behaves.seconds * 1000, over.signal);
        if (over.signal.aborted) return { kind: "exited", exitCode: 143, outOfMemory: false };
        return behaves === "hangs" ? exits(0).end : behaves.end;
      })();
      return { ended, kill: () => over.abort() };
    },
  };
}

interface Scenario {
  readonly document?: unknown;
  readonly input?: Json;
  readonly behaviour?: Behaviour;
  readonly mocks?: Mocks;
  readonly maxJobs?: number;
  readonly onEvent?: (event: ExecutionEvent, stop: AbortController) => void;
}

async function runScenario({
  document = echo,
  input = example,
  behaviour = () => exits(0),
  mocks,
  maxJobs,
  onEvent = () => {},
}: Scenario): Promise<ExecutionResult> {
  const clock = new FakeClock();
  const stop = new AbortController();
  const { result, sink } = collectResult(document as StatesDocument);
  await runLocally(
    workflowOf(document as StatesDocument, definition),
    { name: "run", input },
    {
      engine: fakeEngine(behaviour, clock),
      objects: memoryStore({}),
      vcpus: 2,
      maxJobs,
      ...(mocks === undefined ? {} : { mocks }),
      clock,
      emit: (event) => {
        sink(event);
        onEvent(event, stop);
      },
    },
    { stop: stop.signal, force: new AbortController().signal },
  );
  return result;
}

function workflowOf(document: StatesDocument, job: JobDefinition): SynthesizedWorkflow {
  const values = { Partition: "aws", JobQueueArn: QUEUE.arn, EchoJobDefinitionArn: job.arn };
  return {
    stateMachine: {
      name: "echo_dev",
      arn: "arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev",
      roleArn: "arn:aws:iam::123456789012:role/echo_dev-states",
      definition: substitute(document, values),
    },
    queues: [QUEUE],
    jobDefinitions: [job],
    images: {},
  };
}

/** The echo document with fields added to `step1`, and states beside it. */
function withStep1(fields: object, states: object = {}): object {
  return { ...echo, States: { ...echo.States, step1: { ...echo.States.step1, ...fields }, ...states } };
}

const attemptsOf = ({ jobs }: ExecutionResult, name: string) =>
  jobs.filter((job) => job.name === name).map(({ attempts }) => attempts.map((a) => [a.exitCode, a.statusReason]));

describe("the example", () => {
  test("runs five jobs, one for step1 and one for each item of step2 and step3", async () => {
    const result = await runScenario({});
    expect(result).toMatchObject({ status: "SUCCEEDED", output: example, error: null, cause: null });
    expect(result.jobs.map(({ name, log }) => [name, log])).toEqual([
      ["step1", "step1\n"],
      ["step2-0", "step2a\n"],
      ["step2-1", "step2b\n"],
      ["step3-0", "step3a\n"],
      ["step3-1", "step3b\n"],
    ]);
  });

  test("tells the jobs that have to wait why, and how long they waited", async () => {
    const waits: string[] = [];
    const result = await runScenario({
      maxJobs: 1,
      behaviour: () => exits(0, 5),
      onEvent: (event) => {
        if (event.type === "job-waiting") waits.push(`${event.wait.reason}, place ${event.wait.place}`);
      },
    });
    // Of the two items of step2, and of step3, the second has to wait.
    expect(waits).toEqual(Array(2).fill("waiting for a job to end: --max-jobs is 1, place 1"));
    expect(result.jobs.map(({ waitedSeconds }) => waitedSeconds)).toEqual([0, 0, 5, 0, 5]);
  });

  test("with empty lists runs one", async () => {
    const input = { parameters: { step1_parameter: "a", step2_parameters: [], step3_parameters: [] } };
    const result = await runScenario({ input });
    expect([result.status, result.jobs.map(({ name }) => name)]).toEqual(["SUCCEEDED", ["step1"]]);
  });
});

describe("the example in JSONata and in JSONPath", () => {
  const parameters = (step1: Json, step2: Json, step3: Json): Json => ({
    parameters: { step1_parameter: step1, step2_parameters: step2, step3_parameters: step3 },
  });
  const told = ({ status, output, error, cause, jobs }: ExecutionResult) => ({
    ...{ status, output, error, cause: cause?.replaceAll(/event id #\d+|[0-9a-f-]{32,36}/g, "an id") },
    jobs: jobs.map(({ name, log, attempts }) => [name, log, attempts.map(({ exitCode }) => exitCode)]).sort(),
  });

  const well: Behaviour = () => exits(0);

  test.each<[string, Json, Behaviour]>([
    ["an ordinary input", example, well],
    ["lists of one item", parameters("a", ["b"], ["c"]), well],
    ["empty lists", parameters("a", [], []), well],
    ["an item that is a list", parameters("a", [["b"]], []), well],
    ["a text in place of a list", parameters("a", "b", []), well],
    ["an object in place of a list", parameters("a", [], { a: 1 }), well],
    ["a number in place of a text", parameters(1, [], []), well],
    ["nothing", {}, well],
    ["a text", "text", well],
    ["null", { parameters: null }, well],
    ["a job that fails", example, (name) => exits(name === "step3-1" ? 3 : 0)],
    ["a lost host", example, (name, attempt) => (name === "step1" && attempt < 2 ? spotInterruption : exits(0))],
  ])("gives the same for %s", async (_, input, behaviour) => {
    const [inJsonata, inJsonPath] = await Promise.all(
      [echo, echoInJsonPath].map((document) => runScenario({ document, input, behaviour })),
    );
    expect(told(inJsonata!)).toEqual(told(inJsonPath!));
  });
});

describe("a job that exits 3", () => {
  const behaviour: Behaviour = (name) => exits(name === "step2-1" ? 3 : 0);

  test("is not retried, and fails the execution with the job for its cause", async () => {
    const result = await runScenario({ behaviour });
    expect(result).toMatchObject({ status: "FAILED", error: "States.TaskFailed", output: null });
    expect(attemptsOf(result, "step2-1")).toEqual([[[3, "Essential container in task exited"]]]);
    expect(JSON.parse(result.cause!)).toMatchObject({
      JobName: "step2-1",
      Status: "FAILED",
      StatusReason: "Essential container in task exited",
      Container: { ExitCode: 3, Command: ["step2b"] },
      Attempts: [{ Container: { ExitCode: 3 } }],
    });
    expect(result.jobs.map(({ name }) => name)).not.toContain("step3-0");
  });

  test("takes the jobs of the other items with it", async () => {
    const result = await runScenario({
      behaviour: (name) => (name === "step2-0" ? "hangs" : behaviour(name, 1)),
    });
    expect(attemptsOf(result, "step2-0")).toEqual([[[143, "The state was stopped"]]]);
    expect(result.error).toBe("States.TaskFailed");
  });

  test("is caught by a Catch, which is given error and cause", async () => {
    const document = withStep1(
      { Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "Recover" }] },
      {
        Recover: {
          Type: "Pass",
          Output: { error: "{% $states.input.Error %}", job: "{% $parse($states.input.Cause) %}" },
          End: true,
        },
      },
    );
    const result = await runScenario({ document, behaviour: () => exits(3) });
    expect(result).toMatchObject({
      status: "SUCCEEDED",
      output: { error: "States.TaskFailed", job: { JobName: "step1", Container: { ExitCode: 3 } } },
    });
  });

  test("is submitted anew by a Retry of the state", async () => {
    const document = withStep1({ Retry: [{ ErrorEquals: ["States.TaskFailed"], MaxAttempts: 2 }] });
    const codes = [3, 3, 0];
    const result = await runScenario({
      document,
      behaviour: (name) => exits(name === "step1" ? codes.shift()! : 0),
    });
    expect(result.status).toBe("SUCCEEDED");
    expect(
      attemptsOf(result, "step1")
        .flat(2)
        .filter((part) => typeof part === "number"),
    ).toEqual([3, 3, 0]);
  });
});

test("a job that outlives its time-out is ended, not retried, and fails its state", async () => {
  const result = await runScenario({ behaviour: () => "hangs" });
  expect(result).toMatchObject({ status: "FAILED", error: "States.TaskFailed", stoppedAt: "1970-01-01T00:01:00.000Z" });
  expect(attemptsOf(result, "step1")).toEqual([[[143, "Job attempt duration exceeded timeout"]]]);
});

test("a job that loses its host is attempted again", async () => {
  const behaviour: Behaviour = (name, attempt) => (name === "step1" && attempt < 3 ? spotInterruption : exits(0));
  const result = await runScenario({ behaviour });
  expect(result.status).toBe("SUCCEEDED");
  expect(attemptsOf(result, "step1")).toEqual([
    [
      [null, "Your Spot Task was interrupted."],
      [null, "Your Spot Task was interrupted."],
      [0, "Essential container in task exited"],
    ],
  ]);
});

test("a job that loses its host in every attempt fails after the last", async () => {
  const result = await runScenario({ behaviour: () => spotInterruption });
  expect(result).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
  expect(attemptsOf(result, "step1")[0]).toHaveLength(3);
});

describe("mocks", () => {
  const mocksOf = (mocks: JsonObject, document: unknown): Mocks => {
    const { byPlace, findings } = readMockFile({ mocks }, mockableStates(document as StatesDocument));
    expect(findings).toEqual([]);
    return { file: "my.mock.json", format: "own", byPlace };
  };
  /** `Call` is not Batch, and is retried and caught whatever happens. */
  const calling = {
    StartAt: "Call",
    States: {
      Call: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["Workflow.NotMocked"] }],
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }],
        End: true,
      },
      Caught: { Type: "Pass", End: true },
    },
  };

  test("a mocked Batch task runs no job", async () => {
    const mocked: string[] = [];
    const mocks = mocksOf({ step1: { returns: { JobId: "1" } }, "step2_job[1]": { returns: {} } }, echo);
    const result = await runScenario({
      mocks,
      onEvent: (event) => {
        if (event.type === "task-mocked") mocked.push(placeName(event));
      },
    });
    expect([result.status, result.jobs.map(({ name }) => name)]).toEqual([
      "SUCCEEDED",
      ["step2-0", "step3-0", "step3-1"],
    ]);
    expect(mocked).toEqual(["step1", "step2_job[1]"]);
  });

  test("the answers come in the order of the calls, and the last one holds", async () => {
    const mocks = mocksOf({ Call: [{ throws: { Error: "Busy", Cause: "later" } }, { returns: "done" }] }, calling);
    const result = await runScenario({ document: calling, mocks });
    expect(result).toMatchObject({ status: "SUCCEEDED", output: "done", stoppedAt: "1970-01-01T00:00:01.000Z" });
  });

  test("a task without a mock fails the run, and neither a Retry nor a Catch takes it", async () => {
    const result = await runScenario({ document: calling });
    expect(result).toMatchObject({
      status: "FAILED",
      error: "Workflow.NotMocked",
      cause:
        'the state \'Call\' calls sns:publish, which runs only on AWS, and it has no mock; give it one with `--mock FILE`, where FILE holds { "mocks": { "Call": { "returns": { "MessageId": "1" } } } }',
      stoppedAt: "1970-01-01T00:00:00.000Z",
    });
  });

  test("a distributed Map does not tolerate a task without a mock", async () => {
    const document = {
      StartAt: "All",
      States: {
        All: {
          Type: "Map",
          ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...calling },
          ToleratedFailurePercentage: 100,
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Over" }],
          End: true,
        },
        Over: { Type: "Pass", End: true },
      },
    };
    const result = await runScenario({ document, input: [1, 2] });
    expect([result.status, result.error]).toEqual(["FAILED", "Workflow.NotMocked"]);
  });

  test("the items of a Map have answers of their own, and one of them fails", async () => {
    const document = {
      StartAt: "All",
      States: {
        All: {
          Type: "Map",
          ItemProcessor: {
            StartAt: "Call",
            States: { Call: { Type: "Task", Resource: "arn:aws:states:::sns:publish", End: true } },
          },
          End: true,
        },
      },
    };
    const mocks = mocksOf({ Call: { returns: "sent" }, "Call[1]": { throws: { Error: "Lost" } } }, document);
    expect(await runScenario({ document, input: [1], mocks })).toMatchObject({ output: ["sent"] });
    expect(await runScenario({ document, input: [1, 2], mocks })).toMatchObject({ status: "FAILED", error: "Lost" });
  });

  test("a task that waits for a token gets the mock's answer, or its heartbeat ends", async () => {
    const document = {
      StartAt: "Ask",
      States: {
        Ask: {
          Type: "Task",
          Resource: "arn:aws:states:::batch:submitJob.waitForTaskToken",
          Parameters: { "token.$": "$$.Task.Token" },
          HeartbeatSeconds: 10,
          TimeoutSeconds: 600,
          Retry: [{ ErrorEquals: ["States.HeartbeatTimeout"], IntervalSeconds: 1 }],
          End: true,
        },
      },
    };
    const mocks = mocksOf({ Ask: [{ never: true }, { returns: { isApproved: true } }] }, document);
    expect(await runScenario({ document, mocks })).toMatchObject({
      status: "SUCCEEDED",
      output: { isApproved: true },
      stoppedAt: "1970-01-01T00:00:11.000Z",
    });
  });

  test("a mocked response of Step Functions Local without an answer for a call fails the run", async () => {
    const answer = { kind: "throws", error: "Busy", cause: "" } as const;
    const mock = { steps: [{ first: 0, last: 1, answer }], countedPer: "execution" } as const;
    const mocks: Mocks = { file: "config.json", format: "step-functions-local", byPlace: new Map([[" Call", mock]]) };
    expect(await runScenario({ document: calling, mocks })).toMatchObject({
      status: "FAILED",
      error: "Workflow.NotMocked",
      cause:
        "the mock of 'Call' in config.json has no answer for call 2 (counted from 0); add \"2\" to its mocked response",
    });
  });

  test("the message names the file of the other mocks", async () => {
    const none = { file: "my.mock.json", byPlace: new Map() };
    const result = await runScenario({ document: calling, mocks: { ...none, format: "own" } });
    expect(result.cause).toContain('no mock; add this to the mocks in my.mock.json: "Call": { "returns": {');
    const other = await runScenario({ document: calling, mocks: { ...none, format: "step-functions-local" } });
    expect(other.cause).toContain(
      'no mock; in my.mock.json, add "Call": "Call" to the test case and "Call": { "0": { "Return": { "MessageId": "1" } } } to MockedResponses',
    );
  });
});

test("a stopped execution ends its jobs and starts no more", async () => {
  const result = await runScenario({
    behaviour: () => "hangs",
    onEvent: (event, stop) => {
      if (event.type === "job-log") stop.abort();
    },
  });
  expect(result).toMatchObject({ status: "ABORTED", error: null, output: null });
  expect(result.jobs.map(({ name, status }) => [name, status])).toEqual([["step1", "FAILED"]]);
});
