/** The arguments that more than one command takes: the input and the name of an execution. */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { checkInput, InputSizeError, parseInput } from "../asl/input";
import { SettingsError, UsageError } from "../base/errors";
import type { Json, JsonObject } from "../base/json";
import type { Source } from "../base/output-file";
import { printable } from "../base/text";
import { readTextFile } from "../base/text-file";
import { loadSettings } from "../project/load-settings";
import { PROJECT_FOLDER } from "../project/project-folder";
import type { Settings } from "../project/settings-types";
import { exampleInputFile, inputSchemaFile } from "../project/workflow-files";
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
  const read = () => (path === "-" ? readStandardInput() : readTextFile(path));
  return inputFrom("`--input`", read, path === "-" ? "standard input" : resolve(path));
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

/** The files that a command may read; none of them may be overwritten. */
export function sourcesOf(
  { input }: { readonly input?: string },
  { environment, context }: Pick<Surroundings, "environment" | "context">,
): Source[] {
  const sources = [{ name: "cdktf.json", path: join(PROJECT_FOLDER, "cdktf.json") }];
  if (input !== undefined && input !== "-") sources.push({ name: "`--input`", path: input });
  try {
    const settings = loadSettings(environment, context);
    return [
      ...sources,
      { name: "the document", path: resolve(PROJECT_FOLDER, settings.document) },
      { name: "the example input", path: exampleInputFile(settings) },
      { name: "the schema of the input", path: inputSchemaFile(settings) },
    ];
  } catch (error) {
    // The command itself reports wrong settings, if it needs them.
    if (error instanceof SettingsError) return sources;
    throw error;
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

/** A whole number from 1 to 999,999,999, which is 31 years of seconds. */
export function countOf(option: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new UsageError(`\`${option}\` must be a whole number from 1 to 999999999, got: ${JSON.stringify(text)}`);
  };
}
