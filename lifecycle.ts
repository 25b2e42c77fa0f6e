/** Deploys, compares and destroys every stack with the cdktf CLI. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LifecycleCommand, Running } from "./cdktf-cli";
import { UsageError } from "./errors";
import type { AwsExecution } from "./execution/aws/executions";
import { systemClock } from "./execution/clock";
import { loadWorkflow } from "./project";
import { loadSettings, PROJECT_FOLDER, type Settings } from "./settings";

/** What is to be done: to which stacks, none for all, with which flags of the cdktf CLI. */
export interface LifecycleRequest {
  readonly stacks: readonly string[];
  readonly flags: readonly string[];
}

/** What the commands have to do with their surroundings; tests give their own. */
export interface LifecycleSurroundings {
  readonly environment: NodeJS.ProcessEnv;
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
}

type NamedExecution = Pick<AwsExecution, "name">;

/** The executions of a deployment. */
export interface DeployedExecutions {
  readonly running: () => Promise<readonly NamedExecution[]>;
  /** Stops all, and says each. */
  readonly stop: (stopped: (execution: NamedExecution) => void) => Promise<void>;
}

const STATE_MACHINE_STACK = "workflow";
const NAMES_SHOWN = 5;

/** Deploys the stacks; gives the exit code. */
export async function deploy(request: LifecycleRequest, surroundings: LifecycleSurroundings): Promise<number> {
  refuseLostState("deploy", loadSettings(surroundings.environment), surroundings.environment);
  const args = ["deploy", ...targets(request), ...request.flags];
  return surroundings.exclusively(async () => (await follow(args, surroundings)).exitCode);
}

/** Stops the running executions, which would keep AWS from deleting the state machine, and destroys the stacks. */
export async function destroy(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  executionsOf: (settings: Settings) => Promise<DeployedExecutions> = deployedExecutions,
): Promise<number> {
  const settings = loadSettings(surroundings.environment);
  refuseLostState("destroy", settings, surroundings.environment);
  // What cannot be synthesized cannot be destroyed: no execution is stopped for that.
  loadWorkflow(settings);
  return surroundings.exclusively(() => destroyStacks(request, settings, surroundings, executionsOf));
}

async function destroyStacks(
  request: LifecycleRequest,
  settings: Settings,
  surroundings: LifecycleSurroundings,
  executionsOf: (settings: Settings) => Promise<DeployedExecutions>,
): Promise<number> {
  if (takesStateMachine(request)) {
    const executions = await executionsOf(settings);
    const running = await executions.running();
    if (running.length > 0) {
      if (!request.flags.includes("--auto-approve") && !(await mayStop(running, surroundings))) {
        surroundings.stderr.write("nothing was stopped or destroyed\n");
        return 1;
      }
      await executions.stop(({ name }) => surroundings.stderr.write(`stopped the execution ${name}\n`));
    }
  }
  return (await follow(["destroy", ...targets(request), ...request.flags], surroundings)).exitCode;
}

/** Compares each stack with what is deployed; one that fails does not keep the others from being shown. */
export async function diff(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  synthesized: () => string[] = synthesizedStacks,
): Promise<number> {
  loadSettings(surroundings.environment);
  return surroundings.exclusively(() => diffStacks(request, surroundings, synthesized));
}

async function diffStacks(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  synthesized: () => string[],
): Promise<number> {
  if (!request.flags.includes("--skip-synth")) {
    const { exitCode } = await follow(["synth"], surroundings);
    if (exitCode !== 0) return exitCode;
  }
  const all = synthesized();
  const unknown = request.stacks.filter((stack) => !all.includes(stack));
  if (unknown.length > 0) throw new UsageError(`\`${unknown[0]}\` is no stack; the stacks are ${all.join(", ")}`);

  const flags = ["--skip-synth", ...request.flags.filter((flag) => flag !== "--skip-synth")];
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

/** The CLI takes patterns too; what one of those takes is taken for all. */
function takesStateMachine({ stacks }: LifecycleRequest): boolean {
  return stacks.length === 0 || stacks.some((stack) => stack === STATE_MACHINE_STACK || /[^\w-]/.test(stack));
}

function targets({ stacks }: LifecycleRequest): readonly string[] {
  return stacks.length > 0 ? stacks : ["*"];
}

/** Whether this runs in a pipeline, on a machine that goes with it. */
export function isCi({ CI }: NodeJS.ProcessEnv): boolean {
  return !["", "0", "false"].includes(CI ?? "");
}

/** @throws UsageError where the state would go with the machine */
function refuseLostState(command: LifecycleCommand, { backend }: Settings, environment: NodeJS.ProcessEnv): void {
  if (backend !== "local" || !isCi(environment)) return;
  throw new UsageError(
    `\`backend\` must be s3 or cloud for a ${command} in CI, where the state would be lost with the machine, got: "local"; set WORKFLOW_BACKEND`,
  );
}

/** @throws UsageError where there is nobody to ask */
async function mayStop(running: readonly NamedExecution[], { ask }: LifecycleSurroundings): Promise<boolean> {
  const names = running.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const list = [...names, ...(running.length > names.length ? ["…"] : [])].join(", ");
  const are = running.length === 1 ? "1 execution is" : `${running.length} executions are`;
  if (ask === null) {
    throw new UsageError(`${are} running (${list}), and nobody is there to ask; stop them with \`--auto-approve\``);
  }
  return /^y(es)?$/i.test((await ask(`${are} running (${list}); stop them, before Terraform asks? [y/N] `)).trim());
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
  const { connect } = require("./execution/aws/clients") as typeof import("./execution/aws/clients");
  const { runningExecutions, stateMachineArn, stopExecutions } =
    require("./execution/aws/executions") as typeof import("./execution/aws/executions");
  const aws = connect(settings.region);
  const arn = await stateMachineArn(aws, settings);
  return {
    running: () => runningExecutions(aws, arn),
    stop: (stopped) => stopExecutions(aws, arn, "stopped by destroy", { clock: systemClock, stopped }),
  };
}

/** The stacks as they were synthesized, in the order in which they are deployed. */
function synthesizedStacks(): string[] {
  const path = join(PROJECT_FOLDER, "cdktf.out", "manifest.json");
  try {
    return Object.keys((JSON.parse(readFileSync(path, "utf8")) as { stacks: object }).stacks);
  } catch (cause) {
    throw new UsageError(`the stacks are not synthesized: ${(cause as Error).message}; leave out \`--skip-synth\``, {
      cause,
    });
  }
}
