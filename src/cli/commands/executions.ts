/** Lists, stops and opens executions on AWS. */

import type { AwsExecution, AwsExecutionStatus } from "../../aws/executions";
import { UsageError } from "../../base/errors";
import { count, duration, padText, printable, textWidth } from "../../base/terminal-text";
import { stateMachineConsole, stateMachineName } from "../../project/names";
import { type DeployedOptions, describeExecution, executionConsole, findDeployed } from "../deployed";
import { findOne } from "../follow";
import { firstNames, NAMES_SHOWN } from "../lifecycle/lifecycle";
import { printJson, type Surroundings } from "../surroundings";

export interface ListOptions extends DeployedOptions {
  readonly status?: AwsExecutionStatus;
  readonly max: number;
  readonly json?: true;
}

export interface StopOptions extends DeployedOptions {
  readonly all?: true;
  readonly cause: string;
  readonly json?: true;
}

/** Shows the executions, newest first. */
export async function list(options: ListOptions, surroundings: Surroundings): Promise<void> {
  const { aws, clients, region, stateMachineArn } = await findDeployed(options, surroundings);
  const { status, max } = options;
  const executions = await aws.listExecutions(clients, stateMachineArn, { ...(status && { status }), max });
  if (options.json) {
    printJson(
      surroundings,
      executions.map((execution) => describeExecution(region, execution)),
    );
    return;
  }
  const { clock, stdout, stderr } = surroundings;
  for (const line of table(executions, clock.now())) stdout.write(`${line}\n`);
  if (executions.length > 0) return;
  stderr.write(`${stateMachineName(stateMachineArn)} has no ${status ? `${status} ` : ""}executions\n`);
}

/** Stops one execution, or all that run; without a word of which, the one that runs. */
export async function stop(
  reference: string | undefined,
  options: StopOptions,
  surroundings: Surroundings,
): Promise<void> {
  if (options.all && reference !== undefined) {
    throw new UsageError(`\`--all\` stops every execution, so none can be named, got: ${reference}`);
  }
  const stopped = await (options.all ? stopAll : stopOne)(reference, options, surroundings);
  if (options.json) printJson(surroundings, stopped);
}

/** Prints the page of an execution in the AWS console; without one, that of the state machine. */
export async function open(
  reference: string | undefined,
  options: DeployedOptions & { readonly json?: true },
  surroundings: Surroundings,
): Promise<void> {
  const page = await pageOf(reference, options, surroundings);
  if (options.json) printJson(surroundings, page);
  else surroundings.stdout.write(`${page.console}\n`);
}

// --- internal ---

type Described = ReturnType<typeof describeExecution>;

async function stopAll(_: undefined | string, options: StopOptions, surroundings: Surroundings): Promise<Described[]> {
  const { aws, clients, region, stateMachineArn } = await findDeployed(options, surroundings);
  const { clock, stderr } = surroundings;
  const all: Described[] = [];
  const stopped = (execution: AwsExecution) => {
    stderr.write(`stopped the execution ${printable(execution.name)}\n`);
    all.push(describeExecution(region, asStopped(execution, clock.now())));
  };
  await aws.stopExecutions(clients, stateMachineArn, options.cause, { clock, stopped });
  if (all.length === 0) stderr.write("no execution is running\n");
  return all;
}

async function stopOne(
  reference: string | undefined,
  options: StopOptions,
  surroundings: Surroundings,
): Promise<Described[]> {
  const { deployed, execution } =
    reference === undefined
      ? await findRunning(options, surroundings)
      : await findOne(reference, options, surroundings);
  const { name, status } = execution;
  if (status !== "RUNNING") {
    surroundings.stderr.write(`the execution ${printable(name)} has ended already: ${printable(status)}\n`);
    return [];
  }
  await deployed.aws.stopExecution(deployed.clients, execution.arn, { cause: options.cause });
  surroundings.stderr.write(`stopped the execution ${printable(name)}\n`);
  return [describeExecution(deployed.region, asStopped(execution, surroundings.clock.now()))];
}

/** AWS has taken the request: the execution has ended, whatever was listed of it before. */
function asStopped(execution: AwsExecution, now: number): AwsExecution {
  return { ...execution, status: "ABORTED", stoppedAt: now };
}

/** @throws UsageError when not exactly one runs */
async function findRunning(options: StopOptions, surroundings: Surroundings) {
  const deployed = await findDeployed(options, surroundings);
  const { aws, clients, stateMachineArn } = deployed;
  const running = await aws.listExecutions(clients, stateMachineArn, { status: "RUNNING", max: NAMES_SHOWN + 1 });
  const [execution] = running;
  if (execution === undefined) throw new UsageError("no execution is running");
  if (running.length === 1) return { deployed, execution };
  throw new UsageError(
    `several executions are running (${printable(firstNames(running))}); name one, or stop them with \`--all\``,
  );
}

async function pageOf(reference: string | undefined, options: DeployedOptions, surroundings: Surroundings) {
  if (reference === undefined) {
    const { region, stateMachineArn } = await findDeployed(options, surroundings);
    return {
      arn: stateMachineArn,
      name: stateMachineName(stateMachineArn),
      console: stateMachineConsole(region, stateMachineArn),
    };
  }
  const { deployed, execution } = await findOne(reference, options, surroundings);
  const { arn, name } = execution;
  return { arn, name, console: executionConsole(deployed.region, execution) };
}

/** One line for each: name, status, start in UTC, how long it took or has taken, how often it was redriven. */
function table(executions: readonly AwsExecution[], now: number): string[] {
  const rows = executions.map(({ name, status, startedAt, stoppedAt, redriveCount }) => [
    printable(name),
    printable(status),
    `${new Date(startedAt).toISOString().slice(0, 19)}Z`,
    duration((stoppedAt ?? now) - startedAt),
    redriveCount > 0 ? `redriven ${count(redriveCount)}×` : "",
  ]);
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[column]!)), 0),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => padText(cell, widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}
