/** The state machine and the execution that a command is about: found by settings, by name or by ARN. */

import type { StatesDocument } from "../asl/document";
import type { AwsClients } from "../aws/clients";
import type { AwsExecution } from "../aws/executions";
import { UsageError } from "../base/errors";
import { loadSettings } from "../project/load-settings";
import { stateMachineConsole } from "../project/names";
import type { Settings } from "../project/settings-types";
import { checkWorkflow } from "../project/workflow-files";
import type { Surroundings } from "./surroundings";

/** What the commands need of AWS. */
export type Aws = Pick<typeof import("../aws/clients"), "connect" | "passingFailure"> &
  Omit<typeof import("../aws/executions"), "runningExecutions"> &
  typeof import("../aws/watch-execution") &
  Omit<typeof import("../aws/definition"), "stateMachineStatus">;

/** A state machine on AWS, whether it is there or not. */
export interface Deployed {
  readonly aws: Aws;
  readonly clients: AwsClients;
  readonly region: string;
  readonly stateMachineArn: string;
  /** Of the project that it was deployed from, if that is this one. */
  readonly settings: Settings | null;
}

export interface DeployedOptions {
  /** An ARN, in place of the one that the settings lead to. */
  readonly stateMachine?: string;
}

const STATE_MACHINE = /^arn:[\w-]+:states:([\w-]+):\d{12}:stateMachine:[^:\s]+(:[^:\s]+)?$/;
const EXECUTION = /^arn:[\w-]+:states:([\w-]+):\d{12}:execution:([^:/\s]+)[^:\s]*:[^:\s]+$/;

/** The value of `--state-machine`. */
export function stateMachineOption(text: string): string {
  if (STATE_MACHINE.test(text)) return text;
  throw new UsageError(
    `\`--state-machine\` must be an ARN such as arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev, got: ${text}`,
  );
}

/** The state machine that the options name, that an execution's ARN belongs to, or that the settings lead to. */
export async function findDeployed(
  { stateMachine }: DeployedOptions,
  { environment, context, loadAws }: Pick<Surroundings, "environment" | "context" | "loadAws">,
  reference?: string,
): Promise<Deployed> {
  const given = stateMachine ?? stateMachineOf(reference);
  if (given !== null) {
    const aws = loadAws();
    const region = STATE_MACHINE.exec(given)![1]!;
    return { aws, clients: aws.connect(region), region, stateMachineArn: given, settings: null };
  }
  const settings = loadSettings(environment, context);
  const aws = loadAws();
  const clients = aws.connect(settings.region);
  const stateMachineArn = await aws.stateMachineArn(clients, settings);
  return { aws, clients, region: settings.region, stateMachineArn, settings };
}

/** The states of an execution, as they were when it started; without one, of the next. Where AWS does not show them, this project's. */
export async function definitionOf(
  { aws, clients, settings, stateMachineArn }: Deployed,
  execution?: AwsExecution,
): Promise<StatesDocument> {
  try {
    return await (execution
      ? aws.executionDefinition(clients, execution.arn)
      : aws.stateMachineDefinition(clients, stateMachineArn));
  } catch (error) {
    const own = settings && checkWorkflow(settings, { local: false }).document;
    if (own === null || !(error instanceof UsageError)) throw error;
    return own;
  }
}

/** The page of an execution in the AWS console. */
export function executionConsole(region: string, { arn }: AwsExecution): string {
  const page = new URL(stateMachineConsole(region, arn));
  page.hash = `/v2/executions/details/${arn}`;
  return page.href;
}

/** An execution as JSON documents show it. */
export function describeExecution(region: string, execution: AwsExecution) {
  const { arn, name, status, startedAt, stoppedAt, redriveCount } = execution;
  return {
    arn,
    name,
    status,
    startedAt: new Date(startedAt).toISOString(),
    stoppedAt: stoppedAt === null ? null : new Date(stoppedAt).toISOString(),
    redriveCount,
    console: executionConsole(region, execution),
  };
}

/** @throws UsageError when it is the ARN of something else */
function stateMachineOf(reference: string | undefined): string | null {
  if (!reference?.startsWith("arn:")) return null;
  const stateMachine = EXECUTION.exec(reference)?.[2];
  if (stateMachine === undefined) throw new UsageError(`an execution's ARN has :execution: in it, got: ${reference}`);
  return `${reference.split(":").slice(0, 5).join(":")}:stateMachine:${stateMachine}`;
}
