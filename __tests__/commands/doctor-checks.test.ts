import { type Answers, CHECKS, type Finding, tokenVariable } from "../../commands/doctor-checks";
import { exampleSettings } from "../example/example";

const S3 = { WORKFLOW_BACKEND: "s3", WORKFLOW_STATE_BUCKET: "states" };
const CLOUD = { WORKFLOW_BACKEND: "cloud", WORKFLOW_CLOUD_ORGANIZATION: "acme" };

/** What the check of that name says to an answer, in an environment. */
function judge<K extends keyof Answers>(
  name: string,
  answer: Answers[K] | null,
  environment: NodeJS.ProcessEnv = {},
): Finding {
  const settings = exampleSettings(environment);
  const checks = CHECKS.filter((check) => check.name === name && check.applies(settings));
  expect(checks).toHaveLength(1);
  return checks[0]!.judge(answer as Answers[keyof Answers], { settings, environment });
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
  ["aws", {}, finding("ok", "eu-west-1")],
  ["aws-cn", { AWS_REGION: "cn-north-1" }, finding("ok", "cn-north-1")],
  [
    "aws",
    { AWS_REGION: "us-gov-west-1" },
    finding("failure", "us-gov-west-1 is in the partition aws-us-gov, the credentials are of aws", "set AWS_REGION"),
  ],
  [
    "aws",
    { AWS_DEFAULT_REGION: "us-east-1" },
    finding("warning", "eu-west-1, and not us-east-1 of AWS_DEFAULT_REGION", "set AWS_REGION"),
  ],
  ["aws", { AWS_DEFAULT_REGION: "us-east-1", AWS_REGION: "eu-west-3" }, finding("ok", "eu-west-3")],
  ["aws", { AWS_DEFAULT_REGION: "eu-west-1" }, finding("ok", "eu-west-1")],
])("region, with credentials of %s and %j", (partition, environment, expected) => {
  const arn = CALLER.arn.replace("aws", partition);
  expect(judge<"caller">("region", { ...CALLER, arn }, environment)).toEqual(expected);
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
  [{ found: "bucket", region: "eu-west-1", versioned: true }, {}, finding("ok", "s3, bucket states")],
  [{ found: "bucket", region: null, versioned: true }, {}, finding("ok", "s3, bucket states")],
  [
    { found: "bucket", region: "us-east-1", versioned: true },
    {},
    finding("failure", "s3, bucket states is in us-east-1, not in eu-west-1", "set WORKFLOW_STATE_REGION=us-east-1"),
  ],
  [
    { found: "bucket", region: "us-east-1", versioned: false },
    { WORKFLOW_STATE_REGION: "us-east-1" },
    finding(
      "warning",
      "s3, bucket states keeps no versions",
      "switch its versioning on, so that a lost state can be had back",
    ),
  ],
  [
    { found: "none" },
    {},
    finding("failure", "s3, bucket states: there is none", "create it, or set WORKFLOW_STATE_BUCKET"),
  ],
  [
    { found: "refused" },
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

const WHERE = "cloud, acme at app.terraform.io";
const modes = (image: string | null, workflow: string | null) => ({
  echo_dev_image: image,
  echo_dev_workflow: workflow,
});
const REMOTE_FIX =
  "set its execution mode to Local: elsewhere there is no Docker engine and there are no AWS credentials";
const DEFAULT_FIX = "set the organization's default execution mode to Local, or make the workspaces in that mode";

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
      `${WHERE}: the first deploy would make echo_dev_image and echo_dev_workflow in mode remote`,
      DEFAULT_FIX,
    ),
  ],
  [
    { found: "organization", defaultMode: "remote", modes: modes("local", null) },
    finding("failure", `${WHERE}: the first deploy would make echo_dev_workflow in mode remote`, DEFAULT_FIX),
  ],
  [
    { found: "no-token" },
    finding(
      "failure",
      `${WHERE}: there is no token`,
      "run `terraform login app.terraform.io`, or set TF_TOKEN_app_terraform_io",
    ),
  ],
  [
    { found: "refused" },
    finding("failure", `${WHERE}: the token is refused`, "run `terraform login app.terraform.io`"),
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

test.each([
  ["app.terraform.io", "TF_TOKEN_app_terraform_io"],
  ["my-tfe.example.com", "TF_TOKEN_my__tfe_example_com"],
])("the token of %s is in %s", (host, variable) => {
  expect(tokenVariable(host)).toBe(variable);
});

test.each<[Answers["stateMachine"], Finding]>([
  [{ arn: "arn:a", status: "ACTIVE" }, finding("ok", "arn:a")],
  [
    { arn: "arn:a", status: "DELETING" },
    finding("warning", "echo_dev is DELETING", "wait until it is gone, then deploy"),
  ],
  [null, finding("warning", "echo_dev is not deployed", "run `npm run deploy`")],
])("state machine: %j", (answer, expected) => {
  expect(judge<"stateMachine">("state machine", answer)).toEqual(expected);
});
