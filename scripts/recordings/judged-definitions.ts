/** Compares what `check` says of definitions with what AWS said of them when they were created or validated. */
import { check, type Problem, parseDocument } from "../../src/asl/check/check-document";
import type { Json, JsonObject } from "../../src/base/json";
import { visible } from "../../src/base/text";

/** A definition, as a value or as a text, and AWS's answer. */
export interface DefinitionRecord {
  readonly id: string;
  readonly definition?: Json;
  readonly definitionText?: string;
  /** The answer of ValidateStateMachineDefinition. */
  readonly result?: JsonObject;
  /** The error of CreateStateMachine. */
  readonly exception?: JsonObject;
}

/** Returns one line for each definition that only one of the two refuses. */
export function misjudged(records: readonly DefinitionRecord[]): string[] {
  return records.flatMap((record) => {
    const text = record.definitionText ?? JSON.stringify(record.definition);
    const refusal = refusalOf(record);
    if (text === undefined || refusal === undefined) return [];
    const errors = problemsOf(text).filter(({ severity }) => severity === "error");
    if (refusal !== null && errors.length === 0) return [`not found: ${record.id}: ${visible(refusal, LONGEST)}`];
    if (refusal === null && errors.length > 0)
      return [`wrongly refused: ${record.id}: ${visible(errors.map(inShort).join("; "), LONGEST)}`];
    return [];
  });
}

// --- internal ---

/** The most characters of a reason. */
const LONGEST = 300;

/** Returns AWS's words; `null` if AWS accepted the definition; `undefined` if its answer is not about the definition. */
function refusalOf({ result, exception }: DefinitionRecord): string | null | undefined {
  if (result?.result === "OK") return null;
  const words = JSON.stringify(exception ?? result);
  // `check` knows Standard workflows only.
  if (words.includes("Express state machine")) return undefined;
  return exception !== undefined && !words.includes("Invalid State Machine Definition") ? undefined : words;
}

function problemsOf(text: string): readonly Problem[] {
  const parsed = parseDocument(text);
  if ("problems" in parsed) return parsed.problems;
  return check({
    document: parsed.document,
    inputSchema: null,
    placeholders: { known: [], expected: [], jobOf: () => null, settingOf: () => null },
    jobDefinitions: {},
    queues: null,
    local: false,
  });
}

function inShort({ rule, pointer, message }: Problem): string {
  return `${rule} ${pointer} ${message}`;
}
