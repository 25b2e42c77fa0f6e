/** The executions that the commands are about: those of the state machine on AWS, or the kept runs of this machine. */
import type { StatesDocument } from "../asl/document";
import type { AwsExecutionStatus } from "../aws/executions";
import type { Clock } from "../base/clock";
import { count } from "../base/terminal-text";
import type { Pricing } from "../execution/cost/costs";
import type { EventSink, ExecutionStatus } from "../execution/events";
import type { Values } from "./define-command";
import type { ANYWHERE } from "./flags";
import type { AwsAccess, KeptRuns, Project } from "./session";

/** An execution, wherever it runs. Times are milliseconds since 1970. */
export interface FoundExecution {
  readonly name: string;
  readonly status: string;
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly redriveCount: number;
  /** What a list says beside these facts. */
  readonly remarks: readonly string[];
  /** The execution as JSON documents show it. */
  readonly described: object;
  /** The fields that name it in the JSON document about a file. */
  readonly named: object;
  /** The fields that name it in the JSON document of its outcome. */
  readonly about: object;
  /** Its page in the AWS console, or its folder. */
  readonly link: string;
  /** Where it runs, as a report says it. */
  readonly place: string;
  /** What its cost follows from. */
  readonly pricing: Pricing;
  /** The document as it was when the execution started. */
  readonly definition: () => Promise<StatesDocument>;
  /** Emits the events from the first one on. Returns the end; `null` after `signal` has detached. */
  readonly watch: (options: Watching) => Promise<ExecutionStatus | null>;
  /** Stops the execution; `null` if only the process that runs it can do that. */
  readonly stop: ((cause: string, signal: AbortSignal) => Promise<void>) | null;
  /** After so many seconds without news, all events until now have been read. */
  readonly quietSeconds: number;
  /** Says how to follow it. */
  readonly howToFollow: string;
  /** Returns a page that shows it, and that page as a JSON document. */
  readonly page: () => Promise<{ readonly link: string; readonly described: object }>;
}

export interface Watching {
  readonly emit: EventSink;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** `failed`: only the output of jobs that fail. */
  readonly logs: "all" | "failed";
}

type Where = Values<typeof ANYWHERE>;
type FindingSession = Project & KeptRuns & AwsAccess;

/**
 * Finds an execution by its name or `latest`, or on AWS by its ARN.
 * @throws UsageError if there is none
 */
export async function findExecution(
  reference: string,
  { local, ...onAws }: Where,
  session: FindingSession,
): Promise<FoundExecution> {
  if (local) {
    const [{ findRun }, { keptExecution }] = await loadRuns();
    return keptExecution(findRun(session.runsFolders, reference));
  }
  const [{ findOne }, { deployedExecution }] = await loadDeployed();
  const { deployed, execution } = await findOne(reference, onAws, session);
  return deployedExecution(deployed, execution);
}

export interface ExecutionQuery {
  readonly status?: AwsExecutionStatus | undefined;
  readonly max: number;
}

/** Returns executions, newest first, and the name of what they are executions of. */
export async function listExecutions(
  { status, max }: ExecutionQuery,
  { local, ...onAws }: Where,
  session: FindingSession,
): Promise<{ readonly of: string; readonly executions: readonly FoundExecution[] }> {
  if (local) {
    const [{ keptRuns }, { keptExecution }] = await loadRuns();
    const runs = keptRuns(session.runsFolders).filter(({ head }) => status === undefined || head.status === status);
    return { of: "this machine", executions: runs.slice(0, max).map(keptExecution) };
  }
  const [{ findDeployed }, { deployedExecution }, { stateMachineName }] = await loadDeployed();
  const deployed = await findDeployed(onAws, session);
  const { aws, clients, stateMachineArn } = deployed;
  const found = await aws.listExecutions(clients, stateMachineArn, { ...(status && { status }), max });
  return {
    of: stateMachineName(stateMachineArn),
    executions: found.map((execution) => deployedExecution(deployed, execution)),
  };
}

/** Says how often an execution was redriven. */
export function redriven(redriveCount: number): string[] {
  return redriveCount > 0 ? [`redriven ${count(redriveCount)}×`] : [];
}

// --- internal ---

function loadRuns() {
  return Promise.all([import("../local/runs/find-run"), import("./kept-execution")]);
}

function loadDeployed() {
  return Promise.all([import("./deployed"), import("./deployed-execution"), import("../project/names")]);
}
