/** The data in the page. Times are milliseconds from the start of the execution. */
import type { JobOutcome, Outcome } from "../../outcome";

export interface ReportData {
  readonly end: number;
  readonly states: readonly PageState[];
  readonly jobs: readonly PageJob[];
}

export interface PageState {
  readonly name: string;
  readonly type: string;
  readonly parents: readonly string[];
  readonly outcome: Outcome;
  readonly entered: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly caught: number;
  readonly stopped: number;
  readonly retries: number;
  readonly items: number | null;
  readonly startedAt: number | null;
  readonly stoppedAt: number | null;
}

export interface PageJob {
  readonly state: string;
  readonly indices: readonly number[];
  readonly name: string;
  readonly id: string;
  readonly outcome: JobOutcome;
  readonly exitCode: number | null;
  readonly statusReason: string | null;
  readonly submittedAt: number;
  readonly startedAt: number | null;
  readonly stoppedAt: number | null;
  readonly attempts: readonly PageAttempt[];
  readonly log: string;
}

export interface PageAttempt {
  readonly startedAt: number | null;
  readonly stoppedAt: number;
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly statusReason: string | null;
}
