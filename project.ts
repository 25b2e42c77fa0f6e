/** The project's own workflow: document and schema of the input, read from their files and checked. */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { whyItFailed } from "./base/file-errors";
import { imageFolderProblem } from "./base/image-folder";
import { readTextFile } from "./base/text-file";
import { UsageError } from "./errors";
import { jobDefinitionPlaceholder } from "./names";
import { type JobSettings, PROJECT_FOLDER, type Settings } from "./settings";
import { check, type Problem, parseDocument } from "./workflow/check";
import { error, type Finding, warning } from "./workflow/check/problem";
import { escapePointer, type Json, type JsonObject, type StatesDocument } from "./workflow/document";
import { checkInput, parseInput, schemaProblem } from "./workflow/input";

/** A document that can be deployed, and the JSON Schema of its input; `null` where there is none. */
export interface Workflow {
  readonly document: StatesDocument;
  readonly inputSchema: JsonObject | null;
}

/** A problem, and the file that its pointer leads into, relative to the project. */
export interface ProjectProblem extends Problem {
  readonly file: string;
}

/** What was read, and what is wrong with it. A text that is no document at all has problems only. */
export interface CheckedWorkflow {
  readonly document: StatesDocument | null;
  readonly inputSchema: JsonObject | null;
  readonly problems: readonly ProjectProblem[];
}

/** Placeholders that have a value in every deployment, whether the document uses them or not. */
const KNOWN_PLACEHOLDERS = ["Partition", "Region", "AccountId", "StateMachineName", "JobQueueArn"];

/**
 * Reads the workflow and refuses it if anything but warnings is to be said of it; if `local`, also what the local run
 * cannot do.
 * @throws UsageError with all errors
 */
export function loadWorkflow(settings: Settings, { local }: { local: boolean } = { local: false }): Workflow {
  const { document, inputSchema, problems } = checkWorkflow(settings, { local });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (document === null || errors.length > 0) {
    throw new UsageError(errors.map(describeProblem).join("\n"));
  }
  return { document, inputSchema };
}

/** @throws UsageError when a file cannot be read, or the schema is not JSON */
export function checkWorkflow(settings: Settings, { local }: { local: boolean }): CheckedWorkflow {
  const inputSchema = readInputSchema(settings);
  const parsed = parseDocument(readProjectFile("document", settings.document));
  const inDocument = (problem: Problem) => ({ ...problem, file: settings.document });
  if ("problems" in parsed) return { document: null, inputSchema, problems: parsed.problems.map(inDocument) };
  const jobs = Object.entries(settings.jobs).map(([name, job]) => [jobDefinitionPlaceholder(name), job] as const);
  const problems = check({
    document: parsed.document,
    inputSchema,
    placeholders: { known: KNOWN_PLACEHOLDERS, expected: jobs.map(([placeholder]) => placeholder) },
    jobDefinitions: Object.fromEntries(jobs),
    local,
  });
  return {
    document: parsed.document,
    inputSchema,
    problems: [...problems.map(inDocument), ...missingFiles(settings), ...exampleProblems(settings, inputSchema)],
  };
}

/** A problem as one line: where it is, what is wrong, what to do. */
export function describeProblem({ file, severity, state, pointer, message, fix }: ProjectProblem): string {
  const place = [file, state, pointer].filter(Boolean).join(": ");
  return `${severity}: ${place}: ${message}; ${fix}`;
}

/** A file that belongs to the document: `workflow/echo.asl.json` has `workflow/echo.input.json`. */
function companionFile({ document }: Settings, suffix: string): string {
  return resolve(PROJECT_FOLDER, document.replace(/\.asl\.json$/, suffix));
}

/** The example of an input, which stands beside the document. */
export function exampleInputFile(settings: Settings): string {
  return companionFile(settings, ".input.json");
}

/** The JSON Schema of the input, which stands beside the document. */
export function inputSchemaFile(settings: Settings): string {
  return companionFile(settings, ".input.schema.json");
}

/** Files that belong to the workflow and are not there. */
function missingFiles(settings: Settings): ProjectProblem[] {
  const schema = inputSchemaFile(settings);
  const ofSchema = warning(
    "no-input-schema",
    "",
    "it is not there: no input is checked",
    "write it, a JSON Schema of what an execution is given",
  );
  const ofJobs = Object.entries(settings.jobs).flatMap(([name, job]) => [...missingOfJob(name, job)]);
  return [
    ...(existsSync(schema) ? [] : [{ ...ofSchema, state: null, file: relative(PROJECT_FOLDER, schema) }]),
    ...ofJobs.map((finding) => ({ ...finding, state: null, file: "cdktf.json" })),
  ];
}

/** What is wrong with the example of an input, with which the workflow is started where no other is given. */
function exampleProblems(settings: Settings, schema: JsonObject | null): ProjectProblem[] {
  const path = exampleInputFile(settings);
  if (schema === null || !existsSync(path)) return [];
  const file = relative(PROJECT_FOLDER, path);
  const wrong = (message: string) => ({
    ...warning("example-input", "", message, "mend it, or the schema beside it"),
    ...{ state: null, file },
  });
  let text: string;
  try {
    text = readTextFile(path);
  } catch (cause) {
    return [wrong(`it cannot be read: ${whyItFailed(cause)}`)];
  }
  try {
    return checkInput(schema, parseInput(text)).map(wrong);
  } catch (mistake) {
    return [wrong(`it is not JSON: ${(mistake as Error).message}`)];
  }
}

function* missingOfJob(name: string, { image, localCommand }: JobSettings): Generator<Finding, void, undefined> {
  const pointer = `/context/jobs/${escapePointer(name)}`;
  const isThere = (path: string) => existsSync(resolve(PROJECT_FOLDER, path));
  const problem = imageFolderProblem(PROJECT_FOLDER, image);
  if (problem !== null) {
    const message = `\`jobs.${name}.image\` must be ${problem.rule}, and ${problem.found}`;
    yield error("no-image", `${pointer}/image`, message, problem.fix);
  }
  // An argument with a slash may be anything; in a folder of the project it is a file's.
  const files = localCommand?.filter((argument) => PROJECT_PATH.test(argument) && isThere(argument.split("/")[0]!));
  for (const file of files ?? []) {
    if (isThere(file)) continue;
    const message = `\`jobs.${name}.localCommand\` names ${file}, which is not there`;
    yield warning("no-local-command", `${pointer}/localCommand`, message, "write it, or name what is there");
  }
}

const PROJECT_PATH = /^[\w.][\w.-]*\/[\w./-]+$/;

function readInputSchema(settings: Settings): JsonObject | null {
  const path = inputSchemaFile(settings);
  if (!existsSync(path)) return null;
  let text: string;
  try {
    text = readTextFile(path);
  } catch (cause) {
    throw new UsageError(`${path} cannot be read: ${whyItFailed(cause)}`, { cause });
  }
  let schema: Json;
  try {
    schema = JSON.parse(text) as Json;
  } catch (cause) {
    throw new UsageError(`${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const problem = schemaProblem(schema);
  if (problem !== null) throw new UsageError(`${path} is no JSON Schema: ${problem}; mend it, or remove it`);
  return schema as JsonObject;
}

function readProjectFile(setting: keyof Settings, path: string): string {
  try {
    return readTextFile(resolve(PROJECT_FOLDER, path));
  } catch (cause) {
    const file = resolve(PROJECT_FOLDER, path);
    throw new UsageError(`\`${setting}\` must be a file that can be read, got: ${file} (${whyItFailed(cause)})`, {
      cause,
    });
  }
}
