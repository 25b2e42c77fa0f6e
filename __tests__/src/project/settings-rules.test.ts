import { loadSettings } from "../../../src/project/load-settings";

const echo = { image: "image", vcpus: 0.25, memoryMiB: 512, timeoutSeconds: 3600, attempts: 3 };

function problems(environment: NodeJS.ProcessEnv, job: Partial<typeof echo> = {}): string[] {
  try {
    loadSettings(environment, { jobs: { echo: { ...echo, ...job } } });
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

test.each<[string, NodeJS.ProcessEnv, string]>([
  [
    "instance types on Fargate",
    { WORKFLOW_INSTANCE_TYPES: "m5.large" },
    '`instanceTypes` must be unset unless `compute` is EC2 or SPOT, got: ["m5.large"]; set WORKFLOW_INSTANCE_TYPES',
  ],
  [
    "a given VPC without subnets",
    { WORKFLOW_NETWORK: "vpc-1" },
    "`subnets` must name subnets of the VPC in `network`, and be unset if `network` is not the id of a VPC, got: []; set WORKFLOW_SUBNETS",
  ],
  [
    "subnets without their VPC",
    { WORKFLOW_SUBNETS: "subnet-1" },
    '`subnets` must name subnets of the VPC in `network`, and be unset if `network` is not the id of a VPC, got: ["subnet-1"]; set WORKFLOW_SUBNETS',
  ],
  [
    "a created network in which no job has a public address",
    { WORKFLOW_NETWORK: "create", WORKFLOW_ASSIGN_PUBLIC_IP: "false" },
    "`assignPublicIp` must be true if `network` is create: its subnets have no NAT gateway, got: false; set WORKFLOW_ASSIGN_PUBLIC_IP",
  ],
  [
    "a recipient twice",
    { WORKFLOW_NOTIFY: "ops@example.com,ops@example.com" },
    '`notify` must name each recipient once, got: ["ops@example.com","ops@example.com"]; set WORKFLOW_NOTIFY',
  ],
  [
    "a topic in another region",
    { WORKFLOW_NOTIFY: "ops@example.com,arn:aws:sns:us-east-1:123456789012:alerts" },
    '`notify` must name only topics in the region of the deployment: EventBridge sends to no other region, got: ["ops@example.com","arn:aws:sns:us-east-1:123456789012:alerts"]; set WORKFLOW_NOTIFY',
  ],
  [
    "more topics than a rule has targets",
    { WORKFLOW_NOTIFY: [..."abcde"].map((name) => `arn:aws:sns:eu-west-1:123456789012:${name}`).join(",") },
    expect.stringMatching(/^`notify` must name at most 4 topics, beside any number of e-mail addresses, got: /),
  ],
  [
    "a start of keys without a bucket",
    { WORKFLOW_ON_OBJECT: "in/" },
    '`onObject` must be unset unless `data` is create or the name of a bucket, got: "in/"; set WORKFLOW_ON_OBJECT',
  ],
  [
    "instances and Fargate in one queue",
    { WORKFLOW_COMPUTE: "FARGATE,EC2" },
    '`compute` must be all of FARGATE and FARGATE_SPOT, or all of EC2 and SPOT: a queue cannot have both, got: ["FARGATE","EC2"]; set WORKFLOW_COMPUTE',
  ],
  [
    "the backend s3 without a bucket",
    { WORKFLOW_BACKEND: "s3" },
    "`stateBucket` must be the name of an S3 bucket if `backend` is s3, got: null; set WORKFLOW_STATE_BUCKET",
  ],
  [
    "the backend cloud without an organization",
    { WORKFLOW_BACKEND: "cloud" },
    "`cloudOrganization` must be the name of an organization if `backend` is cloud, got: null; set WORKFLOW_CLOUD_ORGANIZATION",
  ],
])("%s is refused", (_, environment, message) => {
  expect(problems(environment)).toEqual([message]);
});

test("all that does not go together comes in one message", () => {
  expect(problems({ WORKFLOW_BACKEND: "s3", WORKFLOW_NETWORK: "vpc-1" }, { vcpus: 3 })).toHaveLength(3);
});

test("a setting that is wrong by itself keeps no other from being looked at", () => {
  const environment = { WORKFLOW_COMPUTE: "ec2", WORKFLOW_NETWORK: "vpc-1", WORKFLOW_BACKEND: "s3" };
  expect(problems(environment, { vcpus: 11 }).map((problem) => problem.match(/`(.*?)`/)![1])).toEqual([
    "compute",
    "subnets",
    "stateBucket",
    "jobs.echo.vcpus",
  ]);
});

describe("on Fargate", () => {
  // Facts of AWS's table of pairs: least, most and what lies beside them.
  test.each([
    [0.25, [512, 1024, 2048], [511, 1536, 3072]],
    [0.5, [1024, 2048, 3072, 4096], [512, 1536, 5120]],
    [1, [2048, 3072, 8192], [1024, 9216]],
    [2, [4096, 9216, 16384], [3072, 17408]],
    [4, [8192, 17408, 30720], [7168, 31744]],
    [8, [16384, 20480, 61440], [15360, 17408, 65536]],
    [16, [32768, 40960, 122880], [24576, 36864, 131072]],
  ])("%d vCPUs go with the memory that AWS lists for them", (vcpus, good, bad) => {
    const environment = { WORKFLOW_MAX_VCPUS: "16" };
    for (const memoryMiB of good) expect(problems(environment, { vcpus, memoryMiB })).toEqual([]);
    for (const memoryMiB of bad) {
      expect(problems(environment, { vcpus, memoryMiB })).toEqual([
        expect.stringMatching(
          `^\`jobs.echo.memoryMiB\` must be one of ${good[0]}, .* on Fargate with \`vcpus\` ${vcpus}, got`,
        ),
      ]);
    }
  });

  test("another number of vCPUs is refused, with the valid numbers", () => {
    expect(problems({}, { vcpus: 3 })).toEqual([
      "`jobs.echo.vcpus` must be one of 0.25, 0.5, 1, 2, 4, 8, 16 on Fargate, got: 3; set it in the context of cdktf.json",
    ]);
  });
});

describe("on instances", () => {
  test("a job fits the default ones, or the settings name larger ones", () => {
    const large = { vcpus: 3, memoryMiB: 15361 };
    expect(problems({ WORKFLOW_COMPUTE: "EC2" }, { vcpus: 2, memoryMiB: 15360 })).toEqual([]);
    expect(problems({ WORKFLOW_COMPUTE: "SPOT" }, large)).toEqual([
      "`jobs.echo.vcpus` must be at most 2 unless `instanceTypes` names larger instances, got: 3; set it in the context of cdktf.json",
      "`jobs.echo.memoryMiB` must be at most 15360 unless `instanceTypes` names larger instances, got: 15361; set it in the context of cdktf.json",
    ]);
    expect(problems({ WORKFLOW_COMPUTE: "SPOT", WORKFLOW_INSTANCE_TYPES: "r5.xlarge" }, large)).toEqual([]);
  });
});

test("a job that needs more than all jobs together may have would never start", () => {
  expect(problems({ WORKFLOW_MAX_VCPUS: "1" }, { vcpus: 2, memoryMiB: 4096 })).toEqual([
    "`jobs.echo.vcpus` must be at most `maxVcpus`, 1, or the job never starts, got: 2; set it in the context of cdktf.json",
  ]);
});

test("jobs that the document cannot tell apart are refused", () => {
  expect(() => loadSettings({}, { jobs: { a1: echo, "a-1": echo } })).toThrow(
    'must not have both "a1" and "a-1": ${A1JobDefinitionArn} would stand for both',
  );
});
