/** Gives jobs the results of equal jobs of an earlier run, and keeps the results of those that run. */
import { type JobAdditions, jobVariables } from "../batch/job-additions";
import { isRetried } from "../batch/job-definition";
import type { Attempt } from "../batch/job-detail";
import type { JobPlan } from "../batch/job-plan";
import type { Bucket } from "../data/data-folder";
import type { ObjectStore } from "../data/object-store";
import { DataRecorder, type DataTrace, isUnchanged, NO_DATA } from "./data-trace";
import type { FoldersOf } from "./job-folders";
import { type JobSurroundings, jobKey } from "./job-key";
import type { ProgramOf } from "./programs";
import type { FinishedJob, ResultsFile, StoredResult } from "./stored-results";
import { tracedBucket } from "./traced-bucket";

/** A finished job of an earlier execution. */
export interface EarlierJob {
  readonly job: FinishedJob;
  /** The name of the execution in which it ran. */
  readonly execution: string;
}

/** A job that is about to run. */
export interface JobToWatch {
  readonly additions: JobAdditions;
  /** Keeps the result of the job, which has succeeded. */
  readonly keep: (job: FinishedJob) => Promise<void>;
}

export interface JobReuse {
  /** Returns the result of an equal job, each one once; otherwise the job to run. */
  readonly consider: (plan: JobPlan) => Promise<EarlierJob | JobToWatch>;
}

export interface ReuseDependencies {
  /** The name of the execution. */
  readonly execution: string;
  /** The results of the earlier run that may be reused. Of two with the same key, the later one is reused first. */
  readonly earlier: readonly StoredResult[];
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
  const earlier = byKey(dependencies.earlier);
  const claim = async (key: string, plan: JobPlan): Promise<StoredResult | null> => {
    const results = earlier.get(key);
    for (let result = results?.pop(); result !== undefined; result = results!.pop()) {
      if (fits(result.job, plan) && (await isUnchanged(result.data, objects))) return result;
    }
    return null;
  };
  return {
    consider: async (plan) => {
      const { definition } = plan;
      const program = programOf(definition);
      const folders = program === null ? null : foldersOf(definition, "before");
      if (program === null || folders === null) return { additions: dependencies.additions, keep: async () => {} };
      const key = jobKey(plan, program, folders, surroundings);
      const result = await claim(key, plan);
      if (result !== null) return { job: result.job, execution: result.execution };
      const { additions, end } = watchData(plan, dependencies);
      return {
        additions,
        keep: async (job) => {
          const data = end();
          // What has changed in the folders may be the work of the job. Nobody could tell if that is still there.
          if (data !== null && foldersOf(definition, "after") === folders)
            file.add({ result: { key, execution, job, data } });
        },
      };
    },
  };
}

// --- internal ---

function byKey(results: readonly StoredResult[]): Map<string, StoredResult[]> {
  const found = new Map<string, StoredResult[]>();
  for (const result of results) {
    const others = found.get(result.key);
    if (others === undefined) found.set(result.key, [result]);
    else others.push(result);
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

/** Gives a job an access key of its own. `end` returns what it has read and written; `null` if that is not known. */
function watchData(
  { definition, environment }: JobPlan,
  { data, additions }: ReuseDependencies,
): { readonly additions: JobAdditions; readonly end: () => DataTrace | null } {
  if (data === null) return { additions, end: () => NO_DATA };
  if (data.newAccessKey === null) return { additions, end: () => null };
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
  return { additions: own, end: () => (isOwn ? recorder.end() : null) };
}
