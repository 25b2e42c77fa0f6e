/** What a misspelt name was meant to be. */

/** The candidate that a misspelt name most likely means; `null` where none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  let best: { candidate: string; distance: number } | null = null;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < (best?.distance ?? 1 + candidate.length / 3)) best = { candidate, distance };
  }
  return best?.candidate ?? null;
}

/** A fix for a name that is none of the candidates: the nearest, or all of them. */
export function suggest(name: string, candidates: Iterable<string>, kind: string): string {
  const all = [...candidates];
  const meant = nearest(name, all);
  if (meant !== null) return `did you mean ${meant}?`;
  return all.length > 0 ? `known ${kind} are ${all.join(", ")}` : `there are no ${kind} here`;
}

/** Levenshtein's distance, where two neighbours that changed places count as one mistake. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          rows[i - 1]![j]! + 1,
          row[j - 1]! + 1,
          rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
          swapped ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
