import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import type { Settings } from "../../src/project/settings-types";
import type { BootstrapProps } from "../../src/terraform/bootstrap-account";
import { synthesizeBootstrap } from "../../stacks/bootstrap-stack";
import { allows, type Statement } from "./iam";
import { expectPrivateBucket, inventory, only, PRIVATE_BUCKET, type StackJson, settingsWith } from "./stacks";

const PROPS: BootstrapProps = {
  repository: "owner/repo",
  branch: "main",
  bucket: "my-states",
  existingBucket: false,
  mainOnly: false,
  existingProvider: false,
  stateInBucket: false,
};

const synthesized = new Map<string, string>();

/** Synthesizes each configuration once. Every caller gets a copy of its own. */
function synthWith(changes: Partial<BootstrapProps> = {}, settings: Partial<Settings> = {}): StackJson {
  const key = JSON.stringify([changes, settings]);
  const json = synthesized.get(key) ?? synthesizedText(changes, settings);
  synthesized.set(key, json);
  return JSON.parse(json);
}

function synthesizedText(changes: Partial<BootstrapProps>, settings: Partial<Settings>): string {
  const outdir = mkdtempSync(join(tmpdir(), "bootstrap-test-"));
  try {
    const folder = synthesizeBootstrap(settingsWith(settings), { ...PROPS, ...changes }, outdir);
    expect(folder).toBe(join(outdir, "stacks", `bootstrap-${settingsWith(settings).name}`));
    return readFileSync(join(folder, "cdk.tf.json"), "utf8");
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Returns the statements of the policy document at this construct path, or of all the parts that it was divided into. */
function statements(json: StackJson, path: string): readonly Statement[] {
  const found = documents(json, path);
  expect(found).not.toEqual([]);
  return found.flat();
}

function documents({ data }: StackJson, path: string): Statement[][] {
  const parts = new RegExp(`^${path}(-\\d)?(_[0-9A-F]{8})?$`);
  return Object.entries(data.aws_iam_policy_document!)
    .filter(([id]) => parts.test(id))
    .map(([, { statement }]) => statement as Statement[]);
}

/** Returns the policy of a role, in the partition `aws`. */
function policyOf(role: "apply" | "plan", json: StackJson = stack): readonly Statement[] {
  const text = JSON.stringify(statements(json, `${role}_policy`));
  return JSON.parse(text.replace(/\$\{data\.aws_partition\.[^}]*\}/g, "aws"));
}

/** The actions without the statement that only `network` create needs. */
function deployerActions(): string[] {
  const { Statement } = JSON.parse(
    readFileSync(join(PROJECT_FOLDER, "src", "terraform", "deployer-policy.json"), "utf8"),
  );
  return Statement.flatMap(({ Sid, Action }: { Sid: string; Action: string | string[] }) =>
    Sid === "NetworkDefaultGroup" ? [] : Action,
  );
}

const stack = synthWith();

test("there are a bucket with its protections, the provider and two roles", () => {
  const policies = documents(stack, "apply_policy").length + documents(stack, "plan_policy").length;
  expect(inventory(stack.resource)).toEqual({
    aws_iam_openid_connect_provider: 1,
    aws_iam_policy: policies,
    aws_iam_role: 2,
    aws_iam_role_policy_attachment: policies,
    ...PRIVATE_BUCKET,
  });
  expect(Object.keys(stack.output).sort()).toEqual(["apply-role-arn", "plan-role-arn", "state-bucket"]);
});

test("the bucket is never deleted by Terraform, and keeps old states for a time", () => {
  const bucket = only(stack.resource, "aws_s3_bucket");
  expect(bucket).toMatchObject({ bucket: "my-states", lifecycle: { prevent_destroy: true } });
  expect(bucket).not.toHaveProperty("force_destroy");
  expect(only(stack.resource, "aws_s3_bucket_versioning").versioning_configuration).toEqual({ status: "Enabled" });
  expect(only(stack.resource, "aws_s3_bucket_lifecycle_configuration").rule).toEqual([
    expect.objectContaining({
      status: "Enabled",
      noncurrent_version_expiration: [{ noncurrent_days: 90, newer_noncurrent_versions: 10 }],
      expiration: [{ expired_object_delete_marker: true }],
    }),
  ]);
});

test("the bucket is encrypted, private and open to TLS only", () => {
  expectPrivateBucket(stack);
  expect(statements(stack, "state-policy")).toEqual([
    expect.objectContaining({
      effect: "Deny",
      actions: ["s3:*"],
      principals: [{ type: "AWS", identifiers: ["*"] }],
      resources: [expect.stringMatching(/:s3:::my-states$/), expect.stringMatching(/:s3:::my-states\/\*$/)],
      condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
    }),
  ]);
});

test.each([
  ["plan", ["repo:owner/repo:pull_request", "repo:owner/repo:ref:refs/heads/main"]],
  ["apply", ["repo:owner/repo:environment:main", "repo:owner/repo:environment:branches"]],
])("the %s role is for these jobs of this repository alone, each named in full", (role, subjects) => {
  expect(statements(stack, `${role}_trust`)).toEqual([
    {
      actions: ["sts:AssumeRoleWithWebIdentity"],
      principals: [
        { type: "Federated", identifiers: [expect.stringMatching(/^\$\{aws_iam_openid_connect_provider\..*\.arn\}$/)] },
      ],
      condition: [
        { test: "StringEquals", variable: "token.actions.githubusercontent.com:aud", values: ["sts.amazonaws.com"] },
        { test: "StringEquals", variable: "token.actions.githubusercontent.com:sub", values: subjects },
      ],
    },
  ]);
});

test("a repository whose subjects bear ids is trusted by them", () => {
  const json = synthWith({ repository: "owner@1/repo@2" });
  expect(JSON.stringify(statements(json, "plan_trust"))).toContain('"repo:owner@1/repo@2:pull_request"');
  expect(JSON.stringify(statements(json, "apply_trust"))).toContain('"repo:owner@1/repo@2:environment:main"');
});

test("where only the main branch is deployed, the environment of all others cannot take the apply role", () => {
  const [trust] = statements(synthWith({ mainOnly: true }), "apply_trust");
  expect(trust!.condition![1]!.values).toEqual(["repo:owner/repo:environment:main"]);
});

test("the plan role follows the branch that is deployed", () => {
  const [trust] = statements(synthWith({ branch: "trunk" }), "plan_trust");
  expect(JSON.stringify(trust)).toContain("repo:owner/repo:ref:refs/heads/trunk");
});

test("the plan role reads, and writes nothing, not even locks", () => {
  const policy = statements(stack, "plan_policy");
  const actions = policy.flatMap((statement) => statement.actions);
  expect(actions.filter((action) => !/^\w+:(BatchCheck|BatchGet|Describe|Get|List|Validate)/.test(action))).toEqual([]);
  expect(actions).toContain("states:ValidateStateMachineDefinition");
  expect(actions).toContain("states:ListExecutions");
  expect(actions.filter((action) => action.startsWith("ecr:"))).toEqual([
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:DescribeRepositories",
    "ecr:GetDownloadUrlForLayer",
    "ecr:GetLifecyclePolicy",
    "ecr:ListTagsForResource",
  ]);
});

describe.each(["plan", "apply"] as const)("in the bucket the %s role", (role) => {
  const BUCKET = "arn:aws:s3:::my-states";
  const list = (prefix: string) => ({ action: "s3:ListBucket", resources: { [BUCKET]: { "s3:prefix": prefix } } });
  const on = (action: string, key: string) => ({ action, resources: { [`${BUCKET}/${key}`]: {} } });
  const writes = role === "apply";

  test.each([
    ["looks for a state, which may not be there", list("echo/dev/image.tfstate"), true],
    ["looks for workspaces, as `terraform init` does", list("env:/"), true],
    ["lists no other workflow's states", list("train/"), false],
    ["does not list all", { action: "s3:ListBucket", resources: { [BUCKET]: {} } }, false],
    ["reads a state", on("s3:GetObject", "echo/dev/image.tfstate"), true],
    ["reads no other workflow's state", on("s3:GetObject", "train/dev/image.tfstate"), false],
    ["writes a state", on("s3:PutObject", "echo/dev/image.tfstate"), writes],
    ["locks", on("s3:PutObject", "echo/dev/image.tfstate.tflock"), writes],
    ["breaks a lock", on("s3:DeleteObject", "echo/dev/image.tfstate.tflock"), writes],
    ["reads the state of the bootstrap", on("s3:GetObject", "bootstrap-echo.tfstate"), false],
    ["writes the state of the bootstrap", on("s3:PutObject", "bootstrap-echo.tfstate"), false],
  ])("%s", (_, call, expected) => {
    expect(allows(policyOf(role), call)).toBe(expected);
  });
});

describe("of EC2 the apply role may change what bears the workflow's tag", () => {
  const creating = () => policyOf("apply", synthWith({}, { network: "create" }));
  const TAG = "aws:ResourceTag/Workflow";
  const own = { [TAG]: "echo" };
  const others = { [TAG]: "train" };
  const untagged = {};
  /** The resource during its creation, with the tag of the workflow. */
  const made = { "aws:RequestTag/Workflow": "echo" };
  const call = (action: string, resources: Record<string, Record<string, string>>) => ({
    action: `ec2:${action}`,
    resources: Object.fromEntries(
      Object.entries(resources).map(([type, context]) => [`arn:aws:ec2:eu-west-1:123456789012:${type}/x`, context]),
    ),
  });
  /** The extra permission that AWS requires to create a resource with tags. */
  const tagged = (action: string, type: string) =>
    call("CreateTags", { [type]: { ...made, "ec2:CreateAction": action } });

  // The calls of the provider, with the resources of the Service Authorization Reference.
  test.each([
    call("CreateVpc", { vpc: made }),
    tagged("CreateVpc", "vpc"),
    call("DescribeVpcAttribute", { vpc: own }),
    call("ModifyVpcAttribute", { vpc: own }),
    call("RevokeSecurityGroupIngress", { "security-group": own }),
    call("CreateInternetGateway", { "internet-gateway": made }),
    tagged("CreateInternetGateway", "internet-gateway"),
    call("AttachInternetGateway", { "internet-gateway": own, vpc: own }),
    call("CreateRouteTable", { "route-table": made, vpc: own }),
    tagged("CreateRouteTable", "route-table"),
    call("CreateRoute", { "route-table": own }),
    call("CreateSubnet", { subnet: made, vpc: own }),
    tagged("CreateSubnet", "subnet"),
    call("ModifySubnetAttribute", { subnet: own }),
    call("AssociateRouteTable", { "route-table": own, subnet: own }),
    call("CreateSecurityGroup", { "security-group": made, vpc: untagged }),
    tagged("CreateSecurityGroup", "security-group"),
    call("RevokeSecurityGroupEgress", { "security-group": own }),
    call("AuthorizeSecurityGroupEgress", { "security-group": own, "security-group-rule": made }),
    call("AuthorizeSecurityGroupEgress", { "security-group": own, "security-group-rule": untagged }),
    // The provider tags a rule during or after its creation.
    call("CreateTags", { "security-group-rule": made }),
    tagged("AuthorizeSecurityGroupEgress", "security-group-rule"),
    call("ModifySecurityGroupRules", { "security-group": own, "security-group-rule": own }),
    call("CreateTags", { vpc: { ...own, ...made } }),
    call("DeleteTags", { subnet: own }),
    call("ReplaceRouteTableAssociation", { "route-table": own, subnet: own }),
    call("DisassociateRouteTable", { "route-table": own, subnet: own }),
    call("DeleteSecurityGroup", { "security-group": own }),
    call("DeleteRoute", { "route-table": own }),
    call("DeleteRouteTable", { "route-table": own }),
    call("DetachInternetGateway", { "internet-gateway": own, vpc: own }),
    call("DeleteInternetGateway", { "internet-gateway": own }),
    call("DeleteSubnet", { subnet: own }),
    call("DeleteVpc", { vpc: own }),
  ])("may $action $resources", (one) => {
    expect(allows(policyOf("apply"), one)).toBe(true);
  });

  test("and tag a group without the tag only where it makes a VPC, which has such a group", () => {
    const take = call("CreateTags", { "security-group": made });
    expect([allows(policyOf("apply"), take), allows(creating(), take)]).toEqual([false, true]);
  });

  test.each([
    ["untagged", untagged],
    ["another workflow's", others],
  ])("and not what is %s", (_, context) => {
    const calls = [
      ...["DeleteVpc", "ModifyVpcAttribute"].map((action) => call(action, { vpc: context })),
      ...["DeleteSubnet", "ModifySubnetAttribute"].map((action) => call(action, { subnet: context })),
      ...["CreateRoute", "DeleteRoute", "DeleteRouteTable"].map((action) => call(action, { "route-table": context })),
      ...["AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation"].flatMap((action) => [
        call(action, { "route-table": own, subnet: context }),
        call(action, { "route-table": context, subnet: own }),
      ]),
      ...["AttachInternetGateway", "DetachInternetGateway"].flatMap((action) => [
        call(action, { "internet-gateway": own, vpc: context }),
        call(action, { "internet-gateway": context, vpc: own }),
      ]),
      call("DeleteInternetGateway", { "internet-gateway": context }),
      call("DeleteSecurityGroup", { "security-group": context }),
      ...[
        "AuthorizeSecurityGroupEgress",
        "ModifySecurityGroupRules",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
      ].map((action) => call(action, { "security-group": context, "security-group-rule": own })),
      ...["vpc", "subnet", "route-table", "internet-gateway", "instance"].flatMap((type) => [
        call("CreateTags", { [type]: { ...context, ...made } }),
        call("DeleteTags", { [type]: context }),
      ]),
      call("DeleteTags", { "security-group": context }),
    ];
    expect(calls.filter((one) => allows(creating(), one))).toEqual([]);
  });

  test("nor make a group that of this workflow when it is another's, nor make anything without the tag", () => {
    const calls = [
      call("CreateTags", { "security-group": { ...others, ...made } }),
      call("CreateTags", { "security-group-rule": { ...others, ...made } }),
      call("CreateTags", { "security-group-rule": untagged }),
      call("AuthorizeSecurityGroupEgress", {
        "security-group": own,
        "security-group-rule": { "aws:RequestTag/Workflow": "train" },
      }),
      tagged("RunInstances", "instance"),
      tagged("ModifyVpcAttribute", "vpc"),
      call("CreateTags", { "security-group": { "aws:RequestTag/Workflow": "train" } }),
      call("CreateVpc", { vpc: untagged }),
      call("CreateSecurityGroup", { "security-group": untagged, vpc: own }),
      call("CreateTags", { vpc: { "aws:RequestTag/Workflow": "train", "ec2:CreateAction": "CreateVpc" } }),
    ];
    expect(calls.filter((one) => allows(creating(), one))).toEqual([]);
  });

  test("by the name of the workflow", () => {
    const train = policyOf("apply", synthWith({}, { name: "train" }));
    expect(allows(train, call("DeleteVpc", { vpc: others }))).toBe(true);
    expect(allows(train, call("DeleteVpc", { vpc: own }))).toBe(false);
  });
});

/** The policy that ECS requires for instances. It is the only AWS managed policy of a deployment. */
const INSTANCES = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role";

test.each(["AttachRolePolicy", "DetachRolePolicy"])(
  "the apply role may %s with the instances' policy alone",
  (action) => {
    const on = (policy: string) => ({
      action: `iam:${action}`,
      resources: { "arn:aws:iam::123456789012:role/echo_dev_instances": { "iam:PolicyARN": policy } },
    });
    const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
    expect([allows(policyOf("apply"), on(INSTANCES)), allows(policyOf("apply"), on(administrator))]).toEqual([
      true,
      false,
    ]);
  },
);

describe("where roles need a permissions boundary", () => {
  const boundary = "arn:aws:iam::123456789012:policy/boundary";
  const bound = () => policyOf("apply", synthWith({}, { permissionsBoundary: boundary }));
  const on = (action: string, context: Record<string, string> = {}) => ({
    action: `iam:${action}`,
    resources: { "arn:aws:iam::123456789012:role/echo_dev_jobs": context },
  });

  test.each<[string, Record<string, string>]>([
    ["CreateRole", {}],
    ["PutRolePolicy", {}],
    ["AttachRolePolicy", { "iam:PolicyARN": INSTANCES }],
    ["PutRolePermissionsBoundary", {}],
  ])("the apply role may %s with that one alone", (action, context) => {
    const other = boundary.replace("boundary", "other");
    expect([
      allows(bound(), on(action, { ...context, "iam:PermissionsBoundary": boundary })),
      allows(bound(), on(action, { ...context, "iam:PermissionsBoundary": other })),
      allows(bound(), on(action, context)),
    ]).toEqual([true, false, false]);
  });

  test("it cannot take a boundary away; what takes rights away it may do as before", () => {
    expect(allows(bound(), on("DeleteRolePermissionsBoundary", { "iam:PermissionsBoundary": boundary }))).toBe(false);
    for (const action of ["DeleteRole", "DeleteRolePolicy", "DetachRolePolicy", "UpdateAssumeRolePolicy"]) {
      expect(allows(bound(), on(action, { "iam:PolicyARN": INSTANCES }))).toBe(true);
    }
  });

  test("where they need none, none is asked for", () => {
    expect(JSON.stringify(policyOf("apply"))).not.toContain("iam:PermissionsBoundary");
    expect(allows(policyOf("apply"), on("DeleteRolePermissionsBoundary"))).toBe(true);
  });
});

test("the apply role may do what src/terraform/deployer-policy.json says, and keep states", () => {
  const policy = statements(stack, "apply_policy");
  expect(policy.flatMap(({ actions }) => actions)).toEqual([
    ...deployerActions(),
    "s3:ListBucket",
    "s3:GetObject",
    "s3:DeleteObject",
    "s3:PutObject",
  ]);
  expect(policy.find(({ sid }) => sid === "HandRolesOn")).toEqual({
    sid: "HandRolesOn",
    actions: ["iam:PassRole"],
    resources: [expect.stringMatching(/^arn:\$\{data\.aws_partition\..*\.partition\}:iam::\*:role\/echo_\*$/)],
    condition: [
      {
        test: "StringEquals",
        variable: "iam:PassedToService",
        values: ["batch", "ec2", "ecs-tasks", "events", "scheduler", "states"].map((one) => `${one}.amazonaws.com`),
      },
    ],
  });
});

test("both roles are about the workflow of the settings, and no deployment's name is theirs", () => {
  const other = synthWith({}, { name: "train" });
  expect(JSON.stringify(other.data)).not.toContain("echo");
  expect(Object.values(other.resource.aws_iam_role!).map(({ name }) => name)).toEqual([
    "train-github-apply",
    "train-github-plan",
  ]);
});

test.each(["plan", "apply"])("each policy of the %s role is short enough for IAM, and they are few enough", (role) => {
  // IAM counts no spaces. GovCloud has the longest partition name.
  const permissionsBoundary = `arn:aws-us-gov:iam::123456789012:policy/${"a".repeat(128)}`;
  const json = synthWith({}, { name: "a".repeat(20), permissionsBoundary });
  const policies = documents(json, `${role}_policy`);
  const lengths = policies.map((policy) => JSON.stringify(policy).replace(/\$\{[^}]*\}/g, "aws-us-gov").length);
  expect(Math.max(...lengths)).toBeLessThan(6144);
  expect(lengths.length).toBeLessThanOrEqual(10);
});

test("the roles have the permissions boundary that the account asks for", () => {
  const boundary = "arn:aws:iam::123456789012:policy/boundary";
  const roles = Object.values(synthWith({}, { permissionsBoundary: boundary }).resource.aws_iam_role!);
  expect(roles.map(({ permissions_boundary }) => permissions_boundary)).toEqual([boundary, boundary]);
});

test("Terraform does not destroy the provider, on which all workflows of the account depend", () => {
  expect(only(stack.resource, "aws_iam_openid_connect_provider").lifecycle).toEqual({ prevent_destroy: true });
});

test("a provider that the account has already is looked up, and let go of if it was made here", () => {
  const { data, resource, removed } = synthWith({ existingProvider: true }) as StackJson & { removed: unknown };
  const [made] = Object.keys(stack.resource.aws_iam_openid_connect_provider!);
  expect(removed).toEqual([{ from: `aws_iam_openid_connect_provider.${made}`, lifecycle: { destroy: false } }]);
  expect(resource).not.toHaveProperty("aws_iam_openid_connect_provider");
  expect(only(data, "aws_iam_openid_connect_provider").url).toBe("https://token.actions.githubusercontent.com");
});

test("a bucket that exists is left as it is, and let go of with all its protections if it was made here", () => {
  const { resource, removed, data } = synthWith({ existingBucket: true }) as StackJson & { removed: unknown };
  const made = Object.entries(stack.resource)
    .filter(([type]) => type.startsWith("aws_s3"))
    .map(([type, resources]) => ({ from: `${type}.${Object.keys(resources)[0]}`, lifecycle: { destroy: false } }));
  expect(removed).toEqual(expect.arrayContaining(made));
  expect(removed).toHaveLength(made.length);
  expect(Object.keys(resource).filter((type) => type.startsWith("aws_s3"))).toEqual([]);
  expect(statements({ data } as StackJson, "apply_policy")).toEqual(statements(stack, "apply_policy"));
});

test("bucket and provider that exist are let go of together", () => {
  const { removed } = synthWith({ existingBucket: true, existingProvider: true }) as unknown as { removed: unknown[] };
  expect(removed).toHaveLength(8);
});

test("the bucket is in the region of the states", () => {
  const { provider, terraform } = synthWith({ stateInBucket: true }, { stateRegion: "eu-central-1" });
  expect((provider.aws as { region: string }[])[0]!.region).toBe("eu-central-1");
  expect(terraform.backend).toMatchObject({ s3: { region: "eu-central-1" } });
});

test("with HCP Terraform there is no bucket for states, and no right to one", () => {
  const cloud = synthWith({ bucket: null });
  expect(Object.keys(cloud.resource).filter((type) => type.startsWith("aws_s3"))).toEqual([]);
  const sids = ["apply_policy", "plan_policy"].flatMap((path) => statements(cloud, path).map(({ sid }) => sid));
  expect(sids.filter((sid) => sid?.endsWith("States"))).toEqual([]);
  expect(cloud.output).not.toHaveProperty("state-bucket");
});

test("its own state is a file of the project, and then in the bucket it made; one for each workflow", () => {
  const local = (name: string) => ({ local: { path: `../../../state/bootstrap-${name}.tfstate` } });
  expect(stack.terraform.backend).toEqual(local("echo"));
  expect(synthWith({}, { name: "train" }).terraform.backend).toEqual(local("train"));
  expect(synthWith({ stateInBucket: true }).terraform.backend).toEqual({
    s3: { bucket: "my-states", key: "bootstrap-echo.tfstate", region: "eu-west-1", encrypt: true, use_lockfile: true },
  });
});

test("git does not see that file", () => {
  expect(readFileSync(join(PROJECT_FOLDER, ".gitignore"), "utf8")).toMatch(/^state\/$/m);
});
