import type { StatesDocument } from "../asl/document";
import { UsageError } from "../base/errors";
import type { JsonObject } from "../base/json";
import { firstLines } from "../base/text";
import { describeProblem, type FileProblem } from "./file-problem";

/** The rules of a check beside those of AWS. */
export interface CheckOptions {
  /** True if the limits of the local run are errors too. */
  readonly local: boolean;
  /** Returns the names of the states with a mock. @default none */
  readonly mocked?: (document: StatesDocument) => ReadonlySet<string>;
}

/** A document without errors, its text, and the JSON Schema of its input, if there is one. */
export interface Workflow {
  readonly document: StatesDocument;
  readonly text: string;
  readonly inputSchema: JsonObject | null;
}

/** A workflow and its problems. The document is `null` if its text cannot be parsed. */
export interface CheckedWorkflow {
  readonly document: StatesDocument | null;
  readonly text: string;
  readonly inputSchema: JsonObject | null;
  readonly problems: readonly FileProblem[];
}

/**
 * Returns a workflow that has no errors.
 * @throws UsageError with all errors
 */
export function requireNoErrors({ document, text, inputSchema, problems }: CheckedWorkflow): Workflow {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (document === null || errors.length > 0) {
    throw new UsageError(firstLines(errors, describeProblem).join("\n"));
  }
  return { document, text, inputSchema };
}
