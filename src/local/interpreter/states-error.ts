/** Errors of the state machine itself. AWS names the state in their cause. */
const LOCATED_ERRORS: ReadonlySet<string> = new Set([
  "States.Runtime",
  "States.NoChoiceMatched",
  "States.QueryEvaluationError",
]);
/**
 * AWS keeps no more characters of a cause. A cause may quote the input, and with it earlier causes.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html
 */
const MAX_CAUSE_LENGTH = 32_768;
const PREFIX = "An error occurred while executing the state";

/**
 * An error in the sense of Amazon States Language: a name that Retry and Catch match, and a cause.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export class StatesError extends Error {
  /** A text for people, or the JSON of a failed job. */
  override readonly cause: string;
  private readonly isLocated: boolean;
  /** A second name that Retry and Catch match. */
  readonly alsoNamed: string | null;
  /** A task has failed with it. Then Retry and Catch take it, whatever its name. */
  readonly isOfTask: boolean;

  constructor(
    /** Such as `States.TaskFailed`, `Batch.AWSBatchException` or a name of the document's own. */
    readonly error: string,
    cause: string,
    /** `isLocated`: the cause never gets the name of a state, or has it already. */
    {
      isOfTask = false,
      isLocated = isOfTask || !LOCATED_ERRORS.has(error) || cause.startsWith(PREFIX),
      alsoNamed = null,
    }: { readonly isLocated?: boolean; readonly alsoNamed?: string | null; readonly isOfTask?: boolean } = {},
  ) {
    const kept = cause.slice(0, MAX_CAUSE_LENGTH);
    super(`${error}: ${kept}`);
    this.name = "StatesError";
    this.cause = kept;
    this.isLocated = isLocated;
    this.alsoNamed = alsoNamed;
    this.isOfTask = isOfTask;
  }

  /** Returns the error with the state and the number of its entry in the cause, if AWS adds them. An inner state is named already. */
  locatedIn(state: string, eventId: number): StatesError {
    if (this.isLocated) return this;
    return new StatesError(this.error, `${PREFIX} '${state}' (entered at the event id #${eventId}). ${this.cause}`);
  }
}
