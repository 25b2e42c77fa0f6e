import { LocalBackend, type TerraformStack } from "cdktf";
import type { Settings } from "../settings";

/**
 * Keeps the state of a stack in the project's `state/` folder, one file for each environment and stack. The path is
 * relative to where Terraform runs, `cdktf.out/stacks/<stack>`: cdktf's own default is an absolute path, and anything inside
 * cdktf.out is deleted by synth.
 */
export function keepState(stack: TerraformStack, { environment }: Settings): void {
  new LocalBackend(stack, { path: `../../../state/${environment}/${stack.node.id}.tfstate` });
}
