/** Keeps a new run. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../base/errors";
import { identityOf, type ProcessTable, processTable } from "../../base/process-identity";
import { collectCosts } from "../../execution/cost/costs";
import type { ExecutionEvent } from "../../execution/events";
import { writeEvents } from "./event-file";
import { OpenRun } from "./open-run";
import { pruneRuns } from "./prune-runs";
import { createRun, RUN_FILES, runFolder } from "./run-folder";
import type { RunHead } from "./run-head";
import { guardedSink, NO_KEEPER, type PreparedRun, type RunKeeper } from "./run-keeper";

/**
 * Keeps a run in the folder `runs`; nowhere if it is `null`. Its folder is created when the execution starts. If that fails, as on a
 * full disk, `failed` is called once with a message, and the run goes on.
 * @throws UsageError if another run has the name. The sink throws it too, if that run has started meanwhile
 */
export function keepRun(
  runs: string | null,
  name: string,
  failed: (message: string) => void,
  table: ProcessTable = processTable(),
): RunKeeper {
  if (runs === null) return NO_KEEPER;
  if (existsSync(runFolder(runs, name))) throw nameIsTaken(name);
  /** The events before the execution starts. */
  const early: ExecutionEvent[] = [];
  let prepared: PreparedRun | null = null;
  let kept: OpenRun | null = null;

  const begin = (event: Extract<ExecutionEvent, { type: "execution-started" }>): OpenRun => {
    const { stateMachine, results, ...about } = prepared!;
    const head: RunHead = {
      ...{ name, workflow: stateMachine.name, ...about },
      ...{ startedAt: event.at, stoppedAt: null, status: "RUNNING", redriveCount: 0, cost: null },
      process: identityOf(process.pid, table),
    };
    const folder = createRun(runs, head, {
      definition: stateMachine.definition,
      input: event.input,
      ...(results !== undefined && { results }),
    });
    if (folder === null) throw nameIsTaken(name);
    const costs = collectCosts({ region: about.region, isHere: true });
    const run = new OpenRun(folder, head, costs, writeEvents(join(folder, RUN_FILES.events), guarded.giveUp));
    pruneRuns(runs, table);
    return run;
  };
  const keep = (event: ExecutionEvent) => {
    if (event.type === "execution-started") kept = begin(event);
    if (kept === null) {
      early.push(event);
      return;
    }
    for (const before of early.splice(0)) kept.record(before);
    kept.record(event);
  };
  const guarded = guardedSink(runs, keep, () => kept, failed);
  return {
    sink: guarded.sink,
    prepared: (run) => {
      prepared = run;
    },
    close: () => {
      guarded.close();
      kept = null;
    },
  };
}

// --- internal ---

/** AWS refuses such an execution as `ExecutionAlreadyExists`. */
function nameIsTaken(name: string): UsageError {
  return new UsageError(`\`--name\` must be a name that no kept run has, got: ${name}; \`list --local\` shows them`);
}
