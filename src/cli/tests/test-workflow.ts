import { FileError, UsageError } from "../../base/errors";
import { say } from "../../base/message";
import { type Output, refuseOutputs, writeOutput } from "../../base/output-file";
import { sizeOf } from "../../base/terminal";
import { listed, quote } from "../../base/text";
import { fileOf } from "../../project/any-document";
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
import type { Project } from "../session";
import type { RecordSession } from "./record-case";
import { printer, refuseProblems } from "./test-output";
import type { TESTING } from "./testing-flags";
import { watchTests } from "./watch-tests";

type TestFlags = Values<typeof TESTING>;

/**
 * Runs the tests once, or with `--watch` until Ctrl-C. Returns the exit code.
 * @throws UsageError if there are no tests, or the document or the tests have mistakes
 */
export async function testWorkflow(
  document: string | undefined,
  flags: TestFlags,
  session: RecordSession,
): Promise<number> {
  const { junit, force, watch, record, local, stateMachine } = flags;
  if (record !== undefined) {
    const { recordCase } = await import("./record-case");
    return recordCase(workflowOf(document, session), { record, force, local, stateMachine }, session);
  }
  if (local || stateMachine !== undefined) {
    throw new UsageError(
      `\`${local ? "--local" : "--state-machine"}\` says where the execution of \`--record\` is; add it`,
    );
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

async function runOnce({ document, output, used }: Run, flags: TestFlags, session: RecordSession): Promise<number> {
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

/** Returns whether the file could be written. Says so if not. */
async function write(output: Output, content: string, { stderr }: RecordSession): Promise<boolean> {
  try {
    await writeOutput(output, content);
    return true;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    say(stderr, error.message);
    return false;
  }
}
