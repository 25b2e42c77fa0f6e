/** Finds a kept run by its name, or by `latest`. */
import { UsageError } from "../../base/errors";
import { type ProcessTable, processTable } from "../../base/process-identity";
import { nearest } from "../../base/suggest";
import { visible } from "../../base/text";
import { type KeptRun, listRuns } from "./run-folder";

/** Returns the runs of some folders, newest first. A name occurs once: the first folder has precedence. */
export function keptRuns(folders: readonly string[], table: ProcessTable = processTable()): KeptRun[] {
  const byName = new Map<string, KeptRun>();
  for (const run of folders.flatMap((folder) => listRuns(folder, table))) {
    if (!byName.has(run.head.name)) byName.set(run.head.name, run);
  }
  return [...byName.values()].toSorted((a, b) => b.head.startedAt - a.head.startedAt);
}

/** @throws UsageError if there is no such run */
export function findRun(folders: readonly string[], reference: string, table?: ProcessTable): KeptRun {
  const runs = keptRuns(folders, table);
  const found = reference === "latest" ? runs[0] : runs.find(({ head }) => head.name === reference);
  if (found !== undefined) return found;
  if (runs.length === 0) throw new UsageError("no run is kept here yet; start one with `npx workflow local`");
  const meant = nearest(
    reference,
    runs.map(({ head }) => head.name),
  );
  const what = meant === null ? "`npx workflow list --local` shows the runs" : `did you mean ${visible(meant)}?`;
  throw new UsageError(`there is no run \`${reference}\` here; ${what}`);
}
