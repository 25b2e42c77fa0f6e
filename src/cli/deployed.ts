/** Finds the state machine and the execution that a command is about: by the settings, by name or by ARN. */
import type { StatesDocument } from "../asl/document";
import type { AwsClients } from "../aws/clients";
import type { AwsExecution } from "../aws/executions";
import { UsageError } from "../base/errors";
import { executionPage } from "../project/names";
import type { Settings } from "../project/settings-types";
import type { Aws } from "./aws";
import type { Values } from "./define-command";
import type { ON_AWS } from "./flags";
import type { AwsAccess, Project } from "./session";

/** A state machine on AWS. It need not exist. */
export interface Deployed {
  readonly aws: Aws;
  readonly clients: AwsClients;
  readonly region: string;
  readonly stateMachineArn: string;
  /** The settings of this project, if they lead to the state machine. */
  readonly settings: Settings | null;
}

type OnAws = Values<typeof ON_AWS>;

const EXECUTION = /^arn:[\w-]+:states:([\w-]+):\d{12}:execution:([^:/\s]+)[^:\s]*:[^:\s]+$/;

/** Messages name so many executions. */
export const NAMES_SHOWN = 5;

/** Finds the state machine of `--state-machine`, of an execution's ARN, or of the settings. */
export async function findDeployed(
  { stateMachine }: OnAws,
  { environment, context, loadAws }: Project & AwsAccess,
  reference?: string,
): Promise<Deployed> {
  const given = stateMachine ?? stateMachineOf(reference);
  if (given !== null) {
    const aws = await loadAws();
    const region = given.split(":")[3]!;
    return { aws, clients: aws.connect(region), region, stateMachineArn: given, settings: null };
  }
  const { loadSettings } = await import("../project/load-settings");
  const settings = loadSettings(environment, context);
  const aws = await loadAws();
  const clients = aws.connect(settings.region);
  const stateMachineArn = await aws.stateMachineArn(clients, settings);
  return { aws, clients, region: settings.region, stateMachineArn, settings };
}

/** Finds an execution by its name, its ARN or `latest`, and its state machine. */
export async function findOne(
  reference: string,
  onAws: OnAws,
  session: Project & AwsAccess,
): Promise<{ readonly deployed: Deployed; readonly execution: AwsExecution }> {
  const deployed = await findDeployed(onAws, session, reference);
  const { aws, clients, stateMachineArn } = deployed;
  return { deployed, execution: await aws.findExecution(clients, stateMachineArn, reference) };
}

/**
 * Returns the document of an execution as it was when the execution started; without one, the document of the next execution.
 * If AWS does not show it, returns the document of this project.
 */
export async function definitionOf(
  { aws, clients, settings, stateMachineArn }: Deployed,
  execution?: AwsExecution,
): Promise<StatesDocument> {
  try {
    return await (execution
      ? aws.executionDefinition(clients, execution.arn)
      : aws.stateMachineDefinition(clients, stateMachineArn));
  } catch (error) {
    if (settings === null || !(error instanceof UsageError)) throw error;
    const { checkWorkflow } = await import("../project/workflow-files");
    const { document } = checkWorkflow(settings, { local: false });
    if (document === null) throw error;
    return document;
  }
}

/** The page of an execution in the AWS console. */
export function executionConsole(region: string, { arn }: AwsExecution): string {
  return new URL(executionPage(region, arn)).href;
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

/** Lists the names of executions; of many, only the first ones. */
export function firstNames(executions: readonly Pick<AwsExecution, "name">[]): string {
  const names = executions.slice(0, NAMES_SHOWN).map(({ name }) => name);
  return [...names, ...(executions.length > names.length ? ["…"] : [])].join(", ");
}

// --- internal ---

/** @throws UsageError if the reference is the ARN of something else */
function stateMachineOf(reference: string | undefined): string | null {
  if (!reference?.startsWith("arn:")) return null;
  const stateMachine = EXECUTION.exec(reference)?.[2];
  if (stateMachine === undefined)
    throw new UsageError(`the ARN of an execution contains :execution:, got: ${reference}`);
  return `${reference.split(":").slice(0, 5).join(":")}:stateMachine:${stateMachine}`;
}
