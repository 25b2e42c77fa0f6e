import { quote } from "../../base/text";
import { walkStrings } from "../document";
import { parseJsonata } from "../jsonata-parser";
import { blankPlaceholders, isJsonataText, jsonataIn } from "../query-language";
import { wrongReferences } from "./data/jsonata-references";
import { type JsonataText, jsonataTexts } from "./data/jsonata-uses";
import { error, type Finding, warning } from "./problem";
import type { CheckedState, Subject } from "./subject";

/**
 * Finds mistakes in the expressions of JSONata states, and texts that only look like expressions.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function* findJsonataMistakes({ states }: Subject): Generator<Finding, void, undefined> {
  for (const location of states) {
    if (!location.jsonata) yield* findForeignTexts(location);
    else for (const use of jsonataTexts(location.state)) yield* checkText(use, location);
  }
}

// --- internal ---

/** The constant fields of JSONPath states that hold texts. */
const CONSTANTS = ["Error", "Cause", "Result"];

function* findForeignTexts({ state, pointer }: CheckedState): Generator<Finding, void, undefined> {
  for (const field of CONSTANTS) {
    for (const { text, pointer: place } of walkStrings(state[field] ?? null)) {
      if (jsonataIn(text) === null) continue;
      const here = `/${field}${place}`;
      const message = `${nameOf(here)} is the literal text ${quote(text)}, which is not evaluated`;
      yield warning("path-as-text", pointer + here, message, 'add "QueryLanguage": "JSONata" to the state');
    }
  }
}

function* checkText(use: JsonataText, { pointer }: CheckedState): Generator<Finding, void, undefined> {
  const { text } = use;
  const place = pointer + use.pointer;
  const name = nameOf(use.pointer);
  if (!isJsonataText(text)) {
    const meant = expressionIn(text);
    if (meant === null) return;
    const message = `${name} is the literal text ${quote(text)}, which is not evaluated`;
    yield warning(
      "path-as-text",
      place,
      message,
      name.endsWith(".$") ? `${meant}, and remove ".$" from the name` : meant,
    );
    return;
  }
  const expression = jsonataIn(text);
  const wrong = (mistake: string, fix: string) =>
    error("jsonata", place, `${name}: ${quote(text)} is not a valid JSONata expression: ${mistake}`, fix);
  if (expression === null) {
    yield wrong("it does not end with %}", "write it as {% … %}, without blanks around it");
    return;
  }
  const blank = blankPlaceholders(expression);
  const parsed = parseJsonata(blank);
  if ("mistake" in parsed) {
    const { message, offset } = parsed.mistake;
    const column = offset === null ? "" : `column ${offset + 3}: `;
    yield wrong(`${column}${message}`, operatorFix(blank) ?? "correct it, see https://docs.jsonata.org");
    return;
  }
  if (parsed.tree === null) return;
  for (const { mistake, fix } of wrongReferences(parsed.tree, blank, use.stage)) {
    yield error("jsonata", place, `${name}: ${mistake}, in ${quote(text)}`, fix);
  }
}

/** Writes a pointer as people write places: `/Output/names/0` -> `Output.names[0]`. */
function nameOf(pointer: string): string {
  const steps = pointer.slice(1).split("/");
  return steps
    .map((step, index) =>
      index > 0 && /^\d+$/.test(step) ? `[${step}]` : `.${step.replaceAll("~1", "/").replaceAll("~0", "~")}`,
    )
    .join("")
    .slice(1);
}

/** The operators of other languages, with those of JSONata. */
const OPERATORS: readonly (readonly [other: RegExp, fix: string])[] = [
  [/==/, "write = for equal"],
  [/&&/, "write and instead of &&"],
  [/\|\|/, "write or instead of ||"],
];

/** Returns how JSONata writes the first operator of another language in a text; `null` if there is none. */
function operatorFix(expression: string): string | null {
  const code = expression.replace(/"[^"]*"|'[^']*'/g, "");
  return OPERATORS.find(([other]) => other.test(code))?.[1] ?? null;
}

/** Returns how to write a text as an expression if it looks like one; `null` for any other text. */
function expressionIn(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed !== text && /^\{%.*%\}$/s.test(trimmed)) return "remove the blanks before {% and after %}";
  if (/\{%.*%\}/s.test(text)) return "write the whole text as one expression, such as {% 'a ' & $states.input.b %}";
  if (/^\$states\b/.test(text)) return `write "{% ${text} %}"`;
  if (/^\$\$[.[]/.test(text)) return `write "{% $states.context${text.slice(2)} %}"`;
  if (/^\$[.[]/.test(text)) return `write "{% $states.input${text.slice(1)} %}"`;
  if (/^States\.[A-Za-z0-9]+\(/.test(text)) return "write it with a function of JSONata, as {% … %}";
  return null;
}
