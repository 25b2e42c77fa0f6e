import { escapePointer, isObject, type Json, type JsonObject } from "../../base/json";
import { quote } from "../../base/text";
import { error, type Finding } from "./problem";

/**
 * Finds mistakes in the structure of a document: states that are not objects, and blocks without states or without the name
 * of the first state. All code that walks the states relies on a valid structure.
 */
export function findBrokenStructure(document: Json): Finding[] {
  return isObject(document)
    ? brokenBlock(document, "", "the document")
    : [mustBe("", "the document", "an object", document)];
}

// --- internal ---

function brokenBlock(block: JsonObject, pointer: string, name: string): Finding[] {
  if (!isObject(block.States)) return [mustBe(pointer, `States of ${name}`, "an object", block.States)];
  if (block.StartAt !== undefined && typeof block.StartAt !== "string") {
    return [mustBe(`${pointer}/StartAt`, `StartAt of ${name}`, "a string", block.StartAt)];
  }
  return Object.entries(block.States).flatMap(([state, fields]) => {
    const here = `${pointer}/States/${escapePointer(state)}`;
    return isObject(fields)
      ? brokenState(fields, here, state)
      : [mustBe(here, `the state ${state}`, "an object", fields)];
  });
}

function brokenState(state: JsonObject, pointer: string, name: string): Finding[] {
  const blocks: { value: Json; field: string }[] = [];
  for (const field of ["ItemProcessor", "Iterator"]) {
    if (state[field] !== undefined) blocks.push({ value: state[field], field });
  }
  if (Array.isArray(state.Branches)) {
    state.Branches.forEach((value, index) => {
      blocks.push({ value, field: `Branches/${index}` });
    });
  }
  return blocks.flatMap(({ value, field }) =>
    isObject(value)
      ? brokenBlock(value, `${pointer}/${field}`, `${field} of ${name}`)
      : [mustBe(`${pointer}/${field}`, `${field} of ${name}`, "an object", value)],
  );
}

function mustBe(pointer: string, what: string, kind: string, got: Json | undefined): Finding {
  return error(
    "structure",
    pointer,
    `${what} must be ${kind}, got: ${quote(got)}`,
    "see https://states-language.net/spec.html",
  );
}
