import type { JsonMistake } from "../../base/read-json";
import { error, type Finding } from "./problem";

/** Returns a mistake in the text of a document as a finding. */
export function jsonFinding({ kind, pointer, line, column, message, fix }: JsonMistake): Finding {
  const rule = kind === "syntax" ? "json-syntax" : "duplicate-key";
  return { ...error(rule, pointer, message, fix), place: { line, column } };
}
