/** Deploys, destroys and compares the stacks. */
import { say } from "../../base/message";
import { writeOutput } from "../../base/output-file";
import { visible } from "../../base/text";
import { DATA_STACK, resourceName, WORKFLOW_STACK } from "../../project/names";
import type { Settings } from "../../project/settings-types";
import { holdsResources, statesFolder } from "../../terraform/stack-states";
import { type Deployed, findDeployed, firstNames } from "../deployed";
import { sayWritten } from "../printing";
import type { Session } from "../session";
import { isNamed } from "./choose-stacks";
import { agreeToDestroyData, bucketForData, deleteObjects, refuseUnclearData, sayKept } from "./kept-data";
import type { LifecycleRequest } from "./lifecycle-flags";
import { runInStacks, type StackRun } from "./stack-run";

/** Deploys the stacks. Returns the exit code. */
export function deploy(request: LifecycleRequest, session: Session): Promise<number> {
  return runInStacks("deploy", request, session, async (run) => {
    const remaining = await changeStacks(run.stacks, run);
    if (remaining.length > 0) return run.unfinished(remaining);
    const { outputsFile, force = false } = request;
    if (outputsFile !== undefined) {
      const outputs = await readOutputs(run, request);
      await writeOutput(
        { option: "--outputs-file", path: outputsFile, force },
        `${JSON.stringify(outputs, null, 2)}\n`,
      );
      sayWritten("outputs", outputsFile, session);
    }
    return 0;
  });
}

/**
 * Stops the running executions, which would keep AWS from deleting the state machine, and destroys the stacks. The bucket for data
 * comes last, and only with `--data`.
 */
export async function destroy(request: LifecycleRequest, session: Session): Promise<number> {
  refuseUnclearData(request);
  return runInStacks("destroy", request, session, async (run) => {
    const { stacks, settings, signal } = run;
    const named = isNamed(DATA_STACK, request);
    const account =
      named || stacks.includes(WORKFLOW_STACK) ? await findDeployed({ stateMachine: undefined }, session) : null;
    const deployed = stacks.includes(WORKFLOW_STACK) ? account : null;
    const data = named ? { ...bucketForData(account!, settings), request, run, session } : null;
    const agreement = data !== null && stacks.includes(DATA_STACK) ? await agreeToDestroyData(data) : null;
    if (agreement === "refused") return 1;
    if (deployed !== null && !(await stopExecutions(deployed, request, settings, signal, session))) return 1;
    signal.throwIfAborted();
    const remaining = await changeStacks([...stacks].reverse(), run, async (stack) => {
      if (agreement === "empty" && stack === DATA_STACK) await deleteObjects(data!);
    });
    if (remaining.length > 0) return run.unfinished(remaining);
    // Terraform succeeds with an empty state too, such as the state of another backend.
    const isLeft = deployed !== null && (await isThere(deployed));
    if (isLeft) session.stderr.write(`${notInState(settings)}\n`);
    if (data !== null && agreement === null) await sayKept(data);
    return isLeft ? 1 : 0;
  });
}

/** Compares each stack with AWS. If one cannot be planned, the others are still shown. */
export function diff(request: LifecycleRequest, session: Session): Promise<number> {
  return runInStacks("diff", request, session, async (run) => {
    const failed: string[] = [];
    for (const [index, stack] of run.stacks.entries()) {
      session.stdout.write(`\n--- ${stack}\n`);
      // Backend and providers are the same for all stacks.
      if (!(await run.initialize(stack))) return run.unfinished([...failed, ...run.stacks.slice(index)]);
      if (!(await run.change(stack))) failed.push(stack);
      run.signal.throwIfAborted();
    }
    return failed.length > 0 ? run.unfinished(failed) : 0;
  });
}

// --- internal ---

/** Initializes and changes the stacks one by one. Returns the stacks that are left if one fails. */
async function changeStacks(
  stacks: readonly string[],
  run: StackRun,
  beforeChange: (stack: string) => Promise<void> = async () => {},
): Promise<readonly string[]> {
  for (const [index, stack] of stacks.entries()) {
    if (run.signal.aborted || !(await run.initialize(stack)) || run.signal.aborted) return stacks.slice(index);
    await beforeChange(stack);
    if (run.signal.aborted || !(await run.change(stack))) return stacks.slice(index);
  }
  return [];
}

/** Returns the outputs by stack and name, in the form in which the cdktf CLI writes them. */
async function readOutputs(
  run: StackRun,
  { outputsFileIncludeSensitiveOutputs: all }: LifecycleRequest,
): Promise<Record<string, Record<string, unknown>>> {
  const outputs: Record<string, Record<string, unknown>> = {};
  for (const stack of run.stacks) {
    const named = (await run.read(stack, "output", "-json")) as Record<string, { sensitive: boolean; value: unknown }>;
    const shown = Object.entries(named).filter(([, { sensitive }]) => all || !sensitive);
    outputs[stack] = Object.fromEntries(shown.map(([name, { value }]) => [name, value]));
  }
  return outputs;
}

/** Stops the running executions, if the user agrees. Returns whether the stacks may be destroyed. */
async function stopExecutions(
  { aws, clients, stateMachineArn }: Deployed,
  { autoApprove }: LifecycleRequest,
  settings: Settings,
  signal: AbortSignal,
  { ask, clock, stderr, projectFolder }: Session,
): Promise<boolean> {
  const running = await aws.runningExecutions(clients, stateMachineArn);
  if (running.length === 0) return true;
  if (settings.backend === "local" && !holdsResources(settings, WORKFLOW_STACK, projectFolder)) {
    stderr.write(`nothing was stopped or destroyed: ${notInState(settings)}\n`);
    return false;
  }
  const are = running.length === 1 ? "1 execution is" : `${running.length} executions are`;
  const question = `${are} running (${firstNames(running)}); stop them, before Terraform asks? [y/N] `;
  if (!autoApprove && !/^y(es)?$/i.test((await ask!(question, signal)).trim())) {
    stderr.write("nothing was stopped or destroyed\n");
    return false;
  }
  await aws.stopExecutions(clients, stateMachineArn, "stopped by destroy", {
    clock,
    stopped: ({ name }) => say(stderr, `stopped the execution ${visible(name)}`),
  });
  return true;
}

/** Returns whether AWS shows the state machine. A user with the right to destroy it may lack the right to see it. */
async function isThere({ aws, clients, stateMachineArn }: Deployed): Promise<boolean> {
  try {
    return (await aws.stateMachineStatus(clients, stateMachineArn)) === "ACTIVE";
  } catch {
    return false;
  }
}

function notInState(settings: Settings): string {
  const { backend, stateBucket, cloudOrganization } = settings;
  const place = {
    local: statesFolder(settings),
    s3: `${stateBucket}/${settings.name}/${settings.environment}`,
    cloud: `${cloudOrganization}/${resourceName(settings, WORKFLOW_STACK)}`,
  }[backend];
  return `state machine \`${resourceName(settings)}\` is still there: its state is not in backend \`${backend}\` (${place}); set WORKFLOW_BACKEND and WORKFLOW_STATE_BUCKET as they were for its deploy`;
}
