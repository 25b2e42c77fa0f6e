/** The `context` of cdktf.json, which holds the settings, and the places of its values in the file. */
import { join } from "node:path";
import { SettingsError } from "../base/errors";
import { escapePointer, isObject, plainNumbers } from "../base/json";
import { placesIn } from "../base/json-places";
import { describeMistake, readJson } from "../base/read-json";
import { nearest } from "../base/suggest";
import { quote, visible } from "../base/text";
import { readTextFile } from "../base/text-file";
import { PROJECT_FOLDER } from "./project-folder";
import { SETTINGS } from "./settings-table";

/** Returns the start of a message about a value of the context: its file, line and column. Empty: the place is not known. */
export type PlaceOf = (path: readonly (string | number)[]) => string;

/**
 * Reads cdktf.json.
 * @throws SettingsError when it cannot be read
 */
export function readContext(): { readonly context: unknown; readonly placeOf: PlaceOf } {
  let text: string;
  try {
    text = readTextFile(join(PROJECT_FOLDER, "cdktf.json"));
  } catch (cause) {
    throw new SettingsError(`cdktf.json cannot be read: ${(cause as Error).message}`, { cause });
  }
  return { context: contextOf(text), placeOf: placesOf(text) };
}

/**
 * Returns the context that the text of cdktf.json holds.
 * @throws SettingsError when the text is not a JSON object, or has settings outside of the context
 */
export function contextOf(text: string): unknown {
  const read = readJson(text);
  if ("mistakes" in read) {
    throw new SettingsError(read.mistakes.map((mistake) => `cdktf.json: ${describeMistake(mistake)}`).join("\n"));
  }
  const value = plainNumbers(read.value);
  if (!isObject(value)) {
    throw new SettingsError(`cdktf.json must hold an object, got: ${quote(value)}; put it in { and }`);
  }
  const misplaced = Object.keys(SETTINGS).filter((name) => Object.hasOwn(value, name));
  if (misplaced.length > 0) {
    const lines = misplaced.map(
      (name) => `\`${name}\` in cdktf.json has no effect outside of \`context\`; move it into \`context\``,
    );
    throw new SettingsError(lines.join("\n"));
  }
  const misspelt = value.context === undefined ? nearest("context", Object.keys(value)) : null;
  if (misspelt !== null) {
    throw new SettingsError(`\`${visible(misspelt, 100)}\` in cdktf.json has no effect; did you mean context?`);
  }
  return value.context ?? {};
}

// --- internal ---

/** Returns the places in the text of cdktf.json, written as terminals and editors open them. */
function placesOf(text: string): PlaceOf {
  let find: ReturnType<typeof placesIn> | undefined;
  return (path) => {
    find ??= placesIn(text);
    const { line, column } = find(["", "context", ...path.map((part) => escapePointer(String(part)))].join("/"));
    return `cdktf.json:${line}:${column}: `;
  };
}
