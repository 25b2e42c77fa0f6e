/** The flags of `deploy`, `destroy` and `diff`, and the arguments that Terraform gets for them. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../../base/errors";
import type { Settings } from "../../project/settings-types";
import { countOf } from "../arguments";

export type LifecycleCommand = "deploy" | "destroy" | "diff";

export interface LifecycleFlag {
  /** As Commander writes it. */
  readonly flags: string;
  readonly commands: readonly LifecycleCommand[];
  readonly help: string;
  /** Reads a value; `others` are the values that were given before it. `outputFile`: a file that the command writes. */
  readonly takes?: "outputFile" | ((value: string, others: unknown) => unknown);
  /** Whether it may be given several times. */
  readonly repeats?: true;
}

/** The values of the flags that were given. */
export interface LifecycleOptions {
  readonly autoApprove?: boolean;
  /** @default true; false with `--no-color` */
  readonly color?: boolean;
  /** Whether to overwrite a file that no command has made. */
  readonly force?: boolean;
  readonly ignoreMissingStackDependencies?: boolean;
  readonly migrateState?: boolean;
  readonly outputsFile?: string;
  readonly outputsFileIncludeSensitiveOutputs?: boolean;
  readonly refreshOnly?: boolean;
  readonly skipSynth?: boolean;
  readonly terraformParallelism?: number;
  readonly var?: readonly string[];
  readonly varFile?: readonly string[];
}

const ALL: readonly LifecycleCommand[] = ["deploy", "destroy", "diff"];
const CHANGING: readonly LifecycleCommand[] = ["deploy", "destroy"];

export const LIFECYCLE_FLAGS: readonly LifecycleFlag[] = [
  { flags: "--auto-approve", commands: CHANGING, help: "do not ask" },
  {
    flags: "--outputs-file <file>",
    commands: ["deploy"],
    help: "write the outputs to a file, as JSON",
    takes: "outputFile",
  },
  {
    flags: "--outputs-file-include-sensitive-outputs",
    commands: ["deploy"],
    help: "write those marked as sensitive too",
  },
  {
    flags: "--ignore-missing-stack-dependencies",
    commands: CHANGING,
    help: "take the named stacks without those that they need",
  },
  {
    flags: "--refresh-only",
    commands: ["deploy", "diff"],
    help: "only take into the state what was changed outside of Terraform",
  },
  {
    flags: "--terraform-parallelism <number>",
    commands: ALL,
    help: "resources at a time",
    takes: countOf("--terraform-parallelism"),
  },
  { flags: "--no-color", commands: ALL, help: "print no colours" },
  { flags: "--migrate-state", commands: CHANGING, help: "move the state to a backend that has changed" },
  { flags: "--var <name=value>", commands: ALL, help: "a variable of the stacks", takes: several, repeats: true },
  {
    flags: "--var-file <file>",
    commands: ALL,
    help: "a file of variables of the stacks",
    takes: severalFiles,
    repeats: true,
  },
  { flags: "--skip-synth", commands: ALL, help: "take the stacks as they are in cdktf.out" },
];

/** Arguments of `terraform init`, and the answer to its question where the user has given it already. */
export function initArguments(
  { migrateState, autoApprove }: LifecycleOptions,
  backend: Settings["backend"],
): { readonly args: readonly string[]; readonly asks: boolean; readonly input?: string } {
  if (!migrateState) return { args: ["init", "-input=false"], asks: false };
  // For a move to HCP Terraform, Terraform takes neither -migrate-state nor -force-copy. It asks all the same.
  if (backend === "cloud") return { args: ["init"], asks: true, ...(autoApprove && { input: "yes\n" }) };
  return { args: ["init", "-migrate-state", ...(autoApprove ? ["-force-copy"] : [])], asks: true };
}

/** Arguments of the Terraform command that does what `command` is for. */
export function changeArguments(command: LifecycleCommand, options: LifecycleOptions): string[] {
  const { autoApprove, refreshOnly, terraformParallelism, var: variables = [], varFile = [] } = options;
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

function several(value: string, others: unknown): string[] {
  return [...((others as string[] | undefined) ?? []), value];
}

/** Terraform runs in the folder of a stack, so a path is made absolute. */
function severalFiles(file: string, others: unknown): string[] {
  if (!existsSync(file)) throw new UsageError(`\`--var-file\` must be a file that is there, got: ${file}`);
  return several(resolve(file), others);
}
