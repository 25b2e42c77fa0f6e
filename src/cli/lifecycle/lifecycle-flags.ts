/** The flags of `deploy`, `destroy` and `diff`, and the arguments that Terraform gets for them. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../../base/errors";
import type { Settings } from "../../project/settings-types";
import { onUnlessNegated, repeated, toggle, type Values, valued, words } from "../define-command";
import { FORCE, output, wholeNumber } from "../flags";

export type LifecycleCommand = "deploy" | "destroy" | "diff";

/** The values of the flags; a command may lack some of the flags. */
export type LifecycleFlags = Values<typeof ALL> & Partial<Values<typeof DEPLOY> & Values<typeof DESTROY>>;

/** The stacks and flags of a command. */
export type LifecycleRequest = Values<typeof STACKS> & LifecycleFlags;

/** The stacks that a command takes; none for all. */
export const STACKS = { stacks: words("default: all") };

const APPROVAL = { autoApprove: toggle("do not ask") };

const CHANGING = {
  ignoreMissingStackDependencies: toggle("take the named stacks without the stacks that they need"),
  migrateState: toggle("move the state to the backend of the settings"),
};

const REFRESHING = { refreshOnly: toggle("only update the state with changes made outside Terraform") };

const ALL = {
  terraformParallelism: valued("number", "the number of resources to change at a time", wholeNumber),
  color: onUnlessNegated("print no colours"),
  var: repeated("name=value", "a variable of the stacks"),
  varFile: repeated("file", "a file with variables of the stacks", existingFile),
  skipSynth: toggle("use the stacks in cdktf.out as they are"),
};

export const DEPLOY = {
  ...APPROVAL,
  outputsFile: output("write the outputs to a file, as JSON"),
  force: FORCE,
  outputsFileIncludeSensitiveOutputs: toggle("write the sensitive outputs too"),
  ...CHANGING,
  ...REFRESHING,
  ...ALL,
};
export const DESTROY = {
  ...APPROVAL,
  data: toggle("destroy the bucket for data too", { conflicts: ["skipSynth"] }),
  deleteObjects: toggle("with --data, first delete everything in that bucket for good, old versions included"),
  ...CHANGING,
  ...ALL,
};
export const DIFF = { ...REFRESHING, ...ALL };

/** The arguments of `terraform init`, and the answer to its question if the user gave it already. */
export function initArguments(
  { migrateState, autoApprove }: LifecycleFlags,
  backend: Settings["backend"],
): { readonly args: readonly string[]; readonly asks: boolean; readonly input?: string } {
  if (!migrateState) return { args: ["init", "-input=false"], asks: false };
  // For a move to HCP Terraform, Terraform accepts neither -migrate-state nor -force-copy, and asks anyway.
  if (backend === "cloud") return { args: ["init"], asks: true, ...(autoApprove && { input: "yes\n" }) };
  return { args: ["init", "-migrate-state", ...(autoApprove ? ["-force-copy"] : [])], asks: true };
}

/** Arguments of the Terraform command that does what `command` is for. */
export function changeArguments(command: LifecycleCommand, flags: LifecycleFlags): string[] {
  const { autoApprove, refreshOnly, terraformParallelism, var: variables, varFile } = flags;
  return [
    { deploy: "apply", destroy: "destroy", diff: "plan" }[command],
    ...(command === "diff" || autoApprove ? ["-input=false"] : []),
    ...(autoApprove ? ["-auto-approve"] : []),
    ...(refreshOnly ? ["-refresh-only"] : []),
    ...(terraformParallelism === undefined ? [] : [`-parallelism=${terraformParallelism}`]),
    ...variables.map((variable) => `-var=${variable}`),
    ...varFile.map((file) => `-var-file=${file}`),
  ];
}

// --- internal ---

/** Terraform runs in the folder of a stack, so the path is made absolute. */
function existingFile(file: string, name: string): string {
  if (!existsSync(file)) throw new UsageError(`\`${name}\` must be a file that is there, got: ${file}`);
  return resolve(file);
}
