/** Removes old runs. */
import { randomUUID } from "node:crypto";
import { renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ProcessTable, processTable } from "../../base/process-identity";
import { listRuns, namesIn, UNFINISHED } from "./run-folder";

/** The newest runs are kept. */
const RUNS_KEPT = 20;

/**
 * Removes all runs but the newest ones, and what a killed command has left. A run that still runs is never removed. Other processes
 * may do the same at the same time.
 */
export function pruneRuns(runs: string, table: ProcessTable = processTable(), most: number = RUNS_KEPT): void {
  const now = Date.now();
  for (const name of namesIn(runs)) {
    const isLeft = name.startsWith(REMOVED) || (name.startsWith(UNFINISHED) && isOld(join(runs, name), now));
    if (isLeft) quietly(() => rmSync(join(runs, name), { recursive: true, force: true }));
  }
  const ended = listRuns(runs, table)
    .slice(most)
    .filter(({ head }) => head.status !== "RUNNING");
  for (const { folder } of ended) {
    // The run goes in one step. So no half run is seen, even if this process is killed here.
    const removed = join(runs, `${REMOVED}${randomUUID()}`);
    quietly(() => {
      renameSync(folder, removed);
      rmSync(removed, { recursive: true, force: true });
    });
  }
}

// --- internal ---

const REMOVED = ".removed-";
/** A run is created within milliseconds. */
const CREATION_MILLISECONDS = 600_000;

function isOld(path: string, now: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && now - stats.mtimeMs > CREATION_MILLISECONDS;
}

/** Another process may remove the same folder. What cannot be removed now, the next run removes. */
function quietly(remove: () => void): void {
  try {
    remove();
  } catch {}
}
