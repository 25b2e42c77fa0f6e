import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import echo from "../../../scripts/demo/echo.asl.json";
import { substitute } from "../../../src/asl/substitution";
import { UsageError } from "../../../src/base/errors";
import { stringifyJson } from "../../../src/base/json";
import { synthesize } from "../../../src/local/synthesize";
import { PROJECT_FOLDER } from "../../../src/project/project-folder";
import { exampleSettings, IMAGE } from "../../example";

const environment = { PATH: process.env.PATH };

test("what is run here is what the stacks would deploy, in an account of zeros", async () => {
  const settings = exampleSettings({ WORKFLOW_ENVIRONMENT: "test" });
  const { stateMachine, queues, jobDefinitions, images } = await synthesize(settings, environment);
  const jobArn = "arn:aws:batch:eu-west-1:000000000000:job-definition/echo_test_echo:1";

  expect(stateMachine).toEqual({
    name: "echo_test",
    arn: "arn:aws:states:eu-west-1:000000000000:stateMachine:echo_test",
    roleArn: "arn:aws:iam::000000000000:role/echo_test_states",
    definition: substitute(echo, { Partition: "aws", JobQueueArn: queues[0]!.arn, EchoJobDefinitionArn: jobArn }),
  });
  expect(queues).toEqual([{ name: "echo_test", arn: "arn:aws:batch:eu-west-1:000000000000:job-queue/echo_test" }]);
  expect(jobDefinitions).toEqual([
    {
      arn: jobArn,
      name: "echo_test_echo",
      image: expect.stringMatching(/^000000000000\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/echo_test_echo:[0-9a-f]{16}$/),
      command: [],
      parameters: {},
      environment: [],
      vcpus: 0.25,
      memoryMiB: 512,
      user: null,
      readonlyRootFilesystem: false,
      gpus: 0,
      sharedMemoryMiB: null,
      initProcess: false,
      secrets: {},
      mounts: [],
      timeoutSeconds: 3600,
      attempts: 3,
      evaluateOnExit: [
        { Action: "retry", OnStatusReason: "Your Spot Task was interrupted*" },
        { Action: "retry", OnStatusReason: "Timeout waiting for*" },
        { Action: "retry", OnStatusReason: "CannotPullContainerError*" },
        { Action: "retry", OnStatusReason: "ResourceInitializationError*" },
        { Action: "exit", OnReason: "*" },
      ],
      container: {
        ExecutionRoleArn: "arn:aws:iam::000000000000:role/echo_test_start-jobs",
        FargatePlatformConfiguration: { PlatformVersion: "LATEST" },
        JobRoleArn: "arn:aws:iam::000000000000:role/echo_test_echo_j",
        LogConfiguration: {
          LogDriver: "awslogs",
          Options: {
            "awslogs-group": "/aws/batch/echo_test",
            "awslogs-region": "eu-west-1",
            "awslogs-stream-prefix": "echo",
          },
        },
        NetworkConfiguration: { AssignPublicIp: "ENABLED" },
        RuntimePlatform: { CpuArchitecture: "X86_64", OperatingSystemFamily: "LINUX" },
      },
      platformCapabilities: ["FARGATE"],
      propagateTags: true,
      compute: { compute: ["FARGATE_SPOT"], architecture: "X86_64", instanceTypes: [] },
      localCommand: ["/bin/sh", `${IMAGE}/echo.sh`],
    },
  ]);
  expect(images).toEqual({
    [jobDefinitions[0]!.image]: { context: join(PROJECT_FOLDER, IMAGE), platform: "linux/amd64" },
  });
});

test("the definition has the numbers and the texts of the document, and the values of the settings", async () => {
  const folder = mkdtempSync(join(tmpdir(), "synthesize-test-"));
  const document = join(folder, "values.asl.json");
  const request = '"JobName": "j", "JobDefinition": "${EchoJobDefinitionArn}", "JobQueue": "${JobQueueArn}"';
  const result = '["${Own}", "${!HOME}", 9007199254740993, 1.0]';
  writeFileSync(
    document,
    `{"StartAt": "a", "States": {"a": {"Type": "Pass", "Result": ${result}, "Next": "b"},
    "b": {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "Parameters": {${request}}, "End": true}}}`,
  );
  const settings = { ...exampleSettings(), document, substitutions: { Own: 'a "b" in ${Region}' } };
  try {
    const { stateMachine } = await synthesize(settings, environment);
    expect(stringifyJson(stateMachine.definition.States.a!.Result)).toBe(
      '["a \\"b\\" in eu-west-1","${HOME}",9007199254740993,1.0]',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what the stacks refuse is told without a stack trace", async () => {
  const settings = exampleSettings({ WORKFLOW_DOCUMENT: "nowhere.asl.json" });
  const failure = await synthesize(settings, environment).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UsageError);
  expect((failure as Error).message).toMatch(
    /^the stacks cannot be synthesized:\n`document` must be a file that can be read: there is no such file, [^\n]*$/,
  );
});
