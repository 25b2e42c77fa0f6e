/** The files beside a document: the JSON Schema of its input, an example of it, and its tests. */
import { existsSync } from "node:fs";
import { jsonFinding } from "../asl/check/json-text";
import { error, type Finding, warning } from "../asl/check/problem";
import { inputMistakes, parseInput } from "../asl/input";
import { schemaFindings } from "../asl/input-schema";
import { type Json, type JsonObject, plainNumbers } from "../base/json";
import { readJson } from "../base/read-json";
import { readTextFile, TextFileError } from "../base/text-file";
import { type FileProblem, inFile, ofNoState } from "./file-problem";

/** A file. */
export interface NamedFile {
  /** The absolute path. */
  readonly path: string;
  /** The name in messages. */
  readonly name: string;
}

/** Returns the example input beside a document, such as `workflow/echo.input.json` for `workflow/echo.asl.json`. */
export function exampleInputOf(document: NamedFile): NamedFile {
  return companionOf(document, ".input.json");
}

/** Returns the JSON Schema of the input beside a document, such as `workflow/echo.input.schema.json`. */
export function inputSchemaOf(document: NamedFile): NamedFile {
  return companionOf(document, ".input.schema.json");
}

/** Returns the test file beside a document, such as `workflow/echo.test.json`. */
export function testFileOf(document: NamedFile): NamedFile {
  return companionOf(document, ".test.json");
}

/** Reads the schema of the input and finds its problems. The schema is `null` if there is none, or if it has errors. */
export function readSchemaOf(document: NamedFile): { schema: JsonObject | null; problems: FileProblem[] } {
  const { path, name } = inputSchemaOf(document);
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
  return { schema, problems: inFile(name, text, findings.map(ofNoState)) };
}

/** Checks the example input. An execution starts with it if the user gives no other. */
export function exampleProblems(document: NamedFile, schema: JsonObject | null): FileProblem[] {
  const example = exampleInputOf(document);
  if (schema === null || !existsSync(example.path)) return [];
  const fix = `correct the example, or ${inputSchemaOf(document).name}`;
  return inputFileProblems(example, schema, (pointer, message) => warning("example-input", pointer, message, fix));
}

/**
 * Checks a file with an input.
 * @param schema `null`: every JSON is an input
 * @param sentText returns the text that an execution gets for the text of the file
 */
export function inputFileProblems(
  { path, name }: NamedFile,
  schema: JsonObject | null,
  finding: (pointer: string, message: string) => Finding,
  sentText: (text: string) => string = (text) => text,
): FileProblem[] {
  const invalid = (message: string) => ofNoState(finding("", `it is not a valid input: ${message}`));
  let text: string | null = null;
  try {
    text = readTextFile(path);
    const read = readJson(text);
    const problems =
      "mistakes" in read
        ? read.mistakes.map(({ message, line, column }) => ({ ...invalid(message), place: { line, column } }))
        : inputMistakes(schema ?? {}, parseInput(sentText(text))).map(({ pointer, message }) =>
            ofNoState(finding(pointer, message)),
          );
    return inFile(name, text, problems);
  } catch (mistake) {
    return inFile(name, text, [invalid((mistake as Error).message)]);
  }
}

/** The fix for a schema that does not exist or cannot be read. */
export const WRITE_SCHEMA = "add a JSON Schema of the execution input";

// --- internal ---

function companionOf({ path, name }: NamedFile, suffix: string): NamedFile {
  const beside = (document: string) => document.replace(/(?:\.asl)?(?:\.json)?$/, suffix);
  return { path: beside(path), name: beside(name) };
}

/** Converts the schemas `true` and `false`, which accept everything and nothing. */
function toObject(schema: Json): JsonObject {
  if (typeof schema === "boolean") return schema ? {} : { not: {} };
  return schema as JsonObject;
}
