import { isoTime } from "../../../base/clock";
import { type Json, stringifyJson } from "../../../base/json";

/** A child execution of a distributed Map that has ended, or that never started. */
export interface ChildResult {
  readonly executionArn: string;
  readonly name: string;
  readonly input: Json;
  /** Milliseconds since 1970; `null` if it never started. */
  readonly startedAt: number | null;
  readonly stoppedAt: number | null;
  readonly end: ChildEnd;
}

export type ChildEnd =
  | { readonly status: "SUCCEEDED"; readonly output: Json }
  | { readonly status: "FAILED"; readonly error: string; readonly cause: string }
  | { readonly status: "ABORTED" | "PENDING" };

/** The values of `Transformation` in a WriterConfig. */
export const TRANSFORMATIONS = ["NONE", "COMPACT", "FLATTEN"] as const;
export type Transformation = (typeof TRANSFORMATIONS)[number];

/**
 * Returns what a child execution adds to the result of its Map. One that did not succeed always adds its description, as
 * Transformation NONE does.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
export function resultsOf(child: ChildResult, transformation: Transformation, stateMachineArn: string): Json[] {
  const { end } = child;
  if (transformation === "NONE" || end.status !== "SUCCEEDED") return [describeChild(child, stateMachineArn)];
  return transformation === "FLATTEN" && Array.isArray(end.output) ? end.output : [end.output];
}

// --- internal ---

/** Describes an execution as ListExecutions and DescribeExecution do, with its fields in the order of AWS. */
function describeChild(child: ChildResult, stateMachineArn: string): Json {
  const { end, startedAt, stoppedAt } = child;
  const input = { Input: stringifyJson(child.input), InputDetails: { Included: true } };
  const machine = { StateMachineArn: stateMachineArn, Status: end.status };
  if (startedAt === null) return { ...input, ...machine };
  return {
    ...(end.status === "FAILED" && { Cause: end.cause, Error: end.error }),
    ExecutionArn: child.executionArn,
    ...input,
    Name: child.name,
    ...(end.status === "SUCCEEDED" && { Output: stringifyJson(end.output), OutputDetails: { Included: true } }),
    RedriveCount: 0,
    ...(end.status === "SUCCEEDED"
      ? {
          RedriveStatus: "NOT_REDRIVABLE",
          RedriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
        }
      : { RedriveStatus: "REDRIVABLE_BY_MAP_RUN" }),
    StartDate: isoTime(startedAt),
    ...machine,
    ...(stoppedAt !== null && { StopDate: isoTime(stoppedAt) }),
  };
}
