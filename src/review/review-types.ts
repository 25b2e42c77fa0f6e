/** The contents of a comment. */
import type { Plan } from "./plan";

/** A stack, with its plan or the reason why there is none. */
export interface StackReview {
  readonly stack: string;
  readonly plan: Plan | null;
  readonly failure: string | null;
}

/** The running executions of a state machine that exists already. */
export interface RunningExecutions {
  readonly address: string;
  readonly action: "update" | "replace" | "delete";
  /** At most `EXECUTIONS_COUNTED`; `null` if AWS did not answer. */
  readonly count: number | null;
}

/** Executions of a state machine that are counted. */
export const EXECUTIONS_COUNTED = 100;

export interface Review {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly stacks: readonly StackReview[];
  /** One for each state machine that is changed or destroyed. */
  readonly running: readonly RunningExecutions[];
  /** Changes in the build contexts; `null` if no image changes. */
  readonly image: { readonly base: string | null; readonly lines: readonly string[] } | null;
  /** Lines of `check`, which begin with `error:` or `warning:`. */
  readonly problems: readonly string[];
}
