import type { StatesDocument } from "../../../src/asl/document";
import type { AwsClients } from "../../../src/aws/clients";
import type { AwsExecution } from "../../../src/aws/executions";
import type { WatchOptions } from "../../../src/aws/watch-execution";
import type { Aws } from "../../../src/cli/aws";
import type { Session } from "../../../src/cli/session";
import type { ExecutionEvent, ExecutionStatus } from "../../../src/execution/events";
import { memoryStore } from "../../../src/local/data/memory-store";
import { recordSession } from "../../terminal";

export const STATE_MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev";

export const CONSOLE = "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#";

export const DOCUMENT: StatesDocument = {
  StartAt: "only",
  States: { only: { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync", End: true } },
};

/** An execution that started at 1,000 ms and, where it has ended, took two seconds. */
export function execution(name: string, status: AwsExecution["status"] = "SUCCEEDED"): AwsExecution {
  return {
    arn: `${STATE_MACHINE.replace("stateMachine", "execution")}:${name}`,
    name,
    status,
    startedAt: 1000,
    stoppedAt: status === "RUNNING" ? null : 3000,
    redriveCount: 0,
  };
}

/** An execution as the JSON documents of the commands show it. */
export function described({ arn, name, status, redriveCount }: AwsExecution) {
  return {
    arn,
    name,
    status,
    startedAt: "1970-01-01T00:00:01.000Z",
    stoppedAt: status === "RUNNING" ? null : "1970-01-01T00:00:03.000Z",
    redriveCount,
    console: `${CONSOLE}/v2/executions/details/${arn}`,
  };
}

/** The events of an execution of one job. */
export function oneJob(status: "SUCCEEDED" | "FAILED"): ExecutionEvent[] {
  const exitCode = status === "FAILED" ? 3 : 0;
  const place = { state: "only", indices: [] };
  const job = { jobId: "id", at: 2000 };
  const attempt = { startedAt: 1500, stoppedAt: 2000, exitCode, reason: null, statusReason: null };
  const failure = { error: "States.TaskFailed", cause: "{}" };
  const ended = { at: 3000, type: "execution-ended", status, output: null } as const;
  return [
    { at: 1000, type: "execution-started", name: "mine", input: {} },
    { at: 1000, type: "state-entered", ...place },
    { at: 1200, type: "job-submitted", ...place, jobId: "id", jobName: "job" },
    { at: 1500, type: "job-status", jobId: "id", status: "RUNNING", reason: null },
    { ...job, type: "job-log", line: "what it said" },
    { ...job, type: "job-attempt", attempt },
    { ...job, type: "job-status", status, reason: null },
    status === "FAILED"
      ? { at: 2500, type: "state-failed", ...place, ...failure }
      : { at: 2500, type: "state-succeeded", ...place },
    status === "FAILED" ? { ...ended, ...failure } : { ...ended, error: null, cause: null },
  ];
}

export interface SceneOptions {
  readonly executions?: readonly AwsExecution[];
  /** Emits the events of a watch, and returns how it ended. @default one job that succeeds */
  readonly watch?: (options: WatchOptions) => Promise<ExecutionStatus | null>;
  readonly aws?: Partial<Aws>;
  readonly session?: Partial<Session>;
}

/** Emits all, and gives how the last of it says that the execution ended; `null` where it does not. */
export function emitAll(events: readonly ExecutionEvent[]) {
  return async ({ emit }: WatchOptions): Promise<ExecutionStatus | null> => {
    for (const event of events) emit(event);
    const last = events.at(-1);
    return last?.type === "execution-ended" ? last.status : null;
  };
}

/** Waits until the user detaches. */
export function waitForDetaching({ signal }: WatchOptions): Promise<null> {
  return new Promise((resolve) => signal!.addEventListener("abort", () => resolve(null)));
}

/** An account with executions, and a terminal. Both write down what happens. */
export function scene({ executions = [], watch, aws, session: changes }: SceneOptions = {}) {
  const calls: string[] = [];
  const fake: Aws = {
    connect: (region) => {
      calls.push(`connect ${region}`);
      return {} as AwsClients;
    },
    stateMachineArn: async () => STATE_MACHINE,
    stateMachineStatus: async () => "ACTIVE",
    runningExecutions: async () => executions.filter(({ status }) => status === "RUNNING"),
    findExecution: async (_, stateMachineArn, reference) => {
      calls.push(`find ${reference} of ${stateMachineArn}`);
      return executions.find(({ arn, name }) => [arn, name].includes(reference)) ?? executions[0]!;
    },
    listExecutions: async (_, __, { status, max }) =>
      executions.filter((one) => status === undefined || one.status === status).slice(0, max),
    startExecution: async (_, stateMachineArn, { name, input }) => {
      calls.push(`start ${stateMachineArn} ${input}`);
      return execution(name, "RUNNING");
    },
    stopExecution: async (_, arn, { cause }) => {
      calls.push(`stop ${arn} ${cause}`);
    },
    stopExecutions: async (_, __, cause, { stopped }) => {
      for (const one of executions.filter(({ status }) => status === "RUNNING")) {
        calls.push(`stop ${one.arn} ${cause}`);
        stopped(one);
      }
    },
    bucketContents: async () => null,
    emptyBucket: async () => 0,
    bucketStore: async () => memoryStore({}),
    describeTask: async (_, jobId) => {
      throw new Error(`${jobId} should not be described`);
    },
    redriveExecution: async (_, arn) => {
      calls.push(`redrive ${arn}`);
    },
    watchExecution: async (_, arn, options) => {
      calls.push(`watch ${arn}, logs ${options.logs}`);
      return (watch ?? emitAll(oneJob("SUCCEEDED")))(options);
    },
    executionDefinition: async () => DOCUMENT,
    stateMachineDefinition: async () => DOCUMENT,
    ...aws,
  };
  return { ...recordSession({ loadAws: async () => fake, ...changes }), calls };
}
