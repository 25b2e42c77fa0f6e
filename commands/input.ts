/** The arguments that more than one command takes: an execution's input and name, and the files of its report. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { printable } from "../base/text";
import { readTextFile } from "../base/text-file";
import { UsageError } from "../errors";
import { exampleInputFile } from "../project";
import { PROJECT_FOLDER, type Settings } from "../settings";
import type { Json, JsonObject } from "../workflow/document";
import { checkInput, InputSizeError, parseInput } from "../workflow/input";
import type { Surroundings } from "./surroundings";

/**
 * The example input, which stands beside the document.
 * @throws UsageError when there is none, or it is no JSON
 */
export function readExampleInput(settings: Settings): Json {
  const path = exampleInputFile(settings);
  const name = relative(PROJECT_FOLDER, path);
  if (!existsSync(path)) {
    throw new UsageError(`there is no example input ${name}; write it, or give another one with \`--input\``);
  }
  return inputFrom("the example input", () => readTextFile(path), name);
}

/** @throws UsageError when there is no such file, or it is no JSON */
export function readInput(path: string, { readStandardInput }: Pick<Surroundings, "readStandardInput">): Json {
  const name = path === "-" ? "standard input" : path;
  const read = () => (path === "-" ? readStandardInput() : readTextFile(path));
  return inputFrom("`--input`", read, name);
}

function inputFrom(what: string, read: () => string, name: string): Json {
  let text: string;
  try {
    text = read();
  } catch (cause) {
    const why = (cause as Error).message;
    throw new UsageError(`${what} must be a file that can be read: ${why}, got: ${printable(name)}`, { cause });
  }
  try {
    return parseInput(text);
  } catch (cause) {
    const why = (cause as Error).message;
    if (cause instanceof InputSizeError) throw new UsageError(`${what} is too large: ${why}`, { cause });
    throw new UsageError(`${what} must be JSON, got: ${printable(name)}, ${why}`, { cause });
  }
}

/** @throws UsageError with all that the schema says against the input */
export function validateInput(schema: JsonObject, input: Json): void {
  const problems = checkInput(schema, input);
  if (problems.length > 0) throw new UsageError(["the input does not fit the workflow", ...problems].join("\n  "));
}

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
export function executionName(text: string): string {
  if (/^[\w.+!@()=',~-]{1,80}$/.test(text)) return text;
  throw new UsageError(
    `\`--name\` must be 1 to 80 letters, digits or any of _-.+!@()=',~, got: ${JSON.stringify(text)}`,
  );
}

/** A whole number of at least 1. */
export function countOf(option: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new UsageError(`\`${option}\` must be a whole number of at least 1, got: ${JSON.stringify(text)}`);
  };
}

/** A file that is written at the end, looked at before anything starts. */
export function outputFile(option: string, ...endings: string[]): (text: string) => string {
  return (text) => {
    const refused = (what: string) => new UsageError(`\`${option}\` must be a file ${what}, got: ${text}`);
    if (endings.length > 0 && !endings.includes(extname(text).toLowerCase())) {
      throw refused(`that ends in ${endings.join(" or ")}`);
    }
    if (!existsSync(dirname(resolve(text)))) throw refused("in a folder that exists");
    if (isFolder(text) || !isWritable(text)) throw refused("that can be written");
    return text;
  };
}

/** A folder for many files; made where it is not there. */
export function outputFolder(option: string): (text: string) => string {
  return (text) => {
    try {
      mkdirSync(text, { recursive: true });
    } catch (cause) {
      throw new UsageError(`\`${option}\` must be a folder, got: ${text} (${(cause as Error).message})`, { cause });
    }
    if (!isWritable(join(text, "any")))
      throw new UsageError(`\`${option}\` must be a folder that can be written, got: ${text}`);
    return text;
  };
}

function isFolder(path: string): boolean {
  return /[/\\]$/.test(path) || (existsSync(path) && statSync(path).isDirectory());
}

/** Whether a file can be written, or made where it is not there. */
function isWritable(path: string): boolean {
  try {
    accessSync(existsSync(path) ? path : dirname(resolve(path)), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
