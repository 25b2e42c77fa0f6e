/** Runs Terraform for a review: makes a plan for each stack, reads it and removes it. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../base/errors";
import { makeTemporaryFolder } from "../base/temporary-folder";
import { PROJECT_FOLDER } from "../project/project-folder";
import { runTerraform, terraformCommand } from "./run-terraform";
import { STACKS_FOLDER } from "./synthesis";

export interface PlanOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** True if stacks with images are refreshed too, which needs a Docker engine. */
  readonly refresh: boolean;
  /** Folder of saved plans, `<stack>.tfplan`; `null` to make plans. */
  readonly plans: string | null;
  readonly signal: AbortSignal;
}

const FOLDER_OF_STACKS = join(PROJECT_FOLDER, STACKS_FOLDER);

/**
 * Turns off the ping that the Docker provider sends to its engine as soon as it is configured. A plan without refresh then needs no
 * engine. Terraform merges files with this name into the others.
 */
const NO_ENGINE = {
  file: "workflow_review_override.tf.json",
  content: { provider: { docker: [{ disable_docker_daemon_check: true }] } },
};

/** Removes the files that a killed review left in the folders of the stacks. */
export function removeLeftovers(stacksFolder: string = FOLDER_OF_STACKS): void {
  if (!existsSync(stacksFolder)) return;
  for (const stack of readdirSync(stacksFolder)) rmSync(join(stacksFolder, stack, NO_ENGINE.file), { force: true });
}

/**
 * Plans a stack, or takes its saved plan, and returns it as `terraform show -json` prints it. A new plan is written to a folder that
 * other users cannot read, and then removed.
 * @throws Error with the message of Terraform
 */
export async function planStack(
  stack: string,
  options: PlanOptions,
  stacksFolder: string = FOLDER_OF_STACKS,
): Promise<unknown> {
  const folder = join(stacksFolder, stack);
  const override = join(folder, NO_ENGINE.file);
  const { signal, refresh, plans } = options;
  const environment = quiet(options.environment);
  const terraform = (...args: string[]) => said(args, folder, environment, signal);
  const saved = plans === null ? null : resolve(plans, `${stack}.tfplan`);
  if (saved !== null && !existsSync(saved)) throw new UsageError(`no plan: ${saved} is not there`);
  const withoutEngine = saved === null && !refresh && hasImages(folder);
  const secret = makeTemporaryFolder("workflow-review");
  try {
    await terraform("init", "-input=false", "-no-color");
    if (saved !== null) return JSON.parse(await terraform("show", "-json", "-no-color", saved));
    const plan = join(secret, "plan");
    writeFileSync(plan, "", { mode: 0o600 });
    if (withoutEngine) writeFileSync(override, JSON.stringify(NO_ENGINE.content));
    // A user with read access to the state cannot lock it. A plan writes nothing.
    const flags = ["-input=false", "-no-color", "-lock=false", ...(withoutEngine ? ["-refresh=false"] : [])];
    await terraform("plan", ...flags, `-out=${plan}`);
    return JSON.parse(await terraform("show", "-json", plan));
  } finally {
    rmSync(override, { force: true });
    await rm(secret, { recursive: true });
  }
}

/** Returns the files in `folders` that have changed since this branch left `base`, as git shows them; `null` if git cannot tell. */
export async function changedFiles(
  folders: readonly string[],
  base: string,
  { environment, signal }: Pick<PlanOptions, "environment" | "signal">,
): Promise<string[] | null> {
  const git = async (...args: string[]) => {
    const options = { cwd: PROJECT_FOLDER, env: environment, signal, maxBuffer: 2 ** 30 };
    return (await promisify(execFile)("git", args, options)).stdout;
  };
  try {
    const parent = (await git("merge-base", "HEAD", "--end-of-options", base)).trim();
    const shown = await git("diff", "--no-color", "--no-ext-diff", "--stat=100", parent, "--", ...folders);
    return shown.split("\n").filter((line) => line.trim() !== "");
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

// --- internal ---

function hasImages(folder: string): boolean {
  const { provider } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as { provider?: object };
  return Object.hasOwn(provider ?? {}, "docker");
}

/** Turns off the log of Terraform. It would hold passwords, and reach the comment with the messages of Terraform. */
function quiet(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith("TF_LOG"));
  return Object.fromEntries(kept);
}

/** Returns the output of Terraform. @throws Error with its message */
async function said(
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string> {
  const ended = await runTerraform(args, { folder, environment, output: "collected" }, signal);
  if (ended.exitCode === 0) return ended.stdout;
  const command = `${terraformCommand(environment)} ${args[0]}`;
  const end = ended.signal === null ? `ended with ${ended.exitCode}` : `was killed by ${ended.signal}`;
  // Standard output may hold half a plan, with its secrets.
  throw new Error((ended.stderr.trim() || `${command} ${end}`).replaceAll("\u001b", ""));
}
