/**
 * The query language of a state, and the expressions of JSONata.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import type { Json } from "../base/json";
import type { State, StatesDocument } from "./document";

/** Returns whether a state is written in JSONata: its own QueryLanguage counts first, then that of the document. */
export function usesJsonata(document: StatesDocument, state: State): boolean {
  return (state.QueryLanguage ?? document.QueryLanguage) === "JSONata";
}

/** Returns whether a value is written as a JSONata expression. Its end may still be missing. */
export function isJsonataText(value: Json | undefined): value is string {
  return typeof value === "string" && value.startsWith("{%");
}

/** Returns the expression between `{%` and `%}`; `null` for any other text. */
export function jsonataIn(text: string): string | null {
  return /^\{%(.*)%\}$/s.exec(text)?.[1] ?? null;
}
