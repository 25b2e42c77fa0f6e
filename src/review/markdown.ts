/** Markdown that no value can break out of: values stand in fences and code spans only, in which nothing is interpreted. */

/** Line ends of other kinds, what turns the direction of text, and what cannot be seen, such as letters that are blank. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\uFFFE\uFFFF]/gu;

/** GitHub's Markdown knows no code span of more than 80 backticks, and takes a fence of more than 255 for one of 255. */
const LONG_RUN = /`{50,}/g;

/** A text as one line of what can be seen. */
export function oneLine(text: string): string {
  return text
    .replace(UNSEEN, (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`)
    .replace(LONG_RUN, (run) => `(${run.length} backticks)`);
}

/** A text cut to so many characters. */
export function cut(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

/** Two texts cut to so many characters, of which what differs first is left. */
export function cutPair(one: string, other: string, longest: number): [string, string] {
  const [characters, others] = [[...one], [...other]];
  if (Math.max(characters.length, others.length) <= longest) return [one, other];
  const different = characters.findIndex((character, index) => character !== others[index]);
  const shared = different === -1 ? characters.length : different;
  const start = shared < longest / 2 ? 0 : shared - Math.floor(longest / 4);
  const from = (all: readonly string[]) => cut(`${start > 0 ? "…" : ""}${all.slice(start).join("")}`, longest);
  return [from(characters), from(others)];
}

/** A block of code, of lines as `oneLine` gives them; its fence is longer than any run of backticks in it. */
export function fence(language: string, lines: readonly string[]): string[] {
  const mark = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [`${mark}${language}`, ...lines, mark];
}

/** A value within a line of Markdown. */
export function code(text: string): string {
  const shown = oneLine(text);
  const mark = "`".repeat(longestRun(shown) + 1);
  // Of a span that begins and ends with a space, Markdown takes one off each; an empty one is none.
  return shown.trim() === "" ? "` `" : `${mark} ${shown} ${mark}`.replace(/^` ([^` ][^`]*[^` ]|[^` ]) `$/, "`$1`");
}

/** A value within HTML, such as a summary, as code: GitHub links no mentions there. */
export function htmlCode(text: string): string {
  return `<code>${oneLine(text).replace(/[^\p{L}\p{N} ,.:_()[\]/-]/gu, (sign) => `&#${sign.codePointAt(0)};`)}</code>`;
}

/** How much of GitHub's limit a text takes, however that is counted: bytes are never fewer than characters. */
export function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}
