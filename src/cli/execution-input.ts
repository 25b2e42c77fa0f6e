/** The input of an execution, and the other files that a command reads. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkInput, InputSizeError, inputText, parseInput } from "../asl/input";
import { SettingsError, UsageError } from "../base/errors";
import type { Json, JsonObject } from "../base/json";
import type { Source } from "../base/output-file";
import { printable } from "../base/text";
import { readTextFile } from "../base/text-file";
import { exampleInputOf, inputSchemaOf, type NamedFile, testFileOf } from "../project/companion-files";
import { loadSettings } from "../project/load-settings";
import { PROJECT_FOLDER } from "../project/project-folder";
import type { Settings } from "../project/settings-types";
import { documentOf } from "../project/workflow-files";
import { splitCase } from "../testing/read-mocks";
import type { Values } from "./define-command";
import type { INPUT } from "./flags";
import type { Project, Terminal } from "./session";

type InputFlags = Pick<Values<typeof INPUT>, "input" | "validate">;

/** The input of an execution. */
export interface ExecutionInput {
  readonly value: Json;
  /** Its text as StartExecution takes it: the digits of its numbers and the order of its names are as they were written. */
  readonly text: string;
}

/**
 * Reads the input that the user gave, otherwise the example of the project. Checks it against the schema, unless `validate` is off.
 * @throws UsageError if the input cannot be read, or with all problems that the schema finds in it
 */
export function inputOf(
  flags: InputFlags,
  settings: Settings,
  schema: JsonObject | null,
  terminal: Pick<Terminal, "readStandardInput">,
): ExecutionInput {
  return givenInput(flags, () => readExampleInput(settings), schema, terminal);
}

/**
 * Does the same for a document from elsewhere. Without an example beside it, the input is `{}`, as for StartExecution.
 * @throws UsageError
 */
export function inputOfDocument(
  flags: InputFlags,
  document: NamedFile,
  schema: JsonObject | null,
  terminal: Pick<Terminal, "readStandardInput">,
): ExecutionInput {
  const { path, name } = exampleInputOf(document);
  const example = () => (existsSync(path) ? inputFrom("the example input", () => readTextFile(path), name) : NO_INPUT);
  return givenInput(flags, example, schema, terminal);
}

/**
 * Reads the example input beside the document.
 * @throws UsageError if there is none, or it is not JSON
 */
function readExampleInput(settings: Settings): ExecutionInput {
  const { path, name } = exampleInputOf(documentOf(settings));
  if (!existsSync(path)) {
    throw new UsageError(`there is no example input ${name}; write it, or give another one with \`--input\``);
  }
  return inputFrom("the example input", () => readTextFile(path), name);
}

/**
 * Reads the input that the user gave: a file, or `-` for standard input.
 * @throws UsageError if there is no such file, or it is not JSON
 */
export function readInput(path: string, { readStandardInput }: Pick<Terminal, "readStandardInput">): ExecutionInput {
  const read = () => (path === "-" ? readStandardInput() : readTextFile(path));
  return inputFrom("`--input`", read, path === "-" ? "standard input" : resolve(path));
}

/** The files that a command may read. It must not overwrite any of them. */
export function sourcesOf(
  { input, document, mock }: { readonly input?: unknown; readonly document?: unknown; readonly mock?: unknown },
  { environment, context }: Pick<Project, "environment" | "context">,
): Source[] {
  const sources = [{ name: "cdktf.json", path: join(PROJECT_FOLDER, "cdktf.json") }];
  if (typeof input === "string" && input !== "-") sources.push({ name: "`--input`", path: input });
  if (typeof mock === "string") sources.push({ name: "`--mock`", path: splitCase(mock).file });
  if (typeof document === "string") sources.push(...sourcesBeside({ path: resolve(document), name: document }));
  try {
    const settings = loadSettings(environment, context);
    return [...sources, ...sourcesBeside(documentOf(settings))];
  } catch (error) {
    // The command itself reports wrong settings, if it needs them.
    if (error instanceof SettingsError) return sources;
    throw error;
  }
}

// --- internal ---

const NO_INPUT: ExecutionInput = { value: {}, text: "{}" };

function sourcesBeside(document: NamedFile): Source[] {
  return [
    { name: "the document", path: document.path },
    { name: "the example input", path: exampleInputOf(document).path },
    { name: "the schema of the input", path: inputSchemaOf(document).path },
    { name: "the tests", path: testFileOf(document).path },
  ];
}

function givenInput(
  { input: path, validate }: InputFlags,
  example: () => ExecutionInput,
  schema: JsonObject | null,
  terminal: Pick<Terminal, "readStandardInput">,
): ExecutionInput {
  const input = path === undefined ? example() : readInput(path, terminal);
  const problems = validate && schema !== null ? checkInput(schema, input.value) : [];
  if (problems.length > 0) throw new UsageError(["the input does not fit the workflow", ...problems].join("\n  "));
  return input;
}

function inputFrom(what: string, read: () => string, name: string): ExecutionInput {
  let text: string;
  try {
    text = read();
  } catch (cause) {
    const why = (cause as Error).message;
    throw new UsageError(`${what} must be a file that can be read: ${why}, got: ${printable(name)}`, { cause });
  }
  try {
    const value = parseInput(text);
    return { value, text: inputText(text, value) };
  } catch (cause) {
    const why = (cause as Error).message;
    if (cause instanceof InputSizeError) throw new UsageError(`${what} is too large: ${why}`, { cause });
    throw new UsageError(`${what} must be JSON, got: ${printable(name)}, ${why}`, { cause });
  }
}
