/** Deploys, compares and destroys every stack with the cdktf CLI. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors";
import type { AwsExecution } from "../execution/aws/executions";
import { systemClock } from "../execution/clock";
import { resourceName } from "../names";
import type { LifecycleCommand, Running } from "../processes/cdktf-cli";
import { loadWorkflow } from "../project";
import { loadSettings, PROJECT_FOLDER, type Settings } from "../settings";
import { isCi, judgeTerraform, type Probes } from "./doctor-checks";
import { holdsResources, localStates, migratedState, setMigratedAside, statesFolder } from "./local-states";

/** What is to be done: to which stacks, none for all, with which flags of the cdktf CLI. */
export interface LifecycleRequest {
  readonly stacks: readonly string[];
  readonly flags: readonly string[];
}

/** What the commands have to do with their surroundings; tests give their own. */
export interface LifecycleSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** What the environment's settings stand upon. @default the context of cdktf.json */
  readonly context?: unknown;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Calls back at each Ctrl-C or request to end, and returns what stops that. */
  readonly onInterrupt: (interrupted: () => void) => () => void;
  /** Asks who sits in front; `null` where nobody does. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Does what no other process may do in this checkout meanwhile. */
  readonly exclusively: <T>(act: () => Promise<T>) => Promise<T>;
  /** Starts the cdktf CLI. */
  readonly startCdktf: (args: readonly string[], environment: NodeJS.ProcessEnv) => Running;
  /** The folder that the states of the backend local are in. @default the project's */
  readonly projectFolder?: string;
  /** Loads what asks the machine: for Terraform and, where images are built or forgotten, for a Docker engine. */
  readonly loadProbes: () => Pick<Probes, "terraform" | "docker">;
}

type NamedExecution = Pick<AwsExecution, "name">;

/** The state machine of a deployment, and its executions. */
export interface DeployedExecutions {
  /** Whether AWS shows the state machine. */
  readonly isThere: () => Promise<boolean>;
  readonly running: () => Promise<readonly NamedExecution[]>;
  /** Stops all, and says each. */
  readonly stop: (stopped: (execution: NamedExecution) => void) => Promise<void>;
}

const STATE_MACHINE_STACK = "workflow";
const IMAGE_STACK = "image";
/** An engine that does not answer in so long does not answer. */
const ENGINE_MILLISECONDS = 15_000;
const SKIP_SYNTH = "--skip-synth";
/** Of several executions, as many are named. */
export const NAMES_SHOWN = 5;

/** Deploys the stacks; gives the exit code. */
export async function deploy(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  synthesized: () => string[] = synthesizedStacks,
): Promise<number> {
  const settings = await settingsToChangeWith("deploy", request, surroundings);
  return surroundings.exclusively(() =>
    keepingTrackOfStates(settings, surroundings, async () => {
      const known = await withKnownStacks(request, surroundings, synthesized);
      if (typeof known === "number") return known;
      return (await follow(["deploy", ...targets(known), ...known.flags], surroundings)).exitCode;
    }),
  );
}

/** Stops the running executions, which would keep AWS from deleting the state machine, and destroys the stacks. */
export async function destroy(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  executionsOf: (settings: Settings) => Promise<DeployedExecutions> = deployedExecutions,
  synthesized: () => string[] = synthesizedStacks,
): Promise<number> {
  const settings = await settingsToChangeWith("destroy", request, surroundings);
  // What cannot be synthesized cannot be destroyed: no execution is stopped for that.
  loadWorkflow(settings);
  return surroundings.exclusively(() =>
    keepingTrackOfStates(settings, surroundings, async () => {
      const known = await withKnownStacks(request, surroundings, synthesized);
      return typeof known === "number" ? known : destroyStacks(known, settings, surroundings, executionsOf);
    }),
  );
}

/**
 * The settings, once nothing speaks against a change of what is deployed.
 * @throws UsageError for all that does, before anything has happened
 */
async function settingsToChangeWith(
  command: "deploy" | "destroy",
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
): Promise<Settings> {
  const settings = loadSettings(surroundings.environment, surroundings.context);
  refuseLostState(command, settings, surroundings.environment);
  refuseUnapproved(command, request, surroundings);
  await refuseUnready(request, settings, surroundings);
  await refuseWithoutEngine(request, settings, surroundings);
  return settings;
}

async function destroyStacks(
  request: LifecycleRequest,
  settings: Settings,
  surroundings: LifecycleSurroundings,
  executionsOf: (settings: Settings) => Promise<DeployedExecutions>,
): Promise<number> {
  const args = ["destroy", ...targets(request), ...request.flags];
  if (!takes(STATE_MACHINE_STACK, request)) return (await follow(args, surroundings)).exitCode;
  const { stderr, projectFolder } = surroundings;
  const deployed = await executionsOf(settings);
  const running = await deployed.running();
  if (running.length > 0) {
    if (settings.backend === "local" && !holdsResources(settings, STATE_MACHINE_STACK, projectFolder)) {
      stderr.write(`nothing was stopped or destroyed: ${stillThere(settings, ":")}\n`);
      return 1;
    }
    if (!isApproved(request) && !(await mayStop(running, surroundings))) {
      stderr.write("nothing was stopped or destroyed\n");
      return 1;
    }
    await deployed.stop(({ name }) => stderr.write(`stopped the execution ${name}\n`));
  }
  const { exitCode } = await follow(args, surroundings);
  // Terraform is content with a state that holds nothing, such as that of another backend.
  if (exitCode !== 0 || !(await deployed.isThere())) return exitCode;
  stderr.write(`${stillThere(settings, isApproved(request) ? ":" : "; if its destruction was approved,")}\n`);
  return 1;
}

/** Writes the Terraform configuration of every stack into cdktf.out; gives the exit code. */
export async function synth(surroundings: LifecycleSurroundings): Promise<number> {
  loadSettings(surroundings.environment, surroundings.context);
  return surroundings.exclusively(() => synthesize({ stacks: [], flags: [] }, surroundings));
}

/** Compares each stack with what is deployed; one that fails does not keep the others from being shown. */
export async function diff(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  synthesized: () => string[] = synthesizedStacks,
): Promise<number> {
  const settings = loadSettings(surroundings.environment, surroundings.context);
  await refuseUnready(request, settings, surroundings);
  return surroundings.exclusively(() =>
    keepingTrackOfStates(settings, surroundings, () => diffStacks(request, surroundings, synthesized)),
  );
}

async function diffStacks(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  synthesized: () => string[],
): Promise<number> {
  const exitCode = await synthesize(request, surroundings);
  if (exitCode !== 0) return exitCode;
  const all = synthesized();
  refuseUnknown(request.stacks, all);

  const flags = skippingSynth(request);
  const failed: string[] = [];
  // The CLI takes one stack, and ignores any other name.
  for (const stack of request.stacks.length > 0 ? request.stacks : all) {
    surroundings.stdout.write(`\n--- ${stack}\n`);
    const { exitCode, interrupted } = await follow(["diff", stack, ...flags], surroundings);
    if (interrupted) return exitCode;
    if (exitCode !== 0) failed.push(stack);
  }
  if (failed.length > 0) surroundings.stderr.write(`not compared: ${failed.join(", ")}\n`);
  return failed.length > 0 ? 1 : 0;
}

/** The request, all of whose stacks are there; the exit code of a synth that fails. The CLI tells of others in thirty lines. */
async function withKnownStacks(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  synthesized: () => string[],
): Promise<LifecycleRequest | number> {
  const names = request.stacks.filter((stack) => !isPattern(stack));
  if (names.length === 0) return request;
  const exitCode = await synthesize(request, surroundings);
  if (exitCode !== 0) return exitCode;
  refuseUnknown(names, synthesized());
  return { ...request, flags: skippingSynth(request) };
}

/** Synthesizes, unless the stacks are to be taken as they are; gives the exit code. */
async function synthesize({ flags }: LifecycleRequest, surroundings: LifecycleSurroundings): Promise<number> {
  return flags.includes(SKIP_SYNTH) ? 0 : (await follow(["synth"], surroundings)).exitCode;
}

function skippingSynth({ flags }: LifecycleRequest): string[] {
  return [SKIP_SYNTH, ...flags.filter((flag) => flag !== SKIP_SYNTH)];
}

/** @throws UsageError for a stack that there is none of */
function refuseUnknown(stacks: readonly string[], all: readonly string[]): void {
  const unknown = stacks.find((stack) => !all.includes(stack));
  if (unknown !== undefined) throw new UsageError(`\`${unknown}\` is no stack; the stacks are ${all.join(", ")}`);
}

/** The CLI takes patterns too. */
function isPattern(stack: string): boolean {
  return /[^\w-]/.test(stack);
}

/** What a pattern takes is taken for all. */
function takes(wanted: string, { stacks }: LifecycleRequest): boolean {
  return stacks.length === 0 || stacks.some((stack) => stack === wanted || isPattern(stack));
}

function targets({ stacks }: LifecycleRequest): readonly string[] {
  return stacks.length > 0 ? stacks : ["*"];
}

function isApproved({ flags }: LifecycleRequest): boolean {
  return flags.includes("--auto-approve");
}

/** @throws UsageError where the state would go with the machine */
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

/**
 * The CLI would plan, and only then find no terminal to ask in: with a stack trace, and the state locked for good.
 * @throws UsageError where nobody is there to approve
 */
function refuseUnapproved(command: LifecycleCommand, request: LifecycleRequest, { ask }: LifecycleSurroundings): void {
  if (ask !== null || isApproved(request)) return;
  throw new UsageError(
    `${command} asks for approval, and there is no terminal to ask in; write \`npx workflow ${command} --auto-approve\``,
  );
}

/** @throws UsageError where Terraform is missing or too old, or would begin a new state in the place of one that has moved */
async function refuseUnready(
  { flags }: LifecycleRequest,
  settings: Settings,
  { environment, projectFolder, loadProbes }: LifecycleSurroundings,
): Promise<void> {
  const moved =
    settings.backend === "local" && !flags.includes("--migrate-state") ? migratedState(settings, projectFolder) : null;
  if (moved !== null) {
    throw new UsageError(
      `\`backend\` must be the one that this state was moved to, as ${moved} shows, got: "local"; set WORKFLOW_BACKEND, or remove that file to begin anew`,
    );
  }
  const signal = new AbortController().signal;
  const { status, message, fix } = judgeTerraform(await loadProbes().terraform({ settings, environment, signal }));
  if (status === "failure") throw new UsageError([message, ...(fix === undefined ? [] : [fix])].join("; "));
}

/**
 * The stack of the images would fail after the other was deployed or destroyed.
 * @throws UsageError where no Docker engine answers
 */
async function refuseWithoutEngine(
  request: LifecycleRequest,
  settings: Settings,
  { environment, loadProbes }: LifecycleSurroundings,
): Promise<void> {
  if (!takes(IMAGE_STACK, request)) return;
  await loadProbes().docker({ settings, environment, signal: AbortSignal.timeout(ENGINE_MILLISECONDS) });
}

/** Sets files aside that are outdated once Terraform has moved their states, however the command ends. */
async function keepingTrackOfStates(
  settings: Settings,
  { stderr, projectFolder }: LifecycleSurroundings,
  act: () => Promise<number>,
): Promise<number> {
  const before = localStates(settings, projectFolder);
  try {
    return await act();
  } finally {
    for (const file of setMigratedAside(before, projectFolder)) {
      stderr.write(`the state was moved to the backend ${settings.backend}; what it was is kept in ${file}\n`);
    }
  }
}

/** Whoever was asked may also have said no. */
function stillThere(settings: Settings, doubt: string): string {
  const { backend, stateBucket, cloudOrganization } = settings;
  const place = {
    local: statesFolder(settings),
    s3: `${stateBucket}/${settings.name}/${settings.environment}`,
    cloud: `${cloudOrganization}/${resourceName(settings, STATE_MACHINE_STACK)}`,
  }[backend];
  return `state machine \`${resourceName(settings)}\` is still there${doubt} its state is not in backend \`${backend}\` (${place}); give the backend that it was deployed with (WORKFLOW_BACKEND, WORKFLOW_STATE_BUCKET)`;
}

async function mayStop(running: readonly NamedExecution[], { ask }: LifecycleSurroundings): Promise<boolean> {
  const are = running.length === 1 ? "1 execution is" : `${running.length} executions are`;
  const question = `${are} running (${firstNames(running)}); stop them, before Terraform asks? [y/N] `;
  return /^y(es)?$/i.test((await ask!(question)).trim());
}

/** The names of some executions, of many only the first. */
export function firstNames(executions: readonly NamedExecution[]): string {
  const names = executions.slice(0, NAMES_SHOWN).map(({ name }) => name);
  return [...names, ...(executions.length > names.length ? ["…"] : [])].join(", ");
}

/** Runs the cdktf CLI to its end: whoever interrupts it gets a Terraform that has released its lock. */
async function follow(
  args: readonly string[],
  { environment, stderr, onInterrupt, startCdktf }: LifecycleSurroundings,
): Promise<{ exitCode: number; interrupted: boolean }> {
  const running = startCdktf(args, environment);
  let interrupted = false;
  const stopListening = onInterrupt(() => {
    if (!interrupted) stderr.write("stopping: Terraform saves what it has done; at a second Ctrl-C it does not\n");
    interrupted = true;
    running.interrupt();
  });
  try {
    return { exitCode: await running.ended, interrupted };
  } finally {
    stopListening();
  }
}

async function deployedExecutions(settings: Settings): Promise<DeployedExecutions> {
  // Loaded here: no other command should pay for AWS's clients.
  const { connect } = require("../execution/aws/clients") as typeof import("../execution/aws/clients");
  const { runningExecutions, stateMachineArn, stopExecutions } =
    require("../execution/aws/executions") as typeof import("../execution/aws/executions");
  const { stateMachineStatus } = require("./definition") as typeof import("./definition");
  const aws = connect(settings.region);
  const arn = await stateMachineArn(aws, settings);
  return {
    // Whoever may destroy need not be allowed to look.
    isThere: () =>
      stateMachineStatus(aws, arn).then(
        (status) => status === "ACTIVE",
        () => false,
      ),
    running: () => runningExecutions(aws, arn),
    stop: (stopped) => stopExecutions(aws, arn, "stopped by destroy", { clock: systemClock, stopped }),
  };
}

/**
 * The stacks as they were synthesized, in the order in which they are deployed.
 * @throws UsageError where they are not
 */
export function synthesizedStacks(): string[] {
  const path = join(PROJECT_FOLDER, "cdktf.out", "manifest.json");
  try {
    return Object.keys((JSON.parse(readFileSync(path, "utf8")) as { stacks: object }).stacks);
  } catch (cause) {
    throw new UsageError(`the stacks are not synthesized: ${(cause as Error).message}; run \`npm run synth\``, {
      cause,
    });
  }
}
