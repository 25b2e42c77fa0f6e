/** Connects a local run with the results of earlier runs: the run that `--resume` names, and the results that this run keeps. */
import { join } from "node:path";
import { UsageError } from "../base/errors";
import { whyItFailed } from "../base/file-errors";
import type { Json } from "../base/json";
import { counted } from "../base/terminal-text";
import { placeName } from "../execution/events";
import type { JobAdditions } from "../local/batch/job-additions";
import { passedOn } from "../local/engines/process-engine";
import type { StartPoint } from "../local/interpreter/start-point";
import { dataFiles, mountedFolders } from "../local/reuse/job-folders";
import { type JobReuse, jobReuse } from "../local/reuse/job-reuse";
import { saltOf } from "../local/reuse/salt";
import { readResults, resultsFile, type StoredResults } from "../local/reuse/stored-results";
import { findRun, keptRuns } from "../local/runs/find-run";
import { type KeptRun, RUN_FILES, runFolder } from "../local/runs/run-folder";
import type { Prepared, Runnable } from "./runnable";
import { chosenState, type StartFlags, startAt } from "./start-at";

/** The earlier run that a run goes on from. */
export interface Earlier {
  /** `null`: it begins anew. */
  readonly run: KeptRun | null;
  readonly stored: StoredResults;
  /** True if jobs get their earlier results. With `--from` and `--only` they run. */
  readonly reuses: boolean;
  readonly input: Json;
  readonly start: StartPoint | null;
}

type Flags = StartFlags & { readonly resume: string | undefined };

/**
 * Reads the run that the flags name. Without a name it is the newest one of the same workflow.
 * @throws UsageError if there is no such run, or it belongs to another workflow, or the execution cannot begin where the flags say
 */
export async function earlierRun(flags: Flags, { runs, workflow, document, input }: Runnable): Promise<Earlier> {
  const chosen = chosenState(flags, document);
  const anew = { run: null, stored: NOTHING_STORED, reuses: false, input, start: null };
  if (flags.resume === undefined && chosen === null) return anew;
  const found = findEarlier(flags.resume ?? LATEST, runs === null ? [] : [runs], workflow);
  const storedIn = ({ folder }: KeptRun) => readResults(join(folder, RUN_FILES.results));
  if (chosen !== null) {
    const { run, start } = await startAt(chosen, document, found);
    // The newest run has the results of those before it.
    return { run, stored: storedIn(found[0]!), reuses: false, input: start.input, start: start.point };
  }
  const [run] = found;
  return run === undefined
    ? { ...anew, reuses: true }
    : { run, stored: storedIn(run), reuses: true, input, start: null };
}

/** Describes what the run goes on from; `null` if it begins anew. */
export function earlierText({ run, stored, reuses, start }: Earlier, { programs }: Prepared): string | null {
  if (run !== null && start !== null) {
    return `${start.isOnly ? "running" : "beginning at"} ${placeName(start)} with its input of the run ${run.head.name}`;
  }
  if (!reuses) return null;
  if (run === null) return "no earlier run of this workflow is kept here: every job runs";
  if (typeof programs === "string") return `every job runs: ${programs}`;
  const jobs = new Set(stored.results.map(({ place }) => place)).size;
  if (jobs === 0) return `resuming ${run.head.name}: it has kept no result, so every job runs`;
  return `resuming ${run.head.name}: the results of ${counted(jobs, "job")} can be reused`;
}

export interface KeptResults {
  readonly reuse: JobReuse;
  readonly close: () => void;
}

/** Keeps the results of a run in its folder below `runs`, and reuses those of an earlier one. `null` if no result can be kept. */
export function keepResults(
  {
    runs,
    name,
    earlier: { stored, reuses },
  }: { readonly runs: string; readonly name: string; readonly earlier: Earlier },
  prepared: Prepared,
  environment: NodeJS.ProcessEnv,
  notice: (message: string) => void,
): KeptResults | null {
  const { engine, programs, additions, objects, endpoint } = prepared;
  if (typeof programs === "string") return null;
  const notKept = (error: unknown) =>
    notice(`the results of jobs are not kept for \`--resume\`, or reused: ${whyItFailed(error)}`);
  let salt: string;
  try {
    salt = saltOf(runs);
  } catch (error) {
    notKept(error);
    return null;
  }
  const isProcess = engine.name === "process";
  const objectsBefore = isProcess ? stored.objects : [];
  const file = resultsFile(join(runFolder(runs, name), RUN_FILES.results), notKept);
  const reuse = jobReuse({
    execution: name,
    earlier: reuses && stored.results.length + stored.unkept.size > 0 ? stored : null,
    file,
    programOf: programs,
    foldersOf: isProcess ? dataFiles(objects, objectsBefore, file) : mountedFolders(additions),
    surroundings: {
      salt,
      seesData: isProcess,
      engine: [engine.name, endpoint !== null],
      terminal: isProcess ? passedOn(environment) : {},
      additions: withoutChanging(additions, endpoint?.changing ?? []),
    },
    additions,
    objects,
    data: endpoint,
  });
  return { reuse, close: file.close };
}

// --- internal ---

const LATEST = "latest";
const NOTHING_STORED: StoredResults = { text: "", results: [], unkept: new Map(), variables: [], objects: [] };

/** Returns the runs of a workflow that have ended, newest first, or the one with a name. */
function findEarlier(reference: string, folders: readonly string[], workflow: string): KeptRun[] {
  if (reference === LATEST) {
    return keptRuns(folders).filter(({ head }) => head.workflow === workflow && head.status !== "RUNNING");
  }
  const run = findRun(folders, reference);
  const { head } = run;
  if (head.workflow === workflow) return [run];
  throw new UsageError(
    `\`--resume\` needs a run of ${workflow}, got: ${head.name}, a run of ${head.workflow}; \`list --local\` shows all runs`,
  );
}

/** Leaves out the variables that differ from run to run. */
function withoutChanging(additions: JobAdditions, changing: readonly string[]): JobAdditions {
  const { environment, secrets } = additions.defaults;
  const kept = (variables: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(variables).filter(([name]) => !changing.includes(name)));
  return { ...additions, defaults: { environment: kept(environment), secrets: kept(secrets) } };
}
