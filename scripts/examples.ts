/** The workflows in `examples/`, which users copy over the files of the project. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../src/base/json";
import { PROJECT_FOLDER } from "../src/project/project-folder";

/** The names of the examples. */
export const EXAMPLES: readonly string[] = readdirSync(join(PROJECT_FOLDER, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The folders of an example that replace those of the project. */
const FOLDERS = /^(image|workflow)\//;

/** Returns the context of an example's cdktf.json, with its files where they are before they are copied. */
export function exampleContext(example: string): JsonObject {
  const text = readFileSync(join(PROJECT_FOLDER, "examples", example, "cdktf.json"), "utf8");
  const inPlace = (_: string, value: unknown) =>
    typeof value === "string" && FOLDERS.test(`${value}/`) ? `examples/${example}/${value}` : value;
  return (JSON.parse(text, inPlace) as { context: JsonObject }).context;
}
