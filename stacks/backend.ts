import { CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, type TerraformStack } from "cdktf";
import { resourceName } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";

/** Keeps the state of a stack where the settings say, apart from that of every other environment and workflow. */
export function keepState(stack: TerraformStack, settings: Settings): void {
  BACKENDS[settings.backend](stack, settings);
}

const BACKENDS: Readonly<Record<Settings["backend"], (stack: TerraformStack, settings: Settings) => void>> = {
  local: (stack, settings) => {
    // Relative to where Terraform runs, cdktf.out/stacks/<stack>: cdktf's own default is an absolute path, and anything
    // inside cdktf.out is deleted by synth.
    new LocalBackend(stack, { path: `../../../state/${stateKey(stack, settings)}` });
  },
  s3: (stack, settings) => {
    const backend = new S3Backend(stack, {
      bucket: settings.stateBucket!,
      key: stateKey(stack, settings),
      region: settings.stateRegion ?? settings.region,
      encrypt: true,
    });
    // cdktf 0.21 has no type for it. Terraform before 1.10 does not know it, and locks by a DynamoDB table alone.
    backend.addOverride("use_lockfile", true);
  },
  cloud: (stack, settings) => {
    new CloudBackend(stack, {
      hostname: settings.cloudHostname,
      organization: settings.cloudOrganization!,
      workspaces: new NamedCloudWorkspace(resourceName(settings, stack.node.id)),
    });
  },
};

function stateKey(stack: TerraformStack, { name, environment }: Settings): string {
  return `${name}/${environment}/${stack.node.id}.tfstate`;
}
