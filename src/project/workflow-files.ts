/** Reads and checks the files of the project's workflow: the document, and the schema and example of its input. */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { check, type Problem, parseDocument } from "../asl/check/check-document";
import { jsonFinding } from "../asl/check/json-text";
import { error, type Finding, warning } from "../asl/check/problem";
import type { StatesDocument } from "../asl/document";
import { checkInput, parseInput } from "../asl/input";
import { schemaFindings } from "../asl/input-schema";
import { UsageError } from "../base/errors";
import { imageFolderProblem } from "../base/image-folder";
import { escapePointer, type Json, type JsonObject, plainNumbers } from "../base/json";
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

/** A problem, and the file of its pointer, relative to the project. */
export interface ProjectProblem extends Problem {
  readonly file: string;
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
  const parsed = parseDocument(readProjectFile("document", settings.document));
  const inDocument = (problem: Problem) => ({ ...problem, file: settings.document });
  if ("problems" in parsed) {
    return { document: null, inputSchema, problems: [...parsed.problems.map(inDocument), ...ofSchema] };
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
      ...problems.map(inDocument),
      ...ofSchema,
      ...missingFiles(settings),
      ...exampleProblems(settings, inputSchema),
    ],
  };
}

/** Formats a problem as one line: the place, the problem, the fix. Long parts are cut, so that the fix stays visible. */
export function describeProblem({ file, severity, state, pointer, message, fix }: ProjectProblem): string {
  const place = [file, state, pointer].flatMap((part) => (part ? [visible(part)] : [])).join(": ");
  return `${severity}: ${place}: ${visible(message, 800)}; ${visible(fix, 600)}`;
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
  const ofSchema = { ...warning("no-input-schema", "", message, WRITE_SCHEMA), file: relative(PROJECT_FOLDER, schema) };
  const ofJobs = Object.entries(settings.jobs).flatMap(([name, job]) => [...missingOfJob(name, job)]);
  return [
    ...(existsSync(schema) ? [] : [ofSchema]),
    ...ofJobs.map((finding) => ({ ...finding, file: "cdktf.json" })),
  ].map((finding) => ({ ...finding, state: null }));
}

/** Checks the example input. The workflow starts with it if the user gives no other. */
function exampleProblems(settings: Settings, schema: JsonObject | null): ProjectProblem[] {
  const path = exampleInputFile(settings);
  if (schema === null || !existsSync(path)) return [];
  const file = relative(PROJECT_FOLDER, path);
  const fix = `correct the example, or ${relative(PROJECT_FOLDER, inputSchemaFile(settings))}`;
  const wrong = (message: string) => ({ ...warning("example-input", "", message, fix), state: null, file });
  try {
    return checkInput(schema, parseInput(readTextFile(path))).map(wrong);
  } catch (mistake) {
    return [wrong(`it is not a valid input: ${(mistake as Error).message}`)];
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

const WRITE_SCHEMA = "add a JSON Schema of the execution input";
const PROJECT_PATH = /^[\w.][\w.-]*\/[\w./-]+$/;

/** Reads the schema of the input and finds its problems. The schema is `null` if there is none, or if it has errors. */
export function readInputSchema(settings: Settings): { schema: JsonObject | null; problems: ProjectProblem[] } {
  const path = inputSchemaFile(settings);
  const inSchema = (finding: Finding) => ({ ...finding, state: null, file: relative(PROJECT_FOLDER, path) });
  if (!existsSync(path)) return { schema: null, problems: [] };
  let findings: Finding[] = [];
  let schema: JsonObject | null = null;
  try {
    const read = readJson(readTextFile(path));
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
  return { schema, problems: findings.map(inSchema) };
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
