/** Runs a state machine on this machine: the interpreter runs its document, an engine runs its jobs. */
import { randomUUID } from "node:crypto";
import { jobDefinitionName } from "../asl/job-definitions";
import { exampleMock } from "../asl/local-tasks";
import type { Clock } from "../base/clock";
import { asObject, type Json } from "../base/json";
import type { EventSink, ExecutionStatus } from "../execution/events";
import { DATA_FOLDER } from "../project/project-folder";
import { runJob } from "./batch/batch-job";
import { Slots } from "./batch/slots";
import { dataFolder } from "./data/data-folder";
import type { Engine } from "./engines/engine";
import { jobFinder, type LocalWorkflow } from "./find-job";
import { executionContext } from "./interpreter/context-object";
import { interpret } from "./interpreter/interpreter";
import { StatesError } from "./interpreter/states-error";
import { type Mocks, NOT_MOCKED } from "./mocks";
import { type Services, taskHandler } from "./tasks";

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
  workflow: LocalWorkflow,
  { name, input }: LocalExecution,
  { engine, vcpus, mocks = null, clock, emit }: LocalDependencies,
  { stop, force }: LocalSignals,
): Promise<ExecutionStatus> {
  const { stateMachine } = workflow;
  const batch = {
    engine,
    slots: new Slots(vcpus),
    emit,
    clock,
    newId: randomUUID,
    forceSignal: force,
  };
  const findJob = jobFinder(workflow);
  const services: Services = {
    "batch:submitJob.sync": async ({ state, resource, indices, parameters, signal }) => {
      const job = findJob(parameters);
      if (job === null) throw unknownJob(state, resource, parameters);
      return runJob({ state, indices }, job.parameters, { ...batch, ...job }, signal);
    },
  };
  const context = executionContext(stateMachine, { name, input }, clock.now());

  emit({ at: clock.now(), type: "execution-started", name, input });
  const outcome = await interpret(
    stateMachine.definition,
    { input, context },
    {
      task: taskHandler({ services, mocks, emit, clock }),
      emit,
      clock,
      random: Math.random,
      objects: dataFolder(DATA_FOLDER),
    },
    stop,
  );
  const nothing = { output: null, error: null, cause: null };
  emit({ at: clock.now(), type: "execution-ended", ...nothing, ...outcome });
  return outcome.status;
}

// --- internal ---

function unknownJob(state: string, resource: string, parameters: Json): StatesError {
  const name = jobDefinitionName(String(asObject(parameters).JobDefinition));
  const ways = [
    `run it with \`--job ${name}=IMAGE\``,
    "run its command with `--engine process`",
    `or mock it with \`--mock FILE\`: { "mocks": { ${exampleMock(state, resource)} } }`,
  ];
  const problem = `the state '${state}' runs the job definition ${name}, which is unknown here`;
  return new StatesError(NOT_MOCKED, `${problem}; ${ways.join(", ")}`);
}
