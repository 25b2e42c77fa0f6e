/** The arguments that more than one command takes: an execution's input and name, and the files of its report. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, relative, resolve } from "node:path";
import { UsageError } from "../errors";
import { companionFile } from "../project";
import { PROJECT_FOLDER, type Settings } from "../settings";
import type { Json, JsonObject } from "../workflow/document";
import { checkInput } from "../workflow/input";
import type { Surroundings } from "./surroundings";

/**
 * The example input, which stands beside the document.
 * @throws UsageError when there is none, or it is no JSON
 */
export function readExampleInput(settings: Settings): Json {
  const path = companionFile(settings, ".input.json");
  const name = relative(PROJECT_FOLDER, path);
  if (!existsSync(path)) {
    throw new UsageError(`there is no example input ${name}; write it, or give another one with \`--input\``);
  }
  return parseInput(readFileSync(path, "utf8"), "the example input", name);
}

/** @throws UsageError when there is no such file, or it is no JSON */
export function readInput(path: string, { readStandardInput }: Pick<Surroundings, "readStandardInput">): Json {
  const name = path === "-" ? "standard input" : path;
  let text: string;
  try {
    text = path === "-" ? readStandardInput() : readFileSync(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const what = code === "ENOENT" ? "there is no such file" : message;
    throw new UsageError(`\`--input\` must be a file that can be read: ${what}, got: ${name}`, { cause });
  }
  return parseInput(text, "`--input`", name);
}

function parseInput(text: string, what: string, name: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new UsageError(`${what} must be JSON: ${(cause as Error).message}, got: ${name}`, { cause });
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
    if (!endings.includes(extname(text).toLowerCase())) {
      throw new UsageError(`\`${option}\` must be a file that ends in ${endings.join(" or ")}, got: ${text}`);
    }
    if (!existsSync(dirname(resolve(text)))) {
      throw new UsageError(`\`${option}\` must be a file in a folder that exists, got: ${text}`);
    }
    return text;
  };
}
