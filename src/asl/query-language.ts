/**
 * The query language of a state, and the expressions of JSONata.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import type { Json, JsonObject } from "../base/json";
import type { State, StatesDocument } from "./document";

/**
 * Returns whether a state is written in JSONata: its own QueryLanguage counts first, then that of the document. The state
 * around it does not count. AWS takes every name but `JSONPath` for JSONata, after it has refused the name.
 */
export function usesJsonata(document: StatesDocument, state: State): boolean {
  return (state.QueryLanguage ?? document.QueryLanguage ?? "JSONPath") !== "JSONPath";
}

/** Returns the request of a Task, an ItemReader or a ResultWriter in either language; `undefined` if it has none. */
export function givenRequest({ Parameters, Arguments }: JsonObject): Json | undefined {
  return Parameters ?? Arguments;
}

/** Returns whether a value is written as a JSONata expression. Its end may still be missing. */
export function isJsonataText(value: Json | undefined): value is string {
  return typeof value === "string" && value.startsWith("{%");
}

/** Returns the expression between `{%` and `%}`; `null` for any other text. */
export function jsonataIn(text: string): string | null {
  return /^\{%(.*)%\}$/s.exec(text)?.[1] ?? null;
}

/** The variable that stands for a placeholder outside of quotes. */
export const PLACEHOLDER_VARIABLE = /^_+$/;

/** Returns an expression of the same length without placeholders: letters in quotes, a name after a dot, or a variable. */
export function blankPlaceholders(expression: string): string {
  if (!expression.includes("${")) return expression;
  return expression.replace(QUOTED_OR_PLACEHOLDER, (whole, dot: string | undefined) => {
    if (!whole.endsWith("}")) return whole.replace(/\$\{\w+\}/g, (placeholder) => "x".repeat(placeholder.length));
    return dot === undefined ? "$".padEnd(whole.length, "_") : dot.padEnd(whole.length, "x");
  });
}

const QUOTED_OR_PLACEHOLDER = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|(\.\s*)?\$\{\w+\}/gs;
