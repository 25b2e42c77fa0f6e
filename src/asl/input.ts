/** Parses the input of an execution, and checks it against its JSON Schema. */
import type { ErrorObject } from "ajv/dist/2020";
import { escapePointer, type Json, type JsonObject, plainNumbers, stringifyJson } from "../base/json";
import { parseJson } from "../base/read-json";
import { firstLines, visible } from "../base/text";
import { TooSlow, withinTime } from "../base/time-limit";
import { validator } from "./input-schema";
import { describeMistake } from "./schema-mistakes";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html ("Maximum input or output size") */
const MAX_INPUT_BYTES = 262_144;

/** Parses an input. Throws a JsonError for invalid JSON, and an InputSizeError for an input that is too large for AWS. */
export function parseInput(text: string): Json {
  const input = parseJson(text);
  const bytes = bytesOf(stringifyJson(input));
  if (bytes > MAX_INPUT_BYTES) throw new InputSizeError(bytes);
  return input;
}

/** Returns the text of an input that StartExecution takes: as it was written, or without blanks if it is too long with them. */
export function inputText(written: string, input: Json): string {
  return bytesOf(written) <= MAX_INPUT_BYTES ? written : stringifyJson(input);
}

/** An input that is too large for Step Functions. */
export class InputSizeError extends Error {
  constructor(bytes: number) {
    const got = bytes.toLocaleString("en-US");
    super(
      `Step Functions accepts at most 262,144 bytes of JSON (256 KiB), got: ${got}; put the data into a file in S3 and pass its URI`,
    );
  }
}

/** A mistake of an input. */
export interface InputMistake {
  /** JSON pointer of the value, or of a member that is missing or not allowed. */
  readonly pointer: string;
  /** The pointer, the expected value, the found value. */
  readonly message: string;
  /** The keyword of the schema that the value breaks; `null` if there is none. */
  readonly keyword: string | null;
}

/** Returns the mistakes of an input as lines. `schema` must have no errors. */
export function checkInput(schema: JsonObject, input: Json, milliseconds = TIME_LIMIT): string[] {
  return inputMistakes(schema, input, milliseconds).map(({ message }) => message);
}

/** Returns the first mistakes of an input, and the number of the others. `schema` must have no errors. */
export function inputMistakes(schema: JsonObject, input: Json, milliseconds = TIME_LIMIT): InputMistake[] {
  const ofInput = (message: string) => [{ pointer: "", message, keyword: null }];
  try {
    return withinTime(milliseconds, () => findMistakes(schema, input));
  } catch (failure) {
    if (failure instanceof TooSlow) {
      return ofInput(
        `the check of the input takes more than ${milliseconds / 1000} s: in the schema, avoid patterns that backtrack, such as "^(a+)+$", and recursive references in anyOf`,
      );
    }
    if (failure instanceof RangeError) return ofInput("the references of the schema form a cycle");
    throw failure;
  }
}

// --- internal ---

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** In practice, a check takes less than a hundredth of this time. */
const TIME_LIMIT = 2000;

/** A reader corrects only a few mistakes at a time. */
const MOST_MISTAKES = 50;

function findMistakes(schema: JsonObject, input: Json): InputMistake[] {
  const validate = validator(schema);
  if (validate(plainNumbers(input))) return [];
  // A failed `if` repeats the errors of its inner schemas.
  const errors = validate.errors!.filter(({ keyword }) => keyword !== "if");
  return firstLines(errors, lineOf, MOST_MISTAKES).map((message, index) => {
    const error = index < MOST_MISTAKES ? errors[index] : undefined;
    return { pointer: error ? pointerOf(error) : "", message, keyword: error?.keyword ?? null };
  });
}

function lineOf(error: ErrorObject): string {
  return `${visible(pointerOf(error)) || "the input itself"}: ${describeMistake(error).message}`;
}

function pointerOf(error: ErrorObject): string {
  const { member } = describeMistake(error);
  return member === null ? error.instancePath : `${error.instancePath}/${escapePointer(member)}`;
}
