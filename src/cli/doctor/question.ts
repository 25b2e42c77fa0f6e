/** A question of `doctor`. */
import type { Settings } from "../../project/settings-types";

/** A question to a probe. The probe ends when `signal` aborts. */
export interface Question {
  readonly settings: Settings;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** The settings and variables that a check knows beside the answer of its probe. */
export type Known = Omit<Question, "signal">;
