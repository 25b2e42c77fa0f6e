/** Measures, cuts and styles text for a terminal. */
import type { createColors } from "picocolors";

export { printable } from "./text";

/** The styles. Without colour, a style has no effect. */
export type Style = "bold" | "cyan" | "dim" | "green" | "red" | "yellow";

/** A piece of a line in one style. */
export interface Span {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** One line. Its pieces contain no control characters. */
export type Line = readonly Span[];

/** Returns the width of a text in columns: two for wide characters and emoji, none for combining marks. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** Returns the width of a line in columns. */
export function lineWidth(line: Line): number {
  return line.reduce((width, { text }) => width + textWidth(text), 0);
}

/** Cuts a text to `columns`. A cut text ends with `…`. */
export function cutText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let cut = "";
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    width += graphemeWidth(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return columns > 0 ? `${cut}…` : "";
}

/** Cuts a line to `columns`. */
export function cutLine(line: Line, columns: number): Line {
  const cut: Span[] = [];
  let left = columns;
  for (const { text, style } of line) {
    if (left <= 0) break;
    const shown = cutText(text, left);
    cut.push({ text: shown, style });
    left = shown === text ? left - textWidth(text) : 0;
  }
  return cut;
}

/** Pads a text with spaces to `columns`. `right` puts the spaces in front. */
export function padText(text: string, columns: number, right = false): string {
  const blanks = " ".repeat(Math.max(0, columns - textWidth(text)));
  return right ? blanks + text : text + blanks;
}

/** Returns a line with its colours. */
export function paint(line: Line, colors: ReturnType<typeof createColors>): string {
  return line.map(({ text, style }) => (style === undefined ? text : colors[style](text))).join("");
}

/** Formats milliseconds as `25 ms`, `0.4 s`, `1:05` or `2:03:10`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const tenths = Math.round(milliseconds / 100);
  return tenths < 600 ? `${(tenths / 10).toFixed(1)} s` : stopwatch(tenths * 100);
}

/** Formats milliseconds in whole seconds, as `0:42`, `1:05` or `2:03:10`. */
export function stopwatch(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Formats a count, such as `10,000`. */
export function count(value: number): string {
  return COUNT.format(value);
}

/** Formats a count of things, such as `1 job` or `10,000 jobs`. */
export function counted(value: number, thing: string): string {
  return `${count(value)} ${thing}${value === 1 ? "" : "s"}`;
}

const COUNT = new Intl.NumberFormat("en-US");
const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
const PLAIN = /^[ -~]*$/;
/** Includes the vowels and final consonants of Hangul, which join the first consonant. */
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11FF]$/u;
const EMOJI = /\p{Emoji_Presentation}|\uFE0F/u;
/** East Asian Wide and Fullwidth. @see https://www.unicode.org/reports/tr11/ */
const WIDE =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{17000}-\u{18AFF}\u{1B000}-\u{1B2FF}\u{20000}-\u{3FFFD}]/u;

/** Returns the width of a character. An emoji of several code points counts once, as in terminals. */
function graphemeWidth(grapheme: string): number {
  if (EMOJI.test(grapheme)) return 2;
  let width = 0;
  for (const character of grapheme) width += INVISIBLE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
