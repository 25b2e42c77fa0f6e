/** What a misspelt name was meant to be. */
import { listed, visible } from "./base/text";

/** Returns the candidate that a misspelt name most likely means; `null` where none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name.length > LONGEST_NAME) return null;
  let best: { candidate: string; distance: number } | null = null;
  let looked = 0;
  for (const candidate of candidates) {
    if (looked++ === MOST_CANDIDATES) break;
    const limit = best?.distance ?? 1 + candidate.length / 3;
    if (candidate.length > LONGEST_NAME || Math.abs(candidate.length - name.length) >= limit) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < limit) best = { candidate, distance };
  }
  return best?.candidate ?? null;
}

/** Returns a fix for a name that is none of the candidates: the nearest, or the candidates. */
export function suggest(name: string, candidates: Iterable<string>, kind: string): string {
  const all = [...candidates];
  const meant = nearest(name, all);
  if (meant !== null) return `did you mean ${visible(meant)}?`;
  return all.length > 0
    ? `known ${kind} are ${listed(
        all.map((one) => visible(one, LONGEST_NAME)),
        MOST_LISTED,
      )}`
    : `there are no ${kind} here`;
}

// --- internal ---

/** No name of ours is longer. A longer one was not misspelt: comparing it would take long, and nobody reads the result. */
const LONGEST_NAME = 100;
/** Names that are compared with one that is misspelt; a check may compare as many as there are states with each other. */
const MOST_CANDIDATES = 1000;
const MOST_LISTED = 40;

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
