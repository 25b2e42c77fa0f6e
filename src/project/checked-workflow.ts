/** A document and the files beside it after the check, and the lines that name its problems. */
import type { Problem } from "../asl/check/problem";
import type { StatesDocument } from "../asl/document";
import { UsageError } from "../base/errors";
import type { JsonObject } from "../base/json";
import { firstLines, visible } from "../base/text";

/** A document without errors, and the JSON Schema of its input, if there is one. */
export interface Workflow {
  readonly document: StatesDocument;
  readonly inputSchema: JsonObject | null;
}

/** A problem, and the file of its pointer: relative to the project, or as the user typed it. */
export interface FileProblem extends Problem {
  readonly file: string;
}

/** A workflow and its problems. The document is `null` if its text cannot be parsed. */
export interface CheckedWorkflow {
  readonly document: StatesDocument | null;
  readonly inputSchema: JsonObject | null;
  readonly problems: readonly FileProblem[];
}

/**
 * Returns a workflow that has no errors.
 * @throws UsageError with all errors
 */
export function requireNoErrors({ document, inputSchema, problems }: CheckedWorkflow): Workflow {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (document === null || errors.length > 0) {
    throw new UsageError(firstLines(errors, describeProblem).join("\n"));
  }
  return { document, inputSchema };
}

/** Formats a problem as one line: the place, the problem, the fix. Long parts are cut, so that the fix stays visible. */
export function describeProblem({ file, severity, state, pointer, message, fix }: FileProblem): string {
  const place = [file, state, pointer].flatMap((part) => (part ? [visible(part)] : [])).join(": ");
  return `${severity}: ${place}: ${visible(message, 800)}; ${visible(fix, 600)}`;
}
