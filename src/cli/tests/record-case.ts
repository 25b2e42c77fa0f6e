/** Writes a finished execution into the test file of a workflow, as a case. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { UsageError } from "../../base/errors";
import { whyItFailed } from "../../base/file-errors";
import { MASK } from "../../base/hidden-values";
import { type JsonObject, stringifyJson } from "../../base/json";
import { say } from "../../base/message";
import { replaceFile } from "../../base/output-file";
import { sizeOf } from "../../base/terminal";
import { listed, quote } from "../../base/text";
import { readTextFile } from "../../base/text-file";
import { keptRuns } from "../../local/runs/find-run";
import { testFileOf } from "../../project/companion-files";
import { PROJECT_FOLDER } from "../../project/project-folder";
import { loadTests } from "../../testing/load-tests";
import { mockableStates } from "../../testing/mockable-states";
import { lineOfCase } from "../../testing/recording/insert-case";
import type { EndedRecording } from "../../testing/recording/recorded-case";
import { CaseRecorder, type Recording } from "../../testing/recording/recorder";
import { shortestCase } from "../../testing/recording/shortest-case";
import { resultLines } from "../../testing/result-lines";
import type { CaseResult } from "../../testing/run-tests";
import type { TestedWorkflow } from "../../testing/tested-workflow";
import type { Values } from "../define-command";
import { findExecution } from "../find-execution";
import type { ANYWHERE } from "../flags";
import type { FoundExecution } from "../found-execution";
import { readExecution } from "../read-execution";
import type { AwsAccess, KeptRuns, Project, Terminal, Timed } from "../session";
import { printer, refuseProblems } from "./test-output";

export type RecordSession = Project & AwsAccess & KeptRuns & Terminal & Timed;

interface RecordFlags extends Values<typeof ANYWHERE> {
  /** The name, the ARN, or `latest`. */
  readonly record: string;
  readonly force: boolean;
}

/**
 * Writes the case, and runs it. Returns the exit code: 0 if the case has passed.
 * @throws UsageError if the execution cannot be repeated, or the test file has mistakes or a case of this name
 */
export async function recordCase(
  workflow: TestedWorkflow,
  { record, force, ...where }: RecordFlags,
  session: RecordSession,
): Promise<number> {
  const file = testFileOf(workflow.file);
  const isNew = !existsSync(file.path);
  const text = isNew ? emptyTests(file.path) : readTextFile(file.path);
  if (!isNew) refuseProblems(loadTests(workflow, text));
  const reference = where.local && record === "latest" ? latestRunOf(workflow, session) : record;
  const execution = await findExecution(reference, where, session);
  const line = lineOfCase(text, execution.name);
  if (line !== null && !force) {
    throw new UsageError(
      `${file.name}:${line}: there is a case ${quote(execution.name)} already; replace it with \`--force\``,
    );
  }
  const recording = await read(execution, workflow, session);
  const found = await shortestCase(recording, workflow, text, session.clock);
  refuseProblems(found.tests);
  const result = found.result!;
  try {
    replaceFile(file.path, found.text, isNew ? null : statSync(file.path));
  } catch (cause) {
    throw new UsageError(`${file.name} cannot be written: ${whyItFailed(cause)}`, { cause });
  }
  const print = printer(session);
  for (const shown of resultLines(result, file.name, sizeOf(session.stderr).columns)) print(shown);
  say(session.stderr, `written to ${file.name}:${result.line}`);
  for (const note of notes(found.written, result, recording, where.local)) say(session.stderr, note);
  return result.verdict.hasPassed ? 0 : 1;
}

// --- internal ---

function emptyTests(path: string): string {
  const schema = relative(dirname(path), join(PROJECT_FOLDER, "src/testing/test.schema.json"));
  const isInProject = !relative(PROJECT_FOLDER, path).startsWith("..");
  const reference = isInProject ? `  "$schema": ${JSON.stringify(schema.replaceAll("\\", "/"))},\n` : "";
  return `{\n${reference}  "cases": []\n}\n`;
}

/** Returns the name of the newest kept run of a workflow: the newest one of all may be a run of another document. */
function latestRunOf({ name }: TestedWorkflow, { runsFolders }: KeptRuns): string {
  const run = keptRuns(runsFolders).find(({ head }) => head.workflow === name);
  if (run !== undefined) return run.head.name;
  throw new UsageError(
    `no run of ${name} is kept here; start one with \`npx workflow local\`. \`npx workflow list --local\` shows the runs of other workflows`,
  );
}

async function read(
  execution: FoundExecution,
  { document, file }: TestedWorkflow,
  session: RecordSession,
): Promise<EndedRecording> {
  const recorder = new CaseRecorder(mockableStates(document));
  await readExecution(execution, { sink: recorder.sink, logs: "failed" }, session);
  const recording = recorder.result();
  const why = whyNot(recording);
  if (why !== null) throw new UsageError(`the execution ${execution.name} cannot be a case: ${why}`);
  if (recording.unknown.size > 0) {
    const names = listed([...recording.unknown].map((name) => quote(name)));
    throw new UsageError(
      `the execution ${execution.name} entered states that ${file.name} does not have: ${names}; record it with the document that it ran`,
    );
  }
  return recording as EndedRecording;
}

function whyNot({ started, ended, wasRedriven }: Recording): string | null {
  if (ended === null || started === null) return "it has not ended, or its end is not known; wait for its end";
  if (ended.status === "ABORTED") return "it was stopped from outside, and no case is";
  return wasRedriven ? "it was redriven, and no case is; record one that was not" : null;
}

function* notes(
  written: JsonObject,
  { verdict }: CaseResult,
  { mapRuns }: Recording,
  isLocal: boolean,
): Generator<string> {
  if (mapRuns.size > 0) {
    yield `the items of ${listed([...mapRuns].map((name) => quote(name)))} ran as executions of their own, which a history does not hold; add the mocks of their tasks`;
  }
  if (!verdict.hasPassed) {
    yield "the case does not repeat the execution: the document has changed since, or it needs more than the mocks of its tasks, such as `objects`; complete it by hand";
  }
  if (isLocal && stringifyJson(written).includes(MASK)) {
    yield `the values of secrets are hidden in the kept run, so the case has ${MASK} in their place`;
  }
  if (!isLocal)
    yield "the case holds the input and the results of the execution; look for secrets before you commit it";
}
