/** The unified diff of two texts. */

export interface LineDiff {
  readonly lines: readonly string[];
  readonly added: number;
  readonly removed: number;
}

type Edit = readonly [sign: " " | "+" | "-", line: string];

/** Past so many differing lines the shortest diff takes too long to find, and nobody reads it. */
const LONGEST_SEARCH = 2000;

/** What has changed, with `context` unchanged lines around it. */
export function lineDiff(before: readonly string[], after: readonly string[], context = 3): LineDiff {
  const edits = editsOf(before, after);
  const changed = edits.flatMap(([sign], index) => (sign === " " ? [] : [index]));
  const lines: string[] = [];
  let [shown, oldLine, newLine] = [-1, 1, 1];
  edits.forEach(([sign, line], index) => {
    const near = changed.some((at) => Math.abs(at - index) <= context);
    if (near) {
      if (shown !== index - 1 || lines.length === 0) lines.push(`@@ -${oldLine} +${newLine} @@`);
      lines.push(`${sign}${line}`);
      shown = index;
    }
    if (sign !== "+") oldLine += 1;
    if (sign !== "-") newLine += 1;
  });
  return {
    lines,
    added: edits.filter(([sign]) => sign === "+").length,
    removed: edits.filter(([sign]) => sign === "-").length,
  };
}

// --- internal ---

function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const kept = (line: string): Edit => [" ", line];
  return [
    ...before.slice(0, start).map(kept),
    ...shortestEdits(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(kept),
  ];
}

/** @see Myers, An O(ND) Difference Algorithm and Its Variations (1986) */
function shortestEdits(before: readonly string[], after: readonly string[]): Edit[] {
  const most = Math.min(before.length + after.length, LONGEST_SEARCH);
  const rounds: Map<number, number>[] = [];
  let furthest = new Map([[1, 0]]);
  for (let cost = 0; cost <= most; cost += 1) {
    rounds.push(new Map(furthest));
    for (let diagonal = -cost; diagonal <= cost; diagonal += 2) {
      let x = isInsertion(furthest, diagonal, cost) ? furthest.get(diagonal + 1)! : furthest.get(diagonal - 1)! + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      furthest = furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return backtrack(rounds, before, after);
    }
  }
  return [...before.map((line): Edit => ["-", line]), ...after.map((line): Edit => ["+", line])];
}

function isInsertion(furthest: ReadonlyMap<number, number>, diagonal: number, cost: number): boolean {
  if (diagonal === -cost) return true;
  return diagonal !== cost && furthest.get(diagonal - 1)! < furthest.get(diagonal + 1)!;
}

function backtrack(
  rounds: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [before.length, after.length];
  for (let cost = rounds.length - 1; cost >= 0; cost -= 1) {
    const furthest = rounds[cost]!;
    const diagonal = x - y;
    const from = isInsertion(furthest, diagonal, cost) ? diagonal + 1 : diagonal - 1;
    const [fromX, fromY] = [furthest.get(from)!, furthest.get(from)! - from];
    while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0)) {
      edits.push([" ", before[x - 1]!]);
      x -= 1;
      y -= 1;
    }
    if (cost > 0) edits.push(x === fromX ? ["+", after[y - 1]!] : ["-", before[x - 1]!]);
    [x, y] = [fromX, fromY];
  }
  return edits.reverse();
}
