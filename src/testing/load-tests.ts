/** Loads the tests of a workflow: the test file, and the inputs and mocks that it names. */
import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { jsonFinding } from "../asl/check/json-text";
import { error, type Finding } from "../asl/check/problem";
import { inputMistakes, parseInput } from "../asl/input";
import { fillIn, type PlaceholderValues, substitute } from "../asl/substitution";
import { UsageError } from "../base/errors";
import { isObject, type Json, type JsonObject } from "../base/json";
import { placesIn } from "../base/json-places";
import { readJson } from "../base/read-json";
import { readTextFile, TextFileError } from "../base/text-file";
import { placeKey, stateOfKey } from "../execution/events";
import type { Mock } from "../local/mocks";
import { exampleInputOf, inputFileProblems, type NamedFile, testFileOf } from "../project/companion-files";
import { type FileProblem, inFile, ofNoState } from "../project/file-problem";
import type { Expectation } from "./expectation";
import { readMocksOf } from "./mock-file";
import { type MockableStates, mockableStates } from "./mockable-states";
import { loadMocks, splitCase } from "./read-mocks";
import type { CaseSetup } from "./run-case";
import { type Answers, readTestFile, type WrittenCase } from "./test-file";
import type { TestedWorkflow } from "./tested-workflow";

/** A case that can run. */
export interface TestCase {
  readonly name: string;
  /** The line of the case in the test file, from 1. */
  readonly line: number;
  readonly setup: CaseSetup;
  readonly expect: Expectation;
}

/** The tests of a workflow. With a problem, the cases must not run. */
export interface LoadedTests {
  /** The test file. */
  readonly file: NamedFile;
  readonly cases: readonly TestCase[];
  readonly problems: readonly FileProblem[];
  readonly states: MockableStates;
  /** The paths of all other files that were read, or that are missing. */
  readonly sources: readonly string[];
}

/**
 * Loads the tests beside the document of a workflow. `text` stands for the content of the test file.
 * @throws UsageError if there is no test file, or it cannot be read
 */
export function loadTests(workflow: TestedWorkflow, text: string = readTests(workflow.file)): LoadedTests {
  const file = testFileOf(workflow.file);
  const read = readJson(text);
  const states = mockableStates(workflow.document);
  if ("mistakes" in read) {
    const problems = inFile(file.name, text, read.mistakes.map(jsonFinding).map(ofNoState));
    return { file, cases: [], problems, states, sources: [] };
  }
  const { shared, cases, findings } = readTestFile(withValues(read.value, workflow.values), states);
  const loader = new Loader(workflow, file, text, states);
  loader.report(findings);
  const placeOf = placesIn(text);
  const sharedMocks = loader.mocksOf(shared);
  return {
    file,
    cases: cases.map((one) => loader.load(one, { answers: shared, mocks: sharedMocks }, placeOf(one.pointer).line)),
    problems: distinct(loader.problems).sort(byPlace),
    states,
    sources: loader.sources,
  };
}

// --- internal ---

type MocksByPlace = ReadonlyMap<string, Mock>;

/** The first test of a document that has none. */
const FIRST_TEST = '{ "cases": [{ "name": "runs to the end" }] }';

function readTests(document: NamedFile): string {
  const { path, name } = testFileOf(document);
  if (!existsSync(path)) {
    throw new UsageError(`${document.name} has no tests: there is no ${name}; write the first one: ${FIRST_TEST}`);
  }
  const text = readTestText(path, name);
  if (text.trim() === "") throw new UsageError(`${name} is empty; write the first test: ${FIRST_TEST}`);
  return text;
}

function readTestText(path: string, name: string): string {
  try {
    return readTextFile(path);
  } catch (cause) {
    if (!(cause instanceof TextFileError)) throw cause;
    throw new UsageError(`${name} cannot be read: ${cause.message}`, { cause });
  }
}

/** Fills in the placeholders of all texts, and of the names of objects in S3. */
function withValues(file: Json, values: PlaceholderValues): Json {
  const named = (holder: Json): Json => {
    if (!isObject(holder) || !isObject(holder.objects)) return holder;
    const objects = Object.entries(holder.objects).map(([uri, content]) => [fillIn(uri, values), content]);
    return { ...holder, objects: Object.fromEntries(objects) };
  };
  const filled = named(substitute(file, values));
  return isObject(filled) && Array.isArray(filled.cases) ? { ...filled, cases: filled.cases.map(named) } : filled;
}

/** Several cases may name a file with a problem. */
function distinct(problems: readonly FileProblem[]): FileProblem[] {
  return [...new Map(problems.map((one) => [`${one.file} ${one.pointer} ${one.message}`, one])).values()];
}

/** The problems of a file stay together. */
function byPlace(one: FileProblem, other: FileProblem): number {
  if (one.file !== other.file) return 0;
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}

class Loader {
  readonly problems: FileProblem[] = [];
  readonly sources: string[] = [];
  private readonly inputs = new Map<string, Json>();

  constructor(
    private readonly workflow: TestedWorkflow,
    private readonly file: NamedFile,
    private readonly text: string,
    private readonly states: MockableStates,
  ) {}

  /** Reports mistakes in the test file. */
  report(findings: readonly Finding[]): void {
    this.problems.push(...inFile(this.file.name, this.text, findings.map(ofNoState)));
  }

  load(one: WrittenCase, shared: { answers: Answers; mocks: MocksByPlace }, line: number): TestCase {
    const { name, executionName, startedAt, expect } = one;
    const byPlace = merged(shared.mocks, this.mocksOf(one));
    const setup: CaseSetup = {
      executionName,
      startedAt,
      input: this.inputOf(one),
      mocks: { file: this.file.name, format: "own", byPlace },
      objects: { ...shared.answers.objects, ...one.objects },
    };
    return { name, line, setup, expect };
  }

  mocksOf({ mocks, mockFile, pointer }: Answers): MocksByPlace {
    const own = readMocksOf(mocks, `${pointer}/mocks`, this.states);
    this.report(own.findings);
    return merged(mockFile ? this.mocksIn(mockFile, pointer) : new Map(), own.byPlace);
  }

  private mocksIn(mockFile: string, pointer: string): MocksByPlace {
    const typed = this.besideTests(mockFile);
    const { document, stateMachines } = this.workflow;
    this.sources.push(resolve(splitCase(typed).file));
    try {
      const { mocks, text, findings } = loadMocks(typed, "mockFile", document, stateMachines);
      this.problems.push(...inFile(mocks.file, text, findings.map(ofNoState)));
      return new Map([...mocks.byPlace].map(([place, mock]) => [place, { ...mock, file: mocks.file }]));
    } catch (cause) {
      if (!(cause instanceof UsageError)) throw cause;
      this.report([error("test-file", `${pointer}/mockFile`, cause.message, "paths are relative to the test file")]);
      return new Map();
    }
  }

  private inputOf({ input, inputFile, validate, pointer }: WrittenCase): Json {
    const check = (value: Json, here: string) => {
      const mistakes = validate ? inputMistakes(this.workflow.inputSchema ?? {}, value) : [];
      this.report(mistakes.map((one) => error("test-input", here + one.pointer, one.message, WRONG_INPUT)));
      return value;
    };
    if (input !== undefined) return check(input, `${pointer}/input`);
    const example = exampleInputOf(this.workflow.file);
    // An empty name is already reported.
    if (inputFile === "") return {};
    if (inputFile === null) return existsSync(example.path) ? this.readInput(example, validate) : check({}, pointer);
    const typed = this.besideTests(inputFile);
    const file = { path: resolve(typed), name: typed };
    this.sources.push(file.path);
    if (existsSync(file.path)) return this.readInput(file, validate);
    const message = `there is no file ${file.name}`;
    this.report([error("test-file", `${pointer}/inputFile`, message, "paths are relative to the test file")]);
    return {};
  }

  /** Reads a file once. */
  private readInput(file: NamedFile, validate: boolean): Json {
    const key = `${validate} ${file.path}`;
    const known = this.inputs.get(key);
    if (known !== undefined) return known;
    this.sources.push(file.path);
    const schema: JsonObject = validate ? (this.workflow.inputSchema ?? {}) : {};
    const problems = inputFileProblems(file, schema, (pointer, message) =>
      error("test-input", pointer, message, WRONG_INPUT),
    );
    this.problems.push(...problems);
    const input = problems.length > 0 ? {} : parseInput(readTextFile(file.path));
    this.inputs.set(key, input);
    return input;
  }

  /** Returns the path of a file that the test file names, relative to the folder of the command. */
  private besideTests(typed: string): string {
    return relative("", resolve(dirname(this.file.path), typed)) || ".";
  }
}

const WRONG_INPUT = 'correct the input, or set "validate": false in the case to run it with this one';

/** Adds later mocks. The mock of a state without items replaces all earlier ones of the state. */
function merged(earlier: MocksByPlace, later: MocksByPlace): MocksByPlace {
  const isReplaced = (key: string) => later.has(placeKey({ state: stateOfKey(key), indices: [] }));
  return new Map([...[...earlier].filter(([key]) => !isReplaced(key)), ...later]);
}
