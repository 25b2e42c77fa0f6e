/** Starts and redrives executions on AWS, and watches executions. Follows each to its end, or until the user detaches. */
import { randomUUID } from "node:crypto";
import type { StatesDocument } from "../asl/document";
import type { AwsExecution } from "../aws/executions";
import { passingFailure } from "../aws/failures";
import { Aborted, orAborted } from "../base/concurrency";
import { UsageError } from "../base/errors";
import { say } from "../base/message";
import type { ExecutionStatus } from "../execution/events";
import { loadSettings } from "../project/load-settings";
import { executionArn } from "../project/names";
import { readInputSchema } from "../project/workflow-files";
import type { Values } from "./define-command";
import { type Deployed, definitionOf, findDeployed, findOne } from "./deployed";
import { deployedExecution } from "./deployed-execution";
import { type ExecutionInput, inputOf, readInput } from "./execution-input";
import { findExecution } from "./find-execution";
import type { DETACH, FOLLOWING, INPUT, LOCAL_RUN } from "./flags";
import type { FoundExecution } from "./found-execution";
import { printJson } from "./printing";
import type { AwsAccess, KeptRuns, Project, Terminal, Timed } from "./session";
import { createViews, type Views } from "./views";

type StartFlags = Values<typeof INPUT> & Values<typeof DETACH> & FollowFlags;
type FollowFlags = Values<typeof FOLLOWING>;
type Detachable = FollowFlags & Values<typeof DETACH>;
type Referred = { readonly execution: string };
type FollowSession = Project & KeptRuns & Terminal & Timed & AwsAccess;

type Decision = NonNullable<FollowFlags["onInterrupt"]>;

/** Checks the input, starts an execution and follows it. Returns the exit code. */
export async function start(options: StartFlags, session: FollowSession): Promise<number> {
  const { text: input } = inputFor(options, session);
  const deployed = await findDeployed(options, session);
  const { aws, clients, stateMachineArn } = deployed;
  // Read before the start. If it failed afterwards, the user would think that nothing was started.
  const document = await definitionOf(deployed);
  const name = options.name ?? randomUUID();
  const reference = deployed.settings === null ? executionArn(stateMachineArn, name) : name;
  const doubt = `it is not known whether the execution ${name} has started; if so, \`npx workflow watch ${reference}\` shows it`;
  const execution = await change(doubt, session, async (signal) => {
    try {
      return await aws.startExecution(clients, stateMachineArn, { name, input }, signal);
    } catch (error) {
      if (options.name !== undefined || !isCausedBy("ExecutionAlreadyExists", error)) throw error;
      // The answer to an earlier attempt was lost. No other execution has this random name.
      return aws.findExecution(clients, stateMachineArn, name);
    }
  });
  return execution === null ? 1 : followUnlessDetached(deployed, execution, document, options, session);
}

/** Follows an execution from its beginning, even if it has ended. Returns the exit code. */
export async function watch(
  { execution: reference, ...options }: Referred & FollowFlags & Values<typeof LOCAL_RUN>,
  session: FollowSession,
): Promise<number> {
  const execution = await findExecution(reference, options, session);
  const onInterrupt = options.onInterrupt ?? "detach";
  if (onInterrupt === "stop" && execution.stop === null) {
    throw new UsageError("`--on-interrupt stop` cannot be used with `--local`: press Ctrl-C where the run was started");
  }
  return follow(execution, await execution.definition(), { ...options, onInterrupt }, session);
}

/** Runs the failed part of an execution again, and follows it. Returns the exit code. */
export async function redrive(
  { execution: reference, ...options }: Referred & Detachable,
  session: FollowSession,
): Promise<number> {
  const { deployed, execution } = await findOne(reference, options, session);
  const document = await definitionOf(deployed, execution);
  const { aws, clients } = deployed;
  const doubt = `it is not known whether the execution was redriven; ${deployedExecution(deployed, execution).howToFollow}`;
  const isRedriven = await change(doubt, session, async (signal) => {
    await aws.redriveExecution(clients, execution.arn, signal);
    return true;
  });
  if (isRedriven === null) return 1;
  const redriven: AwsExecution = {
    ...execution,
    status: "RUNNING",
    stoppedAt: null,
    redriveCount: execution.redriveCount + 1,
  };
  return followUnlessDetached(deployed, redriven, document, options, session);
}

// --- internal ---

/** Reads the input before AWS is called. The example and the schema do not apply to another state machine. */
function inputFor(options: StartFlags, session: FollowSession): ExecutionInput {
  if (options.stateMachine === undefined) {
    const settings = loadSettings(session.environment, session.context);
    return inputOf(options, settings, readInputSchema(settings).schema, session);
  }
  if (options.input !== undefined) return readInput(options.input, session);
  throw new UsageError("`--state-machine` needs `--input`, because the example of this project may not fit");
}

/**
 * Asks AWS for a change. After a Ctrl-C before the answer, prints the `doubt` and returns `null`.
 * @throws UsageError with the `doubt` if no answer comes
 */
async function change<T>(
  doubt: string,
  { onInterrupt, stderr }: Terminal,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const interrupted = new AbortController();
  const stopListening = onInterrupt(() => interrupted.abort());
  try {
    return await orAborted(interrupted.signal, () => ask(interrupted.signal));
  } catch (error) {
    if (error instanceof Aborted) {
      stderr.write(`interrupted before AWS answered: ${doubt}\n`);
      return null;
    }
    if (!isWithoutAnswer(error)) throw error;
    throw new UsageError(`${error.message}\n${doubt}`, { cause: error.cause });
  } finally {
    stopListening();
  }
}

async function followUnlessDetached(
  deployed: Deployed,
  execution: AwsExecution,
  document: StatesDocument,
  options: Detachable,
  session: FollowSession,
): Promise<number> {
  const found = deployedExecution(deployed, execution);
  if (!options.detach) return follow(found, document, options, session);
  if (options.json) printJson(session, found.described);
  else session.stdout.write(`${execution.arn}\n`);
  if (!options.quiet) session.stderr.write(`execution ${execution.name} started; ${found.howToFollow}\n`);
  return 0;
}

/** Shows an execution until it ends, or until the user detaches. Returns the exit code. */
async function follow(
  execution: FoundExecution,
  document: StatesDocument,
  options: FollowFlags,
  session: FollowSession,
): Promise<number> {
  const { about, place, pricing, link, howToFollow } = execution;
  const { clock, stderr } = session;
  const views = await createViews({ document, place, pricing, about }, options, session);
  if (!options.quiet) stderr.write(`${link}\n`);
  const [detached, over] = [new AbortController(), new AbortController()];
  const failures: UsageError[] = [];
  let isStopInDoubt = false;

  const act = async (decision: Decision | null, cause: string) => {
    if (decision === "detach") detached.abort();
    const { stop } = execution;
    if (decision !== "stop" || stop === null) return;
    const wayOut = question === null ? "" : "; a second Ctrl-C detaches";
    views.notice(`stopping the execution, and its jobs with it${wayOut}`);
    try {
      await orAborted(detached.signal, () => stop(cause, detached.signal));
    } catch (error) {
      isStopInDoubt = error instanceof Aborted || isWithoutAnswer(error);
      throw error;
    }
  };
  const failed = (error: unknown) => {
    if (error instanceof Aborted) return;
    if (!(error instanceof UsageError)) throw error;
    failures.push(error);
    detached.abort();
  };
  let question: Promise<void> | null = null;
  const stopListening = session.onInterrupt(() => {
    if (question !== null) return detached.abort();
    const unneeded = AbortSignal.any([over.signal, detached.signal]);
    question = decide(options, views, session, unneeded)
      .then((decision) => act(decision, "interrupted by the user"))
      .catch(failed);
  });
  const limit = async (seconds: number) => {
    await clock.sleep(seconds * 1000, over.signal);
    if (over.signal.aborted) return;
    views.notice(`still running after ${seconds} s`);
    await act(options.onInterrupt ?? "detach", `still running after ${seconds} s`);
  };
  if (options.timeout !== undefined) limit(options.timeout).catch(failed);

  let status: ExecutionStatus | null = null;
  try {
    const logs = options.quiet && !options.json && !options.report ? "failed" : "all";
    status = await execution.watch({ emit: views.sink, clock, signal: detached.signal, logs });
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
  for (const { message } of failures) say(stderr, message);
  if (status === null && !failures.some((failure) => isCausedBy("ExecutionDoesNotExist", failure))) {
    const state = isStopInDoubt ? "it is not known whether the execution was stopped" : "the execution continues";
    stderr.write(`${state}; ${howToFollow}\n`);
  }
  return status === "SUCCEEDED" && isWritten ? 0 : 1;
}

/** Decides what a Ctrl-C does. Without an answer it detaches: the user can still stop the execution afterwards. */
async function decide(
  { onInterrupt }: FollowFlags,
  { hold }: Views,
  { ask }: Terminal,
  over: AbortSignal,
): Promise<Decision | null> {
  if (onInterrupt !== undefined) return onInterrupt;
  if (ask === null) return "detach";
  const answer = await hold(() => ask("stop the execution, or detach from it? [s/D] ", over));
  if (over.aborted) return null;
  return /^s(top)?$/i.test(answer.trim()) ? "stop" : "detach";
}

function isWithoutAnswer(error: unknown): error is UsageError {
  return error instanceof UsageError && passingFailure(error.cause) !== null;
}

/** Returns whether AWS answered with the error of this name. */
function isCausedBy(name: string, error: unknown): boolean {
  return error instanceof UsageError && error.cause instanceof Error && error.cause.name === name;
}
