/** One attempt of a job: a container, its time limit, and how Batch stops it. */
import { setMaxListeners } from "node:events";
import type { Clock } from "../../base/clock";
import { type JobAttempt, type JobUsage, STOPPED_WITH_STATE } from "../../execution/events";
import {
  type ContainerEnd,
  type ContainerListener,
  type ContainerSpec,
  type Engine,
  hostLost,
} from "../engines/engine";

/** The reason why Batch stopped an attempt: its time was up, or the job was terminated. */
type StopReason = "timeout" | "terminated";

/** The end of an attempt, and why Batch stopped it; `null` if it ended by itself. */
export interface AttemptEnd extends JobAttempt {
  readonly stopped: StopReason | null;
  /** `null` if it is not known. */
  readonly usage: JobUsage | null;
}

export interface AttemptDependencies {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Terminates the job. */
  readonly signal: AbortSignal;
  /** Kills at once a container that Batch has asked to end. */
  readonly forceSignal: AbortSignal;
}

/** The texts of Batch, which retry strategies match. */
export const STATUS_REASON = {
  exited: "Essential container in task exited",
  "not-started": "Task failed to start",
  interrupted: "Your Spot Task was interrupted.",
  timeout: "Job attempt duration exceeded timeout",
  // The caller of TerminateJob chooses the reason.
  terminated: STOPPED_WITH_STATE,
} as const;

/** From SIGTERM to SIGKILL. @see https://docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html */
const STOP_MILLISECONDS = 30_000;

/** A container that outlives SIGKILL for this long has lost its host, because the engine may hang. */
const LOST_MILLISECONDS = 30_000;
/** The same limit after the user has asked for a kill. */
const FORCED_LOST_MILLISECONDS = 1000;

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
const OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";

/** The longest reason of a container. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerDetail.html */
const REASON_CHARACTERS = 255;

/** The parts of a plan that an attempt needs beside its container. */
export interface AttemptPlan {
  /** The limit of the attempt; `null` for none. */
  readonly timeoutSeconds: number | null;
  /** True if the job runs on Fargate, which has other texts than an instance. */
  readonly onFargate: boolean;
}

/** Runs a container to its end. Stops it when its time is up or a signal aborts. */
export async function runAttempt(
  spec: ContainerSpec,
  { timeoutSeconds, onFargate }: AttemptPlan,
  { engine, clock, signal, forceSignal }: AttemptDependencies,
  listener: ContainerListener,
): Promise<AttemptEnd> {
  let startedAt: number | null = null;
  let stopped: StopReason | null = null;
  const over = new AbortController();
  const container = engine.run(spec, {
    started: () => {
      startedAt = clock.now();
      listener.started();
      if (timeoutSeconds !== null) void timeOut(timeoutSeconds);
    },
    line: listener.line,
  });

  async function timeOut(seconds: number): Promise<void> {
    await clock.sleep(seconds * 1000, over.signal);
    if (!over.signal.aborted) await stop("timeout");
  }
  async function stop(why: StopReason): Promise<void> {
    if (stopped !== null) return;
    stopped = why;
    container.kill("SIGTERM");
    await clock.sleep(STOP_MILLISECONDS, over.signal);
    if (!over.signal.aborted) await kill(LOST_MILLISECONDS);
  }
  let lose: (end: ContainerEnd) => void;
  const lost = new Promise<ContainerEnd>((resolve) => {
    lose = resolve;
  });
  async function kill(patience: number): Promise<void> {
    container.kill("SIGKILL");
    await clock.sleep(patience, over.signal);
    lose(hostLost(engine.name));
  }
  const unlisten = [
    onAbort(signal, () => void stop("terminated")),
    onAbort(forceSignal, () => void kill(FORCED_LOST_MILLISECONDS)),
  ];

  const end = await Promise.race([container.ended, lost]);
  over.abort();
  for (const remove of unlisten) remove();
  return {
    startedAt,
    stoppedAt: clock.now(),
    exitCode: end.kind === "exited" ? end.exitCode : null,
    reason: containerReason(end),
    statusReason: stopped === null ? statusReason(end, onFargate) : STATUS_REASON[stopped as StopReason],
    stopped,
    usage: end.usage ?? null,
    ...(end.injected !== undefined && { injected: end.injected }),
  };
}

// --- internal ---

/** Failures of a start that Fargate tells in the status reason. An instance tells them in the reason. */
const FARGATE_START = /^(CannotPullContainerError|ResourceInitializationError):/;

function statusReason(end: ContainerEnd, onFargate: boolean): string {
  if (end.kind === "host-lost") return onFargate ? STATUS_REASON.interrupted : end.statusReason;
  if (end.kind === "not-started" && onFargate && FARGATE_START.test(end.reason)) return containerReason(end)!;
  return STATUS_REASON[end.kind];
}

function containerReason(end: ContainerEnd): string | null {
  if (end.kind === "not-started") return end.reason.slice(0, REASON_CHARACTERS);
  return end.kind === "exited" && end.exitCode !== 0 && end.outOfMemory ? OUT_OF_MEMORY : null;
}

/** Calls `listener` when `signal` aborts, or now if it has. Returns a function that removes the listener. */
function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) listener();
  // Each concurrent job listens to the signal. This is not a leak. Node.js would warn about one at eleven listeners.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}
