/** What an account needs once before pipelines can deploy to it: a bucket for states, and roles for GitHub Actions. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DataAwsIamOpenidConnectProvider } from "@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider";
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { App, LocalBackend, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { PROJECT_FOLDER, type Settings } from "../settings";
import { pinProvider } from "./providers";

/** What the bootstrap is told beside the settings. */
export interface BootstrapProps {
  /** On GitHub, as OWNER/REPO. */
  readonly repository: string;
  /** The branch that deploys to the settings' own environment. */
  readonly branch: string;
  /** Name of the bucket for states; `null` where HCP Terraform keeps them. */
  readonly bucket: string | null;
  /** Whether the account has GitHub's OIDC provider already: there can be one only. */
  readonly existingProvider: boolean;
  /** Whether this stack's own state is in the bucket, too. */
  readonly stateInBucket: boolean;
}

/** The GitHub environments whose jobs may apply: that of the main branch, and that of all others. */
export const GITHUB_ENVIRONMENTS = ["main", "branches"];

const GITHUB_TOKENS = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";

/** Old states are kept for as long, and always this many. */
const OLD_STATES = { noncurrentDays: 90, newerNoncurrentVersions: 10 };

/** Actions that change nothing. Of the deployer's, the plan role gets these. */
const READING = /^[a-z0-9]+:(BatchCheck|BatchGet|Describe|Get|List|Validate)/;

/** A statement of docs/deployer-policy.json. */
interface DeployerStatement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/** Writes the stack as Terraform JSON, and returns the folder to run Terraform in. */
export function synthesizeBootstrap(settings: Settings, props: BootstrapProps, outdir: string): string {
  const app = new App({ outdir, stackTraces: false, skipValidation: true });
  const stack = new BootstrapStack(app, "bootstrap", settings, props);
  app.synth();
  return join(outdir, "stacks", stack.node.id);
}

/** The state bucket, and GitHub's OIDC provider with a role that plans and one that applies. */
class BootstrapStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings, props: BootstrapProps) {
    super(scope, id);
    const { bucket, repository, branch } = props;
    keepBootstrapState(this, settings, props);
    new AwsProvider(this, "aws", {
      region: settings.region,
      defaultTags: [{ tags: { Workflow: settings.name, ManagedBy: "terraform" } }],
    });
    pinProvider(this, "aws");

    const { partition } = new DataAwsPartition(this, "partition");
    const bucketArn = bucket === null ? null : new StateBucket(this, "state", bucket, partition).arn;
    const providerArn = props.existingProvider
      ? new DataAwsIamOpenidConnectProvider(this, "github", { url: `https://${GITHUB_TOKENS}` }).arn
      : new IamOpenidConnectProvider(this, "github", { url: `https://${GITHUB_TOKENS}`, clientIdList: [AUDIENCE] }).arn;

    const deployer = deployerStatements(settings, partition);
    const plan = new GithubRole(this, "plan", settings, {
      description: `Plans for the pull requests of ${repository}: reads, and changes nothing`,
      providerArn,
      subjects: [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/${branch}`],
      statements: [
        ...deployer.map(onlyReading).filter(({ actions }) => actions!.length > 0),
        { sid: "Orphans", actions: ["tag:GetResources"], resources: ["*"] },
        ...(bucketArn ? stateStatements(settings, bucketArn, ".tflock") : []),
      ],
    });
    const apply = new GithubRole(this, "apply", settings, {
      description: `Deploys and destroys for ${repository}, once its environment's reviewers agree`,
      providerArn,
      subjects: GITHUB_ENVIRONMENTS.map((environment) => `repo:${repository}:environment:${environment}`),
      statements: [...deployer, ...(bucketArn ? stateStatements(settings, bucketArn, "") : [])],
    });

    new TerraformOutput(this, "plan-role-arn", { value: plan.arn });
    new TerraformOutput(this, "apply-role-arn", { value: apply.arn });
    if (bucket !== null) new TerraformOutput(this, "state-bucket", { value: bucket });
  }
}

/** A bucket that is private, encrypted, versioned and open to TLS only, and that Terraform does not delete. */
class StateBucket extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, name: string, partition: string) {
    super(scope, id);
    const bucket = new S3Bucket(this, "bucket", { bucket: name, lifecycle: { preventDestroy: true } });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    new S3BucketLifecycleConfiguration(this, "old-states", {
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
    const privacy = new S3BucketPublicAccessBlock(this, "private", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    // From the name, not the bucket's attribute: the policies are known, and can be reviewed, before the bucket is there.
    this.arn = `arn:${partition}:s3:::${name}`;
    const policy = new DataAwsIamPolicyDocument(this, "policy", {
      statement: [
        {
          sid: "TlsOnly",
          effect: "Deny",
          principals: [{ type: "AWS", identifiers: ["*"] }],
          actions: ["s3:*"],
          resources: [this.arn, `${this.arn}/*`],
          condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    });
    // S3 refuses two changes of a bucket's access at a time.
    new S3BucketPolicy(this, "tls-only", { bucket: bucket.id, policy: policy.json, dependsOn: [privacy] });
  }
}

interface GithubRoleProps {
  readonly description: string;
  readonly providerArn: string;
  /** Of GitHub's token: which of its jobs may take the role. */
  readonly subjects: string[];
  readonly statements: DataAwsIamPolicyDocumentStatement[];
}

/** A role that jobs of GitHub Actions take. */
class GithubRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, settings: Settings, props: GithubRoleProps) {
    super(scope, id);
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        {
          actions: ["sts:AssumeRoleWithWebIdentity"],
          principals: [{ type: "Federated", identifiers: [props.providerArn] }],
          condition: [
            { test: "StringEquals", variable: `${GITHUB_TOKENS}:aud`, values: [AUDIENCE] },
            { test: "StringEquals", variable: `${GITHUB_TOKENS}:sub`, values: props.subjects },
          ],
        },
      ],
    });
    const role = new IamRole(this, "role", {
      // With dashes: the deployer may change the roles whose names start with `<workflow>_`, and so not this one.
      name: `${settings.name}-github-${id}`,
      description: props.description,
      assumeRolePolicy: trust.json,
      ...(settings.permissionsBoundary && { permissionsBoundary: settings.permissionsBoundary }),
    });
    const policy = new DataAwsIamPolicyDocument(this, "policy", { statement: props.statements });
    new IamRolePolicy(this, "attached", { name: "policy", role: role.id, policy: policy.json });
    this.arn = role.arn;
  }
}

/** Kept here until the bucket is there; `terraform init` then asks whether to move it. */
function keepBootstrapState(
  stack: TerraformStack,
  settings: Settings,
  { bucket, stateInBucket }: BootstrapProps,
): void {
  if (!stateInBucket) {
    new LocalBackend(stack, { path: "../../../state/bootstrap.tfstate" });
    return;
  }
  const backend = new S3Backend(stack, {
    bucket: bucket!,
    key: "bootstrap.tfstate",
    region: settings.region,
    encrypt: true,
  });
  backend.addOverride("use_lockfile", true);
}

/** What docs/deployer-policy.json, which is about a workflow named `echo`, allows for this workflow. */
function deployerStatements({ name }: Settings, partition: string): DataAwsIamPolicyDocumentStatement[] {
  const text = readFileSync(join(PROJECT_FOLDER, "docs", "deployer-policy.json"), "utf8")
    .replaceAll("echo_", `${name}_`)
    .replaceAll('"arn:aws:', `"arn:${partition}:`);
  const { Statement } = JSON.parse(text) as { Statement: DeployerStatement[] };
  return Statement.map(({ Sid, Action, Resource, Condition = {} }) => ({
    sid: Sid,
    actions: [Action].flat(),
    resources: [Resource].flat(),
    condition: Object.entries(Condition).flatMap(([test, variables]) =>
      Object.entries(variables).map(([variable, values]) => ({ test, variable, values: [values].flat() })),
    ),
  }));
}

function onlyReading(statement: DataAwsIamPolicyDocumentStatement): DataAwsIamPolicyDocumentStatement {
  return { ...statement, actions: statement.actions!.filter((action) => READING.test(action)) };
}

/** Reading the states of the workflow, and writing those objects of them that end in `suffix`. */
function stateStatements({ name }: Settings, bucketArn: string, suffix: string): DataAwsIamPolicyDocumentStatement[] {
  return [
    { sid: "FindStates", actions: ["s3:ListBucket"], resources: [bucketArn] },
    { sid: "ReadStates", actions: ["s3:GetObject"], resources: [`${bucketArn}/${name}/*`] },
    {
      sid: suffix === "" ? "WriteStates" : "LockStates",
      actions: ["s3:DeleteObject", "s3:PutObject"],
      resources: [`${bucketArn}/${name}/*${suffix}`],
    },
  ];
}
