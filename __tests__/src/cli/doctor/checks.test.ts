import { CHECKS } from "../../../../src/cli/doctor/checks";
import type { Finding } from "../../../../src/cli/doctor/finding";
import type { Answers } from "../../../../src/cli/doctor/probes";
import { exampleSettings } from "../../../example";

const S3 = { WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" };
const CLOUD = { WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "acme" };

/** Returns the finding of the check of this name about an answer. */
function judge<K extends keyof Answers>(
  name: string,
  answer: Answers[K] | null,
  environment: NodeJS.ProcessEnv = {},
): Finding | null {
  const settings = exampleSettings(environment);
  const checks = CHECKS.filter((check) => check.name === name && check.applies(settings));
  expect(checks).toHaveLength(1);
  return checks[0]!.judge(answer as never, { settings, environment });
}

const finding = (status: Finding["status"], message: string, fix?: string) => ({
  status,
  message,
  ...(fix && { fix }),
});

test.each<[string, Finding]>([
  ["20.19.0", finding("ok", "20.19.0")],
  ["24.1.0", finding("ok", "24.1.0")],
  ["20.9.0", finding("failure", "20.9.0 is older than 20.19.0", "install a newer one")],
  ["18.99.0", finding("failure", "18.99.0 is older than 20.19.0", "install a newer one")],
])("Node.js %s", (version, expected) => {
  expect(judge<"node">("Node.js", version)).toEqual(expected);
});

test.each<[Answers["terraform"], Finding]>([
  [
    { command: "terraform", found: { product: "Terraform", version: "1.10.0" }, other: null },
    finding("ok", "Terraform 1.10.0"),
  ],
  [
    { command: "terraform", found: { product: "Terraform", version: "1.9.8" }, other: null },
    finding("failure", "Terraform 1.9.8 is older than 1.10.0", "install a newer one"),
  ],
  [
    { command: "tofu", found: { product: "OpenTofu", version: "1.11.0-rc1" }, other: null },
    finding("ok", "OpenTofu 1.11.0-rc1"),
  ],
  [
    { command: "tofu", found: { product: "OpenTofu", version: "1.10.6" }, other: null },
    finding("failure", "OpenTofu 1.10.6 is older than 1.11.0", "install a newer one"),
  ],
  [
    { command: "terraform", found: null, other: null },
    finding("failure", "there is no command terraform", "install Terraform 1.10.0 or OpenTofu 1.11.0, or newer"),
  ],
  [
    { command: "terraform", found: null, other: "tofu" },
    finding("failure", "there is no command terraform", "set TERRAFORM_BINARY_NAME=tofu"),
  ],
])("Terraform: %j", (answer, expected) => {
  expect(judge<"terraform">("Terraform", answer)).toEqual(expected);
});

const DOCKER = { version: "28.0", os: "linux", architecture: "x86_64", vcpus: 2, memoryMiB: 4000 };

test.each<[Partial<Answers["docker"]>, NodeJS.ProcessEnv, Finding]>([
  [{}, {}, finding("ok", "engine 28.0")],
  [{ architecture: "aarch64" }, { WORKFLOW_ARCHITECTURE: "ARM64" }, finding("ok", "engine 28.0")],
  [{ os: "windows" }, {}, finding("failure", "engine 28.0 runs windows containers", "switch it to Linux containers")],
  [
    {},
    { WORKFLOW_ARCHITECTURE: "ARM64" },
    finding(
      "warning",
      "engine 28.0 runs on x86_64, images are built for ARM64",
      "a Dockerfile with RUN needs QEMU, as do jobs that run here; or set WORKFLOW_ARCHITECTURE",
    ),
  ],
  [
    { vcpus: 0 },
    {},
    finding(
      "warning",
      "engine 28.0 has 0 CPUs, the job echo asks for 0.25",
      "give the engine more to run it here; on AWS it does not matter",
    ),
  ],
  [
    { memoryMiB: 500 },
    {},
    finding(
      "warning",
      "engine 28.0 has 500 MiB, the job echo asks for 512",
      "give the engine more to run it here; on AWS it does not matter",
    ),
  ],
])("Docker: %j with %j", (changed, environment, expected) => {
  expect(judge<"docker">("Docker", { ...DOCKER, ...changed }, environment)).toEqual(expected);
});

const CALLER = { account: "123456789012", arn: "arn:aws:iam::123456789012:user/me" };

test("credentials: account and ARN, nothing else", () => {
  expect(judge<"caller">("credentials", CALLER)).toEqual(
    finding("ok", "account 123456789012, arn:aws:iam::123456789012:user/me"),
  );
});

test.each<[string, NodeJS.ProcessEnv, Finding]>([
  ["aws-cn", { AWS_REGION: "cn-north-1" }, finding("ok", "account 123456789012, arn:aws-cn:iam::123456789012:user/me")],
  [
    "aws",
    { AWS_REGION: "us-gov-west-1" },
    finding(
      "failure",
      "account 123456789012, arn:aws:iam::123456789012:user/me: of the partition aws, and us-gov-west-1 is in aws-us-gov",
      "set AWS_REGION to a region of that partition, or use other credentials",
    ),
  ],
])("credentials of %s, with %j", (partition, environment, expected) => {
  const arn = CALLER.arn.replace("aws", partition);
  expect(judge<"caller">("credentials", { ...CALLER, arn }, environment)).toEqual(expected);
});

const NO_REGION = { name: "default", region: null };

test.each<[Answers["profile"], NodeJS.ProcessEnv, Finding]>([
  [NO_REGION, {}, finding("ok", "eu-west-1")],
  [
    NO_REGION,
    { AWS_DEFAULT_REGION: "us-east-1" },
    finding(
      "warning",
      "eu-west-1, and not us-east-1 of AWS_DEFAULT_REGION",
      "set AWS_REGION=us-east-1, or AWS_REGION=eu-west-1 if that is right",
    ),
  ],
  [
    { name: "work", region: "us-east-1" },
    {},
    finding(
      "warning",
      "eu-west-1, and not us-east-1 of the AWS profile work",
      "set AWS_REGION=us-east-1, or AWS_REGION=eu-west-1 if that is right",
    ),
  ],
  [
    { name: "default", region: "us-east-1" },
    { AWS_DEFAULT_REGION: "us-west-2" },
    finding(
      "warning",
      "eu-west-1, and not us-west-2 of AWS_DEFAULT_REGION",
      "set AWS_REGION=us-west-2, or AWS_REGION=eu-west-1 if that is right",
    ),
  ],
  [{ name: "default", region: "eu-west-1" }, {}, finding("ok", "eu-west-1")],
  [
    { name: "work", region: "us-east-1" },
    { AWS_DEFAULT_REGION: "us-east-1", AWS_REGION: "eu-west-3" },
    finding("ok", "eu-west-3"),
  ],
  [NO_REGION, { AWS_DEFAULT_REGION: "eu-west-1" }, finding("ok", "eu-west-1")],
])("region, with the profile %j and %j", (profile, environment, expected) => {
  expect(judge<"profile">("region", profile, environment)).toEqual(expected);
});

test.each<[string | null, Finding]>([
  ["vpc-1", finding("ok", "vpc-1")],
  [
    null,
    finding(
      "failure",
      "eu-west-1 has none",
      "set WORKFLOW_NETWORK=create, give a VPC and its subnets, or run `aws ec2 create-default-vpc`",
    ),
  ],
])("default VPC: %p", (vpc, expected) => {
  expect(judge<"defaultVpc">("default VPC", vpc)).toEqual(expected);
});

test("the default VPC is not looked for where the network is another", () => {
  const settings = exampleSettings({ WORKFLOW_NETWORK: "create" });
  expect(CHECKS.filter(({ applies }) => applies(settings)).map(({ name }) => name)).not.toContain("default VPC");
});

test.each<[NodeJS.ProcessEnv, Finding]>([
  [{}, finding("ok", "local, in state/")],
  [{ CI: "false" }, finding("ok", "local, in state/")],
  [
    { CI: "true" },
    finding(
      "warning",
      "local, and CI is set: the state would be lost with the machine",
      "set WORKFLOW_BACKEND to s3 or cloud",
    ),
  ],
])("backend local with %j", (environment, expected) => {
  expect(judge("backend", null, environment)).toEqual(expected);
});

test.each<[Answers["bucket"], NodeJS.ProcessEnv, Finding]>([
  [{ region: "eu-west-1", versioned: true }, {}, finding("ok", "s3, bucket states")],
  [{ region: null, versioned: true }, {}, finding("ok", "s3, bucket states")],
  [
    { region: "us-east-1", versioned: true },
    {},
    finding("failure", "s3, bucket states is in us-east-1, not in eu-west-1", "set WORKFLOW_STATE_REGION=us-east-1"),
  ],
  [
    { region: "us-east-1", versioned: false },
    { WORKFLOW_STATE_REGION: "us-east-1" },
    finding(
      "warning",
      "s3, bucket states keeps no versions",
      "switch on its versioning, so that a lost state can be restored",
    ),
  ],
  ["none", {}, finding("failure", "s3, bucket states: it does not exist", "create it, or set WORKFLOW_STATE_BUCKET")],
  [
    "refused",
    {},
    finding(
      "failure",
      "s3, bucket states: AWS refuses to show it",
      "grant these credentials s3:ListBucket on it, or use others",
    ),
  ],
])("backend s3: %j with %j", (answer, environment, expected) => {
  expect(judge<"bucket">("backend", answer, { ...S3, ...environment })).toEqual(expected);
});

test.each<[Answers["dataBucket"]["found"], string, Finding | null]>([
  ["none", "none", null],
  ["refused", "none", null],
  [
    { region: "eu-west-1" },
    "none",
    finding(
      "warning",
      "lake is left from a deploy with `data` create: a deploy neither changes nor destroys it",
      "set WORKFLOW_DATA=create to use it again, or destroy it with `npx workflow destroy data --data`",
    ),
  ],
  ["none", "create", finding("ok", "lake, which the next deploy creates")],
  [{ region: null }, "create", finding("ok", "lake")],
  [
    "refused",
    "create",
    finding(
      "failure",
      "AWS refuses to show lake",
      "grant these credentials s3:ListBucket on it, or change `name` if another account has it",
    ),
  ],
  [{ region: "eu-west-1" }, "lake", finding("ok", "lake")],
  [
    "none",
    "lake",
    finding("failure", "lake does not exist", "create it, correct the name in WORKFLOW_DATA, or set it to create"),
  ],
  [
    "refused",
    "lake",
    finding(
      "warning",
      "AWS refuses to show lake",
      "grant these credentials s3:ListBucket on it; the jobs need rights on it too",
    ),
  ],
  [
    { region: "us-east-1" },
    "lake",
    finding(
      "warning",
      "lake is in us-east-1, not in eu-west-1",
      "use a bucket in the region of the workflow: Step Functions reads items only from there, and transfers cost money",
    ),
  ],
])("data bucket: %j with `data` %s", (found, data, expected) => {
  expect(judge<"dataBucket">("data bucket", { name: "lake", found }, { WORKFLOW_DATA: data })).toEqual(expected);
});

const WHERE = "cloud, acme at app.terraform.io";
const GIVE_TOKEN =
  "run `terraform login app.terraform.io`, set TF_TOKEN_app_terraform_io or add a `credentials` block to ~/.terraformrc";
const modes = (image: string | null, workflow: string | null) => ({
  echo_dev_image: image,
  echo_dev_workflow: workflow,
});
const REMOTE_FIX =
  "set its execution mode to Local: HCP Terraform's machines have no Docker engine and no AWS credentials";
const DEFAULT_FIX = "set the organization's default execution mode to Local, or create the workspaces in that mode";

test.each<[Answers["workspaces"], Finding]>([
  [{ found: "organization", defaultMode: "remote", modes: modes("local", "local") }, finding("ok", WHERE)],
  [{ found: "organization", defaultMode: "local", modes: modes(null, null) }, finding("ok", WHERE)],
  [
    { found: "organization", defaultMode: "local", modes: modes("local", "remote") },
    finding("failure", `${WHERE}: the workspace echo_dev_workflow runs in mode remote`, REMOTE_FIX),
  ],
  [
    { found: "organization", defaultMode: "local", modes: modes("agent", null) },
    finding("failure", `${WHERE}: the workspace echo_dev_image runs in mode agent`, REMOTE_FIX),
  ],
  [
    { found: "organization", defaultMode: "remote", modes: modes(null, null) },
    finding(
      "failure",
      `${WHERE}: the first deploy would create echo_dev_image and echo_dev_workflow in mode remote`,
      DEFAULT_FIX,
    ),
  ],
  [
    { found: "organization", defaultMode: "remote", modes: modes("local", null) },
    finding("failure", `${WHERE}: the first deploy would create echo_dev_workflow in mode remote`, DEFAULT_FIX),
  ],
  [{ found: "no-token" }, finding("failure", `${WHERE}: there is no token`, GIVE_TOKEN)],
  [{ found: "refused" }, finding("failure", `${WHERE}: the token is refused`, GIVE_TOKEN)],
  [
    { found: "helper", helper: "vault" },
    finding(
      "warning",
      `${WHERE}: the credentials helper vault gives the token, so nothing was checked`,
      "check the execution modes of the workspaces yourself",
    ),
  ],
  [
    { found: "no-organization" },
    finding(
      "failure",
      `${WHERE}: there is no such organization, or the token may not see it`,
      "set WORKFLOW_CLOUD_ORGANIZATION",
    ),
  ],
])("backend cloud: %j", (answer, expected) => {
  expect(judge<"workspaces">("backend", answer, CLOUD)).toEqual(expected);
});

test.each<[Answers["stateMachine"], Finding]>([
  [{ arn: "arn:a", status: "ACTIVE" }, finding("ok", "arn:a")],
  [
    { arn: "arn:a", status: "DELETING" },
    finding("warning", "echo_dev is DELETING", "wait until it is gone, then deploy"),
  ],
  [null, finding("warning", "echo_dev is not deployed", "run `npx workflow deploy`")],
])("state machine: %j", (answer, expected) => {
  expect(judge<"stateMachine">("state machine", answer)).toEqual(expected);
});

const PUT_BACK = "run `npx workflow deploy`, which puts it back";
const enabled = { state: "ENABLED", status: "VALID", reason: null };

test.each<[Answers["jobQueue"], Finding | null]>([
  ["not-deployed", null],
  ["missing", finding("failure", "echo_dev does not exist", PUT_BACK)],
  [enabled, finding("ok", "echo_dev")],
  [{ ...enabled, state: "DISABLED" }, finding("failure", "echo_dev is DISABLED: no job starts", PUT_BACK)],
  [{ ...enabled, status: "UPDATING" }, finding("warning", "echo_dev is UPDATING", "wait, and check again")],
  [
    { ...enabled, status: "INVALID", reason: "no role" },
    finding("failure", "echo_dev is INVALID: no role", `fix that, then ${PUT_BACK}`),
  ],
])("job queue: %j", (answer, expected) => {
  expect(judge<"jobQueue">("job queue", answer)).toEqual(expected);
});

test.each<[Answers["computeEnvironments"], Finding | null]>([
  [[], null],
  [[{ name: "echo_dev-1", ...enabled }], finding("ok", "echo_dev-1")],
  [
    [
      { name: "echo_dev-1", ...enabled },
      { name: "echo_dev-2", ...enabled, status: "INVALID", reason: "CLIENT_ERROR - no subnet" },
    ],
    finding("failure", "echo_dev-2 is INVALID: CLIENT_ERROR - no subnet", `fix that, then ${PUT_BACK}`),
  ],
  [
    [{ name: "echo_dev-1", ...enabled, state: "DISABLED" }],
    finding("failure", "echo_dev-1 is DISABLED: no job starts", PUT_BACK),
  ],
  [
    [{ name: "echo_dev-1", state: "DISABLED", status: "DELETED", reason: null }],
    finding("failure", "echo_dev-1 is DELETED", `fix that, then ${PUT_BACK}`),
  ],
])("compute environment: %j", (answer, expected) => {
  expect(judge<"computeEnvironments">("compute environment", answer)).toEqual(expected);
});

test.each<[Answers["images"], Finding | null]>([
  [[], null],
  [[{ job: "echo", image: "registry/echo_dev_echo:a1", isThere: true }], finding("ok", "echo_dev_echo:a1")],
  [[{ job: "echo", image: "public/image:1", isThere: null }], finding("ok", "image:1")],
  [
    [
      { job: "one", image: "registry/one:a1", isThere: true },
      { job: "two", image: "registry/two:b2", isThere: false },
    ],
    finding("failure", "registry/two:b2 of the job two is not in ECR: no job starts", PUT_BACK),
  ],
  [[{ job: "echo", image: null, isThere: null }], finding("failure", "the job echo has no job definition", PUT_BACK)],
])("images: %j", (answer, expected) => {
  expect(judge<"images">("images", answer)).toEqual(expected);
});

const LOST = (backend: string) =>
  finding(
    "failure",
    `echo_dev is deployed, and the backend ${backend} holds no state of it: a deploy would try to create it again`,
    "set WORKFLOW_BACKEND and WORKFLOW_ENVIRONMENT to what it was deployed with; for a lost state, see docs/troubleshooting.md",
  );

test.each<[string, NodeJS.ProcessEnv, Answers["state"], Finding | null]>([
  ["nothing is deployed", {}, { isDeployed: false, local: null, inBackend: null }, null],
  ["the state is in its file", {}, { isDeployed: true, local: "state/echo/dev/", inBackend: null }, null],
  [
    "another account, or the state machine was deleted",
    {},
    { isDeployed: false, local: "state/echo/dev/", inBackend: null },
    finding(
      "warning",
      "state/echo/dev/ holds resources, and AWS shows no state machine echo_dev in eu-west-1",
      "check AWS_PROFILE and AWS_REGION; if they are right, it was deleted, and `npx workflow deploy` creates it again",
    ),
  ],
  ["the file is lost", {}, { isDeployed: true, local: null, inBackend: null }, LOST("local")],
  ["the state is in the bucket", S3, { isDeployed: true, local: null, inBackend: true }, null],
  ["the bucket is another", S3, { isDeployed: true, local: null, inBackend: false }, LOST("s3")],
  ["the bucket does not say", S3, { isDeployed: true, local: null, inBackend: null }, null],
  ["the workspace is missing", CLOUD, { isDeployed: true, local: null, inBackend: false }, LOST("cloud")],
  [
    "it was deployed with another backend",
    S3,
    { isDeployed: true, local: "state/echo/dev/", inBackend: false },
    finding(
      "failure",
      "the backend is s3, and the state of echo_dev is in state/echo/dev/",
      "run `npx workflow deploy --migrate-state` to move it, or set WORKFLOW_BACKEND=local",
    ),
  ],
])("state: %s", (_, environment, answer, expected) => {
  expect(judge<"state">("state", answer, environment)).toEqual(expected);
});
