/** The edits that turn one text into another, line by line: as few as possible, placed where a reader expects them. */
import { diffArrays } from "diff";

export type Edit = readonly [sign: " " | "+" | "-", line: string];

/** Beyond this number of changed lines, the shortest edits take too long to find. */
const LONGEST_SEARCH = 2000;

/** Returns all lines of both texts, each as kept, added or removed. */
export function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  const changes = diffArrays([...before], [...after], { maxEditLength: LONGEST_SEARCH }) ?? [
    { removed: true, added: false, value: before },
    { removed: false, added: true, value: after },
  ];
  return slide(
    changes.flatMap(({ added, removed, value }) =>
      value.map((line): Edit => [removed ? "-" : added ? "+" : " ", line]),
    ),
  );
}

// --- internal ---

/**
 * Moves runs of additions or removals to where they are least indented, as git does. If the line before a run equals the last
 * line of the run, the run can begin one line earlier. A state is then added or removed as a whole, not from the middle of one
 * to the middle of the next.
 */
function slide(edits: readonly Edit[]): Edit[] {
  const signs = edits.map(([sign]) => sign);
  const lines = edits.map(([, line]) => line);
  const indent = (index: number) => (index < lines.length ? lines[index]!.search(/\S|$/) : -1);
  let end = 0;
  for (let start = 0; start < lines.length; start = end) {
    const sign = signs[start]!;
    end = start + 1;
    while (end < lines.length && signs[end] === sign) end += 1;
    const isFree = (index: number) => signs[index] === " ";
    const isPure = (index: number) => signs[index] === undefined || isFree(index);
    if (sign === " " || !isPure(start - 1) || !isPure(end)) continue;
    const length = end - start;
    let first = start;
    while (isFree(first - 1) && lines[first - 1] === lines[first - 1 + length]) first -= 1;
    let last = start;
    while (isFree(last + length) && lines[last] === lines[last + length]) last += 1;
    let best = start;
    for (let place = last; place >= first; place -= 1) {
      const cost = (at: number) => indent(at) + indent(at + length);
      if (place === last || cost(place) < cost(best)) best = place;
    }
    signs.fill(" ", start, end).fill(sign, best, best + length);
    end = Math.max(end, best + length);
  }
  return lines.map((line, index) => [signs[index]!, line]);
}
