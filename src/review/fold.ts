/** The parts of a comment that can be folded, and shortened where the comment is too long. */
import { bytes, code, cut, fence, htmlCode, oneLine } from "./markdown";

/** A part of the comment that can be shortened. */
export interface Fold {
  readonly kind: Kind;
  readonly name: string | null;
  readonly counts: string | null;
  readonly open: boolean;
  readonly intro: readonly string[];
  readonly language: string;
  readonly lines: readonly Line[];
  /** What has to be shown in full or not at all, such as a diagram. */
  readonly whole: boolean;
  readonly notice: string;
}

export interface Line {
  readonly text: string;
  /** Details go before the lines that they belong to. */
  readonly detail: boolean;
}

/** From what is shortened first to what is shortened last; the order in which they stand is another. */
const KINDS = ["Diagram", "Stack", "Workflow", "Image", "Check", "Permissions", "Outside", "Failed"] as const;
type Kind = (typeof KINDS)[number];

export const LONGEST_NAME = 160;
/** The path of an attribute, two values, and what is said of them. */
const LONGEST_LINE = 3 * LONGEST_NAME + 40;
/** Of names, in bytes. */
const LONGEST_LIST = 3000;

export function fold(kind: Kind, rest: Partial<Fold> & Pick<Fold, "lines" | "notice">): Fold {
  return { kind, name: null, counts: null, open: false, intro: [], language: "text", whole: false, ...rest };
}

export function uncut(text: string): Line {
  return { text: oneLine(text), detail: false };
}

export function plainLine(text: string): Line {
  return { text: cut(oneLine(text), LONGEST_LINE), detail: false };
}

/** A name as code, cut where it is long. */
export function codeName(name: string): string {
  return code(cut(oneLine(name), LONGEST_NAME));
}

/** `**What**: names`, as code; nothing where there are none. */
export function listed(what: string, names: readonly string[]): string[] {
  return enumerated(what, names.map(codeName), ", ");
}

/** `**What**: parts`, which are Markdown: as many as there is room for. */
export function enumerated(what: string, parts: readonly string[], separator: string): string[] {
  if (parts.length === 0) return [];
  const shown: string[] = [];
  for (const part of parts) {
    if (bytes([...shown, part].join(separator)) > LONGEST_LIST) break;
    shown.push(part);
  }
  const more = parts.length > shown.length ? ` and ${parts.length - shown.length} more` : "";
  return [`**${what}**: ${shown.join(separator)}${more}`];
}

/** How many there are of each, in words, without those that there are none of; `null` where there are none at all. */
export function counted(counts: Readonly<Record<string, number>>): string | null {
  const parts = Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));
  return parts.length === 0 ? null : parts.join(", ");
}

export function renderFold({ kind, name, counts, open, intro, language, lines }: Fold): string[] {
  const title = kind === "Outside" ? "Changed outside Terraform" : kind;
  const summary = [title, ...(name === null ? [] : [htmlCode(cut(name, LONGEST_NAME))])].join(" ");
  return [
    `<details${open ? " open" : ""}><summary>${summary}${counts === null ? "" : `: ${counts}`}</summary>`,
    "",
    ...intro,
    "",
    ...(lines.length === 0
      ? []
      : fence(
          language,
          lines.map(({ text }) => text),
        )),
    "",
    "</details>",
    "",
  ];
}

/** What `render` makes of the folds, shortened until it is no longer than `longest`. */
export function renderWithin(
  longest: number,
  folds: readonly Fold[],
  render: (folds: readonly Fold[]) => string,
): string {
  const shown = [...folds];
  const rank = (index: number) => KINDS.indexOf(folds[index]!.kind);
  for (const index of [...folds.keys()].sort((one, other) => rank(one) - rank(other))) {
    for (const shorten of [withoutDetails, withoutLines, withoutIntro]) {
      const excess = bytes(render(shown)) - longest;
      if (excess > 0) shown[index] = shorten(shown[index]!, excess);
    }
  }
  return render(shown);
}

/** The fold with nothing but why that is. */
export function leftOut(one: Fold, why: string): Fold {
  return { ...one, intro: [`Left out: ${why}; see ${one.notice}.`], lines: [] };
}

// --- shortening ---

/** Takes from the end, resource by resource, as many attributes as is too much. */
function withoutDetails(one: Fold, excess: number): Fold {
  const notice = (resources: number) =>
    `Shortened: the attributes of ${resources === 1 ? "1 resource" : `${resources} resources`} are left out; ${one.notice} shows them.`;
  const lines = [...one.lines];
  let saved = -2 * bytes(notice(one.lines.length));
  let resources = 0;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    if (!lines[index]!.detail) {
      if (one.lines[index + 1]?.detail === true) resources += 1;
      if (saved >= excess) break;
      continue;
    }
    saved += bytes(lines[index]!.text) + 1;
    lines.splice(index, 1);
  }
  if (resources === 0) return one;
  return { ...one, lines, intro: [...one.intro, "", notice(resources)] };
}

/** Takes from the end what is too much: all of it, where the fold makes sense as a whole only. */
function withoutLines(one: Fold, excess: number): Fold {
  if (one.whole) return leftOut(one, "too long");
  const notice = (left: number) => `Shortened: ${left} lines are left out; ${one.notice} shows them.`;
  let kept = one.lines.length;
  let saved = -2 * bytes(notice(kept));
  while (kept > 0 && saved < excess) {
    kept -= 1;
    saved += bytes(one.lines[kept]!.text) + 1;
  }
  return { ...one, lines: one.lines.slice(0, kept), intro: [...one.intro, "", notice(one.lines.length - kept)] };
}

function withoutIntro(one: Fold): Fold {
  return { ...one, intro: [`Left out: too long; see ${one.notice}.`] };
}
