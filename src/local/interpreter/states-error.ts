/**
 * An error in the sense of Amazon States Language: a name that Retry and Catch match, and a cause.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export class StatesError extends Error {
  constructor(
    /** Such as `States.TaskFailed`, `Batch.AWSBatchException` or a name of the document's own. */
    readonly error: string,
    /** For people, or the JSON of a failed job. */
    override readonly cause: string,
  ) {
    super(`${error}: ${cause}`);
    this.name = "StatesError";
  }
}
