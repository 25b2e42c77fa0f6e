/** Runs the bootstrap as a person does: Terraform asks, and the test answers on standard input. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import {
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { clientConfiguration, REGION } from "./environment";
import { Project, type Ran } from "./project";
import { isThere, testWith } from "./requirements";

let project: Project;
let bucket: string;
/** The folder that Terraform runs in. */
let stack: string;
let s3: S3Client;
let iam: IAMClient;

beforeAll(() => {
  project = new Project();
  // Part of the name of every resource of this test. Other resources of the account stay as they are.
  project.set({ name: project.environment });
  bucket = `${project.environment}-states`;
  stack = `bootstrap.out/stacks/bootstrap-${project.environment}`;
  if (!isThere("deployments")) return;
  s3 = new S3Client({ ...clientConfiguration(REGION), forcePathStyle: true });
  iam = new IAMClient(clientConfiguration(REGION));
});
afterAll(async () => {
  if (existsSync(join(project.folder, "state", `bootstrap-${project.environment}.tfstate`))) await removeAll();
  await project.dispose();
});

function bootstrap(...flags: string[]): Ran {
  const given = ["--repository", "owner/repo", "--bucket", bucket, ...flags];
  return run(process.execPath, ["bin/workflow.js", "bootstrap", ...given], ".");
}

function terraform(...args: string[]): Ran {
  return run("terraform", args, stack);
}

function run(command: string, args: readonly string[], folder: string): Ran {
  const env = { ...project.variables, TF_CLI_ARGS: "-no-color" };
  const options = { cwd: join(project.folder, folder), env, input: "", encoding: "utf8" as const };
  const { status, stdout, stderr } = spawnSync(command, args, options);
  return { status, output: stdout + stderr };
}

async function removeAll(): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key: Key!, VersionId: VersionId! }));
  if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  const file = `${stack}/cdk.tf.json`;
  project.write(file, project.read(file).replaceAll('"prevent_destroy": true', '"prevent_destroy": false'));
  expect(terraform("destroy", "-auto-approve", "-input=false")).toMatchObject({ status: 0 });
}

/** Returns the permissions of a role, as AWS stores them. */
async function policies(role: string): Promise<string> {
  const RoleName = `${project.environment}-github-${role}`;
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const documents = AttachedPolicies.map(async ({ PolicyArn }) => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const version = { PolicyArn, VersionId: Policy!.DefaultVersionId };
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(version));
    return decodeURIComponent(PolicyVersion!.Document!);
  });
  return (await Promise.all(documents)).join("\n");
}

testWith("terraform")("is valid to Terraform", () => {
  const ran = bootstrap("--plan-only");
  expect(terraform("validate").output).toContain("The configuration is valid.");
  expect(ran.output).toContain("Terraform has been successfully initialized!");
  return Promise.resolve();
});

testWith("terraform", "deployments")("nothing is made where nobody can be asked", async () => {
  const { status, output } = bootstrap();
  expect([status, output]).toEqual([
    2,
    expect.stringContaining("there is no terminal to ask in; add `--auto-approve`"),
  ]);
  await expect(s3.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({ name: "NotFound" });
});

testWith("terraform", "deployments")("makes bucket and roles", async () => {
  const { status, output } = bootstrap("--auto-approve");

  expect([status, output]).toEqual([0, expect.stringMatching(/^Apply complete! Resources: 16 added/m)]);
  expect(output).toMatch(new RegExp(`^state-bucket = "${bucket}"$`, "m"));
  await s3.send(new HeadBucketCommand({ Bucket: bucket }));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: `${project.environment}-github-plan` }));
  expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toContain("repo:owner/repo:pull_request");
  expect(await policies("plan")).toContain("states:ValidateStateMachineDefinition");
  expect(await policies("apply")).toContain("states:CreateStateMachine");
});

testWith("terraform", "deployments")("then there is nothing left to do", async () => {
  const { status, output } = bootstrap("--plan-only");
  expect([status, output]).toEqual([0, expect.stringContaining("No changes.")]);
});

testWith("terraform", "deployments")("Terraform refuses to destroy bucket and provider", async () => {
  const { status, output } = terraform("destroy", "-auto-approve", "-input=false");
  const named = [...output.matchAll(/Resource\s+(\S+)\s+has\s+lifecycle\.prevent_destroy/g)].map(([, name]) => name);
  expect(status).toBe(1);
  expect(named.sort()).toEqual(["aws_iam_openid_connect_provider.github", expect.stringMatching(/^aws_s3_bucket\./)]);
});

testWith("terraform", "deployments")("a provider of its own is let go of where one is said to exist", async () => {
  const { status, output } = bootstrap("--existing-provider", "--plan-only");
  expect([status, output]).toEqual([0, expect.stringContaining("will no longer be managed by Terraform")]);
  expect(output).toMatch(/^Plan: 0 to add, \d+ to change, 0 to destroy\.$/m);
});

testWith("terraform", "deployments")("a bucket of its own is let go of where one is said to exist", async () => {
  const { status, output } = bootstrap("--existing-bucket", "--plan-only");
  expect([status, output]).toEqual([0, expect.stringContaining("will no longer be managed by Terraform")]);
  expect(output).toMatch(/^Plan: 0 to add, 0 to change, 0 to destroy\.$/m);
});

testWith("terraform", "deployments")("another workflow's bootstrap is not offered this one's state", async () => {
  project.set({ name: `${project.environment}-b` });
  try {
    const { status, output } = bootstrap("--plan-only");
    expect([status, output]).toEqual([0, expect.stringMatching(/^Plan: 16 to add, 0 to change, 0 to destroy\.$/m)]);
  } finally {
    project.set({ name: project.environment });
  }
});

testWith("terraform", "deployments")("its own state moves into the bucket and, without the flag, back", async () => {
  const moved = bootstrap("--state-in-bucket", "--auto-approve");
  expect([moved.status, moved.output]).toEqual([0, expect.stringContaining("No changes.")]);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual([`bootstrap-${project.environment}.tfstate`]);

  const back = bootstrap("--auto-approve");
  expect([back.status, back.output]).toEqual([0, expect.stringContaining("No changes.")]);
});
