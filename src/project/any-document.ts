/** Reads and checks a document that need not belong to the project. Only the rules of AWS apply to it. */
import { basename, resolve } from "node:path";
import { check, parseDocument } from "../asl/check/check-document";
import type { StatesDocument } from "../asl/document";
import { UsageError } from "../base/errors";
import { isTree, type JsonObject, unescapePointer } from "../base/json";
import { quote } from "../base/text";
import { readTextFile } from "../base/text-file";
import { type CheckedWorkflow, type CheckOptions, requireNoErrors, type Workflow } from "./checked-workflow";
import { exampleProblems, type NamedFile, readSchemaOf } from "./companion-files";
import { inFile } from "./file-problem";
import { refuseOtherFile } from "./other-files";

/** Returns a file that the user typed. A relative path is relative to the folder of the user, not to the project. */
export function fileOf(typed: string): NamedFile {
  return { path: resolve(typed), name: typed };
}

/** Returns the name of a document's state machine: `orders` for `their/orders.asl.json`. */
export function stateMachineNameOf({ path }: NamedFile): string {
  const name = basename(path).replace(/(?:\.asl)?(?:\.json)?$/, "");
  // @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
  return name.replaceAll(/[^\w-]+/g, "-").slice(0, 80) || "workflow";
}

/**
 * Reads a document, with the schema and the example of its input if they stand beside it. Refuses it if it has errors. With
 * `local`, what cannot run here is an error too.
 * @throws UsageError with all errors, or if the file is no document
 */
export function loadAnyDocument(file: NamedFile, options: CheckOptions): Workflow {
  return requireNoErrors(checkAnyDocument(file, options));
}

/**
 * Reads a document and finds its problems. A `${Name}` in it is text.
 * @throws UsageError if the file cannot be read, or is no document
 */
export function checkAnyDocument(file: NamedFile, { local, mocked }: CheckOptions): CheckedWorkflow {
  const { text, parsed } = parseFile(file);
  const { schema: inputSchema, problems: ofSchema } = readSchemaOf(file);
  if ("problems" in parsed) {
    return { document: null, text, inputSchema, problems: [...inFile(file.name, text, parsed.problems), ...ofSchema] };
  }
  const { document } = parsed;
  const found = check({
    ...{ document, inputSchema, placeholders: null, jobDefinitions: {}, queues: null, local },
    mocked: mocked?.(document) ?? new Set(),
  });
  const problems = found.filter(({ pointer }) => !isPlaceholder(valueAt(document, pointer)));
  return {
    document,
    text,
    inputSchema,
    problems: [...inFile(file.name, text, problems), ...ofSchema, ...exampleProblems(file, inputSchema)],
  };
}

/**
 * Reads a document without a check of its states.
 * @throws UsageError if the file cannot be read, or is no document
 */
export function readAnyDocument(file: NamedFile): StatesDocument {
  const { text, parsed } = parseFile(file);
  const problems = "problems" in parsed ? inFile(file.name, text, parsed.problems) : [];
  const document = "document" in parsed ? parsed.document : null;
  return requireNoErrors({ document, text, inputSchema: null, problems }).document;
}

// --- internal ---

/** Returns whether a value is a placeholder and nothing else. It may stand for a value of any type. */
function isPlaceholder(value: unknown): boolean {
  return typeof value === "string" && /^\$\{[^{}]+\}$/.test(value);
}

/** Returns the value at a JSON pointer. */
function valueAt(document: unknown, pointer: string): unknown {
  const keys = pointer.split("/").slice(1).map(unescapePointer);
  return keys.reduce((value, key) => (isTree(value) ? (value as JsonObject)[key] : undefined), document);
}

function parseFile(file: NamedFile): { text: string; parsed: ReturnType<typeof parseDocument> } {
  const text = readDocument(file);
  refuseOtherFile(text, file);
  return { text, parsed: parseDocument(text) };
}

function readDocument({ path }: NamedFile): string {
  try {
    return readTextFile(path);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new UsageError(`the document must be a file that can be read: ${why}, got: ${quote(path, 1000)}`, { cause });
  }
}
