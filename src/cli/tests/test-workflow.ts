/** Runs the tests of a workflow, and shows them. */
import { createColors } from "picocolors";
import { FileError, UsageError } from "../../base/errors";
import { say } from "../../base/message";
import { refuseOutputs, writeOutput } from "../../base/output-file";
import { hasColors, sizeOf } from "../../base/terminal";
import { type Line, paint } from "../../base/terminal-text";
import { firstLines, listed, quote } from "../../base/text";
import { fileOf } from "../../project/any-document";
import { describeProblem } from "../../project/file-problem";
import { loadSettings } from "../../project/load-settings";
import { toJunit } from "../../testing/junit";
import { type LoadedTests, loadTests, type TestCase } from "../../testing/load-tests";
import { resultLines, summaryLine } from "../../testing/result-lines";
import { type CaseResult, runTests } from "../../testing/run-tests";
import { documentWorkflow, projectWorkflow, type TestedWorkflow } from "../../testing/tested-workflow";
import { testsJson } from "../../testing/tests-json";
import { sourcesOf } from "../execution-input";
import { printJson } from "../printing";
import type { Project, Terminal, Timed } from "../session";

export interface TestOptions {
  readonly filter: string | undefined;
  readonly json: boolean;
  readonly junit: string | undefined;
  readonly force: boolean;
}

type TestSession = Project & Terminal & Timed;

/**
 * Runs the tests once. Returns the exit code.
 * @throws UsageError if there are no tests, or the document or the tests have mistakes
 */
export async function testWorkflow(
  document: string | undefined,
  options: TestOptions,
  session: TestSession,
): Promise<number> {
  const { filter, json, junit, force } = options;
  const output = junit === undefined ? null : { option: "--junit", path: junit, force };
  if (output !== null) refuseOutputs([output], sourcesOf({ document }, session));
  const workflow = workflowOf(document, session);
  const tests = loadTests(workflow);
  refuseProblems(tests);
  const cases = chosen(tests, filter);
  const print = printer(session);
  const { columns } = sizeOf(session.stderr);
  const results: CaseResult[] = [];
  for await (const result of runTests(workflow, tests, cases, session.clock)) {
    results.push(result);
    for (const line of resultLines(result, tests.file.name, columns)) print(line);
  }
  print(summaryLine(results, tests.cases.length - cases.length));
  if (json) printJson(session, testsJson(results, { document: workflow.file.name, tests: tests.file.name }));
  const hasPassed = results.every(({ verdict }) => verdict.hasPassed);
  if (output !== null) {
    try {
      await writeOutput(output, toJunit(results, tests.file.name));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      say(session.stderr, error.message);
      return 1;
    }
  }
  return hasPassed ? 0 : 1;
}

// --- internal ---

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
  return (line) => stderr.write(`${paint(line, colors).trimEnd()}\n`);
}
