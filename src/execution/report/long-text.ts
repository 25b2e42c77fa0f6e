/** Texts of the report that can be long. */
import { type Json, stringifyJson } from "../../base/json";
import { parseMachineJson } from "../../base/read-json";
import { count, printable } from "../../base/terminal-text";
import { html, type Markup } from "./markup";

/** Shows a value as JSON. */
export function json(name: string, value: Json): Markup {
  return text(name, stringifyJson(value, 2));
}

/** Shows a text that can be long and can be JSON. */
export function text(name: string, content: string): Markup {
  const shown = prettyJson(content);
  const lines = shown.slice(0, LONGEST_JSON).split("\n");
  const cut = shown.length > LONGEST_JSON ? `\n… (${count(shown.length - LONGEST_JSON)} more characters)` : "";
  return html`<details open><summary>${name}</summary><pre class="log" tabindex="0" role="region" aria-label="${name}">${lines.map((line) => printable(line, 8000)).join("\n")}${cut}</pre></details>`;
}

// --- internal ---

/** The limit of characters for the input, the output and each cause. The JSON report has all of them. */
const LONGEST_JSON = 100_000;

function prettyJson(content: string): string {
  if (!/^\s*[[{]/.test(content)) return content;
  try {
    return stringifyJson(parseMachineJson(content), 2);
  } catch {
    return content;
  }
}
