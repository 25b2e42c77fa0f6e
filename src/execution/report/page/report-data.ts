/** The data in the page: the facts of the report, with times in milliseconds from the start of the execution. */
import type { Json } from "../../../base/json";
import type { Cost } from "../../cost/costs";
import type { JobFacts } from "../../job-result";
import type { JobReport, StateReport } from "../collect";
import type { Delta } from "../deltas";

export interface ReportData {
  readonly end: number;
  readonly states: readonly PageState[];
  readonly jobs: readonly PageJob[];
  /** The description of one job of each job definition. */
  readonly descriptions: readonly Json[];
}

/** The description of a job: that of another job, and the differences. */
interface Ran {
  /** The index in `descriptions`. */
  readonly like: number;
  readonly but: Delta | null;
}

export type PageState = Timed<Omit<StateReport, "cost">>;
export type PageAttempt = Timed<JobReport["attempts"][number]>;
export type PageJob = Timed<Omit<JobReport, "status" | "attempts" | "item" | "dockerRun" | "cost" | keyof JobFacts>> & {
  readonly attempts: readonly PageAttempt[];
  /** The value of the item as a text; empty if there is none. */
  readonly value: string;
  /** `null` if nothing is known of it. */
  readonly ran: Ran | null;
  readonly cost?: Pick<Cost, "amount" | "isMost"> | undefined;
};

type Timed<Facts> = {
  readonly [Key in keyof Facts]: Key extends `${string}At` ? Exclude<Facts[Key], string> | number : Facts[Key];
};
