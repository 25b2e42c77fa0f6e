/** Starts, watches and redrives executions on AWS: each is followed to its end, or until somebody detaches. */
import { randomUUID } from "node:crypto";
import { UsageError } from "../errors";
import type { AwsExecution } from "../execution/aws/executions";
import type { ExecutionStatus } from "../execution/events";
import { checkWorkflow } from "../project";
import { loadSettings } from "../settings";
import type { Json, StatesDocument } from "../workflow/document";
import {
  type Deployed,
  type DeployedOptions,
  definitionOf,
  describeExecution,
  executionConsole,
  findDeployed,
} from "./deployed";
import { readExampleInput, readInput, validateInput } from "./input";
import { printJson, type Surroundings } from "./surroundings";
import { createViews, type ViewOptions, type Views } from "./views";

export interface FollowOptions extends DeployedOptions, ViewOptions {
  /** What an interrupt does. @default asks; where nobody is there to ask, detaches */
  readonly onInterrupt?: Decision;
  /** Seconds after which it does what an interrupt does, without asking. */
  readonly timeout?: number;
}

export interface StartOptions extends FollowOptions {
  readonly input?: string;
  readonly name?: string;
  readonly detach?: true;
  readonly validate: boolean;
}

type Decision = "stop" | "detach";

/** Starts an execution, after its input was looked at; gives the exit code. */
export async function start(options: StartOptions, surroundings: Surroundings): Promise<number> {
  const input = inputOf(options, surroundings);
  const deployed = await findDeployed(options, surroundings);
  const { aws, clients, stateMachineArn } = deployed;
  // Before it starts: whatever fails after that must not look as if nothing was started.
  const document = await definitionOf(deployed);
  const execution = await aws.startExecution(clients, stateMachineArn, { name: options.name ?? randomUUID(), input });
  return followUnlessDetached({ deployed, execution, document }, options, surroundings);
}

/** Follows an execution from its beginning, wherever it stands now; gives the exit code. */
export async function watch(reference: string, options: FollowOptions, surroundings: Surroundings): Promise<number> {
  const { deployed, execution } = await findOne(reference, options, surroundings);
  const document = await definitionOf(deployed, execution);
  return follow({ deployed, execution, document }, { onInterrupt: "detach", ...options }, surroundings);
}

/** Runs what failed of an execution again; gives the exit code. */
export async function redrive(
  reference: string,
  options: FollowOptions & { readonly detach?: true },
  surroundings: Surroundings,
): Promise<number> {
  const { deployed, execution } = await findOne(reference, options, surroundings);
  const document = await definitionOf(deployed, execution);
  await deployed.aws.redriveExecution(deployed.clients, execution.arn);
  const redriven: AwsExecution = {
    ...execution,
    status: "RUNNING",
    stoppedAt: null,
    redriveCount: execution.redriveCount + 1,
  };
  return followUnlessDetached({ deployed, execution: redriven, document }, options, surroundings);
}

/** The execution that a reference stands for, and its state machine. */
export async function findOne(
  reference: string,
  options: DeployedOptions,
  surroundings: Pick<Surroundings, "environment" | "loadAws">,
): Promise<{ deployed: Deployed; execution: AwsExecution }> {
  const deployed = await findDeployed(options, surroundings, reference);
  const { aws, clients, stateMachineArn } = deployed;
  return { deployed, execution: await aws.findExecution(clients, stateMachineArn, reference) };
}

// --- internal ---

/** Looked at before AWS is called. What belongs to the project says nothing of another one's state machine. */
function inputOf({ input, stateMachine, validate }: StartOptions, surroundings: Surroundings): Json {
  if (stateMachine !== undefined) {
    if (input !== undefined) return readInput(input, surroundings);
    throw new UsageError(
      "`--input` must be given with `--state-machine`, which the example of this project may not fit",
    );
  }
  const settings = loadSettings(surroundings.environment, surroundings.context);
  const given = input === undefined ? readExampleInput(settings) : readInput(input, surroundings);
  const { inputSchema } = checkWorkflow(settings, { local: false });
  if (validate && inputSchema !== null) validateInput(inputSchema, given);
  return given;
}

/** An execution, and the document that it runs. */
interface Followed {
  readonly deployed: Deployed;
  readonly execution: AwsExecution;
  readonly document: StatesDocument;
}

async function followUnlessDetached(
  followed: Followed,
  options: FollowOptions & { readonly detach?: true },
  surroundings: Surroundings,
): Promise<number> {
  if (!options.detach) return follow(followed, options, surroundings);
  const { deployed, execution } = followed;
  if (options.json) printJson(surroundings, describeExecution(deployed.region, execution));
  else surroundings.stdout.write(`${execution.arn}\n`);
  if (!options.quiet)
    surroundings.stderr.write(`execution ${execution.name} started; ${howToFollow(deployed, execution)}\n`);
  return 0;
}

/** Shows an execution until it ends, or until somebody detaches; gives the exit code. */
async function follow(
  { deployed, execution, document }: Followed,
  options: FollowOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { aws, clients, region } = deployed;
  const { clock, stderr } = surroundings;
  const about = { arn: execution.arn, console: executionConsole(region, execution) };
  const views = createViews({ document, place: about.console, about }, options, surroundings);
  if (!options.quiet) stderr.write(`${about.console}\n`);
  const [detached, over] = [new AbortController(), new AbortController()];
  const failures: UsageError[] = [];

  const act = async (decision: Decision | null, cause: string) => {
    if (decision === "detach") detached.abort();
    if (decision !== "stop") return;
    const wayOut = question === null ? "" : "; a second Ctrl-C detaches";
    views.notice(`stopping the execution, and its jobs with it${wayOut}`);
    await aws.stopExecution(clients, execution.arn, { cause });
  };
  const failed = (error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    failures.push(error);
    detached.abort();
  };
  let question: Promise<void> | null = null;
  const stopListening = surroundings.onInterrupt(() => {
    if (question !== null) return detached.abort();
    const unneeded = AbortSignal.any([over.signal, detached.signal]);
    question = decide(options, views, surroundings, unneeded)
      .then((decision) => act(decision, "interrupted by whoever followed it"))
      .catch(failed);
  });
  const limit = async (seconds: number) => {
    await clock.sleep(seconds * 1000, over.signal);
    if (over.signal.aborted) return;
    views.notice(`not over after ${seconds} s`);
    await act(options.onInterrupt ?? "detach", `not over after ${seconds} s`);
  };
  if (options.timeout !== undefined) limit(options.timeout).catch(failed);

  let status: ExecutionStatus | null = null;
  try {
    const logs = options.quiet && !options.json && !options.report ? "failed" : "all";
    status = await aws.watchExecution(clients, execution.arn, {
      emit: views.sink,
      clock,
      signal: detached.signal,
      logs,
    });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    failures.push(error);
  } finally {
    over.abort();
    await question;
    stopListening();
    views.close();
  }
  const isWritten = await views.finish();
  for (const { message } of failures) stderr.write(`${message}\n`);
  if (status === null) stderr.write(`the execution goes on; ${howToFollow(deployed, execution)}\n`);
  return status === "SUCCEEDED" && isWritten ? 0 : 1;
}

/** What an interrupt is to do. Whoever gives no answer detaches: what runs can still be stopped afterwards. */
async function decide(
  { onInterrupt }: FollowOptions,
  { hold }: Views,
  { ask }: Surroundings,
  over: AbortSignal,
): Promise<Decision | null> {
  if (onInterrupt !== undefined) return onInterrupt;
  if (ask === null) return "detach";
  const answer = await hold(() => ask("stop the execution, or detach from it? [s/D] ", over));
  if (over.aborted) return null;
  return /^s(top)?$/i.test(answer.trim()) ? "stop" : "detach";
}

function howToFollow({ settings }: Deployed, { arn, name }: AwsExecution): string {
  return `follow it with \`npx workflow watch ${settings === null ? arn : name}\``;
}
