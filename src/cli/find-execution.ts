/** Finds the executions that a command is about: those of the state machine on AWS, or the kept runs of this machine. */
import type { AwsExecutionStatus } from "../aws/executions";
import type { Values } from "./define-command";
import type { ANYWHERE } from "./flags";
import type { FoundExecution } from "./found-execution";
import type { AwsAccess, KeptRuns, Project } from "./session";

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

// --- internal ---

function loadRuns() {
  return Promise.all([import("../local/runs/find-run"), import("./kept-execution")]);
}

function loadDeployed() {
  return Promise.all([import("./deployed"), import("./deployed-execution"), import("../project/names")]);
}
