import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchClient,
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
} from "@aws-sdk/client-batch";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { BatchGetImageCommand, ECRClient } from "@aws-sdk/client-ecr";
import { GetBucketVersioningCommand, HeadBucketCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { UsageError } from "../../../../src/base/errors";
import { PROBES } from "../../../../src/cli/doctor/probes";
import type { Question } from "../../../../src/cli/doctor/question";
import { exampleSettings } from "../../../example";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function question(environment: NodeJS.ProcessEnv = {}): Question {
  const settings = Object.entries(environment).filter(([name]) => name.startsWith("WORKFLOW_"));
  return {
    settings: exampleSettings(Object.fromEntries(settings)),
    environment,
    signal: new AbortController().signal,
  };
}

/** A folder with commands that print; the environment that finds them there, and nothing else. */
function commands(printing: Readonly<Record<string, string>>, script = ""): NodeJS.ProcessEnv {
  for (const [name, text] of Object.entries(printing)) {
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s' '${text}'\n${script}\n`, { mode: 0o755 });
  }
  return { PATH: folder };
}

test("Node.js is the one that runs this", async () => {
  expect(await PROBES.node()).toBe(process.versions.node);
});

describe("Terraform", () => {
  const TERRAFORM = "Terraform v1.11.4\non linux_amd64\n\nYour version of Terraform is out of date!";
  const TOFU = "OpenTofu v1.11.0\non linux_amd64";

  test.each<[string, Record<string, string>, NodeJS.ProcessEnv, object]>([
    [
      "the command",
      { terraform: TERRAFORM, tofu: TOFU },
      {},
      { command: "terraform", found: { product: "Terraform", version: "1.11.4" }, other: null },
    ],
    [
      "the command that is set",
      { terraform: TERRAFORM, tofu: TOFU },
      { TERRAFORM_BINARY_NAME: "tofu" },
      { command: "tofu", found: { product: "OpenTofu", version: "1.11.0" }, other: null },
    ],
    [
      "another command, where the first is missing",
      { tofu: TOFU },
      {},
      { command: "terraform", found: null, other: "tofu" },
    ],
    ["none", {}, {}, { command: "terraform", found: null, other: null }],
  ])("%s", async (_, printing, environment, expected) => {
    expect(await PROBES.terraform(question({ ...commands(printing), ...environment }))).toEqual(expected);
  });

  test("a command of another kind is refused", async () => {
    await expect(PROBES.terraform(question(commands({ terraform: "Pulumi" })))).rejects.toEqual(
      new UsageError("`terraform version` says: Pulumi"),
    );
  });
});

describe("Docker", () => {
  const START = "start a Docker engine; without one, `npm start` runs plain processes, and no image can be deployed";
  const info = { OSType: "linux", Architecture: "x86_64", NCPU: 4, MemTotal: 2 ** 31 };

  test("an engine, with what it runs on", async () => {
    const docker = JSON.stringify({ ...info, ServerVersion: "28.0" });
    expect(await PROBES.docker(question(commands({ docker })))).toEqual({
      version: "28.0",
      os: "linux",
      architecture: "x86_64",
      vcpus: 4,
      memoryMiB: 2048,
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ["no command", {}, `there is no command docker; ${START.replace("start", "install")}`],
    [
      "no engine, says the CLI",
      { docker: JSON.stringify({ ServerVersion: "", ServerErrors: ["Cannot connect"] }) },
      `no engine answers: Cannot connect; ${START}`,
    ],
  ])("%s", async (_, printing, message) => {
    await expect(PROBES.docker(question(commands(printing)))).rejects.toEqual(new UsageError(message));
  });

  test("something else in place of the CLI is quoted", async () => {
    await expect(PROBES.docker(question(commands({ docker: "not JSON" })))).rejects.toEqual(
      new UsageError("`docker info` says: not JSON"),
    );
  });

  test.each(["", '{"ServerVersion":"","ServerErrors":null}'])(
    "no engine, says an old CLI beside what it prints: %p",
    async (docker) => {
      const environment = commands({ docker }, "echo 'Cannot connect' >&2; exit 1");
      await expect(PROBES.docker(question(environment))).rejects.toEqual(
        new UsageError(`no engine answers: Cannot connect; ${START}`),
      );
    },
  );
});

describe("AWS", () => {
  const [batch, ecr, ec2, s3, sfn, sts] = [
    mockClient(BatchClient),
    mockClient(ECRClient),
    mockClient(EC2Client),
    mockClient(S3Client),
    mockClient(SFNClient),
    mockClient(STSClient),
  ];
  const CALLER = { Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/me" };
  const ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev";
  const refused = (properties: object) => Object.assign(new Error("no"), properties);
  beforeEach(() => {
    for (const client of [batch, ecr, ec2, s3, sfn]) client.reset();
    sts.reset();
    sts.on(GetCallerIdentityCommand).resolves(CALLER);
  });

  test("the caller", async () => {
    expect(await PROBES.caller(question())).toEqual({ account: CALLER.Account, arn: CALLER.Arn });
  });

  test.each<[object, string | null]>([
    [{ Vpcs: [{ VpcId: "vpc-1" }] }, "vpc-1"],
    [{ Vpcs: [] }, null],
  ])("the default VPC: %j", async (answer, vpc) => {
    ec2.on(DescribeVpcsCommand, { Filters: [{ Name: "is-default", Values: ["true"] }] }).resolves(answer);
    expect(await PROBES.defaultVpc(question())).toBe(vpc);
  });

  test("the state machine", async () => {
    sfn.on(DescribeStateMachineCommand, { stateMachineArn: ARN }).resolves({ status: "ACTIVE" });
    expect(await PROBES.stateMachine(question())).toEqual({ arn: ARN, status: "ACTIVE" });
  });

  test("no state machine", async () => {
    sfn.on(DescribeStateMachineCommand).rejects(refused({ name: "StateMachineDoesNotExist" }));
    expect(await PROBES.stateMachine(question())).toBeNull();
  });

  const isDeployed = () => sfn.on(DescribeStateMachineCommand).resolves({ status: "ACTIVE" });
  const isNotDeployed = () =>
    sfn.on(DescribeStateMachineCommand).rejects(refused({ name: "StateMachineDoesNotExist" }));
  const ENVIRONMENT = "arn:aws:batch:eu-west-1:123456789012:compute-environment/echo_dev-1";
  const QUEUE = {
    jobQueueName: "echo_dev",
    state: "DISABLED" as const,
    status: "VALID" as const,
    statusReason: "JobQueue Healthy",
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: ENVIRONMENT }],
  };

  test("the job queue, as Batch has it", async () => {
    batch.on(DescribeJobQueuesCommand, { jobQueues: ["echo_dev"] }).resolves({ jobQueues: [QUEUE as never] });
    const expected = { state: "DISABLED", status: "VALID", reason: "JobQueue Healthy" };
    expect(await PROBES.jobQueue(question())).toEqual(expected);
  });

  test.each([
    ["missing", isDeployed],
    ["not-deployed", isNotDeployed],
  ])("a job queue that is %s", async (found, machine) => {
    machine();
    batch.on(DescribeJobQueuesCommand).resolves({ jobQueues: [] });
    expect(await PROBES.jobQueue(question())).toBe(found);
  });

  test.each<[string, object[], object]>([
    [
      "as Batch has them",
      [{ computeEnvironmentName: "echo_dev-1", state: "ENABLED", status: "INVALID", statusReason: "no role" }],
      { name: "echo_dev-1", state: "ENABLED", status: "INVALID", reason: "no role" },
    ],
    ["that are gone", [], { name: "echo_dev-1", state: "DISABLED", status: "DELETED", reason: null }],
  ])("the compute environments of the queue, %s", async (_, found, expected) => {
    batch.on(DescribeJobQueuesCommand).resolves({ jobQueues: [QUEUE as never] });
    batch
      .on(DescribeComputeEnvironmentsCommand, { computeEnvironments: [ENVIRONMENT] })
      .resolves({ computeEnvironments: found as never });
    expect(await PROBES.computeEnvironments(question())).toEqual([expected]);
  });

  test("the compute environments of the jobs' own queues count too", async () => {
    const own = ENVIRONMENT.replace("echo_dev", "echo_dev_echo");
    const given = question();
    const echo = { ...given.settings.jobs.echo!, compute: ["FARGATE"] as const };
    const ownQueue = { ...QUEUE, computeEnvironmentOrder: [{ order: 1, computeEnvironment: own }] };
    batch
      .on(DescribeJobQueuesCommand, { jobQueues: ["echo_dev", "echo_dev_echo"] })
      .resolves({ jobQueues: [QUEUE as never, ownQueue as never] });
    batch
      .on(DescribeComputeEnvironmentsCommand, { computeEnvironments: [ENVIRONMENT, own] })
      .resolves({ computeEnvironments: [] });
    const found = await PROBES.computeEnvironments({ ...given, settings: { ...given.settings, jobs: { echo } } });
    expect(found.map(({ name }) => name)).toEqual(["echo_dev-1", "echo_dev_echo-1"]);
  });

  test("no queue has no compute environments", async () => {
    batch.on(DescribeJobQueuesCommand).resolves({ jobQueues: [] });
    expect(await PROBES.computeEnvironments(question())).toEqual([]);
  });

  const IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/echo_dev_echo";
  const definitions = (...images: string[]) =>
    batch.on(DescribeJobDefinitionsCommand, { jobDefinitionName: "echo_dev_echo", status: "ACTIVE" }).resolves({
      jobDefinitions: images.map((image, index) => ({ revision: index + 1, containerProperties: { image } }) as never),
    });

  test.each<[string, string, object, boolean]>([
    ["is there", `${IMAGE}:b2`, { imageTag: "b2" }, true],
    ["was deleted", `${IMAGE}:b2`, { imageTag: "b2" }, false],
    ["is named by its digest", `${IMAGE}@sha256:abc`, { imageDigest: "sha256:abc" }, true],
  ])("the image of the newest job definition: one that %s", async (_, image, id, isThere) => {
    isDeployed();
    definitions(`${IMAGE}:a1`, image);
    ecr
      .on(BatchGetImageCommand, { registryId: "123456789012", repositoryName: "echo_dev_echo", imageIds: [id] })
      .resolves({ images: isThere ? [{}] : [], failures: [] });
    expect(await PROBES.images(question())).toEqual([{ job: "echo", image, isThere }]);
  });

  test("an image whose repository was deleted", async () => {
    isDeployed();
    definitions(`${IMAGE}:a1`);
    ecr.on(BatchGetImageCommand).rejects(refused({ name: "RepositoryNotFoundException" }));
    expect(await PROBES.images(question())).toEqual([{ job: "echo", image: `${IMAGE}:a1`, isThere: false }]);
  });

  test("an image of another registry is not looked for, and a job may have no definition", async () => {
    isDeployed();
    definitions("public.example/image:1");
    expect(await PROBES.images(question())).toEqual([{ job: "echo", image: "public.example/image:1", isThere: null }]);
    definitions();
    expect(await PROBES.images(question())).toEqual([{ job: "echo", image: null, isThere: null }]);
  });

  test("of what is not deployed no image is looked for", async () => {
    isNotDeployed();
    expect(await PROBES.images(question())).toEqual([]);
  });

  test.each<[string, Error | null, boolean | null]>([
    ["that is there", null, true],
    ["that is not there", refused({ $metadata: { httpStatusCode: 404 } }), false],
    ["that is refused", refused({ $metadata: { httpStatusCode: 403 } }), null],
  ])("a state in the bucket %s", async (_, error, inBackend) => {
    isDeployed();
    const head = s3.on(HeadObjectCommand, { Bucket: "states", Key: "echo/nowhere/workflow.tfstate" });
    if (error === null) head.resolves({});
    else head.rejects(error);
    const environment = {
      ...{ WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" },
      WORKFLOW_ENVIRONMENT: "nowhere",
    };
    expect(await PROBES.state(question(environment))).toEqual({ isDeployed: true, local: null, inBackend });
  });

  test("the profile is that of the environment", async () => {
    writeFileSync(join(folder, "config"), "[profile work]\nregion = us-east-1\n");
    const environment = { AWS_PROFILE: "work", AWS_CONFIG_FILE: join(folder, "config") };
    expect(await PROBES.profile(question(environment))).toEqual({ name: "work", region: "us-east-1" });
  });

  test.each([
    ["none", "echo--dev-123456789012-euw1"],
    ["create", "echo--dev-123456789012-euw1"],
    ["our-lake", "our-lake"],
  ])("the bucket for data with `data` %s is %s", async (data, name) => {
    const asked = question({ WORKFLOW_DATA: data });
    s3.on(HeadBucketCommand, { Bucket: name })
      .resolvesOnce({ BucketRegion: "eu-west-1" })
      .rejects(refused({ $metadata: { httpStatusCode: 404 } }));
    expect(await PROBES.dataBucket(asked)).toEqual({ name, found: { region: "eu-west-1" } });
    expect(await PROBES.dataBucket(asked)).toEqual({ name, found: "none" });
  });

  describe("the bucket for states", () => {
    const asked = question({ WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" });
    const status = (httpStatusCode: number, headers = {}) =>
      refused({ $metadata: { httpStatusCode }, $response: { headers } });

    test.each<[string, object, object]>([
      ["with versions", { Status: "Enabled" }, { region: "eu-west-1", versioned: true }],
      ["without versions", {}, { region: "eu-west-1", versioned: false }],
    ])("%s", async (_, versioning, expected) => {
      s3.on(HeadBucketCommand, { Bucket: "states" }).resolves({ BucketRegion: "eu-west-1" });
      s3.on(GetBucketVersioningCommand, { Bucket: "states" }).resolves(versioning);
      expect(await PROBES.bucket(asked)).toEqual(expected);
    });

    test.each<[string, Error, unknown]>([
      ["that is not there", status(404), "none"],
      ["of another account", status(403), "refused"],
      [
        "in another region",
        status(301, { "x-amz-bucket-region": "us-east-1" }),
        { region: "us-east-1", versioned: true },
      ],
    ])("%s", async (_, error, expected) => {
      s3.on(HeadBucketCommand).rejects(error);
      expect(await PROBES.bucket(asked)).toEqual(expected);
    });
  });
});
