/** The text of labels: lines of a fitting width, without characters that no format can hold. */

/** Breaks the label of an arrow into lines. A long label is cut. */
export function labelLines(label: string, width: number): string[] {
  const characters = [...oneLine(label)];
  const shown = characters.length > LONGEST_LABEL ? [...characters.slice(0, LONGEST_LABEL - 1), "…"] : characters;
  return wrap(shown.join(""), width);
}

/** Breaks a text into lines at white space. A word that is too long is broken too. */
export function wrap(text: string, width: number): string[] {
  const fitting = `\\S.{0,${width - 1}}(?=\\s|$)`;
  const word = `\\S{1,${LONGEST_WORD}}(?=\\s|$)`;
  return oneLine(text).match(new RegExp(`${fitting}|${word}|\\S{1,${width}}`, "gu")) ?? [" "];
}

/** Replaces characters that XML 1.0 cannot hold, marks of writing direction, and the mark that `dot.ts` puts before details. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFE\uFFFF\u2063]/gu, "\uFFFD");
}

/** Indents lines by one level. */
export function indent(content: readonly string[]): string[] {
  return content.map((line) => `  ${line}`);
}

/** Joins lines into a text that ends with a line end. */
export function lines(content: readonly string[]): string {
  return `${content.join("\n")}\n`;
}

// --- internal ---

/** A word up to this length is not broken. */
const LONGEST_WORD = 32;
const LONGEST_LABEL = 60;

function oneLine(text: string): string {
  return withoutControls(text.replaceAll(/\s+/g, " "));
}
