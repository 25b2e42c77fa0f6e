/** How one text becomes another, line by line: as few edits as there can be, placed where a reader would place them. */

export type Edit = readonly [sign: " " | "+" | "-", line: string];

/** Past so many differing lines the shortest way takes too long to find, and nobody reads it. */
const LONGEST_SEARCH = 2000;

/** All lines of both texts, each as kept, added or removed. */
export function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const kept = (line: string): Edit => [" ", line];
  return slide([
    ...before.slice(0, start).map(kept),
    ...shortestEdits(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(kept),
  ]);
}

// --- internal ---

/**
 * The furthest line of `before` that was reached, by number of edits, on each diagonal from the lowest to the highest, of
 * which there is every other one. As numbers alone: thousands of edits are searched.
 */
type Rounds = Int32Array[];

/** @see Myers, An O(ND) Difference Algorithm and Its Variations (1986) */
function shortestEdits(before: readonly string[], after: readonly string[]): Edit[] {
  const most = Math.min(before.length + after.length, LONGEST_SEARCH);
  const rounds: Rounds = [];
  for (let cost = 0; cost <= most; cost += 1) {
    const furthest = new Int32Array(cost + 1);
    rounds.push(furthest);
    for (let diagonal = -cost; diagonal <= cost; diagonal += 2) {
      let x = cost === 0 ? 0 : step(rounds, cost, diagonal).x;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      furthest[(diagonal + cost) / 2] = x;
      if (x >= before.length && x - diagonal >= after.length) return backtrack(rounds, before, after);
    }
  }
  return [...before.map((line): Edit => ["-", line]), ...after.map((line): Edit => ["+", line])];
}

/** The last edit on the way to a diagonal: where it came from, and where it led to. */
function step(rounds: Rounds, cost: number, diagonal: number): { from: number; fromX: number; x: number } {
  const reached = (from: number) => rounds[cost - 1]![(from + cost - 1) / 2]!;
  const isInsertion = diagonal === -cost || (diagonal !== cost && reached(diagonal - 1) < reached(diagonal + 1));
  const from = isInsertion ? diagonal + 1 : diagonal - 1;
  return { from, fromX: reached(from), x: reached(from) + (isInsertion ? 0 : 1) };
}

function backtrack(rounds: Rounds, before: readonly string[], after: readonly string[]): Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [before.length, after.length];
  const keepUntil = (start: number) => {
    for (; x > start; x -= 1, y -= 1) edits.push([" ", before[x - 1]!]);
  };
  for (let cost = rounds.length - 1; cost > 0; cost -= 1) {
    const { from, fromX, x: reached } = step(rounds, cost, x - y);
    keepUntil(reached);
    edits.push(reached === fromX ? ["+", after[y - 1]!] : ["-", before[x - 1]!]);
    [x, y] = [fromX, fromX - from];
  }
  keepUntil(0);
  return edits.reverse();
}

/**
 * Where the line before a run of additions, or of removals, is also the run's last, the run can as well begin a line
 * earlier: of all such places each run takes the one that is least indented, as git does. A state then comes and goes as a
 * whole, not from the middle of one to the middle of the next.
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
