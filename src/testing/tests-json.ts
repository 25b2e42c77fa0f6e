import type { CaseResult } from "./run-tests";

/** Returns the results of tests as `--json` prints them. `coverage` is `null` if only some cases have run. */
export function testsJson(
  results: readonly CaseResult[],
  files: { readonly document: string; readonly tests: string },
  coverage: object | null,
): object {
  const passed = results.filter(({ verdict }) => verdict.hasPassed).length;
  return { ...files, passed, failed: results.length - passed, coverage, cases: results.map(caseJson) };
}

// --- internal ---

function caseJson({ name, line, run, verdict, milliseconds }: CaseResult): object {
  const { status, output, error, cause, duration } = run;
  const { hasPassed, problem, hint, mismatches, paths, path } = verdict;
  return {
    name,
    line,
    hasPassed,
    milliseconds,
    problem,
    hint,
    mismatches,
    status,
    output,
    error,
    cause,
    path,
    expectedPath: paths?.expected ?? path,
    virtualSeconds: duration / 1000,
  };
}
