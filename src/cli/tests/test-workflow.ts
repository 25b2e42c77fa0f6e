/** Runs the tests of a workflow, and shows them. */
import { createColors } from "picocolors";
import { FileError, UsageError } from "../../base/errors";
import { say } from "../../base/message";
import { type Output, refuseOutputs, writeOutput } from "../../base/output-file";
import { hasColors, sizeOf } from "../../base/terminal";
import { type Line, paint } from "../../base/terminal-text";
import { firstLines, listed, quote } from "../../base/text";
import { fileOf } from "../../project/any-document";
import { describeProblem } from "../../project/file-problem";
import { loadSettings } from "../../project/load-settings";
import { coverTests } from "../../testing/cover-tests";
import { toJunit } from "../../testing/junit";
import { type LoadedTests, loadTests, type TestCase } from "../../testing/load-tests";
import { resultLines, summaryLine } from "../../testing/result-lines";
import { type CaseResult, runTests } from "../../testing/run-tests";
import { documentWorkflow, projectWorkflow, type TestedWorkflow } from "../../testing/tested-workflow";
import { testsJson } from "../../testing/tests-json";
import type { Values } from "../define-command";
import { sourcesOf } from "../execution-input";
import { printJson } from "../printing";
import type { Project, Terminal, Timed } from "../session";
import type { TESTING } from "./testing-flags";
import { watchTests } from "./watch-tests";

type TestFlags = Values<typeof TESTING>;
type TestSession = Project & Terminal & Timed;

/**
 * Runs the tests once, or with `--watch` until Ctrl-C. Returns the exit code.
 * @throws UsageError if there are no tests, or the document or the tests have mistakes
 */
export async function testWorkflow(
  document: string | undefined,
  flags: TestFlags,
  session: TestSession,
): Promise<number> {
  const { junit, force, watch, filter, minCoverage } = flags;
  if (minCoverage !== undefined && filter !== undefined) {
    throw new UsageError("`--min-coverage` is about all cases; leave out `--filter`");
  }
  const output = junit === undefined ? null : { option: "--junit", path: junit, force };
  const fixed = sourcesOf({ document }, session);
  if (output !== null) refuseOutputs([output], fixed);
  const files = fixed.map(({ path }) => path);
  const run = (used: (paths: readonly string[]) => void) => runOnce({ document, output, used }, flags, session);
  return watch ? watchTests(run, files, session) : run(() => {});
}

// --- internal ---

interface Run {
  readonly document: string | undefined;
  readonly output: Output | null;
  /** Takes the paths of the files that the tests name. */
  readonly used: (paths: readonly string[]) => void;
}

async function runOnce({ document, output, used }: Run, flags: TestFlags, session: TestSession): Promise<number> {
  const workflow = workflowOf(document, session);
  const tests = loadTests(workflow);
  used(tests.sources);
  refuseProblems(tests);
  const cases = chosen(tests, flags.filter);
  const { name } = tests.file;
  const print = printer(session);
  const { columns } = sizeOf(session.stderr);
  const results: CaseResult[] = [];
  for await (const result of runTests(workflow, tests, cases, session.clock)) {
    results.push(result);
    for (const line of resultLines(result, name, columns)) print(line);
  }
  print(summaryLine(results, tests.cases.length - cases.length));
  const coverage = flags.filter === undefined ? coverTests(workflow, results, flags.minCoverage) : null;
  for (const line of coverage?.lines ?? []) print([{ text: line }]);
  if (coverage?.problem) say(session.stderr, coverage.problem);
  if (flags.json) {
    printJson(session, testsJson(results, { document: workflow.file.name, tests: name }, coverage?.json ?? null));
  }
  const isWritten = output === null || (await write(output, toJunit(results, name), session));
  return isWritten && !coverage?.problem && results.every(({ verdict }) => verdict.hasPassed) ? 0 : 1;
}

function workflowOf(document: string | undefined, { environment, context }: Project): TestedWorkflow {
  return document === undefined
    ? projectWorkflow(loadSettings(environment, context))
    : documentWorkflow(fileOf(document));
}

function refuseProblems({ problems }: LoadedTests): void {
  if (problems.length > 0) throw new UsageError(firstLines(problems, describeProblem).join("\n"));
}

function chosen({ cases }: LoadedTests, filter: string | undefined): readonly TestCase[] {
  if (filter === undefined) return cases;
  const found = cases.filter(({ name }) => name.includes(filter));
  if (found.length > 0) return found;
  const names = listed(
    cases.map(({ name }) => quote(name)),
    5,
  );
  throw new UsageError(`\`--filter\` finds no case with ${quote(filter)} in its name; the cases are ${names}`);
}

function printer({ stderr, environment }: TestSession): (line: Line) => void {
  const colors = createColors(hasColors(stderr, environment));
  return (line) => stderr.write(`${paint(line, colors)}\n`);
}

/** Returns whether the file could be written. Says so if not. */
async function write(output: Output, content: string, { stderr }: TestSession): Promise<boolean> {
  try {
    await writeOutput(output, content);
    return true;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    say(stderr, error.message);
    return false;
  }
}
