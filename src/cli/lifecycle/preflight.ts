/** Checks before a deploy, destroy or diff. They refuse a command that cannot succeed before anything starts. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { UsageError } from "../../base/errors";
import { DATA_STACK, IMAGE_STACK, stacksOf, WORKFLOW_STACK } from "../../project/names";
import { PROJECT_FOLDER } from "../../project/project-folder";
import type { Settings } from "../../project/settings-types";
import { terraformCommand } from "../../terraform/run-terraform";
import { migratedState, stateFile } from "../../terraform/stack-states";
import { STACKS_FOLDER } from "../../terraform/synthesis";
import { DATA_BUCKET, isCi } from "../doctor/checks";
import { diagnoseNamed, sentence } from "../doctor/diagnose";
import type { Diagnosis, Project, Terminal, Timed } from "../session";
import type { LifecycleCommand, LifecycleFlags } from "./lifecycle-flags";

/** A command and the stacks that it takes. */
export interface Intention {
  readonly command: LifecycleCommand;
  readonly flags: LifecycleFlags;
  readonly takes: (stack: string) => boolean;
}

/** Variables that would make Terraform use another state, and the reason to refuse them. */
const FOREIGN_VARIABLES: Readonly<Record<string, string>> = {
  TF_WORKSPACE: "a workspace has another state; WORKFLOW_ENVIRONMENT names a deployment",
  TF_DATA_DIR: "each stack has its own data folder",
};

/** Variables that name a proxy. Terraform uses it and the clients of AWS do not, so they cannot tell what Terraform will find. */
const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/** The checks of `doctor` that a command needs, by their names. */
const NEEDED: Readonly<Record<string, (intention: Intention) => boolean>> = {
  Terraform: () => true,
  Docker: ({ command, takes }) => command !== "diff" && takes(IMAGE_STACK),
  credentials: () => true,
  region: () => true,
  "default VPC": ({ command, takes }) => command === "deploy" && takes(WORKFLOW_STACK),
  [DATA_BUCKET]: ({ command, takes }) => command === "deploy" && (takes(DATA_STACK) || takes(WORKFLOW_STACK)),
  backend: () => true,
  state: ({ command, flags, takes }) => command === "deploy" && !flags.migrateState && takes(WORKFLOW_STACK),
};
const WITHOUT_NETWORK = ["Terraform", "Docker"];

/** @throws UsageError with the reasons why the command cannot succeed */
export async function refuseWhatCannotSucceed(
  intention: Intention,
  settings: Settings,
  session: Project & Terminal & Timed & Diagnosis,
  signal: AbortSignal,
): Promise<void> {
  const { environment, clock, projectFolder, stderr, loadProbes } = session;
  const { command, flags } = intention;
  if (command !== "diff") refuseLostState(command, settings, environment);
  refuseUnapproved(intention, session);
  refuseForeignVariables(environment);
  const stacks = flags.data ? [...new Set([DATA_STACK, ...stacksOf(settings)])] : stacksOf(settings);
  refuseUnsavedState(stacks, terraformCommand(environment), projectFolder);
  if (settings.backend === "local") {
    if (!flags.migrateState) refuseMovedState(settings, projectFolder);
    refuseTornStates(stacks.filter(intention.takes), settings, projectFolder);
  }
  const viaProxy = PROXIES.some((name) => environment[name]);
  const names = Object.keys(NEEDED).filter(
    (name) => NEEDED[name]!(intention) && (!viaProxy || WITHOUT_NETWORK.includes(name)),
  );
  const lines = await diagnoseNamed({ settings, environment }, await loadProbes(), clock, names, signal);
  signal.throwIfAborted();
  const failures = lines.filter(({ status }) => status === "failure");
  if (failures.length > 0) throw new UsageError(failures.map(sentence).join("\n"));
  for (const line of lines.filter(({ name, status }) => name === DATA_BUCKET && status === "warning")) {
    stderr.write(`${sentence(line)}\n`);
  }
}

/** @throws UsageError if the state would be lost with the machine of a pipeline */
export function refuseLostState(
  command: LifecycleCommand | "review",
  { backend }: Settings,
  environment: NodeJS.ProcessEnv,
): void {
  if (backend !== "local" || !isCi(environment)) return;
  throw new UsageError(
    `\`backend\` must be s3 or cloud for a ${command} in CI, where the state would be lost with the machine, got: "local"; set WORKFLOW_BACKEND`,
  );
}

// --- internal ---

/** @throws UsageError if Terraform would ask for approval, and there is no terminal */
function refuseUnapproved({ command, flags }: Intention, { ask }: Terminal): void {
  if (command === "diff" || ask !== null || flags.autoApprove) return;
  throw new UsageError(
    `${command} asks for approval, and there is no terminal to ask in; write \`npx workflow ${command} --auto-approve\``,
  );
}

function refuseForeignVariables(environment: NodeJS.ProcessEnv): void {
  for (const [name, reason] of Object.entries(FOREIGN_VARIABLES)) {
    if (environment[name]) throw new UsageError(`\`${name}\` must not be set: ${reason}; unset it`);
  }
}

/** @throws UsageError if Terraform could not save a state, and left it in the folder of a stack */
function refuseUnsavedState(stacks: readonly string[], binary: string, project = PROJECT_FOLDER): void {
  for (const stack of stacks) {
    const folder = `${STACKS_FOLDER}/${stack}`;
    if (!existsSync(join(project, folder, "errored.tfstate"))) continue;
    const file = localStateOf(join(project, folder));
    // A push would read the file of the state, which a full disk has cut off.
    const remedy =
      file === null
        ? `run \`${binary} -chdir=${folder} state push errored.tfstate\` and remove that file`
        : `run \`mv ${folder}/errored.tfstate ${relative(project, file)}\``;
    throw new UsageError(
      `${folder}/errored.tfstate holds the state of ${stack}, which Terraform could not save; make room, then ${remedy}`,
    );
  }
}

/** Returns the file of a stack's state, as it was synthesized; `null` with another backend than local. */
function localStateOf(folder: string): string | null {
  const { terraform } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as {
    terraform: { backend?: { local?: { path: string } } };
  };
  const path = terraform.backend?.local?.path;
  return path === undefined ? null : resolve(folder, path);
}

/** @throws UsageError if Terraform would start a new state in place of one that has moved */
function refuseMovedState(settings: Settings, project?: string): void {
  const moved = migratedState(settings, project);
  if (moved === null) return;
  throw new UsageError(
    `\`backend\` must be the one that this state was moved to, as ${moved} shows, got: "local"; set WORKFLOW_BACKEND, or remove that file to begin anew`,
  );
}

/**
 * Refuses files of states that were not written completely. Terraform treats an empty file as no state, and would start a
 * new one.
 */
function refuseTornStates(stacks: readonly string[], settings: Settings, project = PROJECT_FOLDER): void {
  for (const stack of stacks) {
    const file = stateFile(settings, stack);
    const path = join(project, file);
    if (!existsSync(path)) continue;
    const problem = damageOf(path);
    if (problem === null) continue;
    const backup = existsSync(`${path}.backup`) ? `copy ${file}.backup over it: that is the previous state` : null;
    throw new UsageError(
      `the state of ${stack}, ${file}, ${problem}; ${backup ?? "restore it from a copy, or remove it if nothing is deployed"}`,
    );
  }
}

/** Describes the damage; `null` if there is none. A first plan that was killed leaves an empty file without a backup. */
function damageOf(path: string): string | null {
  if (statSync(path).size === 0) return existsSync(`${path}.backup`) ? "is empty" : null;
  try {
    JSON.parse(readFileSync(path, "utf8"));
    return null;
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
}
