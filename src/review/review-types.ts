/** What a comment is made of. */
import type { Plan } from "./plan";

/** One stack: its plan, or why there is none. */
export interface StackReview {
  readonly stack: string;
  readonly plan: Plan | null;
  readonly failure: string | null;
}

/** A state machine that stands already, and what runs of it. */
export interface RunningExecutions {
  readonly address: string;
  readonly action: "update" | "replace" | "delete";
  /** `EXECUTIONS_COUNTED` stands for more, too; `null` where AWS did not say. */
  readonly count: number | null;
}

/** So many executions of a state machine are asked for. */
export const EXECUTIONS_COUNTED = 100;

export interface Review {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly stacks: readonly StackReview[];
  /** One for each state machine that is changed or goes. */
  readonly running: readonly RunningExecutions[];
  /** What changed in the build contexts; `null` where no image changes. */
  readonly image: { readonly base: string | null; readonly lines: readonly string[] } | null;
  /** Of `check`, a line each, which begins with `error:` or `warning:`. */
  readonly problems: readonly string[];
}
