/** What an account needs once before pipelines can deploy to it: a bucket for states, and roles for GitHub Actions. */
import { join } from "node:path";
import { DataAwsIamOpenidConnectProvider } from "@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { App, LocalBackend, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Settings } from "../src/project/settings-types";
import type { BootstrapProps } from "../src/terraform/bootstrap-account";
import { AUDIENCE, applyStatements, GITHUB_TOKENS, GithubRole, planStatements } from "./github-roles";
import { pinProvider } from "./providers";

/** The GitHub environments whose jobs may apply: that of the main branch, and that of all others. */
export const GITHUB_ENVIRONMENTS = ["main", "branches"];

/** Old states are kept for as long, and always this many. */
const OLD_STATES = { noncurrentDays: 90, newerNoncurrentVersions: 10 };

/**
 * Writes the stack as Terraform JSON, and returns the folder to run Terraform in: one for each workflow, as Terraform remembers
 * there where the state is.
 */
export function synthesizeBootstrap(settings: Settings, props: BootstrapProps, outdir: string): string {
  const app = new App({ outdir, stackTraces: false, skipValidation: true });
  const stack = new BootstrapStack(app, `bootstrap-${settings.name}`, settings, props);
  app.synth();
  return join(outdir, "stacks", stack.node.id);
}

/** The state bucket, and GitHub's OIDC provider with a role that plans and one that applies. */
class BootstrapStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings, props: BootstrapProps) {
    super(scope, id);
    const { bucket, repository, branch, mainOnly } = props;
    keepBootstrapState(this, settings, props);
    new AwsProvider(this, "aws", {
      region: settings.stateRegion ?? settings.region,
      defaultTags: [{ tags: { Workflow: settings.name, ManagedBy: "terraform" } }],
    });
    pinProvider(this, "aws");

    const { partition } = new DataAwsPartition(this, "partition");
    // From the name, not the bucket's attribute: the policies are known, and can be reviewed, before the bucket is there.
    const bucketArn = bucket === null ? null : `arn:${partition}:s3:::${bucket}`;
    if (bucketArn !== null && !props.existingBucket) addStateBucket(this, bucket!, bucketArn);
    const providerArn = githubProvider(this, props);
    letGo(this, [...(props.existingBucket ? BUCKET_PARTS : []), ...(props.existingProvider ? [PROVIDER] : [])]);
    const plan = new GithubRole(this, "plan", settings, {
      description: `Plans for the pull requests of ${repository}: reads, and changes nothing`,
      providerArn,
      subjects: [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/${branch}`],
      statements: planStatements(settings, partition, bucketArn),
    });
    const environments = mainOnly ? ["main"] : GITHUB_ENVIRONMENTS;
    const apply = new GithubRole(this, "apply", settings, {
      description: `Deploys and destroys for ${repository}, once its environment's reviewers agree`,
      providerArn,
      subjects: environments.map((environment) => `repo:${repository}:environment:${environment}`),
      statements: applyStatements(settings, partition, bucketArn),
    });

    new TerraformOutput(this, "plan-role-arn", { value: plan.arn });
    new TerraformOutput(this, "apply-role-arn", { value: apply.arn });
    if (bucket !== null) new TerraformOutput(this, "state-bucket", { value: bucket });
  }
}

/** A bucket that is private, encrypted, versioned and open to TLS only, and that Terraform does not delete. */
function addStateBucket(stack: TerraformStack, name: string, arn: string): void {
  const bucket = new S3Bucket(stack, "state", { bucket: name, lifecycle: { preventDestroy: true } });
  const versioning = new S3BucketVersioningA(stack, "state-versioning", {
    bucket: bucket.id,
    versioningConfiguration: { status: "Enabled" },
  });
  new S3BucketServerSideEncryptionConfigurationA(stack, "state-encryption", {
    bucket: bucket.id,
    rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  new S3BucketLifecycleConfiguration(stack, "state-lifecycle", {
    bucket: bucket.id,
    rule: [
      {
        id: "old-states",
        status: "Enabled",
        filter: [{ prefix: "" }],
        noncurrentVersionExpiration: [OLD_STATES],
        // Each lock that is released leaves one.
        expiration: [{ expiredObjectDeleteMarker: true }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
      },
    ],
    dependsOn: [versioning],
  });
  const privacy = new S3BucketPublicAccessBlock(stack, "state-private", {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  const policy = new DataAwsIamPolicyDocument(stack, "state-policy", {
    statement: [
      {
        sid: "TlsOnly",
        effect: "Deny",
        principals: [{ type: "AWS", identifiers: ["*"] }],
        actions: ["s3:*"],
        resources: [arn, `${arn}/*`],
        condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      },
    ],
  });
  // S3 refuses two changes of a bucket's access at a time.
  new S3BucketPolicy(stack, "state-tls-only", { bucket: bucket.id, policy: policy.json, dependsOn: [privacy] });
}

/** The bucket and its protections, as Terraform knows them. */
const BUCKET_PARTS = [
  "aws_s3_bucket.state",
  "aws_s3_bucket_versioning.state-versioning",
  "aws_s3_bucket_server_side_encryption_configuration.state-encryption",
  "aws_s3_bucket_lifecycle_configuration.state-lifecycle",
  "aws_s3_bucket_public_access_block.state-private",
  "aws_s3_bucket_policy.state-tls-only",
];

const PROVIDER = "aws_iam_openid_connect_provider.github";

/** GitHub's OIDC provider, made here or, since an account has only one, looked up. All workflows of the account depend on it. */
function githubProvider(stack: TerraformStack, { existingProvider }: BootstrapProps): string {
  const url = `https://${GITHUB_TOKENS}`;
  if (existingProvider) return new DataAwsIamOpenidConnectProvider(stack, "github", { url }).arn;
  const lifecycle = { preventDestroy: true };
  return new IamOpenidConnectProvider(stack, "github", { url, clientIdList: [AUDIENCE], lifecycle }).arn;
}

/** What this stack once made and is now looked after elsewhere is forgotten, not destroyed. */
function letGo(stack: TerraformStack, addresses: readonly string[]): void {
  if (addresses.length === 0) return;
  stack.addOverride(
    "removed",
    addresses.map((from) => ({ from, lifecycle: { destroy: false } })),
  );
}

/**
 * Kept here until the bucket is there; `terraform init` then asks whether to move it. In the bucket it lies beside the folders of
 * the workflows, so that no apply role can write it.
 */
function keepBootstrapState(
  stack: TerraformStack,
  { name, region, stateRegion }: Settings,
  { bucket, stateInBucket }: BootstrapProps,
): void {
  const key = `bootstrap-${name}.tfstate`;
  if (!stateInBucket) {
    new LocalBackend(stack, { path: `../../../state/${key}` });
    return;
  }
  const backend = new S3Backend(stack, { bucket: bucket!, key, region: stateRegion ?? region, encrypt: true });
  backend.addOverride("use_lockfile", true);
}
