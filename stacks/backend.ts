import { CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, type TerraformStack } from "cdktf";
import { resourceName, stateKey } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";

/** Keeps the state of a stack in the backend of the settings, apart from every other environment and workflow. */
export function keepState(stack: TerraformStack, settings: Settings): void {
  const { backend } = settings;
  const key = stateKey(settings, stack.node.id);
  if (backend === "cloud") keepInCloud(stack, settings);
  else if (backend === "s3") keepInBucket(stack, settings, settings.stateBucket!, key);
  else keepInProject(stack, key);
}

/** Keeps the state of a stack as a file of the project. */
export function keepInProject(stack: TerraformStack, key: string): void {
  // Relative to where Terraform runs, cdktf.out/stacks/<stack>. By default cdktf takes an absolute path, and a synth deletes all
  // that is in cdktf.out.
  new LocalBackend(stack, { path: `../../../state/${key}` });
}

/** Keeps the state of a stack in an S3 bucket. */
export function keepInBucket(stack: TerraformStack, settings: Settings, bucket: string, key: string): void {
  const region = settings.stateRegion ?? settings.region;
  const backend = new S3Backend(stack, { bucket, key, region, encrypt: true });
  // cdktf 0.21 has no type for it. Terraform before 1.10 does not know it: it locks only by a DynamoDB table.
  backend.addOverride("use_lockfile", true);
}

/** Keeps the state of a stack in a workspace of HCP Terraform. */
function keepInCloud(stack: TerraformStack, settings: Settings): void {
  new CloudBackend(stack, {
    hostname: settings.cloudHostname,
    organization: settings.cloudOrganization!,
    workspaces: new NamedCloudWorkspace(resourceName(settings, stack.node.id)),
  });
}
