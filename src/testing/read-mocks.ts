/** Reads a file of mocks for a document: this project's own format, or the one of Step Functions Local. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Finding } from "../asl/check/problem";
import type { StatesDocument } from "../asl/document";
import { UsageError } from "../base/errors";
import { placesIn } from "../base/json-places";
import { describeMistake, readJson } from "../base/read-json";
import { firstLines, printable, visible } from "../base/text";
import { readTextFile } from "../base/text-file";
import type { Mocks } from "../local/mocks";
import { isMockConfigFile, readMockConfigFile } from "./mock-config-file";
import { readMockFile } from "./mock-file";
import { mockableStates } from "./mockable-states";

/** The document that the mocks are for. */
export interface Mocked {
  readonly document: StatesDocument;
  /** The names that a file of Step Functions Local may use for its state machine. */
  readonly stateMachines: readonly string[];
}

/**
 * Reads the mocks of `--mock`; `null` without it. Its value is `FILE`, or `FILE#TEST_CASE` for a file of Step Functions Local with
 * several test cases.
 *
 * @throws UsageError if the file cannot be read, or with all of its mistakes, each as `file:line:column`
 */
export function mocksOf({ mock }: { readonly mock?: string | undefined }, mocked: Mocked): Mocks | null {
  return mock === undefined ? null : readMocks(mock, mocked);
}

/** Splits `FILE#TEST_CASE`. The name of a file may have a # in it. */
export function splitCase(typed: string): { readonly file: string; readonly testCase: string | null } {
  const at = typed.lastIndexOf("#");
  if (at <= 0 || existsSync(typed)) return { file: typed, testCase: null };
  return { file: typed.slice(0, at), testCase: typed.slice(at + 1) };
}

// --- internal ---

function readMocks(typed: string, { document, stateMachines }: Mocked): Mocks {
  const { file, testCase } = splitCase(typed);
  const text = readText(file);
  const read = readJson(text);
  if ("mistakes" in read) {
    throw new UsageError(`\`--mock\` must be JSON, got: ${printable(file)}, ${describeMistake(read.mistakes[0]!)}`);
  }
  const states = mockableStates(document);
  const { value } = read;
  const isConfig = isMockConfigFile(value);
  if (testCase !== null && !isConfig) {
    throw new UsageError(`\`--mock\`: ${printable(file)} has no test cases; write \`--mock ${printable(file)}\``);
  }
  const { byPlace, findings } = isConfig
    ? readMockConfigFile(value, { stateMachines, testCase }, states)
    : readMockFile(value, states);
  if (findings.length > 0) throw new UsageError(describe(findings, file, text).join("\n"));
  return { file, byPlace };
}

function readText(file: string): string {
  try {
    return readTextFile(resolve(file));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new UsageError(`\`--mock\` must be a file that can be read: ${why}, got: ${printable(resolve(file))}`, {
      cause,
    });
  }
}

function describe(findings: readonly Finding[], file: string, text: string): string[] {
  const placeOf = placesIn(text);
  return firstLines(findings, ({ pointer, message, fix }) => {
    const { line, column } = placeOf(pointer);
    return `${visible(file)}:${line}:${column}: ${visible(message, 800)}; ${visible(fix, 600)}`;
  });
}
