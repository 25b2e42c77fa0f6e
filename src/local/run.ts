/** Runs a synthesized state machine on this machine: the interpreter its document, an engine its jobs. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../base/clock";
import type { Json } from "../base/json";
import type { EventSink, ExecutionStatus } from "../execution/events";
import { type BatchDeps, runJob } from "./batch/batch-job";
import { Slots } from "./batch/slots";
import type { Engine } from "./engines/engine";
import { executionContext } from "./interpreter/context-object";
import { interpret } from "./interpreter/interpreter";
import type { SynthesizedWorkflow } from "./synthesize";

/** What is started: an execution's name and its input. */
export interface LocalExecution {
  readonly name: string;
  readonly input: Json;
}

export interface LocalDependencies {
  readonly engine: Engine;
  /** What the jobs that run at one time may take together, as a compute environment's limit. */
  readonly vcpus: number;
  readonly clock: Clock;
  readonly emit: EventSink;
}

export interface LocalSignals {
  /** Stops the execution, as StopExecution does: its jobs are asked to end. */
  readonly stop: AbortSignal;
  /** Kills jobs that were asked to end. */
  readonly force: AbortSignal;
}

/** Runs an execution to its end. Nothing is left running, however it ends. */
export async function runLocally(
  { stateMachine, queue, jobDefinitions }: SynthesizedWorkflow,
  { name, input }: LocalExecution,
  { engine, vcpus, clock, emit }: LocalDependencies,
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
      task: ({ state, indices, parameters, signal }) => runJob({ state, indices }, parameters, batch, signal),
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
