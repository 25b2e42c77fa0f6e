/** Terraform, run for a review: the app synthesized, a plan for each stack, read and removed again. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeTemporaryFolder } from "../base/temporary-folder";
import { UsageError } from "../errors";
import { PROJECT_FOLDER } from "../settings";

export interface PlanOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Whether stacks with images are compared with what is there, which takes a Docker engine. */
  readonly refresh: boolean;
  /** A folder of saved plans, `<stack>.tfplan`; `null` to make them. */
  readonly plans: string | null;
  readonly signal: AbortSignal;
}

const STACKS_FOLDER = join(PROJECT_FOLDER, "cdktf.out", "stacks");

/**
 * The Docker provider pings its engine as soon as it is configured; with this it does not, and a plan without refresh needs
 * no engine. Terraform merges files of this name into the others.
 */
const NO_ENGINE = {
  file: "workflow_review_override.tf.json",
  content: { provider: { docker: [{ disable_docker_daemon_check: true }] } },
};

/**
 * Synthesizes the app to where Terraform will run it.
 * @throws Error with what the app said
 */
export async function synthesizeStacks({ environment, signal }: PlanOptions): Promise<void> {
  await run(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "main.ts"],
    PROJECT_FOLDER,
    environment,
    signal,
  );
}

/** Removes what a review that was killed has left in the stacks' folders. */
export function removeLeftovers(stacksFolder: string = STACKS_FOLDER): void {
  if (!existsSync(stacksFolder)) return;
  for (const stack of readdirSync(stacksFolder)) rmSync(join(stacksFolder, stack, NO_ENGINE.file), { force: true });
}

/**
 * What `terraform show -json` says of a stack's plan. The plan is in a folder that nobody else can read, and is removed.
 * @throws Error with what Terraform said
 */
export async function planStack(
  stack: string,
  options: PlanOptions,
  stacksFolder: string = STACKS_FOLDER,
): Promise<unknown> {
  const folder = join(stacksFolder, stack);
  const override = join(folder, NO_ENGINE.file);
  const { signal, refresh, plans } = options;
  const environment = quiet(options.environment);
  const binary = environment.TERRAFORM_BINARY_NAME || "terraform";
  const terraform = (...args: string[]) => run(binary, args, folder, environment, signal);
  const saved = plans === null ? null : resolve(plans, `${stack}.tfplan`);
  if (saved !== null && !existsSync(saved)) throw new UsageError(`no plan: ${saved} is not there`);
  const withoutEngine = saved === null && !refresh && hasImages(folder);
  const secret = makeTemporaryFolder("workflow-review");
  try {
    await terraform("init", "-input=false", "-no-color");
    if (saved !== null) return JSON.parse(await terraform("show", "-json", saved));
    const plan = join(secret, "plan");
    writeFileSync(plan, "", { mode: 0o600 });
    if (withoutEngine) writeFileSync(override, JSON.stringify(NO_ENGINE.content));
    // Whoever may only read the state cannot lock it, and a plan writes nothing.
    const flags = ["-input=false", "-no-color", "-lock=false", ...(withoutEngine ? ["-refresh=false"] : [])];
    await terraform("plan", ...flags, `-out=${plan}`);
    return JSON.parse(await terraform("show", "-json", plan));
  } finally {
    rmSync(override, { force: true });
    await rm(secret, { recursive: true });
  }
}

/** What differs of `folders` from where this branch left `base`, as git shows it; `null` where git cannot tell. */
export async function changedFiles(
  folders: readonly string[],
  base: string,
  { environment, signal }: Pick<PlanOptions, "environment" | "signal">,
): Promise<string[] | null> {
  const git = (...args: string[]) => run("git", args, PROJECT_FOLDER, environment, signal);
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

/** A log that is asked for would hold passwords, and get into the comment with Terraform's messages. */
function quiet(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith("TF_LOG"));
  return { ...Object.fromEntries(kept), TF_IN_AUTOMATION: "1" };
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((done, fail) => {
    execFile(command, args, { cwd, env, signal, killSignal: "SIGINT", maxBuffer: 2 ** 30 }, (error, stdout, stderr) => {
      if (error === null) return done(stdout);
      // What it has printed so far may be half a plan, secrets and all.
      const said = (stderr.trim() || error.message).replaceAll("\u001b", "");
      const missing = (error as NodeJS.ErrnoException).code === "ENOENT" ? `${command} is not on the PATH` : null;
      fail(new Error(missing ?? said, { cause: error }));
    });
  });
}
