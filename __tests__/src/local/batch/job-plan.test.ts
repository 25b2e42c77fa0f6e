import { jobDefinition, QUEUE } from "../../../../scripts/demo/example-job";
import type { JsonObject } from "../../../../src/base/json";
import type { JobDefinition } from "../../../../src/local/batch/job-definition";
import { findJobDefinition, type JobPlan, planJob } from "../../../../src/local/batch/job-plan";

const REQUEST = { JobName: "job", JobDefinition: "echo", JobQueue: "queue" };

function plan(request: JsonObject, definition: Partial<JobDefinition> = {}): JobPlan {
  return planJob({ ...REQUEST, ...request }, [jobDefinition(definition)], [QUEUE]);
}

function override(ContainerOverrides: JsonObject, definition: Partial<JobDefinition> = {}): JobPlan {
  return plan({ ContainerOverrides }, definition);
}

describe("the definition that a request names", () => {
  const arn = (revision: string) => `arn:aws:batch:eu-west-1:123456789012:job-definition/echo${revision}`;
  const definitions = ["2", "10", "9"].map((revision) => jobDefinition({ arn: arn(`:${revision}`) }));

  test.each([
    ["echo", ":10"],
    ["echo:9", ":9"],
    [arn(""), ":10"],
    [arn(":2"), ":2"],
  ])("is found by %s", (nameOrArn, revision) => {
    expect(findJobDefinition(definitions, nameOrArn)?.arn).toBe(arn(revision));
  });

  test.each(["echo:3", "ech", "job-definition/echo", arn(":1")])("is not found by %s", (nameOrArn) => {
    expect(findJobDefinition(definitions, nameOrArn)).toBeUndefined();
  });
});

test("a request may name any queue, by its name or its ARN, and the job knows which", () => {
  const other = { name: "other", arn: QUEUE.arn.replace(/[^/]*$/, "other") };
  for (const JobQueue of [other.name, other.arn]) {
    expect(planJob({ ...REQUEST, JobQueue }, [jobDefinition()], [QUEUE, other]).queue).toEqual(other);
  }
  expect(() => planJob({ ...REQUEST, JobQueue: "third" }, [jobDefinition()], [QUEUE, other])).toThrow(
    "JobQueue third not found",
  );
});

describe("what a request overrides", () => {
  test("is nothing when it names only job, definition and queue", () => {
    const definition = jobDefinition({ timeoutSeconds: 300, attempts: 2, evaluateOnExit: [{ Action: "exit" }] });
    expect(planJob(REQUEST, [definition], [QUEUE])).toEqual({
      name: "job",
      queue: QUEUE,
      definition,
      parameters: { greeting: "hello" },
      command: ["hello"],
      environment: { LEVEL: "info", MANAGED_BY_AWS: "STARTED_BY_STEP_FUNCTIONS" },
      vcpus: 1,
      memoryMiB: 512,
      gpus: 0,
      timeoutSeconds: 300,
      attempts: 2,
      evaluateOnExit: [{ Action: "exit" }],
      tags: {},
      arraySize: null,
      dependsOn: [],
    });
  });

  test("is the command as a whole, the environment variable by variable", () => {
    const Environment = [
      { Name: "LEVEL", Value: "debug" },
      { Name: "EXTRA", Value: "1" },
    ];
    const { command, environment } = override({ Command: ["a", "b"], Environment });
    expect(command).toEqual(["a", "b"]);
    expect(environment).toEqual({ LEVEL: "debug", EXTRA: "1", MANAGED_BY_AWS: "STARTED_BY_STEP_FUNCTIONS" });
  });

  test("is vCPUs and memory through resourceRequirements", () => {
    const ResourceRequirements = [
      { Type: "VCPU", Value: "0.25" },
      { Type: "MEMORY", Value: "1024" },
    ];
    expect(override({ ResourceRequirements })).toMatchObject({ vcpus: 0.25, memoryMiB: 1024 });
  });

  test("is nothing where a member is null", () => {
    expect(plan({ Tags: null, ContainerOverrides: null })).toEqual(plan({}));
    expect(override({ Command: null, Environment: [{ Name: "LEVEL", Value: null }] }).environment).toMatchObject({
      LEVEL: "",
    });
  });

  test("is the timeout", () => {
    expect(plan({ Timeout: { AttemptDurationSeconds: 60 } }, { timeoutSeconds: 300 }).timeoutSeconds).toBe(60);
  });

  test("is the retry strategy as a whole", () => {
    const definition = { attempts: 2, evaluateOnExit: [{ Action: "exit", OnReason: "*" }] };
    expect(plan({ RetryStrategy: { Attempts: 5 } }, definition)).toMatchObject({ attempts: 5, evaluateOnExit: [] });
    const EvaluateOnExit = [{ Action: "RETRY", OnExitCode: "3", OnReason: "a*", OnStatusReason: "b" }];
    expect(plan({ RetryStrategy: { Attempts: 5, EvaluateOnExit } }, definition).evaluateOnExit).toEqual([
      { Action: "RETRY", OnExitCode: "3", OnReason: "a*", OnStatusReason: "b" },
    ]);
  });
});

describe("parameters", () => {
  test("fill in whole elements, those of the request before the defaults", () => {
    const definition = { command: ["Ref::a", "Ref::b"], parameters: { a: "1", b: "2" } };
    expect(plan({ Parameters: { b: "two" } }, definition)).toMatchObject({
      command: ["1", "two"],
      parameters: { a: "1", b: "two" },
    });
  });

  test("fill in an overridden command too", () => {
    expect(override({ Command: ["Ref::greeting"] }).command).toEqual(["hello"]);
  });

  test("leave alone what is only part of an element, or has no value", () => {
    const command = ["--to=Ref::greeting", "Ref::greeting.", "Ref::missing", "Ref::toString", "Ref::", "ref::greeting"];
    expect(override({ Command: command }).command).toEqual(command);
  });

  test("are not filled in twice", () => {
    expect(plan({ Parameters: { greeting: "Ref::greeting" } }).command).toEqual(["Ref::greeting"]);
  });
});

describe("a request that Batch refuses", () => {
  test.each<[string, JsonObject, string]>([
    ["an unknown queue", { JobQueue: "other" }, "JobQueue other not found"],
    ["an unknown definition", { JobDefinition: "other" }, "JobDefinition other not found"],
    [
      "a name with a dot",
      { JobName: "step.1" },
      'JobName must start with a letter or a digit and contain only letters, digits, - and _, got: "step.1"',
    ],
    [
      "a timeout below a minute",
      { Timeout: { AttemptDurationSeconds: 59 } },
      "Timeout.AttemptDurationSeconds must be at least 60, got: 59",
    ],
    ["eleven attempts", { RetryStrategy: { Attempts: 11 } }, "RetryStrategy.Attempts must be at most 10, got: 11"],
    [
      "rules without attempts",
      { RetryStrategy: { EvaluateOnExit: [{ Action: "exit" }] } },
      "RetryStrategy.EvaluateOnExit needs RetryStrategy.Attempts beside it",
    ],
    [
      "a variable of Batch's own",
      { ContainerOverrides: { Environment: [{ Name: "AWS_BATCH_JOB_ID", Value: "1" }] } },
      'ContainerOverrides.Environment[0].Name must not start with AWS_BATCH, which is reserved for Batch, got: "AWS_BATCH_JOB_ID"',
    ],
    [
      "an empty element of the command",
      { ContainerOverrides: { Command: ["a", ""] } },
      'ContainerOverrides.Command[1] must not be empty, got: ""',
    ],
    [
      "memory that overrides nothing",
      { ContainerOverrides: { Memory: 1024 } },
      "ContainerOverrides.Memory overrides nothing; use ContainerOverrides.ResourceRequirements",
    ],
    [
      "vCPUs that are no number",
      { ContainerOverrides: { ResourceRequirements: [{ Type: "VCPU", Value: "two" }] } },
      'the value of VCPU in ResourceRequirements must be a number above 0, got: "two"',
    ],
    [
      "overrides of more than 8 KiB",
      { ContainerOverrides: { Command: ["x".repeat(8192 - '{"Command":[""]}'.length + 1)] } },
      "Container Overrides length must be at most 8192, got: 8193",
    ],
  ])("has %s", (_, request, cause) => {
    expect(() => plan(request)).toThrow(expect.objectContaining({ error: "Batch.ClientException", cause }));
  });

  test("does not have overrides of exactly 8 KiB", () => {
    expect(() => override({ Command: ["x".repeat(8192 - '{"Command":[""]}'.length)] })).not.toThrow();
  });
});

describe("a request that Step Functions does not send", () => {
  test("has values of the wrong type: all are named", () => {
    const request = { JobName: 3, JobQueue: "queue", Parameters: { greeting: 1 } };
    expect(() => planJob(request, [jobDefinition()], [QUEUE])).toThrow(
      expect.objectContaining({
        error: "States.Runtime",
        cause:
          `The Parameters '${JSON.stringify(request)}' could not be used to start the Task: ` +
          "[JobName must be a string, got: 3, Parameters.greeting must be a string, got: 1, " +
          "JobDefinition is missing]",
      }),
    );
  });

  test("is one for a job that only Batch can run", () => {
    expect(() => plan({ NodeOverrides: { NumNodes: 2 } })).toThrow(
      expect.objectContaining({
        error: "States.Runtime",
        cause: "NodeOverrides needs AWS Batch; remove it, or run the workflow on AWS",
      }),
    );
  });
});
