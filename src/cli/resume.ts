/** Connects a local run with the results of earlier runs: the run that `--resume` names, and the results that this run keeps. */
import { join } from "node:path";
import { UsageError } from "../base/errors";
import { whyItFailed } from "../base/file-errors";
import { counted } from "../base/terminal-text";
import type { JobAdditions } from "../local/batch/job-additions";
import { passedOn } from "../local/engines/process-engine";
import { dataFiles, mountedFolders } from "../local/reuse/job-folders";
import { type JobReuse, jobReuse } from "../local/reuse/job-reuse";
import { readResults, resultsFile, type StoredResults } from "../local/reuse/stored-results";
import { findRun, keptRuns } from "../local/runs/find-run";
import { type KeptRun, RUN_FILES } from "../local/runs/run-folder";
import type { Prepared, Runnable } from "./runnable";

/** The earlier run that a run goes on from. */
export interface Resumed {
  readonly run: KeptRun;
  readonly stored: StoredResults;
}

/**
 * Finds the run to resume. `latest` is the newest run of the same workflow; `null` if there is none.
 * @throws UsageError if there is no such run, or it belongs to another workflow
 */
export function runToResume(
  reference: string,
  { runs, workflow }: Pick<Runnable, "runs" | "workflow">,
): Resumed | null {
  const folders = runs === null ? [] : [runs];
  const run =
    reference === "latest"
      ? keptRuns(folders).find(({ head }) => head.workflow === workflow)
      : findRun(folders, reference);
  if (run === undefined) return null;
  if (run.head.workflow !== workflow) {
    throw new UsageError(
      `\`--resume\` needs a run of ${workflow}, got: ${run.head.name}, a run of ${run.head.workflow}; \`list --local\` shows all runs`,
    );
  }
  return { run, stored: readResults(join(run.folder, RUN_FILES.results)) };
}

export interface KeptResults {
  readonly reuse: JobReuse;
  readonly close: () => void;
}

/** Keeps the results of a run in its folder, and reuses those of an earlier one. `null` if no result can be kept. */
export function keepResults(
  { folder, name, stored }: { readonly folder: string; readonly name: string; readonly stored: StoredResults },
  prepared: Prepared,
  environment: NodeJS.ProcessEnv,
  notice: (message: string) => void,
): KeptResults | null {
  const { engine, programs, additions, objects, endpoint } = prepared;
  if (typeof programs === "string") return null;
  const isProcess = engine.name === "process";
  const objectsBefore = isProcess ? stored.objects : [];
  const file = resultsFile(
    join(folder, RUN_FILES.results),
    objectsBefore.map((object) => ({ object })),
    (error) => notice(`the results of jobs are not kept for \`--resume\`: ${whyItFailed(error)}`),
  );
  const reuse = jobReuse({
    execution: name,
    earlier: stored.results,
    file,
    programOf: programs,
    foldersOf: isProcess ? dataFiles(objects, objectsBefore, file) : mountedFolders(additions),
    surroundings: {
      machine: [engine.name, isProcess ? passedOn(environment) : null, endpoint !== null],
      additions: withoutChanging(additions, endpoint?.changing ?? []),
    },
    additions,
    objects,
    data: endpoint,
  });
  return { reuse, close: file.close };
}

export const NOTHING_STORED: StoredResults = { results: [], objects: [] };

/** Describes what a resumed run goes on from. */
export function resumedText(resumed: Resumed | null, { programs }: Prepared): string {
  if (resumed === null) return "no earlier run of this workflow is kept here: every job runs";
  if (typeof programs === "string") return `every job runs: ${programs}`;
  const { run, stored } = resumed;
  return `resuming ${run.head.name}: ${counted(stored.results.length, "result")} can be reused`;
}

// --- internal ---

/** Leaves out the variables that differ from run to run. */
function withoutChanging(additions: JobAdditions, changing: readonly string[]): JobAdditions {
  const { environment, secrets } = additions.defaults;
  const kept = (variables: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(variables).filter(([name]) => !changing.includes(name)));
  return { ...additions, defaults: { environment: kept(environment), secrets: kept(secrets) } };
}
