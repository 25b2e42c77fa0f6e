/** Runs a state machine on this machine: the interpreter runs its document, an engine runs its jobs. */
import { randomUUID } from "node:crypto";
import { jobDefinitionName } from "../asl/job-definitions";
import { exampleMock } from "../asl/local-tasks";
import type { Clock } from "../base/clock";
import { asObject, type Json } from "../base/json";
import type { EventSink, ExecutionStatus } from "../execution/events";
import { runJob, submitJob } from "./batch/batch-job";
import { type JobAdditions, NO_ADDITIONS } from "./batch/job-additions";
import { Slots } from "./batch/slots";
import { SubmittedJobs } from "./batch/submitted-jobs";
import type { ObjectStore } from "./data/object-store";
import type { Engine } from "./engines/engine";
import { type FoundJob, jobFinder, type LocalWorkflow } from "./find-job";
import { executionContext } from "./interpreter/context-object";
import { interpret } from "./interpreter/interpreter";
import type { KnownBlocks } from "./interpreter/known-blocks";
import type { Chance } from "./interpreter/languages/jsonata-functions";
import type { StartPoint } from "./interpreter/start-point";
import type { TaskCall } from "./interpreter/state-actions";
import { StatesError } from "./interpreter/states-error";
import { type Mocks, NOT_MOCKED } from "./mocks";
import type { JobReuse } from "./reuse/job-reuse";
import type { RunProgress } from "./runs/run-progress";
import { s3Services } from "./s3-tasks";
import { type Services, taskHandler } from "./tasks";

/** A new execution. */
export interface LocalExecution {
  readonly name: string;
  readonly input: Json;
  /** The state at which the execution begins. @default the first state */
  readonly start?: StartPoint | null;
  /** A run that goes on. @default a new one */
  readonly redriven?: RedrivenExecution | null;
}

/** A redriven execution, and its known states. */
export interface RedrivenExecution {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Counts from 1. */
  readonly redriveCount: number;
  readonly known: KnownBlocks & Pick<RunProgress, "answer">;
}

export interface LocalDependencies {
  readonly engine: Engine;
  /** The objects of all buckets. */
  readonly objects: ObjectStore;
  /** The vCPUs that all running jobs share, as in a compute environment. */
  readonly vcpus: number;
  /** The most jobs that run at the same time. @default no limit beside the vCPUs */
  readonly maxJobs?: number | undefined;
  /** @default the jobs get nothing beside their definitions and requests */
  readonly additions?: JobAdditions;
  /** @default no result of a job is kept or reused */
  readonly reuse?: JobReuse | null;
  /** @default no task is mocked */
  readonly mocks?: Mocks | null;
  readonly clock: Clock;
  readonly emit: EventSink;
  /** Sees each call of a task before it is answered. @default nothing does */
  readonly onCall?: (call: TaskCall) => void;
  /** @default of node:crypto and Math */
  readonly chance?: Chance;
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
  { name, input, start = null, redriven = null }: LocalExecution,
  dependencies: LocalDependencies,
  { stop, force }: LocalSignals,
): Promise<ExecutionStatus> {
  const { engine, objects, vcpus, maxJobs, additions = NO_ADDITIONS, clock, emit } = dependencies;
  const { reuse = null, mocks = null } = dependencies;
  const { onCall = () => {}, chance = { random: Math.random, uuid: randomUUID } } = dependencies;
  const { stateMachine } = workflow;
  const jobs = new SubmittedJobs();
  const batch = {
    engine,
    additions,
    reuse,
    jobs,
    slots: new Slots(vcpus, maxJobs, clock),
    emit,
    clock,
    newId: chance.uuid,
    forceSignal: force,
  };
  const findJob = jobFinder(workflow);
  const foundJob = ({ state, resource, parameters }: TaskCall): FoundJob => {
    const job = findJob(parameters);
    if (job === null) throw unknownJob(state, resource, parameters);
    return job;
  };
  const services: Services = {
    // The job goes on when its state, or the execution, has ended. Only the user stops it.
    "batch:submitJob": async (call) => {
      const job = foundJob(call);
      return submitJob(call, job.parameters, { ...batch, ...job }, stop);
    },
    "batch:submitJob.sync": async (call) => {
      const job = foundJob(call);
      return runJob(call, job.parameters, { ...batch, ...job }, call.signal);
    },
    ...s3Services(objects),
  };
  const now = clock.now();
  const again = redriven === null ? null : { count: redriven.redriveCount, at: now };
  const context = executionContext(stateMachine, { name, input }, redriven?.startedAt ?? now, again);

  const task = taskHandler({ services, mocks, emit, clock });

  if (redriven === null) emit({ at: now, type: "execution-started", name, input });
  else emit({ at: now, type: "execution-redriven", redriveCount: redriven.redriveCount });
  const outcome = await interpret(
    stateMachine.definition,
    { input, context, start },
    {
      task: (call) => {
        const known = redriven?.known.answer(call) ?? null;
        if (known !== null) return answerAgain(call, known.value, emit, clock);
        onCall(call);
        return task(call);
      },
      emit,
      clock,
      ...chance,
      objects,
      known: redriven?.known ?? null,
    },
    stop,
  );
  if (jobs.count > 0) emit({ at: clock.now(), type: "notice", message: waitingFor(jobs.count) });
  await jobs.settled();
  const nothing = { output: null, error: null, cause: null };
  emit({ at: clock.now(), type: "execution-ended", ...nothing, ...outcome });
  return outcome.status;
}

// --- internal ---

/** The task has succeeded before its run was killed. */
async function answerAgain({ state, indices }: TaskCall, result: Json, emit: EventSink, clock: Clock): Promise<Json> {
  emit({ at: clock.now(), type: "task-succeeded", state, indices, result });
  return result;
}

function waitingFor(count: number): string {
  const jobs = count === 1 ? "the job" : `the ${count} jobs`;
  return `the states have ended; waiting for ${jobs} that they did not wait for, which on AWS would go on alone`;
}

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
