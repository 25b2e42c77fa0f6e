import { inputMistakes } from "../../asl/input";
import type { Clock } from "../../base/clock";
import type { JsonObject } from "../../base/json";
import { type LoadedTests, loadTests } from "../load-tests";
import { type CaseResult, runTests } from "../run-tests";
import type { TestedWorkflow } from "../tested-workflow";
import { insertCase } from "./insert-case";
import { DETAILS, type EndedRecording, recordedCase } from "./recorded-case";

/** A case in a test file. */
export interface WrittenCase {
  /** The whole test file. */
  readonly text: string;
  readonly written: JsonObject;
  readonly tests: LoadedTests;
  /** `null` if the test file has a problem with the case. */
  readonly result: CaseResult | null;
}

/** Returns the shortest case of an execution that passes, or else the most exact one. `text` is the test file without the case. */
export async function shortestCase(
  recording: EndedRecording,
  workflow: TestedWorkflow,
  text: string,
  clock: Pick<Clock, "now">,
): Promise<WrittenCase> {
  const fitsSchema = inputMistakes(workflow.inputSchema ?? {}, recording.started.input).length === 0;
  let last: WrittenCase | undefined;
  for (const detail of DETAILS) {
    const written = recordedCase(recording, { document: workflow.document, fitsSchema }, detail);
    const withCase = insertCase(text, written);
    const tests = loadTests(workflow, withCase);
    const own = tests.cases.filter(({ name }) => name === written.name);
    const { value } = tests.problems.length > 0 ? { value: null } : await runTests(workflow, tests, own, clock).next();
    last = { text: withCase, written, tests, result: value ?? null };
    if (last.result === null || last.result.verdict.hasPassed) break;
  }
  return last!;
}
