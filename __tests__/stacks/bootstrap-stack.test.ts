import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_FOLDER, type Settings } from "../../settings";
import { type BootstrapProps, synthesizeBootstrap } from "../../stacks/bootstrap-stack";
import { inventory, only, type StackJson, settingsWith } from "./stacks";

const PROPS: BootstrapProps = {
  repository: "owner/repo",
  branch: "main",
  bucket: "my-states",
  existingProvider: false,
  stateInBucket: false,
};

type Statement = Readonly<Record<string, unknown>> & { readonly sid?: string; readonly actions: readonly string[] };

function synthWith(changes: Partial<BootstrapProps> = {}, settings: Partial<Settings> = {}): StackJson {
  const outdir = mkdtempSync(join(tmpdir(), "bootstrap-test-"));
  try {
    const folder = synthesizeBootstrap(settingsWith(settings), { ...PROPS, ...changes }, outdir);
    expect(folder).toBe(join(outdir, "stacks", "bootstrap"));
    return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The statements of the policy document whose construct has this path. */
function statements({ data }: StackJson, path: string): readonly Statement[] {
  const found = Object.entries(data.aws_iam_policy_document!).filter(([id]) => id.startsWith(`${path}_`));
  expect(found).toHaveLength(1);
  return found[0]![1].statement as Statement[];
}

function deployerActions(): string[] {
  const { Statement } = JSON.parse(readFileSync(join(PROJECT_FOLDER, "docs", "deployer-policy.json"), "utf8"));
  return Statement.flatMap(({ Action }: { Action: string | string[] }) => Action);
}

const stack = synthWith();

test("there are a bucket with its protections, the provider and two roles", () => {
  expect(inventory(stack.resource)).toEqual({
    aws_iam_openid_connect_provider: 1,
    aws_iam_role: 2,
    aws_iam_role_policy: 2,
    aws_s3_bucket: 1,
    aws_s3_bucket_lifecycle_configuration: 1,
    aws_s3_bucket_policy: 1,
    aws_s3_bucket_public_access_block: 1,
    aws_s3_bucket_server_side_encryption_configuration: 1,
    aws_s3_bucket_versioning: 1,
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
  expect(only(stack.resource, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
    { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
  ]);
  expect(only(stack.resource, "aws_s3_bucket_public_access_block")).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(statements(stack, "state_policy")).toEqual([
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

test("the plan role follows the branch that is deployed", () => {
  const [trust] = statements(synthWith({ branch: "trunk" }), "plan_trust");
  expect(JSON.stringify(trust)).toContain("repo:owner/repo:ref:refs/heads/trunk");
});

test("the plan role reads, and writes nothing but locks", () => {
  const policy = statements(stack, "plan_policy");
  const writing = policy.filter(({ actions }) =>
    actions.some((action) => !/^\w+:(BatchCheck|BatchGet|Describe|Get|List|Validate)/.test(action)),
  );
  expect(writing).toEqual([
    {
      sid: "LockStates",
      actions: ["s3:DeleteObject", "s3:PutObject"],
      resources: [expect.stringMatching(/:s3:::my-states\/echo\/\*\.tflock$/)],
    },
  ]);
  const actions = policy.flatMap((statement) => statement.actions);
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

test("the apply role may do what docs/deployer-policy.json says, and keep states", () => {
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
        values: ["batch.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "states.amazonaws.com"],
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

test.each(["plan", "apply"])("the %s role's policy is short enough for IAM", (role) => {
  // All inline policies of a role together, spaces not counted; the longest partition is that of GovCloud.
  const text = JSON.stringify(statements(synthWith({}, { name: "a".repeat(20) }), `${role}_policy`));
  expect(text.replace(/\$\{data\.aws_partition\.[^}]*\}/g, "aws-us-gov").length).toBeLessThan(10_240);
});

test("the roles have the permissions boundary that the account asks for", () => {
  const boundary = "arn:aws:iam::123456789012:policy/boundary";
  const roles = Object.values(synthWith({}, { permissionsBoundary: boundary }).resource.aws_iam_role!);
  expect(roles.map(({ permissions_boundary }) => permissions_boundary)).toEqual([boundary, boundary]);
});

test("a provider that the account has already is looked up", () => {
  const { data, resource } = synthWith({ existingProvider: true });
  expect(resource).not.toHaveProperty("aws_iam_openid_connect_provider");
  expect(only(data, "aws_iam_openid_connect_provider").url).toBe("https://token.actions.githubusercontent.com");
});

test("with HCP Terraform there is no bucket, and no right to one", () => {
  const cloud = synthWith({ bucket: null });
  expect(Object.keys(cloud.resource).filter((type) => type.startsWith("aws_s3"))).toEqual([]);
  expect(JSON.stringify(cloud)).not.toContain("s3:");
  expect(cloud.output).not.toHaveProperty("state-bucket");
});

test("its own state is a file of the project, and then in the bucket it made", () => {
  expect(stack.terraform.backend).toEqual({ local: { path: "../../../state/bootstrap.tfstate" } });
  expect(synthWith({ stateInBucket: true }).terraform.backend).toEqual({
    s3: { bucket: "my-states", key: "bootstrap.tfstate", region: "eu-west-1", encrypt: true, use_lockfile: true },
  });
});
