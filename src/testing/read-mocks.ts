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
import { type Mocks, mockedStates } from "../local/mocks";
import { isMockConfigFile, readMockConfigFile } from "./mock-config-file";
import { readMockFile } from "./mock-file";
import { mockableStates } from "./mockable-states";

/** The mocks of `--mock`, for a document that is known later. */
export interface MockReader {
  /**
   * Reads the mocks, once. Returns `null` if the user gave none.
   * @throws UsageError if the file cannot be read, or with all of its mistakes, each as `file:line:column`
   */
  readonly read: (document: StatesDocument) => Mocks | null;
  /** Returns the names of the states of which all items have a mock. Throws as `read` does. */
  readonly mocked: (document: StatesDocument) => ReadonlySet<string>;
}

/**
 * Returns the reader of a file. `typed` is `FILE`, or `FILE#TEST_CASE` for a file of Step Functions Local with several test cases.
 * `stateMachines` are the names that such a file may use for the state machine.
 */
export function mockReader(typed: string | undefined, stateMachines: readonly string[]): MockReader {
  let mocks: Mocks | null = null;
  const read = (document: StatesDocument) => {
    if (typed !== undefined) mocks ??= readMocks(typed, document, stateMachines);
    return mocks;
  };
  return { read, mocked: (document) => mockedStates(document, read(document)) };
}

/** Splits `FILE#TEST_CASE`. The name of a file may have a # in it. */
export function splitCase(typed: string): { readonly file: string; readonly testCase: string | null } {
  const at = typed.lastIndexOf("#");
  if (at <= 0 || existsSync(typed)) return { file: typed, testCase: null };
  return { file: typed.slice(0, at), testCase: typed.slice(at + 1) };
}

/** The mocks of a file, and its mistakes with the text that has their places. With a mistake, the mocks are incomplete. */
export interface LoadedMocks {
  readonly mocks: Mocks;
  readonly text: string;
  readonly findings: readonly Finding[];
}

/**
 * Loads the mocks of `FILE` or `FILE#TEST_CASE`. `what` names the flag or the field that has the file.
 * @throws UsageError if the file cannot be read, or is not JSON
 */
export function loadMocks(
  typed: string,
  what: string,
  document: StatesDocument,
  stateMachines: readonly string[],
): LoadedMocks {
  const { file, testCase } = splitCase(typed);
  const text = readText(file, what);
  const read = readJson(text);
  if ("mistakes" in read) {
    throw new UsageError(`${what} must be JSON, got: ${printable(file)}, ${describeMistake(read.mistakes[0]!)}`);
  }
  const states = mockableStates(document);
  const { value } = read;
  const isConfig = isMockConfigFile(value);
  if (testCase !== null && !isConfig) {
    throw new UsageError(`${what}: ${printable(file)} has no test cases; leave out ${printable(`#${testCase}`)}`);
  }
  const { byPlace, findings } = isConfig
    ? readMockConfigFile(value, { stateMachines, testCase }, states)
    : readMockFile(value, states);
  return { mocks: { file, format: isConfig ? "step-functions-local" : "own", byPlace }, text, findings };
}

// --- internal ---

function readMocks(typed: string, document: StatesDocument, stateMachines: readonly string[]): Mocks {
  const { mocks, text, findings } = loadMocks(typed, "`--mock`", document, stateMachines);
  if (findings.length > 0) throw new UsageError(describe(findings, mocks.file, text).join("\n"));
  return mocks;
}

function readText(file: string, what: string): string {
  try {
    return readTextFile(resolve(file));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new UsageError(`${what} must be a file that can be read: ${why}, got: ${printable(resolve(file))}`, {
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
