/** Runs a synthesized state machine on this machine: the interpreter runs its document, an engine runs its jobs. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../base/clock";
import type { Json } from "../base/json";
import type { EventSink, ExecutionStatus } from "../execution/events";
import type { BatchDeps } from "./batch/batch-job";
import { Slots } from "./batch/slots";
import type { Engine } from "./engines/engine";
import { executionContext } from "./interpreter/context-object";
import { interpret } from "./interpreter/interpreter";
import type { Mocks } from "./mocks";
import type { SynthesizedWorkflow } from "./synthesize";
import { taskHandler } from "./tasks";

/** A new execution. */
export interface LocalExecution {
  readonly name: string;
  readonly input: Json;
}

export interface LocalDependencies {
  readonly engine: Engine;
  /** The vCPUs that all running jobs share, as in a compute environment. */
  readonly vcpus: number;
  /** @default no task is mocked */
  readonly mocks?: Mocks | null;
  readonly clock: Clock;
  readonly emit: EventSink;
}

export interface LocalSignals {
  /** Stops the execution as StopExecution does: it asks the jobs to end. */
  readonly stop: AbortSignal;
  /** Kills the jobs that were asked to end. */
  readonly force: AbortSignal;
}

/** Runs an execution to its end. Leaves nothing running. */
export async function runLocally(
  { stateMachine, queue, jobDefinitions }: SynthesizedWorkflow,
  { name, input }: LocalExecution,
  { engine, vcpus, mocks = null, clock, emit }: LocalDependencies,
  { stop, force }: LocalSignals,
): Promise<ExecutionStatus> {
  const batch: BatchDeps = {
    definitions: jobDefinitions,
    queue,
    engine,
    slots: new Slots(vcpus),
    emit,
    clock,
    newId: randomUUID,
    forceSignal: force,
  };
  const context = executionContext(stateMachine, { name, input }, clock.now());

  emit({ at: clock.now(), type: "execution-started", name, input });
  const outcome = await interpret(
    stateMachine.definition,
    { input, context },
    {
      task: taskHandler({ batch, mocks, emit, clock }),
      emit,
      clock,
      random: Math.random,
    },
    stop,
  );
  const nothing = { output: null, error: null, cause: null };
  emit({ at: clock.now(), type: "execution-ended", ...nothing, ...outcome });
  return outcome.status;
}
