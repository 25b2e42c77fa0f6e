/** Goes on with a kept run that failed, was stopped or was killed. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StatesDocument } from "../../asl/document";
import { FileError, UsageError } from "../../base/errors";
import { whyItFailed } from "../../base/file-errors";
import { identityOf, type ProcessTable, processTable } from "../../base/process-identity";
import { type Costs, collectCosts } from "../../execution/cost/costs";
import type { EventSink } from "../../execution/events";
import { EventReader, writeEvents } from "./event-file";
import { goneRun } from "./gone-run";
import { OpenEnds } from "./open-ends";
import { OpenRun } from "./open-run";
import { type KeptRun, RUN_FILES, readRun } from "./run-folder";
import type { RunHead } from "./run-head";
import { guardedSink, type RunKeeper } from "./run-keeper";
import { RunProgress } from "./run-progress";
import { endOf } from "./watch-run";

/** A run that has not succeeded, and the part of it that is done. */
export interface UnfinishedRun {
  readonly run: KeptRun;
  readonly progress: RunProgress;
  readonly costs: Costs;
  /** Emits the ends of the states and jobs that a killed run has left open. */
  readonly endAll: (emit: EventSink) => void;
  /** The bytes of its whole events. */
  readonly size: number;
}

/**
 * Refuses a run for AWS's reasons.
 * @throws UsageError
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html ("redriveStatusReason")
 */
export function refuseUnlessRedrivable({ head: { name, status } }: KeptRun): void {
  if (status !== "RUNNING" && status !== "SUCCEEDED") return;
  const what =
    status === "RUNNING" ? `wait for its end, or follow it with \`npx workflow watch --local ${name}\`` : START;
  throw notRedrivable(name, `Execution is ${status} and cannot be redriven`, what);
}

/** @throws UsageError if the kept part of the run does not suffice */
export async function readUnfinishedRun(run: KeptRun, document: StatesDocument): Promise<UnfinishedRun> {
  const { folder, head } = run;
  const reader = new EventReader(join(folder, RUN_FILES.events));
  const [progress, open] = [new RunProgress(document), new OpenEnds()];
  const costs = collectCosts({ region: head.region, isHere: true });
  let hasEnd = false;
  for await (const events of reader.read()) {
    for (const event of events) {
      progress.record(event);
      open.record(event);
      costs.record(event);
      if (event.type === "execution-ended") hasEnd = true;
      if (event.type === "execution-redriven") hasEnd = false;
    }
  }
  const { problem } = progress;
  if (problem !== null) throw notRedrivable(head.name, problem);
  const endAll = (emit: EventSink) => {
    if (!hasEnd) emit(endOf(run, open, emit));
  };
  return { run, progress, costs, endAll, size: reader.size };
}

/** Keeps what the run does from now on, in its folder. */
export function keepRedrive(
  { run: { folder, head }, costs, endAll, size }: UnfinishedRun,
  failed: (message: string) => void,
  table: ProcessTable = processTable(),
): RunKeeper {
  let kept: OpenRun | null = null;
  const guarded = guardedSink(
    dirname(folder),
    (event) => kept?.record(event),
    () => kept,
    failed,
  );
  const begin = () => {
    const now = readRun(folder, table);
    if (now === null) throw goneRun(folder);
    refuseUnlessRedrivable(now);
    if (now.head.redriveCount !== head.redriveCount) throw notRedrivable(head.name, "it was redriven meanwhile");
    const running: RunHead = {
      ...head,
      ...{ status: "RUNNING", stoppedAt: null, redriveCount: head.redriveCount + 1 },
      process: identityOf(process.pid, table),
    };
    const opened = OpenRun.reopen(
      folder,
      running,
      costs,
      writeEvents(join(folder, RUN_FILES.events), guarded.giveUp, size),
    );
    endAll((event) => opened.append(event));
    kept = opened;
  };
  return {
    sink: guarded.sink,
    prepared: async () => {
      try {
        // Another process may redrive it at the same time. Only a redrive needs the lock, and what it brings along.
        const { exclusively } = await import("../../terraform/project-lock");
        await exclusively(async () => begin(), join(folder, ".lock"), table);
      } catch (error) {
        const cause = existsSync(folder) ? error : goneRun(folder);
        if (cause instanceof UsageError) throw cause;
        throw new FileError(`the run in ${folder} cannot be written: ${whyItFailed(cause)}`, { cause });
      }
    },
    close: () => {
      guarded.close();
      kept = null;
    },
  };
}

// --- internal ---

const START = "start a new one";

function notRedrivable(name: string, reason: string, what = START): UsageError {
  return new UsageError(`\`${name}\` cannot be redriven: ${reason}; ${what}`);
}
