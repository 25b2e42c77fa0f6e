import {
  BatchClient,
  type ComputeEnvironmentDetail,
  type ComputeResource,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  GetJobQueueSnapshotCommand,
  type JobDetail,
  type JobQueueDetail,
  ListJobsCommand,
  type QueueSnapshotCapacityUsage,
} from "@aws-sdk/client-batch";
import {
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  type Route,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { doctor } from "../../../../../src/cli/commands/doctor";
import type { QueueFinding } from "../../../../../src/cli/doctor/queue/examine-queue";
import { QUEUE_CAUSES } from "../../../../../src/cli/doctor/queue/queue-causes";
import { CONTEXT } from "../../../../example";
import { act } from "../../../../terminal";
import { scene } from "../../scene";

/** `--queue` without a name. */
const DEPLOYED = "those of the deployment";
const ARN = "arn:aws:batch:eu-west-1:123456789012";
const refused = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });

/** The answers of AWS, in the shapes that were recorded. Parts of it replace those of a healthy queue with one job. */
interface World {
  readonly queue?: Partial<JobQueueDetail>;
  readonly environment?: Partial<ComputeEnvironmentDetail>;
  readonly resources?: Partial<ComputeResource>;
  /** @default one job, without a reason */
  readonly jobs?: readonly Partial<JobDetail>[] | "refused";
  readonly usage?: readonly QueueSnapshotCapacityUsage[];
  readonly routes?: readonly Route[];
  readonly hasPublicAddresses?: boolean;
  readonly endpoints?: readonly string[];
  readonly ec2?: "refused";
}

const [batch, ec2] = [mockClient(BatchClient), mockClient(EC2Client)];
beforeEach(() => {
  batch.reset();
  ec2.reset();
});

function answer(world: World): void {
  const { queue, environment, resources, jobs = [{}], usage, endpoints = [] } = world;
  batch.on(DescribeJobQueuesCommand).callsFake(({ jobQueues }: { jobQueues: string[] }) => ({
    jobQueues: jobQueues.map((name) => ({
      jobQueueName: name.replace(/^.*\//, ""),
      jobQueueArn: `${ARN}:job-queue/${name.replace(/^.*\//, "")}`,
      state: "ENABLED",
      status: "VALID",
      statusReason: "JobQueue Healthy",
      priority: 100,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: `${ARN}:compute-environment/echo_dev-1` }],
      ...queue,
    })),
  }));
  batch.on(DescribeComputeEnvironmentsCommand).resolves({
    computeEnvironments: [
      {
        computeEnvironmentName: "echo_dev-1",
        computeEnvironmentArn: `${ARN}:compute-environment/echo_dev-1`,
        type: "MANAGED",
        state: "ENABLED",
        status: "VALID",
        statusReason: "ComputeEnvironment Healthy",
        serviceRole: "arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch",
        computeResources: {
          type: "EC2",
          minvCpus: 0,
          maxvCpus: 256,
          desiredvCpus: 0,
          instanceTypes: ["r4.large", "r5.large"],
          subnets: ["subnet-1"],
          ec2Configuration: [{ imageType: "ECS_AL2023" }],
          ...resources,
        },
        ...environment,
      },
    ],
  });
  const details =
    jobs === "refused"
      ? []
      : jobs.map((job, index) => ({
          jobId: `id-${index}`,
          jobName: `job-${index}`,
          jobQueue: `${ARN}:job-queue/echo_dev`,
          status: "RUNNABLE" as const,
          createdAt: -723_000,
          startedAt: undefined,
          jobDefinition: `${ARN}:job-definition/echo:1`,
          container: {
            resourceRequirements: [
              { type: "VCPU" as const, value: "1" },
              { type: "MEMORY" as const, value: "512" },
            ],
          },
          ...job,
        }));
  if (jobs === "refused") {
    batch.on(GetJobQueueSnapshotCommand).rejects(refused).on(ListJobsCommand).rejects(refused);
  } else {
    batch.on(GetJobQueueSnapshotCommand).resolves({
      frontOfQueue: {
        jobs: details.map(({ jobId }) => ({ jobArn: `${ARN}:job/${jobId}`, earliestTimeAtPosition: 1 })),
        lastUpdatedAt: 1,
      },
      ...(usage && { queueUtilization: { totalCapacityUsage: [...usage] } }),
    });
    batch.on(DescribeJobsCommand).resolves({ jobs: details });
  }
  if (world.ec2 === "refused") ec2.onAnyCommand().rejects(refused);
  else {
    ec2.on(DescribeSubnetsCommand).resolves({
      Subnets: [{ SubnetId: "subnet-1", VpcId: "vpc-1", MapPublicIpOnLaunch: world.hasPublicAddresses ?? true }],
    });
    ec2.on(DescribeRouteTablesCommand).resolves({
      RouteTables: [
        { VpcId: "vpc-1", Associations: [{ SubnetId: "subnet-2" }], Routes: [] },
        {
          VpcId: "vpc-1",
          Associations: [{ Main: true }],
          Routes: [...(world.routes ?? [{ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-1", State: "active" }])],
        },
      ],
    });
    ec2.on(DescribeVpcEndpointsCommand).resolves({
      VpcEndpoints: endpoints.map((name) => ({ VpcId: "vpc-1", ServiceName: `com.amazonaws.eu-west-1.${name}` })),
    });
  }
}

async function examine(world: World, queue = DEPLOYED, json = true) {
  answer(world);
  const { session, output } = scene({ session: { environment: {} } });
  const code = await act(doctor, { json, queue }, session);
  return { code, output, findings: json ? (JSON.parse(output.stdout) as QueueFinding[]) : [] };
}

const waitsFor = (statusReason: string) => ({ jobs: [{ statusReason }, {}, { statusReason }] });
const FARGATE = { type: "FARGATE" as const, desiredvCpus: undefined, ec2Configuration: undefined };

/** Each cause, and the worlds that show it. */
const FOUND: readonly (readonly [cause: string, world: World, message: string])[] = [
  [
    "capacity",
    waitsFor(
      "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [r5.large]",
    ),
    "job-0 and 1 more: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [r5.large]",
  ],
  [
    "maximum of vCPUs",
    waitsFor(
      "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.",
    ),
    "job-0 and 1 more: MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.",
  ],
  ["maximum of vCPUs", { resources: { maxvCpus: 0 } }, "job-0 asks for 1 vCPUs, and the maximum is 0"],
  [
    "size of the job",
    waitsFor(
      "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.",
    ),
    "job-0 and 1 more: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.",
  ],
  [
    "service role",
    // AWS writes a dash here, and a hyphen elsewhere.
    waitsFor("MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS – Batch service role has a permission issue."),
    "job-0 and 1 more: MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS – Batch service role has a permission issue.",
  ],
  [
    "kind of instance",
    waitsFor(
      "MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED - Your compute environment associated with this job queue has an unsupported instance type configuration.",
    ),
    "job-0 and 1 more: MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED - Your compute environment associated with this job queue has an unsupported instance type configuration.",
  ],
  [
    "compute environment",
    waitsFor("ACTION_REQUIRED - CE(s) associated with the job queue are invalid."),
    "job-0 and 1 more: ACTION_REQUIRED - CE(s) associated with the job queue are invalid.",
  ],
  [
    "compute environment",
    { environment: { status: "INVALID", statusReason: "CLIENT_ERROR - the role cannot be assumed" } },
    "echo_dev-1 is INVALID and ENABLED: CLIENT_ERROR - the role cannot be assumed",
  ],
  ["compute environment", { environment: { state: "DISABLED", statusReason: "" } }, "echo_dev-1 is VALID and DISABLED"],
  ["compute environment", { environment: { computeEnvironmentName: "other" } }, "echo_dev-1 is DELETED and DISABLED"],
  ["compute environment", { queue: { computeEnvironmentOrder: [] } }, "the queue has none"],
  ["network", { routes: [] }, "subnet-1 has no route out"],
  [
    "network",
    { routes: [{ DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-1", State: "blackhole" }] },
    "subnet-1 has no route out",
  ],
  ["network", { hasPublicAddresses: false }, "subnet-1 has an internet gateway, and gives instances no public address"],
  ["network", { resources: FARGATE, routes: [], endpoints: ["ecs"] }, "subnet-1 has no route out"],
  ["job queue", { queue: { state: "DISABLED" } }, "it is VALID and DISABLED"],
  ["job queue", { queue: { status: "INVALID" } }, "it is INVALID and ENABLED"],
  [
    "unknown to Batch",
    waitsFor("UNDETERMINED - Batch job is blocked, root cause is undetermined."),
    "job-0 and 1 more: UNDETERMINED - Batch job is blocked, root cause is undetermined.",
  ],
];

test.each(FOUND)("the cause %s is found in %j", async (cause, world, message) => {
  const { code, findings } = await examine(world);
  const { fix } = QUEUE_CAUSES.find(({ name }) => name === cause)!;
  const failures = findings.filter(({ status }) => status === "failure");
  expect(failures).toEqual([{ name: `echo_dev, ${cause}`, queue: "echo_dev", cause, status: "failure", message, fix }]);
  expect(code).toBe(1);
});

/** The causes that show themselves outside the services that are asked. */
const UNSEEN: readonly (readonly [cause: string, world: World, message: string])[] = [
  ["quota", {}, "cannot be seen from here: Service Quotas has it"],
  ["log driver", { resources: { imageId: "ami-1" } }, "cannot be seen from here: echo_dev-1 uses ami-1"],
  [
    "container agent",
    { resources: { ec2Configuration: [{ imageType: "ECS_AL2023", imageIdOverride: "ami-2" }] } },
    "cannot be seen from here: echo_dev-1 uses ami-2",
  ],
  [
    "container agent",
    { resources: { launchTemplate: { launchTemplateName: "mine" } } },
    "cannot be seen from here: echo_dev-1 uses the launch template mine",
  ],
  ["network", { ec2: "refused" }, "cannot be seen from here: AWS does not show the subnets"],
  ["capacity", { jobs: "refused" }, "cannot be seen from here: AWS does not show the jobs that wait"],
];

test.each(UNSEEN)("the cause %s cannot be seen in %j, and has its fix", async (cause, world, message) => {
  const { code, findings } = await examine(world);
  const finding = findings.find((each) => each.cause === cause)!;
  expect(finding).toMatchObject({ status: "warning", message });
  expect(finding.fix).toBe(QUEUE_CAUSES.find(({ name }) => name === cause)!.fix);
  expect(code).toBe(0);
});

test("every cause is found or unseen in one of these tests", () => {
  const shown = new Set([...FOUND, ...UNSEEN].map(([cause]) => cause));
  const left = QUEUE_CAUSES.filter(({ name }) => !shown.has(name)).map(({ name }) => name);
  expect(left).toEqual(["other jobs"]);
});

describe("other jobs that use all vCPUs", () => {
  test.each<[string, World, string | null]>([
    ["the use of the queue", { usage: [{ capacityUnit: "VCPU", quantity: 256 }] }, "256 of 256 vCPUs are in use"],
    ["the vCPUs of the instances", { resources: { desiredvCpus: 256 } }, "256 of 256 vCPUs are in use"],
    ["less", { usage: [{ capacityUnit: "VCPU", quantity: 255 }], resources: { desiredvCpus: 256 } }, null],
    ["nothing that waits", { resources: { desiredvCpus: 256 }, jobs: [] }, null],
  ])("are a warning: %s", async (_, world, message) => {
    const { code, findings } = await examine(world);
    expect(findings.find(({ cause }) => cause === "other jobs")).toMatchObject(
      message === null ? { status: "ok" } : { status: "warning", message },
    );
    expect(code).toBe(0);
  });
});

describe("a healthy queue", () => {
  test.each<[string, World]>([
    ["on instances with public addresses", {}],
    [
      "behind a NAT gateway",
      {
        routes: [{ DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-1", State: "active" }],
        hasPublicAddresses: false,
      },
    ],
    ["with endpoints", { routes: [], endpoints: ["ecs", "ecs-agent", "ecs-telemetry"] }],
    ["on Fargate", { resources: FARGATE, hasPublicAddresses: false }],
    ["on Fargate with endpoints", { resources: FARGATE, routes: [], endpoints: ["ecr.api", "ecr.dkr", "logs"] }],
    ["that is being updated", { queue: { status: "UPDATING" }, environment: { status: "UPDATING" } }],
    [
      "whose answers lack every field",
      {
        resources: { subnets: undefined, maxvCpus: undefined },
        jobs: [{ container: undefined, createdAt: undefined, jobName: undefined }],
      },
    ],
  ])("%s has no cause", async (_, world) => {
    const { code, findings } = await examine(world);
    expect(findings.filter(({ status }) => status !== "ok").map(({ cause }) => cause)).toEqual(["quota"]);
    expect(code).toBe(0);
  });

  test("without jobs that wait has nothing to look for", async () => {
    const { code, output } = await examine({ jobs: [], resources: { imageId: "ami-1" } }, DEPLOYED, false);
    expect(code).toBe(0);
    expect(output.stdout.split("\n").filter((line) => !line.endsWith(": not found"))).toEqual([
      "ok       echo_dev: no job waits",
      "ok       echo_dev, log driver: no job waits",
      "ok       echo_dev, quota: no job waits",
      "ok       echo_dev, container agent: no job waits",
      "",
    ]);
  });
});

describe("the first line", () => {
  const first = async (world: World) => (await examine(world)).findings[0];

  test("says how many jobs wait, for how long the first one, and why", async () => {
    expect(await first({ jobs: [{ statusReason: "CAPACITY:X" }, {}] })).toMatchObject({
      name: "echo_dev",
      message: "2 jobs in the queue; the first one, job-0, waits for 12:03: CAPACITY:X",
    });
    expect(await first({})).toMatchObject({
      message: "1 job in the queue; the first one, job-0, waits for 12:03: Batch gives no reason",
    });
  });

  test("counts no job that has started since", async () => {
    expect(await first({ jobs: [{ status: "STARTING" }] })).toMatchObject({ message: "no job waits" });
  });

  test("names the rights if AWS shows no jobs", async () => {
    expect(await first({ jobs: "refused" })).toMatchObject({
      status: "warning",
      message: "AWS does not show the jobs that wait",
      fix: "grant these credentials batch:GetJobQueueSnapshot or batch:ListJobs, and batch:DescribeJobs",
    });
  });

  test("comes from the list of jobs if AWS does not show the front of the queue", async () => {
    answer({ jobs: [{}, {}] });
    batch.on(GetJobQueueSnapshotCommand).rejects(refused);
    batch.on(ListJobsCommand).resolves({
      jobSummaryList: [
        { jobId: "id-0", jobName: "job-0", createdAt: 2 },
        { jobId: "id-1", jobName: "job-1", createdAt: 1 },
      ],
    });
    const { session, output } = scene({ session: { environment: {} } });
    await act(doctor, { json: true, queue: DEPLOYED }, session);
    expect(JSON.parse(output.stdout)[0].message).toContain("2 jobs in the queue; the first one, job-1,");
  });
});

describe("the queue", () => {
  test("may be named, or given by its ARN", async () => {
    expect((await examine({}, "mine")).findings[0]!.name).toBe("mine");
    expect((await examine({}, `${ARN}:job-queue/mine`)).findings[0]!.name).toBe("mine");
  });

  test("is by default each one of the deployment", async () => {
    answer({});
    const big = { ...CONTEXT.jobs.echo, compute: ["EC2"] };
    const context = { ...CONTEXT, jobs: { ...CONTEXT.jobs, big } };
    const { session, output } = scene({ session: { environment: {}, context } });
    await act(doctor, { json: true, queue: DEPLOYED }, session);
    const queues = new Set((JSON.parse(output.stdout) as QueueFinding[]).map(({ queue }) => queue));
    expect([...queues]).toEqual(["echo_dev", "echo_dev_big"]);
  });

  test("must exist", async () => {
    batch.on(DescribeJobQueuesCommand).resolves({ jobQueues: [] });
    const { session } = scene({ session: { environment: {} } });
    await expect(act(doctor, { json: false, queue: "none" }, session)).rejects.toThrow(
      "there is no job queue none in eu-west-1; deploy first, or name another one with --queue",
    );
  });
});
