/** The coverage of tests that have run, with the lines of the document. */
import { placesIn } from "../base/json-places";
import { readTextFile } from "../base/text-file";
import { CoverageCounter } from "./coverage";
import { coverageJson, coverageLines, tooLittle } from "./coverage-lines";
import type { CaseResult } from "./run-tests";
import type { TestedWorkflow } from "./tested-workflow";

/** The coverage of the cases, as lines and as JSON. */
export interface CoverageReport {
  readonly lines: readonly string[];
  readonly json: object;
  /** The reason why it is not enough; `null` if it is. */
  readonly problem: string | null;
}

/** Reads the document once more, for the lines of what no case has reached. `minimum` is in percent. */
export function coverTests(
  { document, file }: TestedWorkflow,
  results: readonly CaseResult[],
  minimum: number | undefined,
): CoverageReport {
  const counter = new CoverageCounter(document);
  for (const { run } of results) run.events.forEach(counter.sink);
  const coverage = counter.result();
  const covered = {
    name: file.name,
    placeOf: placesIn(coverage.notReached.length > 0 ? readTextFile(file.path) : "{}"),
  };
  return {
    lines: coverageLines(coverage, covered),
    json: coverageJson(coverage, covered),
    problem: tooLittle(coverage, minimum),
  };
}
