/** Signs and words for outcomes, in the terminal and in the report. An outcome is never shown by its colour alone. */

/** The most serious thing that happened to a state or a job. */
export type Outcome = "failed" | "caught" | "stopped" | "running" | "succeeded" | "not-reached";

/** How a job can stand. */
export type JobOutcome = Extract<Outcome, "failed" | "stopped" | "running" | "succeeded">;

export const OUTCOMES: Readonly<Record<Outcome, { readonly sign: string; readonly word: string }>> = {
  failed: { sign: "✗", word: "failed" },
  caught: { sign: "!", word: "caught" },
  stopped: { sign: "■", word: "stopped" },
  running: { sign: "▸", word: "running" },
  succeeded: { sign: "✓", word: "succeeded" },
  "not-reached": { sign: "·", word: "not reached" },
};

/** Stands for an attempt that was lost, after which another one followed. */
export const RETRIED_SIGN = "↻";

/** Why a job ended: the reason of its last attempt or, without one, of its status. Empty if Batch gives none. */
export function reasonOf(job: {
  readonly attempts: readonly { readonly reason: string | null }[];
  readonly statusReason: string | null;
}): string {
  return job.attempts.at(-1)?.reason ?? job.statusReason ?? "";
}
