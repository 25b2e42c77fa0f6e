/** The resources that an account needs once before pipelines can deploy to it: a bucket for states, and roles for GitHub Actions. */
import { join } from "node:path";
import { DataAwsIamOpenidConnectProvider } from "@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, type TerraformElement, TerraformOutput, TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Settings } from "../src/project/settings-types";
import type { BootstrapProps } from "../src/terraform/bootstrap-account";
import { keepInBucket, keepInProject } from "./backend";
import { AUDIENCE, applyStatements, GITHUB_TOKENS, GithubRole, planStatements } from "./github-roles";
import { addPrivateBucket } from "./private-bucket";
import { pinProvider } from "./providers";

/** The GitHub environments whose jobs may apply: one for the main branch, one for all other branches. */
export const GITHUB_ENVIRONMENTS = ["main", "branches"];

/** Old states are kept for this long, and the newest of them always. */
const OLD_STATES = { noncurrentDays: 90, newerNoncurrentVersions: 10 };

/**
 * Writes the stack as Terraform JSON, and returns the folder in which to run Terraform. Each workflow has its own folder,
 * because Terraform stores the backend there.
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
    // The ARN comes from the name, not from the bucket's attribute. So the policies are known, and can be reviewed, before the
    // bucket exists.
    const bucketArn = bucket === null ? null : `arn:${partition}:s3:::${bucket}`;
    const bucketParts =
      bucketArn === null
        ? []
        : addPrivateBucket(this, "state", {
            name: bucket!,
            arn: bucketArn,
            ruleId: "old-states",
            oldVersions: OLD_STATES,
            preventDestroy: true,
          });
    const provider = addGithubProvider(this);
    letGo(this, [...(props.existingBucket ? bucketParts : []), ...(props.existingProvider ? [provider] : [])]);
    const providerArn = props.existingProvider ? findGithubProvider(this) : provider.arn;
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

const PROVIDER_URL = `https://${GITHUB_TOKENS}`;

/** Adds GitHub's OIDC provider, which Terraform does not delete: all workflows of the account depend on it. */
function addGithubProvider(stack: TerraformStack): IamOpenidConnectProvider {
  const lifecycle = { preventDestroy: true };
  return new IamOpenidConnectProvider(stack, "github", { url: PROVIDER_URL, clientIdList: [AUDIENCE], lifecycle });
}

/** Returns the ARN of the provider that the account has already. An account can have only one. */
function findGithubProvider(stack: TerraformStack): string {
  return new DataAwsIamOpenidConnectProvider(stack, "github", { url: PROVIDER_URL }).arn;
}

/**
 * Takes elements out of the stack. If the stack created them before, Terraform forgets them and does not destroy them: they are
 * managed elsewhere now.
 */
function letGo(stack: TerraformStack, elements: readonly TerraformElement[]): void {
  if (elements.length === 0) return;
  const addresses = elements
    .filter(TerraformResource.isTerraformResource)
    .map(({ terraformResourceType, friendlyUniqueId }) => `${terraformResourceType}.${friendlyUniqueId}`);
  for (const { node } of elements) stack.node.tryRemoveChild(node.id);
  stack.addOverride(
    "removed",
    addresses.map((from) => ({ from, lifecycle: { destroy: false } })),
  );
}

/**
 * Keeps the state in the project until the bucket exists. `terraform init` then asks whether to move it. In the bucket the state
 * lies beside the folders of the workflows, so that no apply role can write it.
 */
function keepBootstrapState(
  stack: TerraformStack,
  settings: Settings,
  { bucket, stateInBucket }: BootstrapProps,
): void {
  const key = `bootstrap-${settings.name}.tfstate`;
  if (stateInBucket) keepInBucket(stack, settings, bucket!, key);
  else keepInProject(stack, key);
}
