/** Builds the events of an execution without their time. `at` adds the time. */
import type {
  ExecutionEvent,
  ExecutionStatus,
  JobAttempt,
  JobDescription,
  JobStatus,
  JobUsage,
  MapRunCounts,
  Place,
} from "../src/execution/events";

/** An event without its time. */
export type Told = ExecutionEvent extends infer Event
  ? Event extends { at: number }
    ? Omit<Event, "at">
    : never
  : never;
type Facts<Type extends ExecutionEvent["type"]> = Omit<Extract<ExecutionEvent, { type: Type }>, "at" | "type">;
type Indices = readonly number[];

/** Adds the time of an event, in milliseconds since 1970. */
export function at(time: number, event: Told): ExecutionEvent {
  return { at: time, ...event } as ExecutionEvent;
}

// --- the execution ---

export const executionStarted = (name = "run", input: Facts<"execution-started">["input"] = {}): Told => ({
  ...{ type: "execution-started", name, input },
});

export const executionEnded = (
  status: ExecutionStatus,
  facts: Partial<Omit<Facts<"execution-ended">, "status">> = {},
): Told => ({ type: "execution-ended", status, output: null, error: null, cause: null, ...facts });

export const redriven = (redriveCount = 1): Told => ({ type: "execution-redriven", redriveCount });
export const preparing = (step: string, line: string | null = null, part: string | null = null): Told => ({
  type: "preparing",
  step,
  part,
  line,
});
export const notice = (message: string): Told => ({ type: "notice", message });

// --- states ---

export const entered = (state: string, ...indices: Indices): Told => ({ type: "state-entered", state, indices });
export const succeeded = (state: string, ...indices: Indices): Told => ({ type: "state-succeeded", state, indices });
export const aborted = (state: string, ...indices: Indices): Told => ({ type: "state-aborted", state, indices });

export const mocked = (state: string, ...indices: Indices): Told => ({ type: "task-mocked", state, indices });

export const failed = (
  state: string,
  indices: Indices = [],
  facts: Partial<Omit<Facts<"state-failed">, keyof Place>> = {},
): Told => ({ type: "state-failed", state, indices, error: "States.TaskFailed", cause: "", ...facts });

export const retried = (
  state: string,
  indices: Indices = [],
  facts: Partial<Omit<Facts<"state-retried">, keyof Place>> = {},
): Told => ({
  ...{ type: "state-retried", state, indices, error: "States.TaskFailed", cause: "", attempt: 1, delaySeconds: 0 },
  ...facts,
});

export const caught = (
  state: string,
  indices: Indices,
  facts: Pick<Facts<"state-caught">, "next"> & Partial<Omit<Facts<"state-caught">, keyof Place>>,
): Told => ({ type: "state-caught", state, indices, error: "States.TaskFailed", cause: "", ...facts });

export const mapStarted = (total: number, state: string, ...indices: Indices): Told => ({
  ...{ type: "map-started", state, indices, total },
});

/** The counts of a Map Run, outside other Maps unless `indices` are given. */
export const mapRun = (
  state: string,
  counts: Partial<MapRunCounts>,
  mapRunArn = "arn",
  indices: Indices = [],
): Told => ({
  ...{ type: "map-run", state, indices, mapRunArn },
  counts: { total: 0, pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0, ...counts },
});

/** An item of that Map Run fails. */
export const mapRunFailure = (state: string, name: string, cause = "why"): Told => ({
  ...{ type: "map-run-failure", state, indices: [], mapRunArn: "arn", executionArn: `arn:${name}`, name },
  ...{ status: "FAILED", error: "E", cause },
});

// --- jobs ---

export const submitted = (jobId: string, state: string, indices: Indices = [], jobName = jobId): Told => ({
  ...{ type: "job-submitted", state, indices, jobId, jobName },
});

/** The fields of a job of which nothing is known but its events. */
export const UNKNOWN_JOB = {
  ...{
    item: null,
    usage: null,
    dockerRun: null,
    definition: null,
    image: null,
    command: null,
    environment: null,
    secrets: null,
  },
  ...{ vcpus: null, memoryMiB: null, gpus: null, compute: null, architecture: null, instanceTypes: null },
  ...{ ephemeralStorageGiB: null, sharedMemoryMiB: null, user: null },
  ...{ readonlyRootFilesystem: null, initProcess: null },
};

/** A description with the fields that a job definition need not have. */
export const description = (facts: Partial<JobDescription> = {}): JobDescription => ({
  ...{ definition: "echo:1", image: "registry/echo:tag", command: [], environment: {}, secrets: [] },
  ...{ vcpus: 1, memoryMiB: 2048, gpus: 0, compute: null, architecture: null, instanceTypes: [] },
  ...{ ephemeralStorageGiB: null, sharedMemoryMiB: null, user: null },
  ...{ readonlyRootFilesystem: false, initProcess: false, ...facts },
});

export const described = (jobId: string, facts: Partial<JobDescription> = {}): Told => ({
  ...{ type: "job-described", jobId, job: description(facts) },
});

export const usage = (jobId: string, used: JobUsage): Told => ({ type: "job-usage", jobId, usage: used });

export const status = (jobId: string, to: JobStatus, reason: string | null = null): Told => ({
  ...{ type: "job-status", jobId, status: to, reason },
});

export const attempt = (jobId: string, facts: Partial<JobAttempt> = {}): Told => ({
  ...{ type: "job-attempt", jobId },
  attempt: { startedAt: null, stoppedAt: 0, exitCode: null, reason: null, statusReason: null, ...facts },
});

export const waiting = (jobId: string, reason: string | null, place: number | null = null): Told => ({
  ...{ type: "job-waiting", jobId, wait: { reason, place } },
});

export const log = (jobId: string, line: string): Told => ({ type: "job-log", jobId, line });
