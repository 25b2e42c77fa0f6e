import type { AwsExecution } from "../../aws/executions";
import { UsageError } from "../../base/errors";
import { printable } from "../../base/terminal-text";
import { defineCommand, toggle, valued, withDefault } from "../define-command";
import { type Deployed, describeExecution, findDeployed, findOne, firstNames, NAMES_SHOWN } from "../deployed";
import { executionOr, ON_AWS } from "../flags";
import { printJson } from "../printing";
import type { Terminal, Timed } from "../session";

export const stop = defineCommand({
  name: "stop",
  description: "stop an execution, and its jobs with it",
  arguments: { execution: executionOr("the running one") },
  flags: {
    ...ON_AWS,
    all: toggle("stop all running executions"),
    cause: withDefault(valued("text", "the reason that AWS shows"), "stopped by `workflow stop`"),
    json: toggle("print the stopped executions as one JSON document"),
  },
  action: async ({ execution: reference, all, cause, json, ...onAws }, session) => {
    if (all && reference !== undefined) {
      throw new UsageError(`\`--all\` stops every execution, so none can be named, got: ${reference}`);
    }
    const { deployed, execution } =
      reference === undefined
        ? { deployed: await findDeployed(onAws, session), execution: null }
        : await findOne(reference, onAws, session);
    const stopped = all
      ? await stopAll(deployed, cause, session)
      : await stopOne(deployed, execution ?? (await theRunning(deployed)), cause, session);
    if (json) {
      const now = session.clock.now();
      // AWS has taken the request, so the executions have ended, whatever their status was before.
      const ended = stopped.map((one): AwsExecution => ({ ...one, status: "ABORTED", stoppedAt: now }));
      printJson(
        session,
        ended.map((one) => describeExecution(deployed.region, one)),
      );
    }
  },
});

async function stopAll(
  { aws, clients, stateMachineArn }: Deployed,
  cause: string,
  { clock, stderr }: Terminal & Timed,
): Promise<AwsExecution[]> {
  const all: AwsExecution[] = [];
  const stopped = (execution: AwsExecution) => {
    stderr.write(`stopped the execution ${printable(execution.name)}\n`);
    all.push(execution);
  };
  await aws.stopExecutions(clients, stateMachineArn, cause, { clock, stopped });
  if (all.length === 0) stderr.write("no execution is running\n");
  return all;
}

async function stopOne(
  { aws, clients }: Deployed,
  execution: AwsExecution,
  cause: string,
  { stderr }: Terminal,
): Promise<AwsExecution[]> {
  const { arn, name, status } = execution;
  if (status !== "RUNNING") {
    stderr.write(`the execution ${printable(name)} has ended already: ${printable(status)}\n`);
    return [];
  }
  await aws.stopExecution(clients, arn, { cause });
  stderr.write(`stopped the execution ${printable(name)}\n`);
  return [execution];
}

/** Finds the only execution that runs. @throws UsageError if none or several run */
async function theRunning({ aws, clients, stateMachineArn }: Deployed): Promise<AwsExecution> {
  const running = await aws.listExecutions(clients, stateMachineArn, { status: "RUNNING", max: NAMES_SHOWN + 1 });
  const [execution] = running;
  if (execution === undefined) throw new UsageError("no execution is running");
  if (running.length === 1) return execution;
  throw new UsageError(
    `several executions are running (${printable(firstNames(running))}); name one, or stop them with \`--all\``,
  );
}
