/** A run of Terraform in the stacks: one synth, then Terraform in each stack, until the first Ctrl-C. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { say } from "../../base/message";
import { loadSettings } from "../../project/load-settings";
import { PROJECT_FOLDER } from "../../project/project-folder";
import type { Settings } from "../../project/settings-types";
import { loadWorkflow } from "../../project/workflow-files";
import { type Ended, type Running, type TerraformOptions, terraformCommand } from "../../terraform/run-terraform";
import { localStates, setMigratedAside } from "../../terraform/stack-states";
import { STACKS_FOLDER, type SynthesisOrder, synthesizedStacks } from "../../terraform/synthesis";
import { adviceFor } from "../../terraform/terraform-advice";
import type { Session } from "../session";
import { chooseStacks, takes } from "./choose-stacks";
import { changeArguments, initArguments, type LifecycleCommand, type LifecycleRequest } from "./lifecycle-flags";
import { refuseWhatCannotSucceed } from "./preflight";

/** The stacks of a command, and Terraform in each of them. */
export interface StackRun {
  /** In the order of their dependencies. */
  readonly stacks: readonly string[];
  readonly settings: Settings;
  /** Aborts at the first Ctrl-C. From then on, nothing new is started. */
  readonly signal: AbortSignal;
  /** Runs `terraform init` in a stack. Returns whether it succeeded. */
  readonly initialize: (stack: string) => Promise<boolean>;
  /** Runs `terraform apply`, `destroy` or `plan` in a stack. Returns whether it succeeded. */
  readonly change: (stack: string) => Promise<boolean>;
  /** Returns the JSON that a command of Terraform prints in a stack, such as `output -json`. */
  readonly read: (stack: string, ...args: string[]) => Promise<unknown>;
  /** Tells the user which stacks are left, and returns the exit code. */
  readonly unfinished: (stacks: readonly string[]) => number;
}

const DOING: Readonly<Record<LifecycleCommand, { readonly now: string; readonly done: string }>> = {
  deploy: { now: "Deploying", done: "deployed" },
  destroy: { now: "Destroying", done: "destroyed" },
  diff: { now: "Comparing", done: "compared" },
};

/**
 * Synthesizes the stacks and does the work of a command. Returns its exit code.
 * @throws UsageError before anything starts, if the command cannot succeed
 */
export async function runInStacks(
  command: LifecycleCommand,
  request: LifecycleRequest,
  session: Session,
  work: (run: StackRun) => Promise<number>,
): Promise<number> {
  const { environment, context, projectFolder, exclusively, stderr } = session;
  const settings = loadSettings(environment, context);
  if (!request.skipSynth) loadWorkflow(settings);
  return interruptibly(session, async (signal, terraform) => {
    const intention = { command, flags: request, takes: (stack: string) => takes(command, stack, request) };
    await refuseWhatCannotSucceed(intention, settings, session, signal);
    return exclusively(() =>
      keepingTrackOfStates(settings, session, () =>
        inSynthesizedStacks(request, settings, session, signal, async () => {
          const stacks = chooseStacks(command, request, synthesizedStacks(projectFolder));
          const inStack = terraformIn(request, session, signal, terraform);
          return work({
            stacks,
            settings,
            signal,
            initialize: (stack) => {
              stderr.write(`Initializing ${stack}\n`);
              const { args, asks, input } = initArguments(request, settings.backend);
              // The first time, the providers are downloaded: hundreds of megabytes.
              const isFirst = !existsSync(join(folderOf(stack, session), ".terraform", "providers"));
              return inStack(stack, args, {
                output: asks || isFirst ? "terminal" : "collected",
                ...(input && { input }),
              });
            },
            change: (stack) => {
              stderr.write(`${DOING[command].now} ${stack}\n`);
              return inStack(stack, changeArguments(command, request), { output: "terminal" });
            },
            read: async (stack, ...args) => {
              const options = { folder: folderOf(stack, session), environment, output: "collected" } as const;
              const ended = await terraform(args, options);
              if (ended.exitCode === 0) return JSON.parse(ended.stdout || "{}");
              throw new Error(`\`terraform ${args.join(" ")}\` failed in ${stack}: ${ended.stderr}`);
            },
            unfinished: (left) => {
              stderr.write(`not ${DOING[command].done}: ${left.join(", ")}\n`);
              return 1;
            },
          });
        }),
      ),
    );
  });
}

/** Synthesizes the app and prints the folder of the stacks. Returns the exit code. */
export function synthesizeOnly(session: Session): Promise<number> {
  const { environment, context, stderr, projectFolder, exclusively } = session;
  loadWorkflow(loadSettings(environment, context));
  return interruptibly(session, (signal) =>
    exclusively(async () => {
      if (!(await synthesizeApp(session, signal))) return 1;
      for (const { name } of synthesizedStacks(projectFolder)) {
        stderr.write(`wrote ${STACKS_FOLDER}/${name}/cdk.tf.json\n`);
      }
      return 0;
    }),
  );
}

// --- internal ---

type RunTerraform = (args: readonly string[], options: TerraformOptions) => Promise<Ended>;

/** Listens to Ctrl-C until `act` ends. A Terraform that runs is interrupted; otherwise nothing further is started. */
async function interruptibly(
  { stderr, onInterrupt, startTerraform }: Session,
  act: (signal: AbortSignal, terraform: RunTerraform) => Promise<number>,
): Promise<number> {
  const interrupted = new AbortController();
  let running: Running | null = null;
  const stopListening = onInterrupt(() => {
    if (running !== null && !interrupted.signal.aborted) {
      stderr.write("\nstopping: Terraform saves its state; a second Ctrl-C ends it without saving\n");
    }
    interrupted.abort();
    running?.interrupt();
  });
  const terraform: RunTerraform = async (args, options) => {
    interrupted.signal.throwIfAborted();
    running = startTerraform(args, options);
    try {
      return await running.ended;
    } finally {
      running = null;
    }
  };
  try {
    return await act(interrupted.signal, terraform);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    stderr.write("interrupted: nothing further was started\n");
    return 1;
  } finally {
    stopListening();
  }
}

/** Synthesizes the app unless `--skip-synth` is given, and acts in its stacks. */
async function inSynthesizedStacks(
  request: LifecycleRequest,
  settings: Settings,
  session: Session,
  signal: AbortSignal,
  act: () => Promise<number>,
): Promise<number> {
  const { environment, stderr, synthesize } = session;
  const order = request.data ? { settings, destroysData: true } : undefined;
  if (!request.skipSynth && !(await synthesizeApp(session, signal, order))) return 1;
  let exitCode = 1;
  try {
    signal.throwIfAborted();
    exitCode = await act();
    return exitCode;
  } finally {
    // Otherwise the stacks in cdktf.out would no longer protect the bucket that is left.
    if (order !== undefined && exitCode !== 0) {
      await synthesize(environment, new AbortController().signal).catch(({ message }: Error) => say(stderr, message));
    }
  }
}

/** Synthesizes the app. Returns whether it succeeded. */
async function synthesizeApp(
  { environment, stderr, synthesize }: Session,
  signal: AbortSignal,
  order?: SynthesisOrder,
): Promise<boolean> {
  stderr.write("Synthesizing\n");
  try {
    await synthesize(environment, signal, order);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    say(stderr, (error as Error).message);
    return false;
  }
}

/** Returns the function that runs Terraform in a stack, and gives advice if it fails. */
function terraformIn(request: LifecycleRequest, session: Session, signal: AbortSignal, terraform: RunTerraform) {
  const { environment, stdout, stderr } = session;
  const isPlain = !request.color || !stdout.isTTY || Boolean(environment.NO_COLOR);
  return async (
    stack: string,
    args: readonly string[],
    options: Pick<TerraformOptions, "output" | "input">,
  ): Promise<boolean> => {
    const folder = folderOf(stack, session);
    const ended = await terraform([...args, ...(isPlain ? ["-no-color"] : [])], { folder, environment, ...options });
    if (ended.exitCode === 0) return true;
    if (options.output === "collected") stderr.write(ended.stderr || ended.stdout);
    const binary = terraformCommand(environment);
    const call = { binary, subcommand: args[0]!, stack, folder: `${STACKS_FOLDER}/${stack}` };
    const advice = adviceFor({ ...ended, interrupted: signal.aborted }, call);
    if (advice !== null) stderr.write(`${advice}\n`);
    return false;
  };
}

function folderOf(stack: string, { projectFolder = PROJECT_FOLDER }: Session): string {
  return join(projectFolder, STACKS_FOLDER, stack);
}

/** Sets local files of states aside that Terraform has moved to another backend, however the command ends. */
async function keepingTrackOfStates(
  settings: Settings,
  { stderr, projectFolder }: Session,
  act: () => Promise<number>,
): Promise<number> {
  const before = localStates(settings, projectFolder);
  try {
    return await act();
  } finally {
    for (const file of setMigratedAside(before, projectFolder)) {
      stderr.write(`the state was moved to the backend ${settings.backend}; the old file is kept as ${file}\n`);
    }
  }
}
