/** Deploys, compares and destroys the stacks: one synth, then Terraform in each stack, in the order of their dependencies. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AwsExecution } from "../../aws/executions";
import { systemClock } from "../../base/clock";
import { UsageError } from "../../base/errors";
import { say } from "../../base/message";
import { writeOutput } from "../../base/output-file";
import { visible } from "../../base/text";
import { loadSettings } from "../../project/load-settings";
import { resourceName } from "../../project/names";
import { PROJECT_FOLDER } from "../../project/project-folder";
import type { Settings } from "../../project/settings-types";
import { loadWorkflow } from "../../project/workflow-files";
import { type Ended, type Running, type TerraformOptions, terraformCommand } from "../../terraform/run-terraform";
import { holdsResources, localStates, setMigratedAside, statesFolder } from "../../terraform/stack-states";
import { STACKS_FOLDER, type SynthesizedStack, synthesizedStacks } from "../../terraform/synthesis";
import { adviceFor } from "../../terraform/terraform-advice";
import { sayWritten } from "../surroundings";
import { type Intention, refuseWhatCannotSucceed, STATE_MACHINE_STACK } from "./lifecycle-checks";
import { changeArguments, initArguments, type LifecycleCommand, type LifecycleOptions } from "./lifecycle-flags";
import type { LifecycleSurroundings } from "./lifecycle-surroundings";

/** What is to be done: to which stacks, none for all, with which flags. */
export interface LifecycleRequest {
  readonly stacks: readonly string[];
  readonly options: LifecycleOptions;
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

/** Reads the stacks in the order in which they are deployed. */
type ReadStacks = (project?: string) => readonly SynthesizedStack[];

/** How long Terraform has to be looked at: from the first Ctrl-C on, nothing new is started. */
interface Session {
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly terraform: (args: readonly string[], options: TerraformOptions) => Promise<Ended>;
}

/** Of several executions, as many are named. */
export const NAMES_SHOWN = 5;

const DOING: Readonly<Record<LifecycleCommand, { readonly now: string; readonly done: string }>> = {
  deploy: { now: "Deploying", done: "deployed" },
  destroy: { now: "Destroying", done: "destroyed" },
  diff: { now: "Comparing", done: "compared" },
};

/** Deploys the stacks; gives the exit code. */
export async function deploy(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  readStacks: ReadStacks = synthesizedStacks,
): Promise<number> {
  return run("deploy", request, surroundings, readStacks, async (stacks, settings, session) => {
    const remaining = await changeStacks("deploy", stacks, request, settings, session, surroundings);
    if (remaining.length > 0) return unfinished("deploy", remaining, surroundings);
    const { outputsFile, force = false } = request.options;
    if (outputsFile !== undefined) {
      const outputs = await readOutputs(stacks, request.options, session, surroundings);
      const output = { option: "--outputs-file", path: outputsFile, force };
      await writeOutput(output, `${JSON.stringify(outputs, null, 2)}\n`);
      sayWritten("outputs", outputsFile, surroundings);
    }
    return 0;
  });
}

/** Stops the running executions, which would keep AWS from deleting the state machine, and destroys the stacks. */
export async function destroy(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  executionsOf: (settings: Settings) => Promise<DeployedExecutions> = deployedExecutions,
  readStacks: ReadStacks = synthesizedStacks,
): Promise<number> {
  return run("destroy", request, surroundings, readStacks, async (stacks, settings, session) => {
    const deployed = stacks.includes(STATE_MACHINE_STACK) ? await executionsOf(settings) : null;
    if (deployed !== null && !(await stopExecutions(deployed, request, settings, session, surroundings))) return 1;
    session.signal.throwIfAborted();
    const remaining = await changeStacks("destroy", [...stacks].reverse(), request, settings, session, surroundings);
    if (remaining.length > 0) return unfinished("destroy", remaining, surroundings);
    // Terraform is content with a state that holds nothing, such as that of another backend.
    if (deployed === null || !(await deployed.isThere())) return 0;
    surroundings.stderr.write(`${notInState(settings)}\n`);
    return 1;
  });
}

/** Compares each stack with what is deployed; one that cannot be planned does not keep the others from being shown. */
export async function diff(
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  readStacks: ReadStacks = synthesizedStacks,
): Promise<number> {
  return run("diff", request, surroundings, readStacks, async (stacks, settings, session) => {
    const failed: string[] = [];
    for (const [index, stack] of stacks.entries()) {
      surroundings.stdout.write(`\n--- ${stack}\n`);
      // Backend and providers are the same for all stacks.
      if (!(await initialize(stack, request.options, settings, session, surroundings))) {
        return unfinished("diff", [...failed, ...stacks.slice(index)], surroundings);
      }
      if (!(await change("diff", stack, request.options, session, surroundings))) failed.push(stack);
      session.signal.throwIfAborted();
    }
    return failed.length > 0 ? unfinished("diff", failed, surroundings) : 0;
  });
}

/** Synthesizes the stacks, and says where they are; gives the exit code. */
export async function synth(
  surroundings: LifecycleSurroundings,
  readStacks: ReadStacks = synthesizedStacks,
): Promise<number> {
  const { environment, context, stderr, projectFolder, exclusively } = surroundings;
  loadWorkflow(loadSettings(environment, context));
  return interruptibly(surroundings, ({ signal }) =>
    exclusively(async () => {
      if (!(await synthesize(surroundings, signal))) return 1;
      for (const { name } of readStacks(projectFolder)) stderr.write(`wrote ${STACKS_FOLDER}/${name}/cdk.tf.json\n`);
      return 0;
    }),
  );
}

// --- internal ---

type Work = (stacks: readonly string[], settings: Settings, session: Session) => Promise<number>;

/** Does the work of a command, once nothing speaks against it, with the stacks synthesized. */
async function run(
  command: LifecycleCommand,
  request: LifecycleRequest,
  surroundings: LifecycleSurroundings,
  readStacks: ReadStacks,
  work: Work,
): Promise<number> {
  const { environment, context, projectFolder, exclusively } = surroundings;
  const { options } = request;
  const settings = loadSettings(environment, context);
  if (!options.skipSynth) loadWorkflow(settings);
  const intention: Intention = { command, options, takes: (stack) => takes(stack, request) };
  return interruptibly(surroundings, async (session) => {
    await refuseWhatCannotSucceed(intention, settings, surroundings, session.signal);
    return exclusively(() =>
      keepingTrackOfStates(settings, surroundings, async () => {
        if (!options.skipSynth && !(await synthesize(surroundings, session.signal))) return 1;
        session.signal.throwIfAborted();
        return work(chosenStacks(command, request, readStacks(projectFolder)), settings, session);
      }),
    );
  });
}

/** Listens to Ctrl-C until `act` has ended: a Terraform that runs is interrupted, and what is between two of them ends. */
async function interruptibly(
  { stderr, onInterrupt, startTerraform }: LifecycleSurroundings,
  act: (session: Session) => Promise<number>,
): Promise<number> {
  const interrupted = new AbortController();
  let running: Running | null = null;
  const stopListening = onInterrupt(() => {
    if (running !== null && !interrupted.signal.aborted) {
      stderr.write("\nstopping: Terraform saves what it has done; at a second Ctrl-C it does not\n");
    }
    interrupted.abort();
    running?.interrupt();
  });
  const terraform: Session["terraform"] = async (args, options) => {
    interrupted.signal.throwIfAborted();
    running = startTerraform(args, options);
    try {
      return await running.ended;
    } finally {
      running = null;
    }
  };
  try {
    return await act({ signal: interrupted.signal, terraform });
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    stderr.write("interrupted: nothing further was started\n");
    return 1;
  } finally {
    stopListening();
  }
}

/** Synthesizes the app; gives whether it succeeded. */
async function synthesize(
  { environment, stderr, synthesize }: LifecycleSurroundings,
  signal: AbortSignal,
): Promise<boolean> {
  stderr.write("Synthesizing\n");
  try {
    await synthesize(environment, signal);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    say(stderr, (error as Error).message);
    return false;
  }
}

/**
 * The names of the stacks that were asked for, in the order of their dependencies.
 * @throws UsageError for a stack that there is none of, and for one that needs or is needed by another that is left out
 */
function chosenStacks(
  command: LifecycleCommand,
  request: LifecycleRequest,
  all: readonly SynthesizedStack[],
): readonly string[] {
  const names = all.map(({ name }) => name);
  const unknown = request.stacks.find((wanted) => !names.some((name) => matches(wanted, name)));
  if (unknown !== undefined) throw new UsageError(`\`${unknown}\` is no stack; the stacks are ${names.join(", ")}`);
  const chosen = names.filter((name) => takes(name, request));
  if (command === "diff" || request.options.ignoreMissingStackDependencies) return chosen;
  for (const { name, dependencies } of all) {
    for (const needed of dependencies) {
      const [first, second] = command === "deploy" ? [name, needed] : [needed, name];
      if (!chosen.includes(first) || chosen.includes(second)) continue;
      const relation = command === "deploy" ? "needs" : "is needed by";
      throw new UsageError(
        `\`${first}\` ${relation} \`${second}\`; name both, or give \`--ignore-missing-stack-dependencies\``,
      );
    }
  }
  return chosen;
}

function takes(stack: string, { stacks }: LifecycleRequest): boolean {
  return stacks.length === 0 || stacks.some((wanted) => matches(wanted, stack));
}

/** In what is wanted, a `*` stands for any text. */
function matches(wanted: string, stack: string): boolean {
  const [first = "", ...others] = wanted.split("*");
  if (others.length === 0) return wanted === stack;
  const last = others.pop()!;
  if (!stack.startsWith(first) || !stack.slice(first.length).endsWith(last)) return false;
  let rest = stack.slice(first.length, stack.length - last.length);
  for (const part of others) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return true;
}

/** Initializes and changes the stacks one by one; gives those that are left when one fails. */
async function changeStacks(
  command: "deploy" | "destroy",
  stacks: readonly string[],
  { options }: LifecycleRequest,
  settings: Settings,
  session: Session,
  surroundings: LifecycleSurroundings,
): Promise<readonly string[]> {
  for (const [index, stack] of stacks.entries()) {
    const succeeded =
      !session.signal.aborted &&
      (await initialize(stack, options, settings, session, surroundings)) &&
      !session.signal.aborted &&
      (await change(command, stack, options, session, surroundings));
    if (!succeeded) return stacks.slice(index);
  }
  return [];
}

function unfinished(command: LifecycleCommand, stacks: readonly string[], { stderr }: LifecycleSurroundings): number {
  stderr.write(`not ${DOING[command].done}: ${stacks.join(", ")}\n`);
  return 1;
}

/** Gives whether it succeeded. */
async function initialize(
  stack: string,
  options: LifecycleOptions,
  { backend }: Settings,
  session: Session,
  surroundings: LifecycleSurroundings,
): Promise<boolean> {
  const { args, asks, input } = initArguments(options, backend);
  surroundings.stderr.write(`Initializing ${stack}\n`);
  // The first time, the providers are downloaded: hundreds of megabytes.
  const isFirst = !existsSync(join(folderOf(stack, surroundings), ".terraform", "providers"));
  return succeeds(
    stack,
    args,
    { output: asks || isFirst ? "terminal" : "collected", input },
    options,
    session,
    surroundings,
  );
}

/** Gives whether it succeeded. */
async function change(
  command: LifecycleCommand,
  stack: string,
  options: LifecycleOptions,
  session: Session,
  surroundings: LifecycleSurroundings,
): Promise<boolean> {
  surroundings.stderr.write(`${DOING[command].now} ${stack}\n`);
  return succeeds(stack, changeArguments(command, options), { output: "terminal" }, options, session, surroundings);
}

/** Runs Terraform in a stack, and says what to do where it fails. */
async function succeeds(
  stack: string,
  args: readonly string[],
  { output, input }: { readonly output: TerraformOptions["output"]; readonly input?: string | undefined },
  options: LifecycleOptions,
  { terraform, signal }: Session,
  surroundings: LifecycleSurroundings,
): Promise<boolean> {
  const { environment, stdout, stderr } = surroundings;
  const isPlain = options.color === false || !stdout.isTTY || Boolean(environment.NO_COLOR);
  const folder = folderOf(stack, surroundings);
  const ended = await terraform([...args, ...(isPlain ? ["-no-color"] : [])], {
    folder,
    environment,
    output,
    ...(input !== undefined && { input }),
  });
  if (ended.exitCode === 0) return true;
  if (output === "collected") stderr.write(ended.stderr || ended.stdout);
  const call = {
    binary: terraformCommand(environment),
    subcommand: args[0]!,
    stack,
    folder: `${STACKS_FOLDER}/${stack}`,
  };
  const advice = adviceFor({ ...ended, interrupted: signal.aborted }, call);
  if (advice !== null) stderr.write(`${advice}\n`);
  return false;
}

function folderOf(stack: string, { projectFolder = PROJECT_FOLDER }: LifecycleSurroundings): string {
  return join(projectFolder, STACKS_FOLDER, stack);
}

/** By stack and name: the values of the outputs, in the form in which the cdktf CLI writes them. */
async function readOutputs(
  stacks: readonly string[],
  { outputsFileIncludeSensitiveOutputs: all }: LifecycleOptions,
  { terraform }: Session,
  surroundings: LifecycleSurroundings,
): Promise<Record<string, Record<string, unknown>>> {
  const outputs: Record<string, Record<string, unknown>> = {};
  for (const stack of stacks) {
    const folder = folderOf(stack, surroundings);
    const { environment } = surroundings;
    const { exitCode, stdout, stderr } = await terraform(["output", "-json"], {
      folder,
      environment,
      output: "collected",
    });
    if (exitCode !== 0) throw new Error(`\`terraform output\` failed in ${stack}: ${stderr}`);
    const named = JSON.parse(stdout) as Record<string, { readonly sensitive: boolean; readonly value: unknown }>;
    const shown = Object.entries(named).filter(([, { sensitive }]) => all || !sensitive);
    outputs[stack] = Object.fromEntries(shown.map(([name, { value }]) => [name, value]));
  }
  return outputs;
}

/** Stops what runs, if it may; gives whether the stacks may go. */
async function stopExecutions(
  deployed: DeployedExecutions,
  { options }: LifecycleRequest,
  settings: Settings,
  { signal }: Session,
  { ask, stderr, projectFolder }: LifecycleSurroundings,
): Promise<boolean> {
  const running = await deployed.running();
  if (running.length === 0) return true;
  if (settings.backend === "local" && !holdsResources(settings, STATE_MACHINE_STACK, projectFolder)) {
    stderr.write(`nothing was stopped or destroyed: ${notInState(settings)}\n`);
    return false;
  }
  if (!options.autoApprove && !(await mayStop(running, ask!, signal))) {
    stderr.write("nothing was stopped or destroyed\n");
    return false;
  }
  await deployed.stop(({ name }) => say(stderr, `stopped the execution ${visible(name)}`));
  return true;
}

async function mayStop(
  running: readonly NamedExecution[],
  ask: NonNullable<LifecycleSurroundings["ask"]>,
  signal: AbortSignal,
): Promise<boolean> {
  const are = running.length === 1 ? "1 execution is" : `${running.length} executions are`;
  const question = `${are} running (${firstNames(running)}); stop them, before Terraform asks? [y/N] `;
  return /^y(es)?$/i.test((await ask(question, signal)).trim());
}

/** The names of some executions, of many only the first. */
export function firstNames(executions: readonly NamedExecution[]): string {
  const names = executions.slice(0, NAMES_SHOWN).map(({ name }) => name);
  return [...names, ...(executions.length > names.length ? ["…"] : [])].join(", ");
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

function notInState(settings: Settings): string {
  const { backend, stateBucket, cloudOrganization } = settings;
  const place = {
    local: statesFolder(settings),
    s3: `${stateBucket}/${settings.name}/${settings.environment}`,
    cloud: `${cloudOrganization}/${resourceName(settings, STATE_MACHINE_STACK)}`,
  }[backend];
  return `state machine \`${resourceName(settings)}\` is still there: its state is not in backend \`${backend}\` (${place}); give the backend that it was deployed with (WORKFLOW_BACKEND, WORKFLOW_STATE_BUCKET)`;
}

async function deployedExecutions(settings: Settings): Promise<DeployedExecutions> {
  // Loaded here: no other command should pay for AWS's clients.
  const { connect } = require("../../aws/clients") as typeof import("../../aws/clients");
  const { runningExecutions, stateMachineArn, stopExecutions } =
    require("../../aws/executions") as typeof import("../../aws/executions");
  const { stateMachineStatus } = require("../../aws/definition") as typeof import("../../aws/definition");
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
