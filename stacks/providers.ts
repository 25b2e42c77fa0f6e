import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import type { Settings } from "../src/project/settings-types";

/**
 * The provider versions that the bindings were generated from. The bindings themselves ask for `~> 6.0` and `~> 3.0`. For those,
 * `terraform init` without a lock file takes the newest version.
 */
const VERSIONS = { aws: "6.25.0", docker: "3.6.2" };

/** Pins a provider of a stack to its exact version. */
export function pinProvider(stack: TerraformStack, provider: keyof typeof VERSIONS): void {
  stack.addOverride(`terraform.required_providers.${provider}.version`, VERSIONS[provider]);
}

/** Adds the AWS provider with region and tags. Its credentials come from the places where the AWS SDKs look for them. */
export function addAwsProvider(stack: TerraformStack, { name, environment, region }: Settings): void {
  new AwsProvider(stack, "aws", {
    region,
    defaultTags: [{ tags: { Workflow: name, Environment: environment, ManagedBy: "terraform" } }],
  });
  pinProvider(stack, "aws");
}
