/**
 * The action of each type of state: the work between the state's input and its result.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html
 */
import { eventsOfVisit } from "../../asl/check/history-limit";
import type { State, States } from "../../asl/document";
import { waitsForWorker } from "../../asl/integration";
import { runAll, withTimeout } from "../../base/concurrency";
import type { Json } from "../../base/json";
import type { Place } from "../../execution/events";
import { runMap } from "./map-state";
import { checkPayload } from "./payload-size";
import { StatesError } from "./states-error";
import type { Attempt, BlockRunner } from "./surroundings";

/** The request of a Task. */
export interface TaskCall extends Place {
  readonly resource: string;
  readonly parameters: Json;
  /** Aborts when the task has to end: its time is up, a sibling failed, or the execution was stopped. */
  readonly signal: AbortSignal;
}

/** Does the work of a Task and returns its result; throws StatesError. The interpreter always waits for its end. */
export type TaskHandler = (call: TaskCall) => Promise<Json>;

/** The dependencies of the actions. */
export interface ActionDependencies extends BlockRunner {
  readonly task: TaskHandler;
}

/** The actions by type of state. Each returns the result of the state. */
export const ACTIONS: Readonly<
  Record<State["Type"], (attempt: Attempt, dependencies: ActionDependencies) => Json | Promise<Json>>
> = {
  Task: runTask,
  Parallel: runParallel,
  Map: runMap,
  Wait: wait,
  Pass: (attempt) => (attempt.state.Result === undefined ? argumentsOf(attempt) : attempt.state.Result),
  Choice: ({ fields }) => fields.input,
  Succeed: ({ fields }) => fields.input,
  Fail: async ({ fields }) => {
    throw new StatesError(await fields.text("Error"), await fields.text("Cause"));
  },
};

// --- internal ---

interface TimeLimit {
  readonly seconds: number;
  readonly error: () => StatesError;
}

async function argumentsOf({ place, fields }: Attempt): Promise<Json> {
  const parameters = await fields.arguments();
  checkPayload(parameters, `The input of the state '${place.state}' has a size`);
  return parameters;
}

async function runTask(attempt: Attempt, { clock, task }: ActionDependencies): Promise<Json> {
  const { place, state, signal, eventIds } = attempt;
  const parameters = await argumentsOf(attempt);
  const limit = await timeLimitOf(attempt);
  const call = async (limited: AbortSignal) =>
    task({ ...place, resource: state.Resource as string, parameters, signal: limited });
  try {
    // The stack trace of an error takes longer than all else here.
    if (limit === null) return await call(signal);
    return await withTimeout(limit.seconds, limit.error(), clock, signal, call);
  } finally {
    // All but those of the entry and the exit.
    eventIds.skip(eventsOfVisit(state) - 2);
  }
}

/** Returns how long a call may take, and the error after that; `null` if it has no limit. Nothing here sends a heartbeat. */
async function timeLimitOf({ state, fields }: Attempt): Promise<TimeLimit | null> {
  const timeout = (await fields.number("TimeoutSeconds", "integer")) ?? Infinity;
  const heartbeat = (await fields.number("HeartbeatSeconds", "integer")) ?? Infinity;
  if (heartbeat < timeout && waitsForWorker(state.Resource)) return { seconds: heartbeat, error: heartbeatMissed };
  return timeout === Infinity ? null : { seconds: timeout, error: () => new StatesError("States.Timeout", "") };
}

/** Recorded: the error is that of a timeout. As documented, Retry and Catch know it by a name of its own too. */
function heartbeatMissed(): StatesError {
  return new StatesError("States.Timeout", "", { alsoNamed: "States.HeartbeatTimeout" });
}

async function runParallel(attempt: Attempt, { runBlock }: ActionDependencies): Promise<Json> {
  const { state, signal, eventIds, context, indices, variables } = attempt;
  const parameters = await argumentsOf(attempt);
  const branches = state.Branches as unknown as States[];
  const outputs = new Array<Json>(branches.length);
  eventIds.skip(1);
  await runAll(branches.length, branches.length, signal, async (index, inner) => {
    const around = { context, indices, eventIds, variables: variables.inside(), signal: inner };
    outputs[index] = await runBlock(branches[index]!, parameters, around);
  });
  eventIds.skip(1);
  return outputs;
}

async function wait({ fields, signal }: Attempt, { clock }: ActionDependencies): Promise<Json> {
  const milliseconds = await fields.waitingTime(clock.now());
  if (milliseconds > 0) await clock.sleep(milliseconds, signal);
  return fields.input;
}
