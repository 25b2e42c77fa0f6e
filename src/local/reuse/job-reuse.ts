/** Gives jobs the results of equal jobs of an earlier run, and keeps the results of those that run. */
import { type Place, placeKey } from "../../execution/events";
import type { NotReused, Unkept } from "../../execution/not-reused";
import { type JobAdditions, jobVariables } from "../batch/job-additions";
import { isRetried } from "../batch/job-definition";
import type { Attempt } from "../batch/job-detail";
import type { JobPlan } from "../batch/job-plan";
import type { Bucket } from "../data/data-folder";
import type { ObjectStore } from "../data/object-store";
import { changeIn, DataRecorder, type DataTrace, NO_DATA } from "./data-trace";
import type { FoldersOf } from "./job-folders";
import { type JobKey, type JobSurroundings, jobKeys } from "./job-key";
import type { ProgramOf } from "./programs";
import type { FinishedJob, ResultsFile, StoredResult } from "./stored-results";
import { tracedBucket } from "./traced-bucket";
import { VariableNames } from "./variable-names";
import { type EarlierResults, whyAgain } from "./why-again";

/** A finished job of an earlier execution. */
export interface EarlierJob {
  readonly job: FinishedJob;
  /** The name of the execution in which it ran. */
  readonly execution: string;
}

/** A job that is about to run. */
export interface JobToWatch {
  /** Absent if no earlier run is resumed. */
  readonly notReused?: NotReused;
  readonly additions: JobAdditions;
  /** Keeps the result of the job, which has succeeded. */
  readonly keep: (job: FinishedJob) => Promise<void>;
}

export interface JobReuse {
  /** Returns the result of an equal job, each one once; otherwise the job to run. */
  readonly consider: (plan: JobPlan, place: Place) => Promise<EarlierJob | JobToWatch>;
  /** The notice about the jobs that always run. Absent if no earlier run is resumed. */
  readonly ofOthers: Pick<JobToWatch, "notReused">;
}

export interface ReuseDependencies {
  /** The name of the execution. */
  readonly execution: string;
  /**
   * The results of the earlier run that may be reused. Of two with the same key, the later one is reused first. `null` if no earlier
   * run is resumed.
   */
  readonly earlier: EarlierResults | null;
  /** The results of this run. */
  readonly file: ResultsFile;
  /** Identifies the content of a job's image; `null` if that is not known: then the job runs. */
  readonly programOf: ProgramOf;
  /** Identifies the folders that the job sees without the S3 endpoint. If they are not known, the job runs. */
  readonly foldersOf: FoldersOf;
  readonly surroundings: JobSurroundings;
  readonly additions: JobAdditions;
  readonly objects: ObjectStore;
  /** The data of the jobs; `null` if they reach none. */
  readonly data: { readonly newAccessKey: ((seen: (bucket: Bucket) => Bucket) => string) | null } | null;
}

export function jobReuse(dependencies: ReuseDependencies): JobReuse {
  const { execution, file, programOf, foldersOf, surroundings, objects } = dependencies;
  const earlier = dependencies.earlier ?? NOTHING;
  const names = new VariableNames(surroundings.salt, earlier.variables);
  const equal = byKey(earlier.results);
  const why = whyAgain(earlier, names);
  const keyOf = jobKeys(surroundings);
  const ofFolders = surroundings.seesData ? OF_DATA : OF_MOUNTS;
  const resumed = (notReused: NotReused) => (dependencies.earlier === null ? {} : { notReused });
  const claim = async (job: JobKey, plan: JobPlan, place: Place): Promise<StoredResult | NotReused> => {
    const found = equal.get(job.key);
    if (found === undefined) return why(place, job);
    for (let result = found.results.pop(); result !== undefined; result = found.results.pop()) {
      const problem = fits(result.job, plan) ? await changeIn(result.data, objects) : LIMITS;
      if (problem === null) return result;
      found.problem = problem;
    }
    return found.problem;
  };
  return {
    ofOthers: resumed({ because: "always" }),
    consider: async (plan, place) => {
      const { definition } = plan;
      const program = programOf(definition);
      const folders = program === null ? null : foldersOf(definition, "before");
      if (program === null || folders === null) {
        const because = program === null ? "unknownImage" : ofFolders.unknown;
        return { ...resumed({ because }), additions: dependencies.additions, keep: async () => {} };
      }
      const own = keyOf(plan, program, folders);
      const result = await claim(own, plan, place);
      if ("job" in result) return { job: result.job, execution: result.execution };
      const { additions, end } = watchData(plan, dependencies);
      return {
        ...resumed(result),
        additions,
        keep: async (job) => {
          const data = end();
          // Changes in the folders may be the work of the job. It cannot be checked that they are still there.
          const found = foldersOf(definition, "after") === folders ? data : ofFolders.wrote;
          const at = placeKey(place);
          if (typeof found === "string") return file.add({ unkept: { place: at, because: found } });
          for (const variables of names.fresh(own)) file.add({ variables });
          file.add({ result: { key: own.key, parts: own.parts, place: at, execution, job, data: found } });
        },
      };
    },
  };
}

// --- internal ---

const OF_DATA = { unknown: "unknownDataFiles", wrote: "wroteDataFiles" } as const;
const OF_MOUNTS = { unknown: "unknownMountedFiles", wrote: "wroteMountedFiles" } as const;
const NOTHING: EarlierResults = { results: [], unkept: new Map(), variables: [] };
const LIMITS: NotReused = { because: "limits" };

interface EqualJobs {
  /** Those that are left. */
  readonly results: StoredResult[];
  /** The reason why the last result that did not fit was not reused. */
  problem: NotReused;
}

function byKey(results: readonly StoredResult[]): Map<string, EqualJobs> {
  const found = new Map<string, EqualJobs>();
  for (const result of results) {
    const others = found.get(result.key);
    if (others === undefined) found.set(result.key, { results: [result], problem: { because: "taken" } });
    else others.results.push(result);
  }
  return found;
}

/** Returns whether the attempts that the job has made are possible under the time limit and the retries of a plan. */
function fits({ attempts }: FinishedJob, { timeoutSeconds, attempts: most, evaluateOnExit }: JobPlan): boolean {
  const [last, ...failed] = attempts.toReversed();
  const isInTime = ({ startedAt, stoppedAt }: Attempt) =>
    timeoutSeconds === null || (startedAt !== null && stoppedAt - startedAt <= timeoutSeconds * 1000);
  return (
    last !== undefined &&
    attempts.length <= most &&
    attempts.every(isInTime) &&
    failed.every((attempt) => isRetried(attempt, evaluateOnExit))
  );
}

/** Gives a job an access key of its own. `end` returns what it has read and written, or why that is not known. */
function watchData(
  { definition, environment }: JobPlan,
  { data, additions }: ReuseDependencies,
): { readonly additions: JobAdditions; readonly end: () => DataTrace | Unkept } {
  if (data === null) return { additions, end: () => NO_DATA };
  if (data.newAccessKey === null) return { additions, end: () => "ownCredentials" };
  const recorder = new DataRecorder();
  const accessKeyId = data.newAccessKey((bucket) => tracedBucket(bucket, recorder));
  const { defaults } = additions;
  const own = {
    ...additions,
    defaults: { ...defaults, environment: { ...defaults.environment, AWS_ACCESS_KEY_ID: accessKeyId } },
  };
  const variables = jobVariables({ definition: definition.name, environment }, own, {});
  // Otherwise the user has given the job credentials, which it may share with others.
  const isOwn = variables.environment.AWS_ACCESS_KEY_ID === accessKeyId;
  return { additions: own, end: () => (isOwn ? (recorder.end() ?? "unclearData") : "ownCredentials") };
}
