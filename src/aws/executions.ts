/** Executions of the deployed state machine. */
import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Clock } from "../base/clock";
import { UsageError } from "../base/errors";
import { printable } from "../base/terminal-text";
import type { ExecutionStatus } from "../execution/events";
import { executionArn, resourceName, stateMachineName } from "../project/names";
import type { Settings } from "../project/settings-types";
import { countOf, listOf, required, textOf, timeOf } from "./answers";
import type { AwsClients } from "./clients";
import { explain, explained } from "./failures";

/** An execution on AWS. Times are milliseconds since 1970. */
export interface AwsExecution {
  readonly arn: string;
  readonly name: string;
  readonly status: AwsExecutionStatus;
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly redriveCount: number;
}

/** `PENDING_REDRIVE`: the execution belongs to a Map Run that was redriven, and waits for its turn. */
export type AwsExecutionStatus = ExecutionStatus | "RUNNING" | "PENDING_REDRIVE";

/** `stopped` takes each execution that was stopped, once. */
export interface StopSurroundings {
  readonly clock: Clock;
  readonly stopped: (execution: AwsExecution) => void;
}

/** Stands for the execution that started last. */
const LATEST = "latest";

const PAGE = 1000;
const STOPS_AT_A_TIME = 10;
/** A stopped execution is still listed for a moment, and others may start. Both end well before this time. */
const STOP_PATIENCE_SECONDS = 60;
const STOP_PAUSE_SECONDS = 1;

/** AWS's errors for a state machine that does not exist. */
const NO_STATE_MACHINE = ["StateMachineDoesNotExist", "StateMachineDeleting"];

/** Returns the ARN of the deployment's state machine. The state machine need not exist. */
export async function stateMachineArn({ sts }: AwsClients, settings: Settings): Promise<string> {
  const { Arn, Account } = await explained(sts.send(new GetCallerIdentityCommand({})));
  const partition = required(textOf(Arn), "Arn").split(":")[1];
  const account = required(textOf(Account), "Account");
  return `arn:${partition}:states:${settings.region}:${account}:stateMachine:${resourceName(settings)}`;
}

/**
 * Finds an execution by a name, an ARN or `latest`.
 * @throws UsageError if there is none
 */
export async function findExecution(
  aws: AwsClients,
  stateMachineArn: string,
  reference: string,
): Promise<AwsExecution> {
  if (reference === LATEST) {
    const [latest] = await listExecutions(aws, stateMachineArn, { max: 1 });
    if (latest !== undefined) return latest;
    throw new UsageError(`there is no execution of ${stateMachineName(stateMachineArn)} yet; start one`);
  }
  const arn = reference.startsWith("arn:") ? reference : executionArn(stateMachineArn, reference);
  return answered({ stateMachineArn, reference }, async () => {
    return awsExecution(await aws.sfn.send(new DescribeExecutionCommand({ executionArn: arn })));
  });
}

/**
 * Returns the executions of a state machine, newest first, at most `max`. The children of Map Runs are not listed.
 * @throws UsageError if there is no such state machine
 */
export async function listExecutions(
  { sfn }: AwsClients,
  stateMachineArn: string,
  { status, max }: { readonly status?: AwsExecutionStatus; readonly max: number },
): Promise<AwsExecution[]> {
  return answered({ stateMachineArn }, async () => {
    const listed: AwsExecution[] = [];
    let nextToken: string | undefined;
    do {
      const maxResults = Math.min(PAGE, max - listed.length);
      const query = { stateMachineArn, statusFilter: status, maxResults, nextToken };
      const page = await sfn.send(new ListExecutionsCommand(query));
      listed.push(...listOf(required(page.executions ?? undefined, "executions")).map(awsExecution));
      // An answer that repeats the token would lead to the same page again.
      nextToken = page.nextToken === nextToken ? undefined : textOf(page.nextToken);
    } while (nextToken !== undefined && listed.length < max);
    return listed.slice(0, max);
  });
}

/** Returns the executions that run now; an empty list if there is no such state machine. */
export async function runningExecutions(aws: AwsClients, stateMachineArn: string): Promise<AwsExecution[]> {
  try {
    return await listExecutions(aws, stateMachineArn, { status: "RUNNING", max: Infinity });
  } catch (error) {
    if (NO_STATE_MACHINE.includes(((error as Error).cause as Error | undefined)?.name ?? "")) return [];
    throw error;
  }
}

/**
 * Starts an execution. `input` is a text of JSON.
 * @throws UsageError if there is no such state machine, or it has had an execution of that name
 */
export async function startExecution(
  { sfn }: AwsClients,
  stateMachineArn: string,
  { name, input }: { readonly name: string; readonly input: string },
  signal?: AbortSignal,
): Promise<AwsExecution> {
  return answered({ stateMachineArn, name }, async () => {
    const request = { stateMachineArn, name, input };
    const { executionArn: arn, startDate } = await sfn.send(new StartExecutionCommand(request), sendOptions(signal));
    return {
      // The execution has started, even if the answer lacks fields.
      arn: textOf(arn) ?? executionArn(stateMachineArn, name),
      name,
      status: "RUNNING",
      startedAt: timeOf(startDate) ?? Date.now(),
      stoppedAt: null,
      redriveCount: 0,
    };
  });
}

/** Stops an execution. The executions of its Map Runs end with it. An execution that has ended stays as it is. */
export async function stopExecution(
  { sfn }: AwsClients,
  executionArn: string,
  { cause }: { readonly cause: string },
  signal?: AbortSignal,
): Promise<void> {
  const command = new StopExecutionCommand({ executionArn, cause });
  await answered({ reference: executionArn }, () => sfn.send(command, sendOptions(signal)));
}

/**
 * Runs the failed states of an execution again, and the states that follow.
 * @throws UsageError if AWS does not redrive this execution
 */
export async function redriveExecution({ sfn }: AwsClients, executionArn: string, signal?: AbortSignal): Promise<void> {
  const command = new RedriveExecutionCommand({ executionArn });
  await answered({ reference: executionArn }, () => sfn.send(command, sendOptions(signal)));
}

/**
 * Stops executions until none runs. The executions of their Map Runs end with them.
 * @throws UsageError if new ones keep starting
 */
export async function stopExecutions(
  aws: AwsClients,
  stateMachineArn: string,
  cause: string,
  { clock, stopped }: StopSurroundings,
): Promise<void> {
  const deadline = clock.now() + STOP_PATIENCE_SECONDS * 1000;
  const known = new Set<string>();
  for (;;) {
    const running = await runningExecutions(aws, stateMachineArn);
    if (running.length === 0) return;
    if (clock.now() >= deadline) {
      throw new UsageError(
        `executions still run after ${STOP_PATIENCE_SECONDS} s of stopping them: ${running.map(({ name }) => printable(name)).join(", ")}; end what starts them, such as a schedule, and try again`,
      );
    }
    for (let first = 0; first < running.length; first += STOPS_AT_A_TIME) {
      await Promise.all(running.slice(first, first + STOPS_AT_A_TIME).map(({ arn }) => stopIfThere(aws, arn, cause)));
    }
    for (const execution of running) {
      if (!known.has(execution.arn)) stopped(execution);
      known.add(execution.arn);
    }
    await clock.sleep(STOP_PAUSE_SECONDS * 1000);
  }
}

// --- internal ---

async function stopIfThere({ sfn }: AwsClients, executionArn: string, cause: string): Promise<void> {
  try {
    await sfn.send(new StopExecutionCommand({ executionArn, cause }));
  } catch (error) {
    if ((error as Error).name !== "ExecutionDoesNotExist") throw explain(error);
  }
}

function sendOptions(signal: AbortSignal | undefined) {
  return signal === undefined ? undefined : { abortSignal: signal };
}

/** @throws UsageError if the answer holds no execution */
function awsExecution(found: Partial<ExecutionListItem>): AwsExecution {
  return {
    arn: required(textOf(found.executionArn), "executionArn"),
    name: required(textOf(found.name), "name"),
    status: required(textOf(found.status), "status") as AwsExecutionStatus,
    startedAt: required(timeOf(found.startDate), "startDate"),
    stoppedAt: timeOf(found.stopDate) ?? null,
    redriveCount: countOf(found.redriveCount) ?? 0,
  };
}

/** The subject of a request, in the user's own words. */
interface Subject {
  readonly stateMachineArn?: string;
  /** The name of a new execution. */
  readonly name?: string;
  /** The name or ARN of an execution. */
  readonly reference?: string;
}

const noStateMachine = ({ stateMachineArn }: Subject) =>
  `there is no state machine ${stateMachineArn}; deploy it with \`npm run deploy\`, or check AWS_REGION, WORKFLOW_ENVIRONMENT and the account`;
const noExecution = ({ stateMachineArn, reference }: Subject) => {
  const where = stateMachineArn === undefined ? "" : ` of ${stateMachineName(stateMachineArn)}`;
  return `there is no execution \`${printable(reference ?? "")}\`${where}; \`list\` shows the executions`;
};

/** The messages for the user, by AWS's error. */
const REFUSALS: Readonly<Record<string, (subject: Subject, message: string) => string>> = {
  StateMachineDoesNotExist: noStateMachine,
  StateMachineDeleting: noStateMachine,
  ExecutionDoesNotExist: noExecution,
  InvalidArn: (subject) => (subject.reference === undefined ? noStateMachine : noExecution)(subject),
  ExecutionAlreadyExists: ({ name }) =>
    `\`--name\` must be a name that no execution of the last 90 days had, got: ${name}`,
  ExecutionLimitExceeded: (_, message) =>
    `AWS starts no more executions: ${message}; wait until some executions have ended`,
  ExecutionNotRedrivable: ({ reference }, message) =>
    `\`${reference}\` cannot be redriven: ${message}; start a new one`,
};

async function answered<T>(subject: Subject, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { name, message } = error as Error;
    const refusal = Object.hasOwn(REFUSALS, name) ? REFUSALS[name] : undefined;
    throw refusal === undefined
      ? explain(error)
      : new UsageError(refusal(subject, printable(String(message))), { cause: error });
  }
}
