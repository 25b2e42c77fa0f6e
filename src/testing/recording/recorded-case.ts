/** Writes an execution as a case of a test file. */
import { type StatesDocument, walkStates } from "../../asl/document";
import { localIntegrationOf } from "../../asl/local-tasks";
import { type Json, type JsonObject, stringifyJson } from "../../base/json";
import { readJson } from "../../base/read-json";
import { placeName } from "../../execution/events";
import { type MockableStates, mockableStates } from "../mockable-states";
import { pathTaken, summarizedMaps } from "../path-taken";
import type { RecordedAnswer, RecordedTask, Recording } from "./recorder";

/** The parts that a case takes from the execution, beside its input, its failures and its end. */
export interface Detail {
  /** The results of jobs. Otherwise a job that has only succeeded gets the result that jobs have in tests. */
  readonly jobs: boolean;
  /** The name and the start of the execution. */
  readonly context: boolean;
  /** The seconds that each answer has taken. */
  readonly times: boolean;
}

/** From the shortest case to the most exact one. A recorded case is the first one that passes. */
export const DETAILS: readonly Detail[] = [
  { jobs: false, context: false, times: false },
  { jobs: true, context: false, times: false },
  { jobs: true, context: true, times: false },
  { jobs: true, context: true, times: true },
];

/** Returns the case of an execution that has ended. */
export function recordedCase(
  { started, ended, entered, tasks }: EndedRecording,
  { document, fitsSchema }: RecordedWorkflow,
  detail: Detail,
): JsonObject {
  const states = mockableStates(document);
  const { input, name, at } = started;
  const jobs = detail.jobs ? new Set<string>() : jobsThatSucceeded(tasks, document);
  const mocks = mocksOf(
    tasks.filter(({ place }) => !jobs.has(place.state)),
    states,
    detail,
  );
  return {
    name,
    input,
    ...(!fitsSchema && { validate: false }),
    ...(detail.context && { executionName: name, startTime: new Date(at).toISOString() }),
    ...(Object.keys(mocks).length > 0 && { mocks }),
    expect: { ...endOf(ended, tasks), path: pathOf(entered, states) },
  };
}

/** An execution that can be repeated. */
export type EndedRecording = Recording & {
  readonly started: NonNullable<Recording["started"]>;
  readonly ended: NonNullable<Recording["ended"]>;
};

export interface RecordedWorkflow {
  readonly document: StatesDocument;
  /** The input of the execution fits its schema. */
  readonly fitsSchema: boolean;
}

// --- internal ---

/** A longer path names the states of its Maps without their items. */
const LONGEST_PATH = 50;

function pathOf(entered: Recording["entered"], states: MockableStates): string[] {
  const path = pathTaken(entered, states, new Set());
  return path.length <= LONGEST_PATH ? path : pathTaken(entered, states, summarizedMaps([...states.keys()], states));
}

function endOf({ status, output, error, cause }: EndedRecording["ended"], tasks: readonly RecordedTask[]): JsonObject {
  if (status === "SUCCEEDED") return { status, output: exact(output) };
  // The cause of a task is in its mock already.
  const isMocked = tasks.some(({ answers }) => answers.some((one) => one.kind === "throws" && one.cause === cause));
  return {
    status,
    ...(error !== null && { error }),
    ...(cause !== null && cause !== "" && !isMocked && { cause }),
  };
}

/** An output with a `$` may look like a matcher. */
function exact(output: Json): Json {
  return stringifyJson(output).includes('"$') ? { $exact: output } : output;
}

/** Returns the states whose jobs have all succeeded at once. */
function jobsThatSucceeded(tasks: readonly RecordedTask[], document: StatesDocument): Set<string> {
  const others = new Set(
    tasks.filter(({ answers }) => answers.some(({ kind }) => kind !== "returns")).map(({ place }) => place.state),
  );
  const jobs = [...walkStates(document)].filter(({ state }) =>
    localIntegrationOf(state.Resource)?.startsWith("batch:"),
  );
  return new Set(jobs.map(({ name }) => name).filter((name) => !others.has(name)));
}

/** Returns the mocks. Items with the same answers have one together. */
function mocksOf(tasks: readonly RecordedTask[], states: MockableStates, detail: Detail): JsonObject {
  const named = new Set(tasks.map(({ place }) => place.state));
  const mocks = [...named].flatMap((state) => {
    const items = tasks.filter(({ place }) => place.state === state);
    const { hasTimeout } = states.get(state)!;
    const written = items.map(({ place, answers }) => ({
      key: placeName(place),
      mock: mockOf(answers, hasTimeout, detail),
    }));
    const different = new Set(written.map(({ mock }) => stringifyJson(mock)));
    return different.size === 1
      ? [[state, written[0]!.mock] as const]
      : written.map(({ key, mock }) => [key, mock] as const);
  });
  return Object.fromEntries(mocks);
}

/** The last answer holds for all further calls. */
function mockOf(answers: readonly RecordedAnswer[], hasTimeout: boolean, { times }: Detail): Json {
  const written = answers.map((answer) => answerOf(answer, hasTimeout, times));
  const last = stringifyJson(written.at(-1)!);
  while (written.length > 1 && stringifyJson(written.at(-2)!) === last) written.pop();
  return written.length === 1 ? written[0]! : written;
}

function answerOf(answer: RecordedAnswer, hasTimeout: boolean, times: boolean): JsonObject {
  const time = times && answer.seconds > 0 ? { afterSeconds: answer.seconds } : {};
  switch (answer.kind) {
    case "returns":
      return { returns: answer.result, ...time };
    case "throws":
      return { throws: { Error: answer.error, ...(answer.cause !== "" && { Cause: causeOf(answer.cause) }) }, ...time };
    case "none":
      return hasTimeout ? { never: true } : { throws: { Error: "States.Timeout" }, ...time };
    case "stopped":
      // Without a timeout, a mock has to answer. This one comes too late.
      return hasTimeout ? { never: true } : { returns: null, afterSeconds: answer.seconds + 1 };
  }
}

/** Returns a cause that is JSON as the value that becomes the same text again. */
function causeOf(cause: string): Json {
  const read = /^[{[]/.test(cause) ? readJson(cause) : null;
  return read !== null && "value" in read && stringifyJson(read.value) === cause ? read.value : cause;
}
