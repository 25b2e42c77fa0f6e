/** Reads files with a variable on each line, such as `.env`. */
import { parseEnv } from "node:util";
import { UsageError } from "./errors";
import { readTextFile, TextFileError } from "./text-file";

/** The names of variables that shells and programs can read. */
export const VARIABLE_NAME = /^[A-Za-z_]\w*$/;

/**
 * Reads the variables of a file as Node.js does: `NAME=value`, comments after `#`, values in quotes, also of several lines.
 * `option` is the option that named the file; `null` if none did. A message shows no value: it may be a secret.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/util.html#utilparseenvcontent
 * @throws UsageError
 */
export function readEnvFile(path: string, option: string | null): Readonly<Record<string, string>> {
  const place = option === null ? path : `\`${option}\`: ${path}`;
  const content = readContent(path, place).replaceAll("\r\n", "\n");
  const mistake = findMistake(content);
  if (mistake !== null) throw new UsageError(`${place}:${mistake.line}: ${mistake.problem}`);
  return parseEnv(content) as Record<string, string>;
}

// --- internal ---

/** A value in quotes, after its `=`. */
const QUOTED = /(?<==[^\S\n]*)(["'`])[\s\S]*?\1/g;
const VARIABLE = /^\s*(export\s+)?[\w.-]+\s*=/;

function readContent(path: string, place: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new UsageError(`${place} cannot be read: ${error.message}`);
  }
}

/** Finds the first line that Node.js would skip, or read in another way than it looks. */
function findMistake(content: string): { readonly line: number; readonly problem: string } | null {
  const names = new Set<string>();
  const lines = content.replaceAll(QUOTED, (quoted) => "\n".repeat(quoted.split("\n").length - 1)).split("\n");
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    if (/^\s*(#|$)/.test(text)) continue;
    const [start] = VARIABLE.exec(text) ?? [];
    if (start === undefined)
      return { line, problem: "a line must be NAME=value; put a value of several lines in quotes" };
    if (/\S#/.test(text.slice(start.length - 1).replace(/^=\s*#/, "= #"))) {
      return { line, problem: "# begins a comment; if it belongs to the value, put the value in quotes" };
    }
    const name = start
      .replace(/^\s*export\s+/, "")
      .replace(/\s*=$/, "")
      .trim();
    if (names.has(name)) return { line, problem: `${name} is set twice` };
    names.add(name);
  }
  return null;
}
