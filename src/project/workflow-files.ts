/** Reads and checks the files of the project's workflow: the document, and the schema and example of its input. */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { check, parseDocument } from "../asl/check/check-document";
import { error, type Finding, warning } from "../asl/check/problem";
import type { StatesDocument } from "../asl/document";
import { placeholders, placeholdersIn } from "../asl/substitution";
import { UsageError } from "../base/errors";
import { imageFolderProblem } from "../base/image-folder";
import { escapePointer, type JsonObject } from "../base/json";
import { quote } from "../base/text";
import { readTextFile } from "../base/text-file";
import { checkedJobs, checkedQueues } from "./checked-queues";
import { type CheckedWorkflow, type CheckOptions, requireNoErrors, type Workflow } from "./checked-workflow";
import { exampleProblems, inputSchemaOf, type NamedFile, readSchemaOf, WRITE_SCHEMA } from "./companion-files";
import { type FileProblem, inFile, ofNoState } from "./file-problem";
import { findLiteralPlaceholders } from "./literal-placeholders";
import { jobOfPlaceholder } from "./names";
import { findUnfitObjectEvent, startedBy } from "./object-event";
import { PROJECT_FOLDER } from "./project-folder";
import { deploymentPlaceholders, settingOfPlaceholder } from "./project-placeholders";
import { checkScheduleInput, findMissingScheduleInput } from "./schedule-input";
import type { JobSettings, Settings } from "./settings-types";
import { findTakenSids } from "./taken-sids";
import { findVisibleSecrets } from "./visible-secrets";

/**
 * Reads the workflow and refuses it if it has errors. With `local`, the limits of the local run are errors too.
 * @throws UsageError with all errors
 */
export function loadWorkflow(settings: Settings, options: CheckOptions = { local: false }): Workflow {
  return requireNoErrors(checkWorkflow(settings, options));
}

/**
 * Reads the workflow and finds its problems.
 * @throws UsageError when the document cannot be read
 */
export function checkWorkflow(settings: Settings, { local, mocked }: CheckOptions): CheckedWorkflow {
  const { schema: inputSchema, problems: ofSchema } = readInputSchema(settings);
  const text = readProjectFile("document", settings.document);
  const parsed = parseDocument(text);
  if ("problems" in parsed) {
    return {
      document: null,
      text,
      inputSchema,
      problems: [...inFile(settings.document, text, parsed.problems), ...ofSchema],
    };
  }
  const jobDefinitions = checkedJobs(settings);
  const problems = check({
    document: parsed.document,
    inputSchema,
    placeholders: {
      known: [...deploymentPlaceholders(settings), ...Object.keys(settings.substitutions)],
      expected: Object.keys(jobDefinitions),
      jobOf: jobOfPlaceholder,
      settingOf: settingOfPlaceholder,
    },
    jobDefinitions,
    queues: checkedQueues(settings),
    ...startedBy(settings),
    local,
    mocked: mocked?.(parsed.document) ?? new Set(),
  });
  return {
    document: parsed.document,
    text,
    inputSchema,
    problems: [
      ...inFile(settings.document, text, problems),
      ...ofSchema,
      ...missingSchema(settings),
      ...problemsOfSettings(settings, parsed.document, inputSchema),
      ...exampleProblems(documentOf(settings), inputSchema),
      ...(settings.schedule === null ? [] : checkScheduleInput(settings.schedule, inputSchema)),
    ],
  };
}

/** Returns the document of the settings, for messages relative to the project. */
export function documentOf({ document }: Settings): NamedFile {
  const path = resolve(PROJECT_FOLDER, document);
  return { path, name: relative(PROJECT_FOLDER, path) };
}

/** Reads the schema of the input and finds its problems. The schema is `null` if there is none, or if it has errors. */
export function readInputSchema(settings: Settings): { schema: JsonObject | null; problems: FileProblem[] } {
  return readSchemaOf(documentOf(settings));
}

function missingSchema(settings: Settings): FileProblem[] {
  const schema = inputSchemaOf(documentOf(settings));
  const message = "the file does not exist, so inputs are not checked";
  const findings = existsSync(schema.path) ? [] : [warning("no-input-schema", "", message, WRITE_SCHEMA)];
  return inFile(schema.name, null, findings.map(ofNoState));
}

/** Finds what is wrong with the settings beside the document: files, placeholders, names of statements, visible secrets. */
function problemsOfSettings(
  settings: Settings,
  document: StatesDocument,
  inputSchema: JsonObject | null,
): FileProblem[] {
  const findings = [
    ...unusedSubstitutions(settings, document),
    ...findLiteralPlaceholders(settings),
    ...findTakenSids(settings, document),
    ...findVisibleSecrets(settings),
    ...findUnfitObjectEvent(settings, inputSchema),
    ...(settings.schedule === null ? [] : findMissingScheduleInput(settings.schedule)),
    ...Object.entries(settings.jobs).flatMap(([name, job]) => [...missingOfJob(name, job)]),
  ];
  const path = resolve(PROJECT_FOLDER, SETTINGS_FILE);
  const text = findings.length > 0 && existsSync(path) ? readTextFile(path) : null;
  return inFile(SETTINGS_FILE, text, findings.map(ofNoState));
}

function unusedSubstitutions({ substitutions, statements, jobs }: Settings, document: StatesDocument): Finding[] {
  const ofJobs = Object.values(jobs).map((job) => [job.statements, job.secrets]);
  const used = new Set([...placeholders(document).keys(), ...placeholdersIn(JSON.stringify([statements, ofJobs]))]);
  const unused = Object.keys(substitutions).filter((name) => !used.has(name));
  return unused.map((name) => {
    const message = `neither the document, \`statements\` nor a job has \${${name}}, so its value is not used`;
    return error("unused-substitution", `/context/substitutions/${name}`, message, "use it, or remove it");
  });
}

function* missingOfJob(name: string, { image, localCommand }: JobSettings): Generator<Finding, void, undefined> {
  const pointer = `/context/jobs/${escapePointer(name)}`;
  const isThere = (path: string) => existsSync(resolve(PROJECT_FOLDER, path));
  const problem = image === null ? null : imageFolderProblem(PROJECT_FOLDER, image);
  if (problem !== null) {
    const message = `\`jobs.${name}.image\` must be ${problem.rule}, but ${problem.found}`;
    yield error("no-image", `${pointer}/image`, message, problem.fix);
  }
  // An argument with a slash may be anything. If it begins with a folder of the project, it is a file.
  const files = localCommand?.filter((argument) => PROJECT_PATH.test(argument) && isThere(argument.split("/")[0]!));
  for (const file of files ?? []) {
    if (isThere(file)) continue;
    const message = `\`jobs.${name}.localCommand\` names ${file}, which does not exist`;
    yield warning("no-local-command", `${pointer}/localCommand`, message, "create it, or name another file");
  }
}

const SETTINGS_FILE = "cdktf.json";
const PROJECT_PATH = /^[\w.][\w.-]*\/[\w./-]+$/;

function readProjectFile(setting: keyof Settings, path: string): string {
  try {
    return readTextFile(resolve(PROJECT_FOLDER, path));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new UsageError(
      `\`${setting}\` must be a file that can be read: ${why}, got: ${quote(resolve(PROJECT_FOLDER, path))}`,
      { cause },
    );
  }
}
