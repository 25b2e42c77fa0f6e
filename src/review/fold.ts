/** The parts of a comment that a reader can fold. They are shortened if the comment is too long. */
import { bytes, codeName, cut, fence, fitting, htmlCode, LONGEST_NAME, oneLine } from "./markdown";

/** A part of the comment that can be shortened. */
export interface Fold {
  readonly kind: Kind;
  readonly name: string | null;
  readonly counts: string | null;
  readonly open: boolean;
  readonly intro: readonly string[];
  readonly language: string;
  readonly lines: readonly Line[];
  /** True if it is shown in full or not at all, such as a diagram. */
  readonly whole: boolean;
  /** The place of the omitted parts. */
  readonly notice: string;
}

export interface Line {
  readonly text: string;
  /** True if it is left out before the line that it belongs to. */
  readonly detail: boolean;
}

/** In the order in which they are shortened. The comment has them in another order. */
const KINDS = ["Diagram", "Stack", "Workflow", "Image", "Check", "Permissions", "Outside", "Failed"] as const;
type Kind = (typeof KINDS)[number];

/** The maximum length of a line: the path of an attribute, two values, and a remark. */
const LONGEST_LINE = 3 * LONGEST_NAME + 40;
/** Bytes of a list of names. */
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

/** Writes `**What**: names`, each as code; nothing if there are none. */
export function listed(what: string, names: readonly string[]): string[] {
  return enumerated(
    what,
    names.map((name) => codeName(name)),
    ", ",
  );
}

/** Writes `**What**: parts`, which are Markdown, as many as there is room for. */
export function enumerated(what: string, parts: readonly string[], separator: string): string[] {
  if (parts.length === 0) return [];
  const shown = fitting(parts, separator, LONGEST_LIST);
  const more = parts.length > shown.length ? ` and ${parts.length - shown.length} more` : "";
  return [`**${what}**: ${shown.join(separator)}${more}`];
}

/** Formats the counts that are not zero, such as "2 to add, 1 to change"; `null` if all are zero. */
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

/** Renders the folds, and shortens them until the result has at most `longest` bytes. */
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

/** Returns the fold without its contents, and the reason instead. */
export function leftOut(one: Fold, why: string): Fold {
  return { ...one, intro: [`Left out: ${why}; see ${one.notice}.`], lines: [] };
}

// --- shortening ---

/** Removes attributes from the end, until enough bytes are saved. Says how many resources have lost theirs. */
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

/** Removes lines from the end, until enough bytes are saved. Removes all of a fold that only makes sense as a whole. */
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
