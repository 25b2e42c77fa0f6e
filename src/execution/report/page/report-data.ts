/** The data in the page: the facts of the report, with times in milliseconds from the start of the execution. */
import type { Cost } from "../../cost/costs";
import type { JobReport, StateReport } from "../collect";

export interface ReportData {
  readonly end: number;
  readonly states: readonly PageState[];
  readonly jobs: readonly PageJob[];
}

export type PageState = Timed<Omit<StateReport, "cost">>;
export type PageAttempt = Timed<JobReport["attempts"][number]>;
export type PageJob = Timed<Omit<JobReport, "status" | "attempts" | "cost">> & {
  readonly attempts: readonly PageAttempt[];
  readonly cost?: Pick<Cost, "amount" | "isMost"> | undefined;
};

type Timed<Facts> = {
  readonly [Key in keyof Facts]: Key extends `${string}At` ? Exclude<Facts[Key], string> | number : Facts[Key];
};
