import type { Clock } from "../base/clock";
import { judgeCase, type Verdict } from "./judge-case";
import type { LoadedTests, TestCase } from "./load-tests";
import { type CaseRun, runCase } from "./run-case";
import type { TestedWorkflow } from "./tested-workflow";

/** A case that has run. */
export interface CaseResult {
  readonly name: string;
  /** The line of the case in the test file, from 1. */
  readonly line: number;
  readonly run: CaseRun;
  readonly verdict: Verdict;
  /** The time that the case has really taken. */
  readonly milliseconds: number;
}

/** Runs cases one after another, in the order of the file. `clock` measures them. */
export async function* runTests(
  workflow: TestedWorkflow,
  { states }: Pick<LoadedTests, "states">,
  cases: readonly TestCase[],
  clock: Pick<Clock, "now">,
): AsyncGenerator<CaseResult, void, undefined> {
  for (const { name, line, setup, expect } of cases) {
    const startedAt = clock.now();
    const run = await runCase(workflow, setup);
    const verdict = judgeCase(run, expect, states);
    yield { name, line, run, verdict, milliseconds: clock.now() - startedAt };
  }
}
