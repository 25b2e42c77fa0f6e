/** The resources that the stacks make of each field of a job. */
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { loadSettings } from "../../src/project/load-settings";
import type { Settings } from "../../src/project/settings-types";
import { Batch } from "../../stacks/batch";
import { Deployment } from "../../stacks/deployment";
import { CONTEXT } from "../example";
import type { Statement } from "./iam";
import { only, type StackJson, synth } from "./stacks";

type Fields = Record<string, unknown>;

/** The jobs without a document that names them. */
class BatchStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    new Batch(this, "batch", settings, new Deployment(this, "deployment", settings));
  }
}

function stackWith(fields: Fields, context: Fields = {}): StackJson {
  const { echo } = CONTEXT.jobs;
  const image = fields.imageUri === undefined ? {} : { image: null };
  return synth(
    BatchStack,
    loadSettings({}, { ...CONTEXT, ...context, jobs: { echo: { ...echo, ...image, ...fields } } }),
  );
}

function definitionOf({ resource }: StackJson): Fields {
  return only(resource, "aws_batch_job_definition");
}

function containerOf(stack: StackJson): Fields {
  return JSON.parse(String(definitionOf(stack).container_properties)) as Fields;
}

/** Returns the statements of the policy of a role, by the name of the role, with short references. */
function rightsOf({ resource, data }: StackJson, roleName: string): Statement[] {
  const roleId = Object.entries(resource.aws_iam_role!).find(([, { name }]) => name === roleName)![0];
  const policies = Object.values(resource.aws_iam_role_policy ?? {}).filter(({ role }) =>
    String(role).includes(`.${roleId}.`),
  );
  return policies.flatMap(({ policy }) => {
    const [, id] = /data\.aws_iam_policy_document\.([\w-]+)\./.exec(String(policy))!;
    return JSON.parse(shortened(JSON.stringify(data.aws_iam_policy_document![id!]!.statement))) as Statement[];
  });
}

const JOB_ROLE = "echo_dev_echo_j";
const START_ROLE = "echo_dev_start-jobs";

/** Writes references to facts of the account as AWS's pseudo parameters. */
function shortened(text: string): string {
  return text
    .replace(/\$\{data\.aws_partition\.[\w-]+\.partition\}/g, "P")
    .replace(/\$\{data\.aws_region\.[\w-]+\.region\}/g, "R")
    .replace(/\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}/g, "A");
}

const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1B2c3";
const INSTANCES = { compute: "EC2", vcpus: 1 };

const DEFAULT = containerOf(stackWith({}));

test("a job with no other fields has no other properties", () => {
  expect(Object.keys(DEFAULT).sort()).toEqual([
    "command",
    "executionRoleArn",
    "fargatePlatformConfiguration",
    "image",
    "jobRoleArn",
    "logConfiguration",
    "networkConfiguration",
    "readonlyRootFilesystem",
    "resourceRequirements",
    "runtimePlatform",
  ]);
  expect(definitionOf(stackWith({}))).not.toHaveProperty("tags");
  expect(rightsOf(stackWith({}), JOB_ROLE)).toEqual([]);
});

test.each<[string, Fields, Fields]>([
  ["imageUri", { imageUri: "python:3.13-slim" }, { image: "python:3.13-slim" }],
  ["command", { command: ["run", "${x}"] }, { command: ["run", "$${x}"] }],
  [
    "environment",
    { environment: { B: "${HOME} %{", A: "1" } },
    {
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "$${HOME} %%{" },
      ],
    },
  ],
  [
    "secrets",
    { secrets: { Z: `${SECRET}:password::`, K: "arn:aws:ssm:eu-west-1:123456789012:parameter/a/b" } },
    {
      secrets: [
        { name: "K", valueFrom: "arn:aws:ssm:eu-west-1:123456789012:parameter/a/b" },
        { name: "Z", valueFrom: `${SECRET}:password::` },
      ],
    },
  ],
  ["readonlyRootFilesystem", { readonlyRootFilesystem: true }, { readonlyRootFilesystem: true }],
  ["ephemeralStorageGiB", { ephemeralStorageGiB: 50 }, { ephemeralStorage: { sizeInGiB: 50 } }],
  [
    "vcpus",
    { vcpus: 0.5, memoryMiB: 2048 },
    {
      resourceRequirements: [
        { type: "VCPU", value: "0.5" },
        { type: "MEMORY", value: "2048" },
      ],
    },
  ],
  [
    "gpus",
    { ...INSTANCES, instanceTypes: ["g5"], gpus: 2 },
    {
      resourceRequirements: [
        { type: "VCPU", value: "1" },
        { type: "MEMORY", value: "512" },
        { type: "GPU", value: "2" },
      ],
    },
  ],
  ["sharedMemoryMiB", { ...INSTANCES, sharedMemoryMiB: 256 }, { linuxParameters: { sharedMemorySize: 256 } }],
  ["initProcess", { initProcess: true }, { linuxParameters: { initProcessEnabled: true } }],
  ["user", { user: "1000:1000" }, { user: "1000:1000" }],
  ["exec", { exec: true }, { enableExecuteCommand: true }],
  [
    "architecture",
    { architecture: "ARM64" },
    { runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" } },
  ],
  [
    "efs",
    { efs: { "/b": { fileSystem: "fs-1", accessPoint: "fsap-2", readOnly: true }, "/a": "fs-3" } },
    {
      volumes: [
        {
          name: "efs-0",
          efsVolumeConfiguration: {
            fileSystemId: "fs-3",
            transitEncryption: "ENABLED",
            authorizationConfig: { iam: "ENABLED" },
          },
        },
        {
          name: "efs-1",
          efsVolumeConfiguration: {
            fileSystemId: "fs-1",
            transitEncryption: "ENABLED",
            authorizationConfig: { accessPointId: "fsap-2", iam: "ENABLED" },
          },
        },
      ],
      mountPoints: [
        { sourceVolume: "efs-0", containerPath: "/a", readOnly: false },
        { sourceVolume: "efs-1", containerPath: "/b", readOnly: true },
      ],
    },
  ],
])("%s: %j", (_, fields, properties) => {
  const container = containerOf(stackWith(fields));
  expect(container).toMatchObject(properties);
  const added = (names: object) => Object.keys(names).filter((name) => !Object.hasOwn(DEFAULT, name));
  expect(added(container)).toEqual(added(properties));
});

test.each<[string, Fields, Fields]>([
  ["tags", { tags: { team: "data" } }, { tags: { team: "data" } }],
  ["timeoutSeconds", { timeoutSeconds: 61 }, { timeout: { attempt_duration_seconds: 61 } }],
  ["attempts", { attempts: 7 }, { retry_strategy: { attempts: 7, evaluate_on_exit: expect.anything() } }],
  ["parameters", { parameters: { a: "1" } }, { parameters: { a: "1" } }],
  ["compute", INSTANCES, { platform_capabilities: ["EC2"] }],
])("%s: %j in the definition", (_, fields, properties) => {
  expect(definitionOf(stackWith(fields))).toMatchObject(properties);
});

test("the order of variables in cdktf.json changes nothing", () => {
  const [one, other] = [
    { A: "1", B: "2" },
    { B: "2", A: "1" },
  ];
  expect(containerOf(stackWith({ environment: one }))).toEqual(containerOf(stackWith({ environment: other })));
});

describe("the job's own role", () => {
  const efsArn = (resource: string) => `arn:P:elasticfilesystem:R:A:${resource}`;

  test.each<[string, Fields, Statement[]]>([
    [
      "statements",
      {
        statements: [
          {
            Sid: "Put",
            Effect: "Allow",
            Action: "s3:PutObject",
            Resource: ["arn:${Partition}:s3:::${AccountId}-out/*", "${EchoJobDefinitionArn}", "${JobQueueArn}"],
          },
        ],
      },
      [
        {
          sid: "Put",
          effect: "Allow",
          actions: ["s3:PutObject"],
          resources: [
            "arn:P:s3:::A-out/*",
            "arn:P:batch:R:A:job-definition/echo_dev_echo",
            "arn:P:batch:R:A:job-queue/echo_dev",
          ],
        } as Statement,
      ],
    ],
    [
      "efs",
      { efs: { "/a": "fs-1" } },
      [
        {
          sid: "Mount0",
          actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
          resources: [efsArn("file-system/fs-1")],
        },
      ],
    ],
    [
      "efs by an access point, to read",
      { efs: { "/a": { fileSystem: "fs-1", accessPoint: "fsap-2", readOnly: true } } },
      [
        {
          sid: "Mount0",
          actions: ["elasticfilesystem:ClientMount"],
          resources: [efsArn("file-system/fs-1")],
          condition: [
            {
              test: "StringEquals",
              variable: "elasticfilesystem:AccessPointArn",
              values: [efsArn("access-point/fsap-2")],
            },
          ],
        },
      ],
    ],
    [
      "exec",
      { exec: true },
      [
        {
          sid: "Shell",
          actions: [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
          ],
          resources: ["*"],
        },
      ],
    ],
  ])("has exactly what %s needs", (_, fields, statements) => {
    expect(rightsOf(stackWith(fields), JOB_ROLE)).toEqual(statements);
  });

  test("is the same resource before and after it gets rights", () => {
    const statements = [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }];
    const [before, after] = [stackWith({}), stackWith({ statements })];
    expect(after.resource.aws_iam_role).toEqual(before.resource.aws_iam_role);
    expect(containerOf(after)).toEqual(containerOf(before));
  });

  test("has a name that the role of the state machine cannot have", () => {
    const { echo } = CONTEXT.jobs;
    const { resource } = synth(BatchStack, loadSettings({}, { ...CONTEXT, jobs: { echo, states: echo } }));
    const names = Object.values(resource.aws_iam_role!).map(({ name }) => name);
    expect(names.sort()).toEqual(["echo_dev_echo_j", "echo_dev_start-jobs", "echo_dev_states_j"]);
  });

  test("has at most the 64 characters of IAM", () => {
    const { echo } = CONTEXT.jobs;
    const long = "abcdefghij-klmnopqrs";
    const settings = loadSettings({}, { ...CONTEXT, name: long, environment: long, jobs: { echo, [long]: echo } });
    for (const { name } of Object.values(synth(BatchStack, settings).resource.aws_iam_role!)) {
      expect(String(name).length).toBeLessThanOrEqual(64);
    }
  });
});

describe("the role that starts jobs", () => {
  const found = (fields: Fields) =>
    rightsOf(stackWith(fields), START_ROLE).map(({ sid, actions, resources }) => [sid, actions, resources] as const);

  test.each<[string, Fields, string[] | undefined]>([
    ["an image folder", {}, ["arn:P:ecr:R:A:repository/echo_dev_echo"]],
    ["a public image", { imageUri: "public.ecr.aws/docker/library/python:3.13" }, undefined],
    [
      "an image of ECR in another account and region",
      { imageUri: "210987654321.dkr.ecr.us-east-1.amazonaws.com/team/tool:1.2" },
      ["arn:P:ecr:us-east-1:210987654321:repository/team/tool"],
    ],
    [
      "an image of ECR by its digest",
      { imageUri: `210987654321.dkr.ecr.us-east-1.amazonaws.com/tool@sha256:${"0".repeat(64)}` },
      ["arn:P:ecr:us-east-1:210987654321:repository/tool"],
    ],
    [
      "an image of ECR behind its dual-stack host",
      { imageUri: "210987654321.dkr-ecr.us-east-1.on.aws/tool:1" },
      ["arn:P:ecr:us-east-1:210987654321:repository/tool"],
    ],
  ])("pulls %s", (_, fields, resources) => {
    expect(found(fields).find(([sid]) => sid === "Pull")?.[2]).toEqual(resources);
    expect(found(fields).some(([sid]) => sid === "Login")).toBe(resources !== undefined);
  });

  test("reads exactly the secrets that substitutions and names of the project stand for", () => {
    const secrets = {
      A: "${Db}:password::",
      B: "arn:${Partition}:ssm:${Region}:${AccountId}:parameter/${StateMachineName}/b",
    };
    const stack = stackWith({ secrets }, { substitutions: { Db: SECRET } });
    const rights = rightsOf(stack, START_ROLE).map(({ sid, resources }) => [sid, resources]);
    expect(rights).toContainEqual(["ReadSecrets", [SECRET]]);
    expect(rights).toContainEqual(["ReadParameters", ["arn:P:ssm:R:A:parameter/echo_dev/b"]]);
    expect(containerOf(stack).secrets).toEqual([
      { name: "A", valueFrom: `${SECRET}:password::` },
      { name: "B", valueFrom: expect.stringMatching(/:parameter\/echo_dev\/b$/) },
    ]);
  });

  test.each<[string, string, [string, string[], string[]]]>([
    ["a secret", SECRET, ["ReadSecrets", ["secretsmanager:GetSecretValue"], [SECRET]]],
    ["a key of a secret", `${SECRET}:password::`, ["ReadSecrets", ["secretsmanager:GetSecretValue"], [SECRET]]],
    [
      "a version of a secret whose name has no random end, in any account",
      "arn:${Partition}:secretsmanager:${Region}:${AccountId}:secret:db/main::AWSPREVIOUS:",
      ["ReadSecrets", ["secretsmanager:GetSecretValue"], ["arn:P:secretsmanager:R:A:secret:db/main-??????"]],
    ],
    [
      "a parameter",
      "arn:${Partition}:ssm:${Region}:${AccountId}:parameter/a/b",
      ["ReadParameters", ["ssm:GetParameters"], ["arn:P:ssm:R:A:parameter/a/b"]],
    ],
  ])("reads exactly %s", (_, arn, right) => {
    const rights = found({ secrets: { A: arn, B: arn } });
    expect(rights.filter(([sid]) => String(sid).startsWith("Read"))).toEqual([right]);
  });
});

describe("compute", () => {
  const { echo } = CONTEXT.jobs;
  const stackOf = (jobs: Record<string, Fields>, context: Fields = {}) =>
    synth(BatchStack, loadSettings({}, { ...CONTEXT, ...context, jobs: { echo, ...jobs } }));
  const environments = ({ resource }: StackJson) =>
    Object.entries(resource.aws_batch_compute_environment!).map(([id, { name_prefix, compute_resources }]) => {
      const { type, instance_type, ec2_configuration } = compute_resources as Fields;
      return { id: id.replace(/_[0-9A-F]{8}$/, ""), name_prefix, type, instance_type, ec2_configuration };
    });
  /** Returns the types of the compute of each queue, in their order. */
  const queues = ({ resource }: StackJson) =>
    Object.fromEntries(
      Object.values(resource.aws_batch_job_queue!).map(({ name, compute_environment_order }) => [
        name,
        (compute_environment_order as { order: number; compute_environment: string }[]).map(
          ({ order, compute_environment }) => {
            const [, id] = /\.([\w-]+)\.arn/.exec(compute_environment)!;
            const { compute_resources } = resource.aws_batch_compute_environment![id!]!;
            return `${order} ${(compute_resources as Fields).type}`;
          },
        ),
      ]),
    );

  test("that is a list is tried in its order", () => {
    expect(queues(stackOf({}, { compute: ["FARGATE", "FARGATE_SPOT"] }))).toEqual({
      echo_dev: ["1 FARGATE", "2 FARGATE_SPOT"],
    });
  });

  test("keeps its resource when another one is added, and when the order changes", () => {
    const lists = [["FARGATE_SPOT"], ["FARGATE_SPOT", "FARGATE"], ["FARGATE", "FARGATE_SPOT"]];
    const spot = lists.map((compute) =>
      environments(stackOf({}, { compute })).find(({ type }) => type === "FARGATE_SPOT"),
    );
    for (const one of spot) expect(one).toMatchObject({ id: "batch_compute-environment", name_prefix: "echo_dev-" });
  });

  test("of one job is a queue and environments of its own, on the same network", () => {
    const stack = stackOf({ train: { ...echo, compute: ["FARGATE"] } });
    expect(queues(stack)).toEqual({ echo_dev: ["1 FARGATE_SPOT"], echo_dev_train: ["1 FARGATE"] });
    expect(environments(stack)).toContainEqual(
      expect.objectContaining({ id: "batch_compute-environment_train-queue_fargate", name_prefix: "echo_dev_train-" }),
    );
    expect(Object.keys(stack.resource.aws_security_group!)).toHaveLength(1);
  });

  test("with GPUs has the image for GPUs, and the others have not", () => {
    const train = { ...echo, compute: ["SPOT", "EC2"], vcpus: 4, gpus: 1, instanceTypes: ["g5"] };
    const stack = stackOf({ train }, { compute: "EC2" });
    expect(
      environments(stack).map(({ type, instance_type, ec2_configuration }) => [type, instance_type, ec2_configuration]),
    ).toEqual(
      expect.arrayContaining([
        ["EC2", ["r4.large", "r5.large"], [{ image_type: "ECS_AL2023" }]],
        ["EC2", ["g5"], [{ image_type: "ECS_AL2023_NVIDIA" }]],
        ["SPOT", ["g5"], [{ image_type: "ECS_AL2023_NVIDIA" }]],
      ]),
    );
    expect(Object.values(stack.resource.aws_iam_instance_profile!)).toHaveLength(1);
  });

  test("of each job decides on its platform, its image and its retries", () => {
    const { resource } = stackOf({ train: { ...echo, vcpus: 1, compute: ["SPOT"], architecture: "ARM64" } });
    const [small, train] = ["echo_dev_echo", "echo_dev_train"].map(
      (name) => Object.values(resource.aws_batch_job_definition!).find((one) => one.name === name)!,
    );
    expect([small!.platform_capabilities, train!.platform_capabilities]).toEqual([["FARGATE"], ["EC2"]]);
    const images = [small!, train!].map((one) => JSON.parse(String(one.container_properties)).image as string);
    expect(images[1]).toMatch(/\/echo_dev_train:[0-9a-f]{16}$/);
    expect(images[0]).toMatch(/\/echo_dev_echo:[0-9a-f]{16}$/);
    expect(JSON.stringify(train!.retry_strategy)).toContain("Host EC2*");
    expect(JSON.stringify(small!.retry_strategy)).not.toContain("Host EC2*");
  });
});
