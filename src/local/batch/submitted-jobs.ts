/**
 * The jobs that an execution has submitted, and how they depend on each other. A child of an array job is a job with the id
 * `<id of the array job>:<index>`.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_dependencies.html
 */
import { StatesError } from "../interpreter/states-error";

export type JobOutcome = "SUCCEEDED" | "FAILED";

/** A dependency of SubmitJob. */
export interface Dependency {
  readonly JobId?: string;
  readonly Type?: "N_TO_N" | "SEQUENTIAL";
}

interface SubmittedJob {
  /** `null` for a job that is not an array. */
  readonly arraySize: number | null;
  readonly ended: Promise<JobOutcome>;
}

export class SubmittedJobs {
  private readonly jobs = new Map<string, SubmittedJob>();
  private readonly running = new Set<Promise<unknown>>();
  private lost: { readonly error: unknown } | null = null;

  /** The number of jobs that have not ended. */
  get count(): number {
    return this.running.size;
  }

  /** Adds a job. `ended` never rejects. */
  add(id: string, arraySize: number | null, ended: Promise<JobOutcome>): void {
    this.jobs.set(id, { arraySize, ended });
    // The array job itself counts, not its children.
    if (id.includes(":")) return;
    this.running.add(ended);
    void ended.then(() => this.running.delete(ended));
  }

  /**
   * Waits until all jobs have ended, also those that come in the meantime.
   *
   * @throws the error of a job that could not be run and that nothing waited for
   */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
    if (this.lost !== null) throw this.lost.error;
  }

  /** Keeps the error of a job that nothing waits for. */
  lose(error: unknown): void {
    this.lost ??= { error };
  }

  /**
   * Checks the dependencies of a new job.
   *
   * @throws StatesError `Batch.ClientException`
   */
  check(dependencies: readonly Dependency[], arraySize: number | null): void {
    for (const { JobId, Type } of dependencies) {
      if (Type !== undefined && arraySize === null)
        throw refused(`a dependency of the type ${Type} needs an array job`);
      if (JobId === undefined) {
        if (Type !== "SEQUENTIAL") throw refused("a dependency needs a JobId, or the type SEQUENTIAL");
        continue;
      }
      const other = this.jobs.get(JobId);
      if (other === undefined) throw refused(`the job ${JobId} of DependsOn is none of this execution`);
      if (Type === "N_TO_N" && other.arraySize !== arraySize) {
        throw refused(
          `N_TO_N needs array jobs of the same size, got: ${arraySize} and ${other.arraySize ?? "no array"}`,
        );
      }
    }
  }

  /** Returns the jobs that must succeed before a job, or the child of an array job with this index, can start. */
  before(dependencies: readonly Dependency[], id: string, index: number | null): Promise<JobOutcome>[] {
    return dependencies.flatMap(({ JobId, Type }) => {
      if (Type === "SEQUENTIAL" && JobId === undefined) return index === 0 ? [] : [this.endOf(`${id}:${index! - 1}`)];
      return [this.endOf(Type === "N_TO_N" ? `${JobId}:${index}` : JobId!)];
    });
  }

  private endOf(id: string): Promise<JobOutcome> {
    return this.jobs.get(id)!.ended;
  }
}

/** Returns the error of a request that Batch refuses. */
export function refused(message: string): StatesError {
  return new StatesError("Batch.ClientException", message);
}
