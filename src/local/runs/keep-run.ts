/** Keeps the run that this process does. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../base/errors";
import { whyItFailed } from "../../base/file-errors";
import { identityOf, type ProcessTable, processTable } from "../../base/process-identity";
import { type Costs, collectCosts } from "../../execution/cost/costs";
import type { EventSink, ExecutionEvent } from "../../execution/events";
import { type EventWriter, writeEvents } from "./event-file";
import { pruneRuns } from "./prune-runs";
import { createRun, RUN_FILES, type RunHead, runFolder, writeHead } from "./run-folder";

export interface RunKeeper {
  /** Takes the events, with their secrets hidden. Creates the folder when the execution starts. */
  readonly sink: EventSink;
  /** Tells what the folder needs beside the events. Comes before the execution starts. */
  readonly prepared: (run: PreparedRun) => void;
  readonly close: () => void;
}

interface PreparedRun {
  readonly engine: string;
  readonly region: string | null;
  readonly stateMachine: { readonly name: string; readonly definition: object };
  /** The lines of `results.jsonl` that the run begins with. @default none */
  readonly results?: string;
}

/**
 * Keeps a run in the folder `runs`; nowhere if it is `null`. If that fails, as on a full disk, `failed` is called once with a
 * message, and the run goes on.
 * @throws UsageError if another run has the name
 */
export function keepRun(
  runs: string | null,
  name: string,
  failed: (message: string) => void,
  table: ProcessTable = processTable(),
): RunKeeper {
  if (runs === null) return { sink: () => {}, prepared: () => {}, close: () => {} };
  if (existsSync(runFolder(runs, name))) {
    throw new UsageError(`\`--name\` must be a name that no kept run has, got: ${name}; \`list --local\` shows them`);
  }
  /** The events before the execution starts. */
  const early: ExecutionEvent[] = [];
  let prepared: PreparedRun | null = null;
  let kept: { readonly folder: string; readonly writer: EventWriter; readonly costs: Costs; head: RunHead } | null =
    null;
  let isBroken = false;

  const giveUp = (error: unknown) => {
    if (isBroken) return;
    isBroken = true;
    failed(`this run is not kept in ${runs}: ${whyItFailed(error)}`);
  };
  const begin = (event: Extract<ExecutionEvent, { type: "execution-started" }>) => {
    const { engine, region, stateMachine, results } = prepared!;
    const head: RunHead = {
      name,
      workflow: stateMachine.name,
      startedAt: event.at,
      stoppedAt: null,
      status: "RUNNING",
      redriveCount: 0,
      engine,
      region,
      cost: null,
      process: identityOf(process.pid, table),
    };
    const folder = createRun(runs, head, {
      definition: stateMachine.definition,
      input: event.input,
      ...(results !== undefined && { results }),
    });
    if (folder === null) throw new Error("another run has taken its name");
    kept = {
      folder,
      head,
      costs: collectCosts({ region, isHere: true }),
      writer: writeEvents(join(folder, RUN_FILES.events), giveUp),
    };
    pruneRuns(runs, table);
    for (const before of early.splice(0)) kept.writer.sink(before);
  };
  const keep = (event: ExecutionEvent) => {
    if (event.type === "execution-started") begin(event);
    if (kept === null) {
      early.push(event);
      return;
    }
    kept.writer.sink(event);
    kept.costs.record(event);
    if (event.type !== "execution-ended") return;
    kept.head = { ...kept.head, status: event.status, stoppedAt: event.at, cost: kept.costs.ofRun() };
    writeHead(kept.folder, kept.head);
  };
  const attempt = (work: () => void) => {
    if (isBroken) return;
    try {
      work();
    } catch (error) {
      giveUp(error);
    }
  };
  return {
    sink: (event) => attempt(() => keep(event)),
    prepared: (run) => {
      prepared = run;
    },
    close: () => {
      attempt(() => kept?.writer.close());
      kept = null;
    },
  };
}
