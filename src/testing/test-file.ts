/** Reads the cases of a test file. `test.schema.json` describes the format for editors. */
import { checkField } from "../asl/check/field-rules";
import { error, type Finding } from "../asl/check/problem";
import { any, boolean, type Fields, list, map, object, text, timestamp } from "../asl/fields";
import { parseTimestamp } from "../asl/timestamps";
import { asObject, escapePointer, isObject, type Json, type JsonObject, stringifyJson } from "../base/json";
import { quote } from "../base/text";
import { type Expectation, expectationMistakes, readExpectation } from "./expectation";
import type { MockableStates } from "./mockable-states";

/** A case as it is written. The files that it names are not read yet. */
export interface WrittenCase extends Answers {
  readonly name: string;
  /** `undefined` if the case has none. */
  readonly input: Json | undefined;
  readonly inputFile: string | null;
  /** True if the input has to fit its schema. */
  readonly validate: boolean;
  readonly executionName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly expect: Expectation;
}

/** The answers of services, for one case or for all. */
export interface Answers {
  /** The JSON pointer of the case; empty for the file. */
  readonly pointer: string;
  readonly mocks: JsonObject;
  readonly mockFile: string | null;
  /** The objects of S3, by `bucket/key`. */
  readonly objects: Readonly<Record<string, string>>;
}

/** A test file, and the mistakes in it. With a mistake, the cases can be looked at, but not run. */
export interface WrittenTests {
  readonly shared: Answers;
  readonly cases: readonly WrittenCase[];
  readonly findings: readonly Finding[];
}

const FILE_NAME = text({ pattern: /./s, rule: "not be empty" });

const ANSWERS: Fields = { mocks: map(any), mockFile: FILE_NAME, objects: map(any) };

/** The fields of a case. */
export const CASE_FIELDS = object(
  {
    name: text({ pattern: /\S/, rule: "not be empty", maxLength: 200 }),
    Comment: any,
    input: any,
    inputFile: FILE_NAME,
    validate: boolean,
    ...ANSWERS,
    executionName: text({
      pattern: /^[\w.+!@()=',~-]{1,80}$/,
      rule: "be 1 to 80 letters, digits or any of _-.+!@()=',~",
    }),
    startTime: timestamp,
    expect: map(any),
  },
  ["name"],
);

/** The fields of a test file. */
export const TEST_FILE_FIELDS = object({ $schema: any, Comment: any, ...ANSWERS, cases: list(any, { minItems: 1 }) }, [
  "cases",
]);

/** Reads a test file for a document with these states. */
export function readTestFile(file: Json, states: MockableStates): WrittenTests {
  const findings = isObject(file) ? [...checkField(file, TEST_FILE_FIELDS, "", "", CHECK)] : [noObject(file, "")];
  const shared = answersOf(asObject(file), "");
  findings.push(...objectMistakes(asObject(file), ""));
  const cases: WrittenCase[] = [];
  const numbers = new Map<Json, number>();
  const { cases: written } = asObject(file);
  for (const [index, one] of (Array.isArray(written) ? written : []).entries()) {
    const pointer = `/cases/${index}`;
    const mistakes = [...mistakesOfCase(one, pointer, states)];
    const { name } = asObject(one);
    const earlier = name === undefined ? undefined : numbers.get(name);
    if (earlier !== undefined) {
      const message = `the name ${quote(name)} is also that of case ${earlier + 1}`;
      mistakes.push(error("test-case", `${pointer}/name`, message, "give each case a name of its own"));
    } else if (name !== undefined) numbers.set(name, index);
    findings.push(...mistakes);
    if (isObject(one)) cases.push(caseOf(one, pointer));
  }
  return { shared, cases, findings };
}

// --- internal ---

const CHECK = { prefix: "" } as const;
const EXECUTION_NAME = "test";
const START_TIME = "2026-01-01T00:00:00Z";
const S3_URI = /^s3:\/\/([^/]+\/.+)$/s;

function* mistakesOfCase(one: Json, pointer: string, states: MockableStates): Generator<Finding, void, undefined> {
  if (!isObject(one)) return yield noObject(one, pointer);
  yield* checkField(one, CASE_FIELDS, pointer, "", CHECK);
  if (one.input !== undefined && one.inputFile !== undefined) {
    yield error("test-case", `${pointer}/inputFile`, "the case has both input and inputFile", "remove one of them");
  }
  yield* objectMistakes(one, pointer);
  if (isObject(one.expect)) yield* expectationMistakes(one.expect, `${pointer}/expect`, states);
}

/** The mistake of a file, or of a case at `pointer`, that is no object. */
function noObject(value: Json, pointer: string): Finding {
  const [what, shape] = pointer === "" ? ["a test file", '{ "cases": [ … ] }'] : ["a case", '{ "name": "…" }'];
  return error("test-file", pointer, `${what} must be an object, got: ${quote(value)}`, `write ${shape}`);
}

function* objectMistakes({ objects }: JsonObject, pointer: string): Generator<Finding, void, undefined> {
  for (const uri of Object.keys(asObject(objects))) {
    if (S3_URI.test(uri)) continue;
    const message = `${quote(uri)} is not the address of an object in S3`;
    yield error("test-object", `${pointer}/objects/${escapePointer(uri)}`, message, 'write "s3://bucket/key"');
  }
}

/** Reads a case. A field of a wrong type counts as missing. */
function caseOf(one: JsonObject, pointer: string): WrittenCase {
  const given = (field: string) => (typeof one[field] === "string" ? one[field] : null);
  const nanoseconds = parseTimestamp(given("startTime") ?? START_TIME) ?? 0n;
  return {
    ...answersOf(one, pointer),
    name: given("name") ?? "",
    input: one.input,
    inputFile: given("inputFile"),
    validate: one.validate !== false,
    executionName: given("executionName") ?? EXECUTION_NAME,
    startedAt: Number(nanoseconds / 1_000_000n),
    expect: readExpectation(asObject(one.expect)),
  };
}

function answersOf({ mocks, mockFile, objects }: JsonObject, pointer: string): Answers {
  const stored = Object.entries(asObject(objects)).flatMap(([uri, content]) => {
    const name = S3_URI.exec(uri)?.[1];
    return name === undefined ? [] : [[name, typeof content === "string" ? content : stringifyJson(content)]];
  });
  return {
    pointer,
    mocks: asObject(mocks),
    mockFile: typeof mockFile === "string" ? mockFile : null,
    objects: Object.fromEntries(stored),
  };
}
