/**
 * `npm run bootstrap -- --repository OWNER/REPO --bucket NAME`: prepares an AWS account, and HCP Terraform where that keeps
 * the state, for deployments from GitHub Actions. See docs/ci.md.
 * Exit codes: Terraform's own; 2 for wrong usage or settings, and when HCP Terraform refuses.
 */
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { UsageError } from "../../base/errors";
import { machineFault } from "../../base/file-errors";
import { onInterrupt } from "../../base/interrupts";
import { say } from "../../base/message";
import { flagsKeptByNpm } from "../../base/npm-flags";
import { guardStandardStreams } from "../../base/standard-streams";
import { loadSettings } from "../../project/load-settings";
import { PROJECT_FOLDER } from "../../project/project-folder";
import {
  type BootstrapOptions,
  type BootstrapTools,
  bootstrapAccount,
  HOW_TO_FIND_REPOSITORY,
} from "../../terraform/bootstrap-account";
import { startTerraform } from "../../terraform/run-terraform";

/** The surroundings of the script. Tests give their own. */
export interface BootstrapSurroundings extends Omit<BootstrapTools, "say"> {
  /** Base of the settings, below the environment. @default the context of cdktf.json */
  readonly context?: unknown;
  readonly stdout: Pick<NodeJS.WritableStream, "write">;
  readonly stderr: Pick<NodeJS.WritableStream, "write">;
}

/** Runs the bootstrap with `argv` and gives its exit code. */
export async function run(argv: readonly string[], surroundings: BootstrapSurroundings): Promise<number> {
  try {
    const options = parse(argv, surroundings);
    const { environment, context, stderr } = surroundings;
    return await bootstrapAccount(options, loadSettings(environment, context), {
      ...surroundings,
      say: (line) => say(stderr, line),
    });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const fault = machineFault(error);
    if (fault === null && !(error instanceof UsageError)) throw error;
    say(surroundings.stderr, fault ?? (error as UsageError).message);
    return fault === null ? 2 : 1;
  }
}

// --- internal ---

function parse(argv: readonly string[], { environment, stdout, stderr }: BootstrapSurroundings): BootstrapOptions {
  const command = new Command("bootstrap")
    .description("Prepare an AWS account for deployments from GitHub Actions; once for each workflow.")
    .option(
      "--repository <owner/repo>",
      "the repository on GitHub whose jobs may take the roles: OWNER/REPO or, since July 2026 for new ones, OWNER@ID/REPO@ID",
    )
    .option(
      "--bucket <name>",
      "the bucket for Terraform's state, which is made (default: the setting stateBucket); not with the backend cloud",
    )
    .option(
      "--existing-bucket",
      "the bucket is there already; one that this bootstrap made is let go of, not destroyed",
    )
    .option("--branch <name>", "the branch that is deployed to the environment of the settings", "main")
    .option("--main-only", "the main branch alone is deployed: the apply role is not for the environment `branches`")
    .option(
      "--existing-provider",
      "the account has GitHub's OIDC provider already, from elsewhere; one that this bootstrap made is let go of, not destroyed",
    )
    .option("--state-in-bucket", "keep the bootstrap's own state in the bucket, once that is there")
    .option("--workspaces-only", "make the workspaces of HCP Terraform, and nothing else")
    .option("--plan-only", "show what would be done")
    .option("--auto-approve", "do not ask")
    .addHelpText(
      "after",
      `\nWhich of the two names the repository has stands after \`repo:\` in what this prints:\n  ${HOW_TO_FIND_REPOSITORY}`,
    )
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => say(stderr, text.trimEnd()) })
    .allowExcessArguments(false)
    .exitOverride();
  const kept = flagsKeptByNpm(command.options, environment).map(({ flag }) => flag);
  if (kept.length > 0) {
    const meant = ["npm run bootstrap --", ...argv, ...kept].join(" ");
    throw new UsageError(
      `npm kept ${kept.map((flag) => `\`${flag}\``).join(", ")} for itself, so nothing was started; write \`${meant}\``,
    );
  }
  return command.parse(argv, { from: "user" }).opts<BootstrapOptions>();
}

/** Terraform asks its own questions. At Ctrl-C this process waits until Terraform has saved its state. */
async function runTerraform(args: readonly string[], folder: string): Promise<number> {
  const plain = process.stdout.isTTY && !process.env.NO_COLOR ? [] : ["-no-color"];
  const { ended, interrupt } = startTerraform([...args, ...plain], {
    folder,
    environment: process.env,
    output: "terminal",
  });
  const stopListening = onInterrupt(interrupt);
  try {
    const { exitCode, signal } = await ended;
    if (signal !== null) process.stderr.write(`Terraform was killed by ${signal}; its state may be locked\n`);
    return exitCode ?? 1;
  } finally {
    stopListening();
  }
}

if (require.main === module) {
  const { endWith, ...streams } = guardStandardStreams();
  run(process.argv.slice(2), {
    environment: process.env,
    ...streams,
    fetch,
    synthesize: (settings, props) => {
      // Loaded here: `--help` and the workspaces need no CDKTF.
      const { synthesizeBootstrap } =
        require("../../../stacks/bootstrap-stack") as typeof import("../../../stacks/bootstrap-stack");
      return synthesizeBootstrap(settings, props, join(PROJECT_FOLDER, "bootstrap.out"));
    },
    isInteractive: Boolean(process.stdin.isTTY),
    terraform: runTerraform,
  }).then(endWith);
}
