import { MAX_DEFINITION_BYTES } from "../document";
import { error, type Finding } from "./problem";

/** Reports a text of a document that is too large for Step Functions. Placeholders count with their names. */
export function findLargeDefinition(text: string): Finding[] {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= MAX_DEFINITION_BYTES) return [];
  const [most, got] = [MAX_DEFINITION_BYTES, bytes].map((count) => count.toLocaleString("en-US"));
  const message = `the document must be at most ${most} bytes (1 MiB), got: ${got}`;
  const fix = "move a part into a separate state machine, or shorten comments and white space";
  return [error("definition-size", "", message, fix)];
}
