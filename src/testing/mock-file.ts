/** Reads mocks in this project's own format. `mock.schema.json` describes it for editors. */
import { checkField } from "../asl/check/field-rules";
import { error, type Finding } from "../asl/check/problem";
import { any, number, object, onlyTrue, text } from "../asl/fields";
import { escapePointer, isObject, type Json, type JsonObject } from "../base/json";
import { suggest } from "../base/suggest";
import { quote } from "../base/text";
import { placeKey } from "../execution/events";
import { type Mock, type MockAnswer, thrown } from "../local/mocks";
import { type MockableStates, type MockPlace, taskAt } from "./mockable-states";

/** Mocks by `placeKey`, and the mistakes in them. With a mistake, the mocks are incomplete. */
export interface ReadMocks {
  readonly byPlace: ReadonlyMap<string, Mock>;
  readonly findings: readonly Finding[];
}

/** Reads a whole mock file. */
export function readMockFile(file: Json, states: MockableStates): ReadMocks {
  if (!isObject(file))
    return noMocks(error("mock-file", "", `a mock file must be an object, got: ${quote(file)}`, SHAPE));
  const unknown = Object.keys(file).filter((key) => !FIELDS.includes(key));
  const findings = unknown.map((key) => {
    const message = `${quote(key)} is not a field of a mock file`;
    return error("mock-field", `/${escapePointer(key)}`, message, suggest(key, FIELDS, "fields"));
  });
  const { mocks } = file;
  if (mocks === undefined) {
    // A misspelt name is already reported.
    return noMocks(...(findings.length > 0 ? findings : [error("mock-file", "", "`mocks` is missing", SHAPE)]));
  }
  if (!isObject(mocks)) {
    return noMocks(...findings, error("mock-file", "/mocks", `mocks must be an object, got: ${quote(mocks)}`, SHAPE));
  }
  const read = readMocksOf(mocks, "/mocks", states);
  return { byPlace: read.byPlace, findings: [...findings, ...read.findings] };
}

/**
 * Reads the mocks of states: `{ "Notify": { "returns": {} } }`. A key is the name of a state, or one item of it, such as
 * `Notify[2]`. A value is one answer, or a list of answers for the calls in their order.
 */
export function readMocksOf(mocks: JsonObject, pointer: string, states: MockableStates): ReadMocks {
  const byPlace = new Map<string, Mock>();
  const findings: Finding[] = [];
  for (const [key, value] of Object.entries(mocks)) {
    const here = `${pointer}/${escapePointer(key)}`;
    const task = taskAt(key, states);
    if ("message" in task) findings.push(error("mock-state", here, task.message, task.fix));
    const answers = Array.isArray(value) ? value : [value];
    if (answers.length === 0)
      findings.push(error("mock-answer", here, `the mock of ${quote(key)} has no answers`, ANSWER));
    const wrong = answers.flatMap((answer, index) => {
      const at = Array.isArray(value) ? `${here}/${index}` : here;
      return [...mistakesOf(answer, at, "message" in task ? null : task)];
    });
    findings.push(...wrong);
    if ("message" in task || wrong.length > 0) continue;
    const steps = answers.map((answer, index) => ({
      first: index,
      last: index === answers.length - 1 ? Number.POSITIVE_INFINITY : index,
      answer: answerOf(answer as JsonObject),
    }));
    byPlace.set(placeKey(task.place), { steps, countedPer: "item" });
  }
  return { byPlace, findings };
}

// --- internal ---

const FIELDS = ["$schema", "Comment", "mocks"];
const SHAPE = 'write { "mocks": { "<state>": { "returns": {} } } }';
const ANSWER = 'write { "returns": … }, { "throws": { "Error": "…", "Cause": "…" } } or { "never": true }';
const KINDS = ["returns", "throws", "never"] as const;

const ANSWER_FIELDS = object({
  returns: any,
  throws: object({ Error: text(), Cause: any }, ["Error"]),
  never: onlyTrue,
  afterSeconds: number({ minimum: 0 }),
});

function* mistakesOf(answer: Json, pointer: string, task: MockPlace | null): Generator<Finding, void, undefined> {
  if (!isObject(answer)) {
    return yield error("mock-answer", pointer, `an answer must be an object, got: ${quote(answer)}`, ANSWER);
  }
  const found = [...checkField(answer, ANSWER_FIELDS, pointer, "", { prefix: "" })];
  if (found.length > 0) return yield* found;
  const kinds = KINDS.filter((kind) => answer[kind] !== undefined);
  if (kinds.length !== 1) {
    const got = kinds.length === 0 ? "none of them" : kinds.join(" and ");
    yield error("mock-answer", pointer, `an answer must have one of ${KINDS.join(", ")}, got: ${got}`, ANSWER);
  } else if (answer.never !== undefined && answer.afterSeconds !== undefined) {
    const fix = "remove afterSeconds, or give an answer in place of never";
    yield error("mock-answer", pointer, "an answer that never comes has no afterSeconds", fix);
  } else if (answer.never !== undefined && task !== null && !task.hasTimeout) {
    const fix = "set TimeoutSeconds or HeartbeatSeconds in the state";
    yield error("mock-answer", pointer, `${quote(task.place.state)} would never end: it has no timeout`, fix);
  }
}

/** Returns an answer without mistakes. */
function answerOf({ returns, throws, afterSeconds }: JsonObject): MockAnswer {
  const delay = afterSeconds === undefined ? {} : { afterSeconds: Number(afterSeconds) };
  if (returns !== undefined) return { kind: "returns", result: returns, ...delay };
  return isObject(throws) ? { ...thrown(throws), ...delay } : { kind: "never" };
}

function noMocks(...findings: readonly Finding[]): ReadMocks {
  return { byPlace: new Map(), findings };
}
