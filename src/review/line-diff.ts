/** The unified diff of two texts. */
import { type Edit, editsOf } from "./edits";

export interface LineDiff {
  readonly lines: readonly string[];
  readonly added: number;
  readonly removed: number;
}

export interface LineDiffOptions {
  /** Unchanged lines shown around a change. @default 3 */
  readonly context?: number;
  /** Returns for each line of a text the section that it is in, or an empty text. Heads show it. @default no sections */
  readonly sectionsOf?: (lines: readonly string[]) => readonly string[];
  /** Text that each line of `after` is compared by. @default the line itself */
  readonly countedAs?: readonly string[];
}

/** Compares two texts. The head of each part says where its first change is. */
export function lineDiff(
  before: readonly string[],
  after: readonly string[],
  { context = 3, sectionsOf = () => [], countedAs = after }: LineDiffOptions = {},
): LineDiff {
  const edits = asTheyAre(editsOf(before, countedAs), after);
  const sections = { before: sectionsOf(before), after: sectionsOf(after) };
  const near = new Set(
    edits.flatMap(([sign], index) =>
      sign === " " ? [] : Array.from({ length: 2 * context + 1 }, (_, offset) => index - context + offset),
    ),
  );
  const lines: string[] = [];
  let [oldLine, newLine] = [0, 0];
  // Index of the head of the current part, until its first change.
  let head: number | null = null;
  edits.forEach(([sign, line], index) => {
    if (near.has(index)) {
      if (!near.has(index - 1) || index === 0) head = lines.push(`@@ -${oldLine + 1} +${newLine + 1} @@`) - 1;
      if (head !== null && sign !== " ") {
        const section = (sign === "-" ? sections.before[oldLine] : sections.after[newLine]) ?? "";
        if (section !== "") lines[head] += ` ${section}`;
        head = null;
      }
      lines.push(`${sign}${line}`);
    }
    if (sign !== "+") oldLine += 1;
    if (sign !== "-") newLine += 1;
  });
  const count = (counted: string) => edits.filter(([sign]) => sign === counted).length;
  return { lines, added: count("+"), removed: count("-") };
}

// --- internal ---

/** Puts the real lines of `after` into the edits. A line that is only compared like the old line replaces it. */
function asTheyAre(edits: readonly Edit[], after: readonly string[]): Edit[] {
  let newLine = 0;
  return edits.flatMap(([sign, line]): Edit[] => {
    if (sign === "-") return [[sign, line]];
    const own = after[newLine]!;
    newLine += 1;
    if (sign === "+") return [[sign, own]];
    return own === line
      ? [[sign, line]]
      : [
          ["-", line],
          ["+", own],
        ];
  });
}
