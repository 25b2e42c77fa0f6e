import { type Json, stringifyJson } from "../../base/json";
import { MAX_DEFINITION_BYTES } from "../document";
import { error, type Finding } from "./problem";

/** Reports a document that is too large for Step Functions. Placeholders count with their names. */
export function findLargeDefinition(document: Json): Finding[] {
  const bytes = new TextEncoder().encode(stringifyJson(document)).length;
  if (bytes <= MAX_DEFINITION_BYTES) return [];
  const most = MAX_DEFINITION_BYTES.toLocaleString("en-US");
  const message = `the document must be at most ${most} bytes (1 MiB) of JSON without white space, got: ${bytes.toLocaleString("en-US")}`;
  return [error("definition-size", "", message, "move a part into a separate state machine, or shorten the comments")];
}
