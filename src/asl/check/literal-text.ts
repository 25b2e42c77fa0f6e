/** Texts in the templates of JSONPath states that look like expressions, but are passed on as they are. */
import { isObject, type Json } from "../../base/json";
import { quote } from "../../base/text";
import { jsonataIn } from "../query-language";
import { type Finding, warning } from "./problem";

/** The fix for an expression of JSONata in a JSONPath state. */
export const OTHER_LANGUAGE = 'write a path, or add "QueryLanguage": "JSONata" to the state';

/** Checks the text of a member. `pointer` and `name` are those of the member. */
export function* checkMemberText(
  text: string,
  key: string,
  pointer: string,
  name: string,
): Generator<Finding, void, undefined> {
  if (isDynamic(text)) yield literal(text, pointer, name, `add ".$" to the name: "${key}.$"`);
  else if (jsonataIn(text) !== null) yield literal(text, pointer, name, OTHER_LANGUAGE);
}

/** Checks the texts in a list. `pointer` and `name` are those of the list, `key` is its member. */
export function* checkListText(
  items: readonly Json[],
  key: string,
  pointer: string,
  name: string,
): Generator<Finding, void, undefined> {
  for (const [index, item] of items.entries()) {
    const here = `${pointer}/${index}`;
    const full = `${name}[${index}]`;
    if (typeof item === "string" && isDynamic(item)) yield literal(item, here, full, asCall(items, key));
    else if (typeof item === "string" && jsonataIn(item) !== null) yield literal(item, here, full, OTHER_LANGUAGE);
    else if (Array.isArray(item)) yield* checkListText(item, key, here, full);
  }
}

// --- internal ---

/** A longer fix is harder to read than to write. */
const LONGEST_FIX = 300;

function literal(text: string, pointer: string, name: string, fix: string): Finding {
  return warning("path-as-text", pointer, `${name} is the literal text ${quote(text)}, which is not evaluated`, fix);
}

function isDynamic(text: string): boolean {
  return /^(\$\$?[.[]|States\.[A-Za-z0-9]+\()/.test(text);
}

/** Returns a list as a call of States.Array. */
function asCall(items: readonly Json[], key: string): string {
  const argument = argumentOf([...items]);
  const fix = argument === null ? null : `write "${key}.$": "${argument}"`;
  return fix === null || fix.length > LONGEST_FIX ? `write "${key}.$" with a call of States.Array(…)` : fix;
}

/** Returns a value as an argument of a call; `null` for an object, for which there is no way to write it. */
function argumentOf(value: Json): string | null {
  if (typeof value === "string") return isDynamic(value) ? value : `'${value.replace(/['\\]/g, "\\$&")}'`;
  if (!Array.isArray(value)) return isObject(value) ? null : String(value);
  const items = value.map(argumentOf);
  return items.includes(null) ? null : `States.Array(${items.join(", ")})`;
}
