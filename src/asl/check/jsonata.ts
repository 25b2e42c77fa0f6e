import { quote } from "../../base/text";
import { walkStrings } from "../document";
import { isJsonataText, jsonataIn } from "../query-language";
import { error, type Finding } from "./problem";
import type { Subject } from "./subject";

/**
 * Finds mistakes in the expressions of JSONata states. Text that does not begin with `{%` is a constant.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function* findJsonataMistakes({ states }: Subject): Generator<Finding, void, undefined> {
  for (const { state, pointer } of states.filter((one) => one.jsonata)) {
    // The states inside are checked on their own.
    const { ItemProcessor, Iterator, Branches, ...own } = state;
    for (const { text, pointer: place } of walkStrings(own)) {
      const mistake = mistakeOf(text);
      if (mistake === null) continue;
      const field = place
        .slice(1)
        .replace(/\/(\d+)/g, "[$1]")
        .replaceAll("/", ".");
      const message = `${field}: ${quote(text)} is not a valid JSONata expression: ${mistake}`;
      yield error("jsonata", pointer + place, message, "write it as {% … %}, see https://docs.jsonata.org");
    }
  }
}

// --- internal ---

/** Returns the mistake in an expression; `null` for a correct expression and for any other text. */
function mistakeOf(text: string): string | null {
  if (!isJsonataText(text)) return null;
  // A placeholder stands for a name or an ARN, inside quotes.
  const expression = jsonataIn(text.replace(/\$\{\w+\}/g, "x"));
  if (expression === null) return "it does not end with %}";
  // Loaded on demand: most documents have no JSONata.
  const parse = require("jsonata") as typeof import("jsonata");
  try {
    parse(expression);
    return null;
  } catch (mistake) {
    return mistake instanceof RangeError ? "its brackets are nested too deeply" : (mistake as Error).message;
  }
}
