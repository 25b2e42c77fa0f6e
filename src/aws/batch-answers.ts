/** Reads jobs in answers of AWS Batch. */
import type { JobDetail } from "@aws-sdk/client-batch";
import { plainNumbers } from "../base/json";
import { parseMachineJson } from "../base/read-json";
import type { JobAttempt, JobStatus } from "../execution/events";
import { listOf, textOf, timeOf } from "./answers";

/** The states of an attempt, in order. */
export const STEPS = ["RUNNABLE", "STARTING", "RUNNING"] as const;
export type Step = (typeof STEPS)[number];

const STATUSES: ReadonlySet<unknown> = new Set<JobStatus>(["SUBMITTED", ...STEPS, "SUCCEEDED", "FAILED"]);

/** Returns the status of a job. PENDING, of jobs that wait for other jobs, counts as SUBMITTED. */
export function statusOf({ status }: JobDetail): JobStatus {
  return STATUSES.has(status) ? (status as JobStatus) : "SUBMITTED";
}

export function isFinal({ status }: JobDetail): boolean {
  return status === "SUCCEEDED" || status === "FAILED";
}

/** Returns the attempts that have ended, each with its log stream. `endedAt` stands in for an end that the answer lacks. */
export function attemptsOf(detail: JobDetail, endedAt: number): { attempt: JobAttempt; stream: string | null }[] {
  return listOf(detail.attempts).map(({ container, startedAt, stoppedAt, statusReason }) => ({
    attempt: {
      startedAt: timeOf(startedAt) ?? null,
      stoppedAt: timeOf(stoppedAt) ?? timeOf(startedAt) ?? endedAt,
      exitCode: Number.isSafeInteger(container?.exitCode) ? container!.exitCode! : null,
      reason: textOf(container?.reason) ?? null,
      statusReason: textOf(statusReason) ?? null,
    },
    stream: textOf(container?.logStreamName) ?? null,
  }));
}

/**
 * Returns why a job waits, in the words of Batch; `null` if Batch gives no reason. A job that waits again may still have the reason
 * of its last attempt.
 */
export function waitReasonOf({ attempts, statusReason }: JobDetail): string | null {
  const last = textOf(listOf(attempts).at(-1)?.statusReason);
  return statusReason === last ? null : textOf(statusReason) || null;
}

/** Reads a job from the history, where it is in PascalCase. Returns `null` for any other text, such as a truncated one. */
export function parseJobDetail(text: string): JobDetail | null {
  try {
    const detail = camelCase(plainNumbers(parseMachineJson(text))) as JobDetail | null;
    return typeof detail?.jobId === "string" && detail.status !== undefined ? detail : null;
  } catch {
    return null;
  }
}

// --- internal ---

/** Renames all keys, except those of parameters, which users chose. Keys of tags are never read. */
function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.slice(0, 1).toLowerCase() + key.slice(1),
      key === "Parameters" ? inner : camelCase(inner),
    ]),
  );
}
