/** Follows a kept run from its first event, while another process runs it or after its end. */
import { join } from "node:path";
import { type Clock, systemClock } from "../../base/clock";
import { type ProcessTable, processTable } from "../../base/process-identity";
import type { EventSink, ExecutionEvent, ExecutionStatus } from "../../execution/events";
import { EventReader } from "./event-file";
import { goneRun } from "./gone-run";
import { OpenEnds } from "./open-ends";
import { type KeptRun, RUN_FILES, readRun } from "./run-folder";

export interface WatchRunOptions {
  readonly emit: EventSink;
  /** `failed`: only the output of jobs that fail. */
  readonly logs: "all" | "failed" | "none";
  readonly clock?: Clock;
  /** Detaches: the run goes on. */
  readonly signal?: AbortSignal;
  /** Reads what there is, without waiting for the end. */
  readonly untilNow?: boolean;
  readonly table?: ProcessTable;
}

/** The time between two looks at a run. */
const PAUSE_MILLISECONDS = 200;

/**
 * Emits the events of a run. A run that was killed ends ABORTED, with all its states and jobs. Returns the end; `null` if `signal` has
 * detached, or the run goes on.
 * @throws UsageError if the run is removed meanwhile
 */
export async function watchRun(
  folder: string,
  { emit, logs, clock = systemClock, signal, untilNow = false, table = processTable() }: WatchRunOptions,
): Promise<ExecutionStatus | null> {
  const reader = new EventReader(join(folder, RUN_FILES.events));
  const open = new OpenEnds();
  const show = logs === "all" ? emit : failedOnly(emit);
  /** The end so far. A redrive may follow. */
  let ending: Ending | null = null;
  for (;;) {
    // Read before the events: after the head says that the run has ended, no event follows.
    const run = requireRun(folder, table);
    for await (const events of reader.read()) {
      for (const event of events) {
        if (signal?.aborted) return null;
        open.record(event);
        if (event.type === "execution-redriven") ending = null;
        if (event.type === "execution-ended") ending = event;
        else show(event);
      }
    }
    if (run.head.status !== "RUNNING") {
      ending ??= endOf(run, open, show);
      emit(ending);
      return ending.status;
    }
    if (untilNow) return null;
    await clock.sleep(PAUSE_MILLISECONDS, signal);
    if (signal?.aborted) return null;
  }
}

/** Ends a run whose events have no end: emits the ends of its states and jobs, and returns that of the execution. */
export function endOf({ head, wasKilled }: KeptRun, open: OpenEnds, emit: EventSink): Ending {
  const status = head.status as ExecutionStatus;
  const stoppedAt = head.stoppedAt ?? head.startedAt;
  const at = wasKilled ? open.endAll(stoppedAt, emit) : stoppedAt;
  if (!wasKilled) emit({ at, type: "notice", message: "the last events of this run are not kept" });
  return { at, type: "execution-ended", status, output: null, error: null, cause: wasKilled ? PROCESS_ENDED : null };
}

// --- internal ---

const PROCESS_ENDED = "The process of the run has ended";

type Ending = Extract<ExecutionEvent, { type: "execution-ended" }>;

function requireRun(folder: string, table: ProcessTable): KeptRun {
  const run = readRun(folder, table);
  if (run !== null) return run;
  throw goneRun(folder);
}

/** Holds the lines of each job back until it fails. */
function failedOnly(emit: EventSink): EventSink {
  const lines = new Map<string, ExecutionEvent[]>();
  return (event) => {
    if (event.type === "job-log") {
      const held = lines.get(event.jobId);
      if (held === undefined) lines.set(event.jobId, [event]);
      else held.push(event);
      return;
    }
    if (event.type === "job-status" && (event.status === "FAILED" || event.status === "SUCCEEDED")) {
      if (event.status === "FAILED") for (const line of lines.get(event.jobId) ?? []) emit(line);
      lines.delete(event.jobId);
    }
    emit(event);
  };
}
