/** Markdown that no value can break out of. Values appear only in fences and code spans, in which GitHub interprets nothing. */

/** Characters that end a line, turn the direction of text, or are invisible, such as blank letters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\uFFFE\uFFFF]/gu;

/** GitHub's Markdown has no code span of more than 80 backticks, and reads a longer fence than 255 as one of 255. */
const LONG_RUN = /`{50,}/g;

/** Characters of a name. */
export const LONGEST_NAME = 160;

/** Returns a text as one line of visible characters. */
export function oneLine(text: string): string {
  return text
    .replace(UNSEEN, (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`)
    .replace(LONG_RUN, (run) => `(${run.length} backticks)`);
}

/** Cuts a text to a number of characters. */
export function cut(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

/** Cuts two texts to a number of characters. Their first difference stays visible. */
export function cutPair(one: string, other: string, longest: number): [string, string] {
  const [characters, others] = [[...one], [...other]];
  if (Math.max(characters.length, others.length) <= longest) return [one, other];
  const different = characters.findIndex((character, index) => character !== others[index]);
  const shared = different === -1 ? characters.length : different;
  const start = shared < longest / 2 ? 0 : shared - Math.floor(longest / 4);
  const from = (all: readonly string[]) => cut(`${start > 0 ? "…" : ""}${all.slice(start).join("")}`, longest);
  return [from(characters), from(others)];
}

/**
 * Writes a block of code. Its fence is longer than any run of backticks in it.
 * @param lines as `oneLine` returns them
 */
export function fence(language: string, lines: readonly string[]): string[] {
  const mark = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [`${mark}${language}`, ...lines, mark];
}

/** Writes a value as code within a line of Markdown. */
export function code(text: string): string {
  const shown = oneLine(text);
  const mark = "`".repeat(longestRun(shown) + 1);
  // Markdown removes one space from each end of a span. It has no empty span.
  return shown.trim() === "" ? "` `" : `${mark} ${shown} ${mark}`.replace(/^` ([^` ][^`]*[^` ]|[^` ]) `$/, "`$1`");
}

/** Writes a name as code within a line of Markdown, cut to a number of characters. */
export function codeName(name: string, longest = LONGEST_NAME): string {
  return code(cut(oneLine(name), longest));
}

/** Writes a value as code within HTML, such as a summary. GitHub links no mentions there. */
export function htmlCode(text: string): string {
  return `<code>${oneLine(text).replace(/[^\p{L}\p{N} ,.:_()[\]/-]/gu, (sign) => `&#${sign.codePointAt(0)};`)}</code>`;
}

/** Returns the first texts that fit into a number of bytes when they are joined. */
export function fitting(texts: readonly string[], separator: string, longest: number): string[] {
  let used = -bytes(separator);
  const left = texts.findIndex((text) => {
    used += bytes(separator) + bytes(text);
    return used > longest;
  });
  return left === -1 ? [...texts] : texts.slice(0, left);
}

/** Counts bytes. GitHub's limit may count characters, but there are never more characters than bytes. */
export function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}
