/**
 * What happens in one execution, in order of time. The local run and the run on AWS both give these events; the views
 * (progress, result, report) take nothing else and do not know which of the two it was.
 */
import type { Json } from "../base/json";

/** Where something happens: a state's name (unique in a document) and the items of the Maps around it. */
export interface Place {
  readonly state: string;
  /** Index of the item in each Map around the state, outermost first; empty outside Maps. */
  readonly indices: readonly number[];
}

/** The states of a Batch job. @see https://docs.aws.amazon.com/batch/latest/userguide/job_states.html */
export type JobStatus = "SUBMITTED" | "RUNNABLE" | "STARTING" | "RUNNING" | "SUCCEEDED" | "FAILED";

/** How an execution can end. @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
export type ExecutionStatus = "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** One attempt of a job. Times are milliseconds since 1970. */
export interface JobAttempt {
  readonly startedAt: number | null;
  readonly stoppedAt: number;
  /** `null` where no process came to run or to an end of its own. */
  readonly exitCode: number | null;
  /** Of the container: `OutOfMemoryError: Container killed due to memory usage`, `CannotPullContainerError: …`. */
  readonly reason: string | null;
  /** Of the attempt: `Essential container in task exited`, `Job attempt duration exceeded timeout`, `Host EC2 … terminated`. */
  readonly statusReason: string | null;
}

/** How many items of a distributed Map are where; those that AWS does not know of yet are in none. */
export interface MapRunCounts {
  readonly total: number;
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
}

/** `at` is milliseconds since 1970. */
export type ExecutionEvent = { readonly at: number } & (
  | { readonly type: "execution-started"; readonly name: string; readonly input: Json }
  | {
      readonly type: "execution-ended";
      readonly status: ExecutionStatus;
      readonly output: Json | null;
      readonly error: string | null;
      readonly cause: string | null;
    }
  /** What failed, was stopped or had no time left runs again; the execution has not ended, whatever was told before. */
  | { readonly type: "execution-redriven"; readonly redriveCount: number }
  | (Place & { readonly type: "state-entered" })
  /** A Map has read its list. `total` items. */
  | (Place & { readonly type: "map-started"; readonly total: number })
  | (Place & { readonly type: "state-succeeded" })
  /** The state failed for good: no Retry and no Catch took the error. */
  | (Place & { readonly type: "state-failed"; readonly error: string; readonly cause: string })
  /** The state was stopped with the execution, or because a sibling in its Map or Parallel failed. */
  | (Place & { readonly type: "state-aborted" })
  /** The state failed and runs again after `delaySeconds`; `attempt` counts retries from 1. */
  | (Place & {
      readonly type: "state-retried";
      readonly error: string;
      readonly cause: string;
      readonly attempt: number;
      readonly delaySeconds: number;
    })
  /** The state failed and a Catch leads on to `next`. */
  | (Place & { readonly type: "state-caught"; readonly error: string; readonly cause: string; readonly next: string })
  /** A Map Run, on AWS, is further than it was: its items are executions of their own, of which there are no other events. */
  | (Place & { readonly type: "map-run"; readonly mapRunArn: string; readonly counts: MapRunCounts })
  /** One of them failed; of many, the last ones are told. */
  | (Place & {
      readonly type: "map-run-failure";
      readonly mapRunArn: string;
      readonly executionArn: string;
      readonly name: string;
      readonly status: ExecutionStatus;
      readonly error: string;
      readonly cause: string;
    })
  | (Place & { readonly type: "job-submitted"; readonly jobId: string; readonly jobName: string })
  | { readonly type: "job-status"; readonly jobId: string; readonly status: JobStatus; readonly reason: string | null }
  | { readonly type: "job-attempt"; readonly jobId: string; readonly attempt: JobAttempt }
  /** One line that the job wrote, without its line end; `bytes` are what it wrote, where that is known. A long line is several. */
  | { readonly type: "job-log"; readonly jobId: string; readonly line: string; readonly bytes?: Buffer }
  /** What goes on before the execution starts: a step such as `building image echo:1`, and what was last said of it. */
  | { readonly type: "preparing"; readonly step: string; readonly line: string | null }
  /** Something that the user should know and that is no part of the execution. */
  | { readonly type: "notice"; readonly message: string }
);

/** The reason of a job that ran here and was stopped with its state. */
export const STOPPED_WITH_STATE = "The state was stopped";

/** Takes the events of an execution, one at a time, in order. */
export type EventSink = (event: ExecutionEvent) => void;
