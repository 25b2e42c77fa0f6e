/** Signs and words for outcomes, in the terminal and in the report. An outcome is never shown by its colour alone. */

/** The most serious thing that happened to a state or a job. */
export type Outcome = "failed" | "caught" | "stopped" | "running" | "succeeded" | "not-reached";

/** The outcomes that a job can have. */
export type JobOutcome = Extract<Outcome, "failed" | "stopped" | "running" | "succeeded">;

export const OUTCOMES: Readonly<Record<Outcome, { readonly sign: string; readonly word: string }>> = {
  failed: { sign: "✗", word: "failed" },
  caught: { sign: "!", word: "caught" },
  stopped: { sign: "■", word: "stopped" },
  running: { sign: "▸", word: "running" },
  succeeded: { sign: "✓", word: "succeeded" },
  "not-reached": { sign: "·", word: "not reached" },
};

/** The sign for an attempt that failed and was followed by another one. */
export const RETRIED_SIGN = "↻";

/** The sign for a job that has the result of an equal job of an earlier execution. */
export const REUSED_SIGN = "↺";

/** Returns the reason of the job's last attempt, or else of its status. Empty if Batch gives none. */
export function reasonOf(job: {
  readonly attempts: readonly { readonly reason: string | null }[];
  readonly statusReason: string | null;
}): string {
  return job.attempts.at(-1)?.reason ?? job.statusReason ?? "";
}
