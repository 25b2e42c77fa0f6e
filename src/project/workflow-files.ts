/** Reads and checks the files of the project's workflow: the document, and the schema and example of its input. */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { check, type Problem, parseDocument } from "../asl/check/check-document";
import { jsonFinding } from "../asl/check/json-text";
import { error, type Finding, warning } from "../asl/check/problem";
import type { StatesDocument } from "../asl/document";
import { type InputMistake, inputMistakes, parseInput } from "../asl/input";
import { schemaFindings } from "../asl/input-schema";
import { UsageError } from "../base/errors";
import { imageFolderProblem } from "../base/image-folder";
import { escapePointer, type Json, type JsonObject, plainNumbers } from "../base/json";
import { placesIn } from "../base/json-places";
import { readJson } from "../base/read-json";
import { firstLines, quote, visible } from "../base/text";
import { readTextFile, TextFileError } from "../base/text-file";
import { jobDefinitionPlaceholder, jobOfPlaceholder } from "./names";
import { PROJECT_FOLDER } from "./project-folder";
import type { JobSettings, Settings } from "./settings-types";

/** A document that can be deployed, and the JSON Schema of its input, if there is one. */
export interface Workflow {
  readonly document: StatesDocument;
  readonly inputSchema: JsonObject | null;
}

/** A problem and its place. */
export interface ProjectProblem extends Omit<Problem, "place"> {
  /** The path relative to the project. */
  readonly file: string;
  /** Counted from 1; `null` if the file does not exist. */
  readonly line: number | null;
  readonly column: number | null;
}

/** A workflow and its problems. The document is `null` if its text cannot be parsed. */
export interface CheckedWorkflow {
  readonly document: StatesDocument | null;
  readonly inputSchema: JsonObject | null;
  readonly problems: readonly ProjectProblem[];
}

/** The placeholders that have a value in every deployment. */
const KNOWN_PLACEHOLDERS = ["Partition", "Region", "AccountId", "StateMachineName", "JobQueueArn"];

/**
 * Reads the workflow and refuses it if it has errors. With `local`, the limits of the local run are errors too.
 * @throws UsageError with all errors
 */
export function loadWorkflow(settings: Settings, { local }: { local: boolean } = { local: false }): Workflow {
  const { document, inputSchema, problems } = checkWorkflow(settings, { local });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (document === null || errors.length > 0) {
    throw new UsageError(firstLines(errors, describeProblem).join("\n"));
  }
  return { document, inputSchema };
}

/**
 * Reads the workflow and finds its problems.
 * @throws UsageError when the document cannot be read
 */
export function checkWorkflow(settings: Settings, { local }: { local: boolean }): CheckedWorkflow {
  const { schema: inputSchema, problems: ofSchema } = readInputSchema(settings);
  const text = readProjectFile("document", settings.document);
  const parsed = parseDocument(text);
  if ("problems" in parsed) {
    return {
      document: null,
      inputSchema,
      problems: [...inFile(settings.document, text, parsed.problems), ...ofSchema],
    };
  }
  const jobs = Object.entries(settings.jobs).map(([name, job]) => [jobDefinitionPlaceholder(name), job] as const);
  const problems = check({
    document: parsed.document,
    inputSchema,
    placeholders: {
      known: KNOWN_PLACEHOLDERS,
      expected: jobs.map(([placeholder]) => placeholder),
      jobOf: jobOfPlaceholder,
    },
    jobDefinitions: Object.fromEntries(jobs),
    local,
  });
  return {
    document: parsed.document,
    inputSchema,
    problems: [
      ...inFile(settings.document, text, problems),
      ...ofSchema,
      ...missingFiles(settings),
      ...exampleProblems(settings, inputSchema),
    ],
  };
}

/**
 * Formats a problem as one line: `file:line:column`, which terminals and editors open, then the severity, the state, the problem and
 * the fix. Long parts are cut, so that the fix stays visible.
 */
export function describeProblem({ file, line, column, severity, state, message, fix }: ProjectProblem): string {
  const place = [visible(file), ...(line === null ? [] : [line, column])].join(":");
  const start = [place, severity, ...(state === null ? [] : [visible(state)])].join(": ");
  return `${start}: ${visible(message, 800)}; ${visible(fix, 600)}`;
}

/** Adds the places to the problems of a file. `text` is its content; `null` if there is none. */
function inFile(file: string, text: string | null, problems: readonly Problem[]): ProjectProblem[] {
  // A text that is not JSON is not parsed again.
  const parses = text !== null && problems.some(({ place }) => place === undefined);
  const placeOf = parses ? placesIn(text) : () => ({ line: null, column: null });
  return problems.map(({ severity, rule, state, pointer, place = placeOf(pointer), message, fix }) => ({
    severity,
    rule,
    file,
    ...place,
    state,
    pointer,
    message,
    fix,
  }));
}

/** Returns the path of a file beside the document, such as `workflow/echo.input.json` for `workflow/echo.asl.json`. */
function companionFile({ document }: Settings, suffix: string): string {
  return resolve(PROJECT_FOLDER, document.replace(/\.asl\.json$/, suffix));
}

/** Returns the path of the example input. */
export function exampleInputFile(settings: Settings): string {
  return companionFile(settings, ".input.json");
}

/** Returns the path of the JSON Schema of the input. */
export function inputSchemaFile(settings: Settings): string {
  return companionFile(settings, ".input.schema.json");
}

/** Finds files that belong to the workflow and do not exist. */
function missingFiles(settings: Settings): ProjectProblem[] {
  const schema = inputSchemaFile(settings);
  const message = "the file does not exist, so inputs are not checked";
  const ofSchema = existsSync(schema) ? [] : [warning("no-input-schema", "", message, WRITE_SCHEMA)];
  const ofJobs = Object.entries(settings.jobs).flatMap(([name, job]) => [...missingOfJob(name, job)]);
  const settingsFile = resolve(PROJECT_FOLDER, SETTINGS_FILE);
  const settingsText = ofJobs.length > 0 && existsSync(settingsFile) ? readTextFile(settingsFile) : null;
  return [
    ...inFile(relative(PROJECT_FOLDER, schema), null, ofSchema.map(ofNoState)),
    ...inFile(SETTINGS_FILE, settingsText, ofJobs.map(ofNoState)),
  ];
}

/** Checks the example input. The workflow starts with it if the user gives no other. */
function exampleProblems(settings: Settings, schema: JsonObject | null): ProjectProblem[] {
  const path = exampleInputFile(settings);
  if (schema === null || !existsSync(path)) return [];
  const file = relative(PROJECT_FOLDER, path);
  const fix = `correct the example, or ${relative(PROJECT_FOLDER, inputSchemaFile(settings))}`;
  const wrong = ({ pointer, message }: InputMistake) => ofNoState(warning("example-input", pointer, message, fix));
  const invalid = (message: string) => wrong({ pointer: "", message: `it is not a valid input: ${message}` });
  let text: string | null = null;
  try {
    text = readTextFile(path);
    const read = readJson(text);
    const problems =
      "mistakes" in read
        ? read.mistakes.map(({ message, line, column }) => ({ ...invalid(message), place: { line, column } }))
        : inputMistakes(schema, parseInput(text)).map(wrong);
    return inFile(file, text, problems);
  } catch (mistake) {
    return inFile(file, text, [invalid((mistake as Error).message)]);
  }
}

function* missingOfJob(name: string, { image, localCommand }: JobSettings): Generator<Finding, void, undefined> {
  const pointer = `/context/jobs/${escapePointer(name)}`;
  const isThere = (path: string) => existsSync(resolve(PROJECT_FOLDER, path));
  const problem = imageFolderProblem(PROJECT_FOLDER, image);
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
const WRITE_SCHEMA = "add a JSON Schema of the execution input";
const PROJECT_PATH = /^[\w.][\w.-]*\/[\w./-]+$/;

/** Reads the schema of the input and finds its problems. The schema is `null` if there is none, or if it has errors. */
export function readInputSchema(settings: Settings): { schema: JsonObject | null; problems: ProjectProblem[] } {
  const path = inputSchemaFile(settings);
  if (!existsSync(path)) return { schema: null, problems: [] };
  let findings: Finding[] = [];
  let schema: JsonObject | null = null;
  let text: string | null = null;
  try {
    text = readTextFile(path);
    const read = readJson(text);
    if ("mistakes" in read) findings = read.mistakes.map(jsonFinding);
    else {
      const value = plainNumbers(read.value);
      findings = schemaFindings(value);
      if (!findings.some(({ severity }) => severity === "error")) schema = toObject(value);
    }
  } catch (cause) {
    if (!(cause instanceof TextFileError)) throw cause;
    findings = [error("input-schema", "", `the schema cannot be read: ${cause.message}`, WRITE_SCHEMA)];
  }
  return { schema, problems: inFile(relative(PROJECT_FOLDER, path), text, findings.map(ofNoState)) };
}

function ofNoState(finding: Finding): Problem {
  return { ...finding, state: null };
}

/** Converts the schemas `true` and `false`, which accept everything and nothing. */
function toObject(schema: Json): JsonObject {
  if (typeof schema === "boolean") return schema ? {} : { not: {} };
  return schema as JsonObject;
}

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
