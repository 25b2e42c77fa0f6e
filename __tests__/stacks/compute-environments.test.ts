import type { Compute, Settings } from "../../src/project/settings-types";
import { WorkflowStack } from "../../stacks/workflow-stack";
import { inventory, only, settingsWith, synth } from "./stacks";

interface Environment {
  readonly compute_resources: Record<string, unknown>;
  readonly depends_on: string[];
}

function environmentWith(changes: Partial<Settings>): Environment {
  return only(
    synth(WorkflowStack, settingsWith(changes)).resource,
    "aws_batch_compute_environment",
  ) as unknown as Environment;
}

function containerWith(changes: Partial<Settings>): Record<string, unknown> {
  const { resource } = synth(WorkflowStack, settingsWith(changes));
  const definition = only(resource, "aws_batch_job_definition") as { container_properties: string };
  return JSON.parse(definition.container_properties);
}

test.each(["FARGATE_SPOT", "FARGATE"] as const)("%s is given nothing that is for instances", (compute) => {
  const { compute_resources } = environmentWith({ compute: [compute], maxVcpus: 4 });
  expect(compute_resources).toEqual({
    type: compute,
    max_vcpus: 4,
    subnets: expect.anything(),
    security_group_ids: [expect.anything()],
  });
});

test.each<[Compute, Settings["architecture"], string, string[]]>([
  ["EC2", "X86_64", "BEST_FIT_PROGRESSIVE", ["r4.large", "r5.large"]],
  ["SPOT", "X86_64", "SPOT_PRICE_CAPACITY_OPTIMIZED", ["r4.large", "r5.large"]],
  ["EC2", "ARM64", "BEST_FIT_PROGRESSIVE", ["r6g.large", "r7g.large"]],
])("%s for %s has instances of its own, none of them idle", (compute, architecture, strategy, types) => {
  const { compute_resources, depends_on } = environmentWith({ compute: [compute], architecture });
  expect(compute_resources).toMatchObject({
    type: compute,
    allocation_strategy: strategy,
    min_vcpus: 0,
    instance_type: types,
    instance_role: expect.stringMatching(/^\$\{aws_iam_instance_profile\..*\.arn\}$/),
    ec2_configuration: [{ image_type: "ECS_AL2023" }],
  });
  // Batch could not terminate its instances if the policy of the role went first.
  expect(depends_on).toContainEqual(expect.stringMatching(/^aws_iam_role_policy_attachment\./));
});

test("given instance types take the place of the default ones", () => {
  const { compute_resources } = environmentWith({ compute: ["EC2"], instanceTypes: ["m7i"] });
  expect(compute_resources.instance_type).toEqual(["m7i"]);
});

test("an environment is replaced before the old one goes: a queue holds it", () => {
  expect(environmentWith({})).toMatchObject({ name_prefix: "echo_dev-", lifecycle: { create_before_destroy: true } });
});

test("EC2 may take the instances' role without saying for whom: it never does", () => {
  const { data, resource } = synth(WorkflowStack, settingsWith({ compute: ["EC2"] }));
  const trusts = Object.values(data.aws_iam_policy_document!) as unknown as {
    statement: { principals?: { identifiers: string[] }[]; condition?: unknown }[];
  }[];
  const ec2 = trusts
    .flatMap(({ statement }) => statement)
    .filter(({ principals }) => principals?.[0]?.identifiers.includes("ec2.amazonaws.com"));
  expect(ec2).toHaveLength(1);
  expect(ec2[0]).not.toHaveProperty("condition");
  expect(only(resource, "aws_iam_role_policy_attachment").policy_arn).toMatch(
    /:iam::aws:policy\/service-role\/AmazonEC2ContainerServiceforEC2Role$/,
  );
});

test("a job on Fargate says how it is reached and what it runs on; on instances it says neither", () => {
  const fargate = ["networkConfiguration", "fargatePlatformConfiguration", "runtimePlatform"];
  expect(containerWith({ architecture: "ARM64", assignPublicIp: false })).toMatchObject({
    networkConfiguration: { assignPublicIp: "DISABLED" },
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
  });
  expect(Object.keys(containerWith({ compute: ["FARGATE"] }))).toEqual(expect.arrayContaining(fargate));
  for (const field of fargate) expect(containerWith({ compute: ["SPOT"] })).not.toHaveProperty(field);
});

test("instances give whole vCPUs: a fraction is rounded up", () => {
  expect(containerWith({ compute: ["EC2"] }).resourceRequirements).toEqual([
    { type: "VCPU", value: "1" },
    { type: "MEMORY", value: "512" },
  ]);
});

describe("the network", () => {
  test("is the default VPC's where nothing is said", () => {
    const { data, resource } = synth(WorkflowStack, settingsWith());
    expect(only(data, "aws_vpc")).toMatchObject({ default: true });
    expect(resource).not.toHaveProperty("aws_vpc");
  });

  test("is the given one, of which nothing is looked up", () => {
    const { data, resource } = synth(WorkflowStack, settingsWith({ network: "vpc-1", subnets: ["subnet-a"] }));
    expect(only(resource, "aws_security_group").vpc_id).toBe("vpc-1");
    expect(only(resource, "aws_batch_compute_environment")).toMatchObject({
      compute_resources: { subnets: ["subnet-a"] },
    });
    expect(Object.keys(data)).not.toEqual(expect.arrayContaining(["aws_vpc"]));
  });

  test("is created with public subnets in two zones, ready before a job starts", () => {
    const { resource } = synth(WorkflowStack, settingsWith({ network: "create" }));
    expect(inventory(resource)).toMatchObject({
      aws_vpc: 1,
      aws_default_security_group: 1,
      aws_internet_gateway: 1,
      aws_route_table: 1,
      aws_route: 1,
      aws_subnet: 2,
      aws_route_table_association: 2,
    });
    const subnets = Object.values(resource.aws_subnet!);
    expect(new Set(subnets.map(({ cidr_block }) => cidr_block)).size).toBe(2);
    expect(new Set(subnets.map(({ availability_zone }) => availability_zone)).size).toBe(2);
    for (const subnet of subnets) expect(subnet.map_public_ip_on_launch).toBe(true);
    const { depends_on } = environmentWith({ network: "create" });
    expect(depends_on.filter((address) => /^aws_route(_table_association)?\./.test(address))).toHaveLength(3);
  });

  test.each([{}, { network: "vpc-1", subnets: ["subnet-a"] }, { network: "create" }])(
    "lets jobs out and nothing in: %j",
    (changes) => {
      const { resource } = synth(WorkflowStack, settingsWith(changes));
      expect(only(resource, "aws_vpc_security_group_egress_rule")).toMatchObject({ cidr_ipv4: "0.0.0.0/0" });
      expect(resource).not.toHaveProperty("aws_vpc_security_group_ingress_rule");
    },
  );
});
