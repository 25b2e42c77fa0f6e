/**
 * The events of one execution, in order of time. Local runs and runs on AWS emit the same events. The views (progress, result,
 * report) read only these events, so they do not depend on where the execution runs.
 */
import type { Json, JsonObject } from "../base/json";
import type { Architecture, Compute } from "../project/settings-types";
import type { NotReused } from "./not-reused";

/** A state, by its name (unique in a document), and the items of the Maps around it. */
export interface Place {
  readonly state: string;
  /** Index of the item in each Map around the state, outermost first; empty outside Maps. */
  readonly indices: readonly number[];
}

/** Returns a unique text for a state and its items. */
export function placeKey({ state, indices }: Place): string {
  return `${indices.join(",")} ${state}`;
}

/** Returns the state of a `placeKey`. */
export function stateOfKey(key: string): string {
  return key.slice(key.indexOf(" ") + 1);
}

/** Returns a state and its items as a user reads them: `step1`, `step2_job[3]`. */
export function placeName({ state, indices }: Place): string {
  return state + indices.map((index) => `[${index}]`).join("");
}

/** The states of a Batch job. @see https://docs.aws.amazon.com/batch/latest/userguide/job_states.html */
export type JobStatus = "SUBMITTED" | "RUNNABLE" | "STARTING" | "RUNNING" | "SUCCEEDED" | "FAILED";

/** The ways in which an execution can end. @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
export type ExecutionStatus = "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** One attempt of a job. Times are milliseconds since 1970. */
export interface JobAttempt {
  readonly startedAt: number | null;
  readonly stoppedAt: number;
  /** `null` if no process started, or if the process did not end by itself. */
  readonly exitCode: number | null;
  /** The reason of the container: `OutOfMemoryError: Container killed due to memory usage`, `CannotPullContainerError: …`. */
  readonly reason: string | null;
  /** The reason of the attempt: `Essential container in task exited`, `Host EC2 … terminated`. */
  readonly statusReason: string | null;
  /** The failure of `--chaos` that ended the attempt. */
  readonly injected?: string;
}

/** The container of a job, as its definition and its request describe it together. */
export interface JobDescription {
  /** The name of the job definition, with its revision: `echo_main_train:3`. */
  readonly definition: string;
  readonly image: string;
  /** The arguments of the image's entry point. Empty: those of the image. */
  readonly command: readonly string[];
  /** Without the variables of Batch itself. The values of secrets are hidden. */
  readonly environment: Readonly<Record<string, string>>;
  /** The variables in `environment` whose values are hidden. */
  readonly secrets: readonly string[];
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly gpus: number;
  /** The compute of the job, for a local run the one that it would have on AWS; `null` if it is not known. */
  readonly compute: Compute | null;
  readonly architecture: Architecture | null;
  /** The instance types that the compute may use. Empty on Fargate, or if they are not known. */
  readonly instanceTypes: readonly string[];
  /** On Fargate. `null`: the default of 20 GiB. */
  readonly ephemeralStorageGiB: number | null;
  /** The size of `/dev/shm`. `null`: the engine's default. */
  readonly sharedMemoryMiB: number | null;
  /** `null`: the image's own user. */
  readonly user: string | null;
  readonly readonlyRootFilesystem: boolean;
  readonly initProcess: boolean;
}

/** The reason why a job waits. */
export interface JobWait {
  /** In the words of Batch, or of the local run; `null` if it is not known. */
  readonly reason: string | null;
  /** The place in the queue, from 1; `null` if it is not known. */
  readonly place: number | null;
}

/** The use of an attempt of a job. `null`: not known. */
export interface JobUsage {
  readonly peakMemoryMiB: number | null;
  readonly cpuSeconds: number | null;
}

/** The items of a distributed Map, counted by status. Items that AWS has not listed yet are only in `total`. */
export interface MapRunCounts {
  readonly total: number;
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
}

/** The rule that has decided how an execution goes on. */
interface RuleTaken {
  /** Its JSON pointer in the state: `/Choices/1`, `/Default`, `/Retry/0`, `/Catch/2`. Absent on AWS, which does not tell it. */
  readonly rule?: string;
}

/** A Map Run can have ten thousand items that failed for the same reason. */
export const MAP_RUN_FAILURES_TOLD = 20;

/** `at` is milliseconds since 1970. */
export type ExecutionEvent = {
  readonly at: number;
  /** Secrets were replaced in its input, result, output or variables. */
  readonly masked?: true;
  /** Its input, result, output or variables are not kept: the run had too many. */
  readonly leftOut?: true;
} & (
  | { readonly type: "execution-started"; readonly name: string; readonly input: Json }
  | {
      readonly type: "execution-ended";
      readonly status: ExecutionStatus;
      readonly output: Json | null;
      readonly error: string | null;
      readonly cause: string | null;
    }
  /** States that failed, were stopped or timed out run again. An earlier `execution-ended` no longer holds. */
  | { readonly type: "execution-redriven"; readonly redriveCount: number }
  /** `input` is absent if AWS does not tell it. */
  | (Place & { readonly type: "state-entered"; readonly input?: Json })
  /** A Map has read its list of `total` items. */
  | (Place & { readonly type: "map-started"; readonly total: number })
  /**
   * `assigned` are the variables that the state has set, if any. `output` is told in a local run, if the state is the last one of its
   * block: otherwise the next state has it as its input. A Choice tells its `rule`.
   */
  | (Place & { readonly type: "state-succeeded"; readonly assigned?: JsonObject; readonly output?: Json } & RuleTaken)
  /** The state failed for good: no Retry and no Catch took the error. */
  | (Place & { readonly type: "state-failed"; readonly error: string; readonly cause: string })
  /** The state was stopped, with the execution or because another part of its Map or Parallel failed. */
  | (Place & { readonly type: "state-aborted" })
  /** The state failed and runs again after `delaySeconds`. `attempt` counts retries from 1. */
  | (Place & {
      readonly type: "state-retried";
      readonly error: string;
      readonly cause: string;
      readonly attempt: number;
      readonly delaySeconds: number;
    } & RuleTaken)
  /** The state failed, and a Catch continues with `next`. */
  | (Place & {
      readonly type: "state-caught";
      readonly error: string;
      readonly cause: string;
      readonly next: string;
      readonly assigned?: JsonObject;
    } & RuleTaken)
  /** The progress of a Map Run on AWS. Each item is a separate execution, without other events here. */
  | (Place & { readonly type: "map-run"; readonly mapRunArn: string; readonly counts: MapRunCounts })
  /** An item of a Map Run failed. If many fail, only `MAP_RUN_FAILURES_TOLD` have an event. */
  | (Place & {
      readonly type: "map-run-failure";
      readonly mapRunArn: string;
      readonly executionArn: string;
      readonly name: string;
      readonly status: ExecutionStatus;
      readonly error: string;
      readonly cause: string;
    })
  /** A call of the state's task has succeeded. `result` is the answer of the service, before the fields of the state. */
  | (Place & { readonly type: "task-succeeded"; readonly result: Json })
  /** A call of the state's task has failed. A Retry or a Catch may take the error. */
  | (Place & { readonly type: "task-failed"; readonly error: string; readonly cause: string })
  /** A mock answers the task of the state. It has no job, and no service is called. */
  | (Place & { readonly type: "task-mocked" })
  /** In a resumed run, `notReused` says why the job runs. */
  | (Place & {
      readonly type: "job-submitted";
      readonly jobId: string;
      readonly jobName: string;
      readonly notReused?: NotReused;
    })
  /** The container of the job. Comes after `job-submitted`, and again when more is known. */
  | { readonly type: "job-described"; readonly jobId: string; readonly job: JobDescription }
  /** The job has not run: it has the result of an equal job of an earlier execution. `job-status` SUCCEEDED follows. */
  | (Place & { readonly type: "job-reused"; readonly jobId: string; readonly execution: string })
  | { readonly type: "job-status"; readonly jobId: string; readonly status: JobStatus; readonly reason: string | null }
  /** The job waits, in its queue or for jobs that it depends on. Comes again when something changes. Ends with `job-status`. */
  | { readonly type: "job-waiting"; readonly jobId: string; readonly wait: JobWait }
  /** The use of the last attempt of the job. */
  | { readonly type: "job-usage"; readonly jobId: string; readonly usage: JobUsage }
  | { readonly type: "job-attempt"; readonly jobId: string; readonly attempt: JobAttempt }
  /** One line of a job's output, without its line end. A long line is split. `bytes` are the original bytes, if known. */
  | { readonly type: "job-log"; readonly jobId: string; readonly line: string; readonly bytes?: Buffer }
  /** A step before the execution starts, such as `building image echo:1`. */
  | {
      readonly type: "preparing";
      readonly step: string;
      /** The part of the step that is being done, such as `step 2 of 5`. */
      readonly part: string | null;
      /** The last line of its output. `null` at the start. */
      readonly line: string | null;
    }
  /** A message for the user that is not part of the execution. */
  | { readonly type: "notice"; readonly message: string }
);

/** The reason of a local job that was stopped together with its state. */
export const STOPPED_WITH_STATE = "The state was stopped";

/** Takes the events of an execution, one at a time, in order. */
export type EventSink = (event: ExecutionEvent) => void;
