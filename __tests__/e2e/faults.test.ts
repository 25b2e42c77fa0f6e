import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  BatchClient,
  DeleteComputeEnvironmentCommand,
  DescribeJobQueuesCommand,
  UpdateComputeEnvironmentCommand,
} from "@aws-sdk/client-batch";
import { DeleteSecurityGroupCommand, EC2Client } from "@aws-sdk/client-ec2";
import { BatchDeleteImageCommand, ECRClient } from "@aws-sdk/client-ecr";
import { inventory } from "./account";
import {
  CONFIGURATIONS,
  type Configuration,
  configure,
  DEFAULT,
  findSurroundings,
  SPOT_AND_S3,
  TRIGGERS_AND_NETWORK,
} from "./configurations";
import { Emulator } from "./emulator";
import { clientConfiguration, REGION } from "./environment";
import { placeOf, startUntilJobRuns } from "./executions";
import { Project, STACKS, type Stack } from "./project";
import { testWith } from "./requirements";
import { TestBucket } from "./test-bucket";

/** The resource types that each configuration adds to the ones before it, by stack. */
const TYPES: readonly { configuration: Configuration; stack: Stack; types: readonly string[] }[] = [
  {
    configuration: DEFAULT,
    stack: "image",
    types: ["aws_ecr_repository", "aws_ecr_lifecycle_policy", "docker_image", "docker_registry_image"],
  },
  {
    configuration: DEFAULT,
    stack: "workflow",
    types: [
      "aws_batch_compute_environment",
      "aws_batch_job_definition",
      "aws_batch_job_queue",
      "aws_cloudwatch_log_group",
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_security_group",
      "aws_sfn_state_machine",
      "aws_vpc_security_group_egress_rule",
    ],
  },
  {
    configuration: TRIGGERS_AND_NETWORK,
    stack: "workflow",
    types: [
      "aws_cloudwatch_event_rule",
      "aws_cloudwatch_event_target",
      "aws_cloudwatch_log_metric_filter",
      "aws_cloudwatch_metric_alarm",
      "aws_default_security_group",
      "aws_iam_instance_profile",
      "aws_iam_role_policy_attachment",
      "aws_internet_gateway",
      "aws_route",
      "aws_route_table",
      "aws_route_table_association",
      "aws_scheduler_schedule",
      "aws_sns_topic",
      "aws_sns_topic_subscription",
      "aws_subnet",
      "aws_vpc",
    ],
  },
];

const faultTest = testWith("terraform", "deployments", "docker");
const refusalTest = testWith("terraform", "deployments", "docker", "refusals");

const projects: Project[] = [];
const shared = new Map<Configuration, Project>();
const bucket = new TestBucket();
let emulator: Emulator;

beforeAll(async () => {
  emulator = await Emulator.start();
});

afterAll(async () => {
  for (const project of projects) await project.dispose();
  await bucket.dispose();
  await emulator.stop();
});

/** A project for one test, which may edit it. It is synthesized, and its stacks are initialized. */
async function prepare(configuration: Configuration): Promise<Project> {
  const project = await synthesize(configuration);
  for (const stack of STACKS) await project.terraform(stack, ["init", "-input=false"]);
  return project;
}

/** A project for all tests that do not edit it. Each test destroys what it deploys. */
async function prepareShared(configuration: Configuration): Promise<Project> {
  const project = shared.get(configuration) ?? (await prepare(configuration));
  shared.set(configuration, project);
  return project;
}

async function synthesize(configuration: Configuration): Promise<Project> {
  const project = new Project();
  projects.push(project);
  project.variables.AWS_ENDPOINT_URL = emulator.url;
  configure(project, configuration, await findSurroundings(await bucket.create()));
  await project.synth();
  return project;
}

/** Proves the recovery: the deployment succeeds, nothing is left to change, and a destroy leaves nothing. */
async function expectRecovery(project: Project, stacks: readonly Stack[]): Promise<void> {
  for (const stack of stacks) {
    await project.apply(stack);
    expect(await project.plan(stack)).toBe("");
  }
  for (const stack of [...stacks].reverse()) await project.terraform(stack, DESTROY);
  expect(await inventory(project.environment, REGION)).toEqual({});
}

const APPLY = ["apply", "-auto-approve", "-input=false"];
const DESTROY = ["destroy", "-auto-approve", "-input=false"];

describe.each(TYPES)("$configuration.title: $stack stack", ({ configuration, stack, types }) => {
  refusalTest.each(
    types,
    (type) => `a refused creation of ${type} can be made up for`,
    async (type) => {
      const project = await prepareShared(configuration);

      const refused = await project.tryTerraform(stack, APPLY, { STANDIN_FAIL: `${type}:create` });
      expect(refused).toEqual({ status: 1, output: expect.stringMatching(new RegExp(`${type}.*AccessDenied`)) });

      await expectRecovery(project, [stack]);
    },
  );
});

refusalTest("every type of resource has been refused", async () => {
  const created = new Set<string>();
  for (const configuration of CONFIGURATIONS.filter(({ deployed }) => deployed)) {
    const project = await synthesize(configuration);
    for (const stack of STACKS) {
      for (const type of Object.keys(JSON.parse(project.json(stack)).resource)) created.add(type);
    }
  }
  expect([...created].sort()).toEqual(TYPES.flatMap(({ types }) => types).sort());
});

faultTest("a push that an immutable tag refuses succeeds once the tag is deleted", async () => {
  const project = await prepare({ title: "", settings: () => ({ imageTagMutability: "IMMUTABLE" }) });
  await project.apply("image");
  const { "echo-image-uri": first } = await project.outputs("image");
  project.edit("image/echo.sh", "printf '%s\\n'", "printf 'changed %s\\n'");
  await project.synth();
  await project.apply("image");
  project.edit("image/echo.sh", "printf 'changed %s\\n'", "printf '%s\\n'");
  await project.synth();

  const [repository, tag] = first!.split("/")[1]!.split(":") as [string, string];
  const refused = await project.tryTerraform("image", APPLY);
  expect(refused.status).toBe(1);
  expect(refused.output).toContain(
    `tag invalid: The image tag '${tag}' already exists in the '${repository}' repository`,
  );

  const ecr = new ECRClient(clientConfiguration(REGION));
  await ecr.send(new BatchDeleteImageCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] }));
  await expectRecovery(project, ["image"]);
});

faultTest.each(
  ["first", "second"],
  (time) => `wrong registry credentials at the ${time} deployment can be made up for`,
  async (time) => {
    const project = await prepareShared(DEFAULT);
    if (time === "second") await project.apply("image");

    emulator.wrongPasswords = true;
    const refused = await project.tryTerraform("image", APPLY);
    emulator.wrongPasswords = false;
    expect(refused.status).toBe(1);
    expect(refused.output).toContain("denied: Your Authorization Token is invalid.");

    await expectRecovery(project, ["image"]);
  },
);

describe("a SIGKILL in the middle of an apply", () => {
  /** Kills Terraform while it waits for the answer to a call of `action`. */
  async function applyAndKill(project: Project, action: string): Promise<void> {
    const held = emulator.hold(action);
    const { ended, kill } = project.startTerraform("workflow", APPLY);
    await held;
    kill();
    expect(await ended).toEqual({ status: null, output: expect.stringContaining("aws_sfn_state_machine") });
  }

  /** Releases the lock that the message of an apply names. */
  async function unlock(project: Project): Promise<void> {
    const refused = await project.tryTerraform("workflow", APPLY);
    expect(refused).toEqual({ status: 1, output: expect.stringContaining("Error acquiring the state lock") });
    const [, id] = /^\W*ID:\s+(\S+)$/m.exec(refused.output)!;
    await project.terraform("workflow", ["force-unlock", "-force", id!]);
  }

  faultTest("leaves a lock file that the next apply takes over", async () => {
    const project = await prepareShared(DEFAULT);
    const { name, environment } = project.settings();

    await applyAndKill(project, "CreateStateMachine");

    expect(existsSync(join(project.folder, `state/${name}/${environment}/.workflow.tfstate.lock.info`))).toBe(true);
    await expectRecovery(project, ["workflow"]);
  });

  faultTest("leaves a lock in S3 that is taken away by force-unlock", async () => {
    const project = await prepare(SPOT_AND_S3);
    const { name, environment } = project.settings();
    await project.apply("workflow");
    project.edit("image/echo.sh", "printf '%s\\n'", "printf 'changed %s\\n'");
    await project.synth();

    await applyAndKill(project, "UpdateStateMachine");

    expect([...(await bucket.objects()).keys()]).toContain(`${name}/${environment}/workflow.tfstate.tflock`);
    await unlock(project);
    await expectRecovery(project, ["workflow"]);
  });

  // Terraform writes a remote state every 20 s. Until then, the resources of a first apply are in no state.
  faultTest("before a first state was in S3 leaves resources to import, and two to delete", async () => {
    const project = await prepare(SPOT_AND_S3);
    await applyAndKill(project, "CreateStateMachine");
    await unlock(project);

    let ran = await project.tryTerraform("workflow", APPLY);
    while (ran.status !== 0) {
      const alreadyThere = [...ran.output.matchAll(ALREADY_THERE)];
      expect(alreadyThere.length).toBeGreaterThan(0);
      for (const [, type, name, address] of alreadyThere) {
        await project.terraform("workflow", ["import", address!, await importId(type!, name!)]);
      }
      ran = await project.tryTerraform("workflow", APPLY);
    }

    expect(await project.plan("workflow")).toBe("");
    await project.terraform("workflow", DESTROY);
    const { computeEnvironments, securityGroups, ...others } = await inventory(project.environment, REGION);
    expect([computeEnvironments?.length, securityGroups?.length, others]).toEqual([1, 1, {}]);
    await deleteComputeEnvironment(JSON.parse(computeEnvironments![0]!)[0]);
    await deleteSecurityGroup(JSON.parse(securityGroups![0]!)[1]);
  });
});

/** The message of Terraform about an existing resource that is missing from the state: type, name and address. */
const ALREADY_THERE = /Error: creating (\S+) \(([^)]+)\): .*already exists.*\s+with ([^,]+),/g;

/** Returns the import id of a resource: its name, or the ARN of a job queue. */
async function importId(type: string, name: string): Promise<string> {
  if (type !== "aws_batch_job_queue") return name;
  const batch = new BatchClient(clientConfiguration(REGION));
  const { jobQueues } = await batch.send(new DescribeJobQueuesCommand({ jobQueues: [name] }));
  return jobQueues![0]!.jobQueueArn!;
}

async function deleteComputeEnvironment(computeEnvironment: string): Promise<void> {
  const batch = new BatchClient(clientConfiguration(REGION));
  await batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, state: "DISABLED" }));
  await batch.send(new DeleteComputeEnvironmentCommand({ computeEnvironment }));
}

async function deleteSecurityGroup(GroupId: string): Promise<void> {
  await new EC2Client(clientConfiguration(REGION)).send(new DeleteSecurityGroupCommand({ GroupId }));
}

faultTest("a Ctrl-C in the middle of a deploy loses nothing, and leaves no lock", async () => {
  const project = await prepare(DEFAULT);
  const { name, environment } = project.settings();
  const held = emulator.hold("CreateStateMachine");
  const { ended, interrupt } = project.startDeploy();
  await held;

  interrupt();
  emulator.release();

  const { status, output } = await ended;
  expect(status).not.toBe(0);
  expect(output).toContain("stopping: Terraform saves its state");
  const states = join(project.folder, "state", name, environment);
  expect(readdirSync(states).filter((file) => file.includes("lock"))).toEqual([]);
  expect(await project.managed()).toContainEqual(expect.stringMatching(/^aws_batch_job_queue\./));
  await expectRecovery(project, STACKS);
});

faultTest("a lost state of the image stack is made good by an import of the repository", async () => {
  const project = await prepareShared(DEFAULT);
  await project.apply("image");
  const { name, environment } = project.settings();
  rmSync(join(project.folder, `state/${name}/${environment}/image.tfstate`));

  const refused = await project.tryTerraform("image", APPLY);
  expect(refused.status).toBe(1);
  expect(refused.output).toContain("RepositoryAlreadyExistsException");

  await project.terraform("image", ["import", "aws_ecr_repository.echo-repository", `${name}_${environment}_echo`]);
  await expectRecovery(project, ["image"]);
});

refusalTest.each(
  [
    ["image", "aws_ecr_repository"],
    ["workflow", "aws_batch_compute_environment"],
    ["workflow", "aws_iam_role"],
    ["workflow", "aws_sfn_state_machine"],
  ] as const,
  ([stack, type]) => `after a refused deletion of ${type} the ${stack} stack can be deployed again, and destroyed`,
  async ([stack, type]) => {
    const project = await prepareShared(DEFAULT);
    await project.apply(stack);

    const refused = await project.tryTerraform(stack, DESTROY, { STANDIN_FAIL: `${type}:delete` });
    expect(refused).toEqual({ status: 1, output: expect.stringMatching(new RegExp(`${type}.*AccessDenied`)) });

    await expectRecovery(project, [stack]);
  },
);

faultTest("an execution that still runs is stopped by a destroy, and does not hold it up", async () => {
  const project = await prepare(DEFAULT);
  project.edit("image/echo.sh", "for parameter", "sleep 600\nfor parameter");
  await project.deploy();
  await startUntilJobRuns(await placeOf(project), project.read("workflow/echo.input.json"));

  expect(await project.destroy()).toContain("stopped the execution");

  expect(await inventory(project.environment, REGION)).toEqual({});
});
