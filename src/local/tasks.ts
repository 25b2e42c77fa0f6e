/** Decides which service answers a task: a mock, AWS Batch on this machine, or none. */
import { exampleMock, exampleResult, type LocalIntegration, localIntegrationOf, serviceOf } from "../asl/local-tasks";
import type { Clock } from "../base/clock";
import { Aborted } from "../base/concurrency";
import type { Json } from "../base/json";
import type { EventSink } from "../execution/events";
import type { TaskCall } from "./interpreter/state-actions";
import { StatesError } from "./interpreter/states-error";
import { MockedCalls, type Mocks, NOT_MOCKED } from "./mocks";

/** The services of this machine: each does the work of a task and returns its result. */
export type Services = Readonly<Record<LocalIntegration, (call: TaskCall) => Promise<Json>>>;

export interface TaskDependencies {
  readonly services: Services;
  /** `null` if no task is mocked. */
  readonly mocks: Mocks | null;
  readonly emit: EventSink;
  readonly clock: Clock;
}

/**
 * Returns the function that does the work of all tasks of an execution. A mocked task calls no service.
 *
 * The function throws StatesError `Workflow.NotMocked` if a task can run only on AWS and has no mock.
 */
export function taskHandler({ services, mocks, emit, clock }: TaskDependencies): (call: TaskCall) => Promise<Json> {
  const mockedCalls = mocks === null ? null : new MockedCalls(mocks);
  const answer = async (call: TaskCall): Promise<Json> => {
    const mock = mockedCalls?.find(call) ?? null;
    if (mock === null) {
      const service = localIntegrationOf(call.resource);
      if (service === null) throw notMocked(call, mocks);
      return services[service](call);
    }
    const { number, answer: given } = mockedCalls!.next(mock, call);
    if (given === null) {
      const cause = `the mock of '${call.state}' in ${mock.file ?? mocks!.file} has no answer for call ${number} (counted from 0)`;
      throw new StatesError(NOT_MOCKED, `${cause}; add "${number}" to its mocked response`);
    }
    const { state, indices } = call;
    emit({ type: "task-mocked", at: clock.now(), state, indices });
    if (given.kind === "never") return untilAborted(call.signal);
    if (given.afterSeconds !== undefined) await clock.sleep(given.afterSeconds * 1000, call.signal);
    if (call.signal.aborted) throw new Aborted();
    if (given.kind === "throws") throw new StatesError(given.error, given.cause, { isOfTask: true });
    return given.result;
  };
  return async (call) => {
    const { state, indices } = call;
    const tell = (end: TaskEnd) => emit({ ...end, at: clock.now(), state, indices });
    try {
      const result = await answer(call);
      tell({ type: "task-succeeded", result });
      return result;
    } catch (failure) {
      if (failure instanceof StatesError) tell({ type: "task-failed", error: failure.error, cause: failure.cause });
      throw failure;
    }
  };
}

// --- internal ---

type TaskEnd =
  | { readonly type: "task-succeeded"; readonly result: Json }
  | { readonly type: "task-failed"; readonly error: string; readonly cause: string };

/** Never resolves. Rejects when the time of the call is up, or the execution is stopped. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new Aborted());
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
  });
}

function notMocked({ state, resource }: TaskCall, mocks: Mocks | null): StatesError {
  const problem = `the state '${state}' calls ${serviceOf(resource)}, which runs only on AWS, and it has no mock`;
  return new StatesError(NOT_MOCKED, `${problem}; ${linesToAdd(state, resource, mocks)}`);
}

function linesToAdd(state: string, resource: string, mocks: Mocks | null): string {
  const line = exampleMock(state, resource);
  if (mocks === null) return `give it one with \`--mock FILE\`, where FILE holds { "mocks": { ${line} } }`;
  if (mocks.format === "own") return `add this to the mocks in ${mocks.file}: ${line}`;
  const name = JSON.stringify(state);
  const response = `${name}: { "0": { "Return": ${exampleResult(resource)} } }`;
  return `in ${mocks.file}, add ${name}: ${name} to the test case and ${response} to MockedResponses`;
}
