/** Prepares text from outside for messages: safe for a terminal, and short enough to read. */
import { stringifyJson } from "./json";

/**
 * Returns `text` on one line without control characters. Escape sequences and marks of the writing direction are removed. A tab
 * becomes spaces. Other control characters become visible. A text longer than `longest` characters ends with `…`.
 */
export function printable(text: string, longest = 500): string {
  if (text.length <= longest && PLAIN.test(text)) return text;
  const shown = text
    // A longer text is never shown, and the patterns would take long on megabytes.
    .slice(0, longest * 8)
    .replaceAll(ESCAPE_SEQUENCES, "")
    .replaceAll("\t", "    ")
    .replaceAll(/\p{Bidi_Control}/gu, "")
    .replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, sign);
  return shown.length > longest ? `${withoutHalf(shown.slice(0, longest - 1))}…` : shown;
}

/** Returns a name from outside on one line. Nothing is removed: control characters become visible. */
export function visible(name: string, longest = 200): string {
  const cut = name.length > longest ? `${withoutHalf(name.slice(0, longest - 1))}…` : name;
  return cut.replaceAll(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu, sign);
}

/** Returns a message for a terminal: its lines are printable, and not too many. */
export function printableMessage(message: string): string {
  const lines = message.slice(0, LONGEST_MESSAGE).split("\n", MOST_LINES + 1);
  const shown = lines.map((line) => printable(line, LONGEST_LINE)).join("\n");
  const left = countLines(message) - lines.length;
  if (left > 0) return `${shown}\n… and ${counted(left)} more lines`;
  return message.length > LONGEST_MESSAGE ? `${shown}…` : shown;
}

/** Returns a value as JSON on one line, without control characters, and at most `longest` characters long. */
export function quote(value: unknown, longest = 100): string {
  const text = typeof value === "string" && value.length > longest ? value.slice(0, longest + 1) : value;
  const json = text === undefined ? "nothing" : typeof text === "number" ? String(text) : stringifyJson(text);
  const cut = json.length > longest + 2 ? `${withoutHalf(json.slice(0, longest))}…${closing(value)}` : json;
  return cut.replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Cs}\u2028\u2029]/gu, escaped);
}

/** Joins the first items of a list and counts the rest: `a, b, c and 12 more`. */
export function listed(items: readonly string[], most = 20): string {
  if (items.length <= most) return items.join(", ");
  return `${items.slice(0, most).join(", ")} and ${counted(items.length - most)} more`;
}

/** Describes the first of many things, one on each line, and counts the rest. To describe all can take minutes. */
export function firstLines<T>(things: readonly T[], describe: (thing: T) => string, most = MOST_LINES): string[] {
  const lines = things.slice(0, most).map(describe);
  return things.length <= most ? lines : [...lines, `… and ${counted(things.length - most)} more`];
}

// --- internal ---

const LONGEST_LINE = 2000;
const MOST_LINES = 100;
const LONGEST_MESSAGE = LONGEST_LINE * MOST_LINES;

/** Most texts are so. */
const PLAIN = /^[ -~]*$/;

/** The escape sequences of ECMA-48: CSI, OSC and similar ones, with and without ESC, and escapes of two characters. */
const ESCAPE_SEQUENCES = new RegExp(
  [
    "(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]",
    "(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f]).*?(?:\\x1b\\\\|\\x9c|\\x07|$)",
    "\\x1b[ -/]*[0-~]",
  ].join("|"),
  "gs",
);

/** Returns the visible Unicode symbol of a control character. */
function sign(control: string): string {
  const code = control.codePointAt(0)!;
  if (code === 0x7f) return "\u2421";
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : "\uFFFD";
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Removes the first half of a character at the end of a text that was cut between its halves. */
function withoutHalf(text: string): string {
  return text.replace(/\p{Cs}$/u, "");
}

/** Returns the closing quote of a quoted text. */
function closing(value: unknown): string {
  return typeof value === "string" ? '"' : "";
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function counted(count: number): string {
  return count.toLocaleString("en-US");
}
