/** What a misspelt name was meant to be. */
import { listed, visible } from "./text";

/** Returns the candidate that a misspelt name most likely means; `null` where none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name.length > LONGEST_NAME) return null;
  const lower = name.toLowerCase();
  let best: { candidate: string; distance: number } | null = null;
  let looked = 0;
  for (const candidate of candidates) {
    if (looked++ === MOST_CANDIDATES) break;
    const limit = best?.distance ?? 1 + candidate.length / 3;
    if (candidate.length > LONGEST_NAME || Math.abs(candidate.length - name.length) >= limit) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), limit);
    if (distance < limit) best = { candidate, distance };
  }
  return best?.candidate ?? null;
}

/** Returns a fix for a name that is none of the candidates: the nearest, or the candidates. */
export function suggest(name: string, candidates: Iterable<string>, kind: string): string {
  const all = [...candidates];
  const meant = nearest(name, all);
  if (meant !== null) return `did you mean ${visible(meant)}?`;
  return all.length > 0 ? `known ${kind} are ${visible(listed(all, MOST_LISTED), 2000)}` : `there are no ${kind} here`;
}

// --- internal ---

/** No name of ours is longer. A longer one was not misspelt: comparing it would take long, and nobody reads the result. */
const LONGEST_NAME = 100;
/** Names that are compared with one that is misspelt; a check may compare as many as there are states with each other. */
const MOST_CANDIDATES = 500;
const MOST_LISTED = 40;

/**
 * Levenshtein's distance, where two neighbours that changed places count as one mistake; `limit` or more where it is not below
 * that. A check may ask for it a million times: three rows are used again and again.
 */
export function editDistance(a: string, b: string, limit: number): number {
  let [before, previous, row] = ROWS as [Uint8Array, Uint8Array, Uint8Array];
  for (let j = 0; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const isSame = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (isSame ? 0 : 1));
      const isSwapped =
        i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (isSwapped) cost = Math.min(cost, before[j - 2]! + 1);
      row[j] = cost;
      least = Math.min(least, cost);
    }
    // What follows can only add to the least of a row; a swap reaches back over one.
    if (least > limit + 1) return limit + 1;
    [before, previous, row] = [previous, row, before];
  }
  return previous[b.length]!;
}

const ROWS = Array.from({ length: 3 }, () => new Uint8Array(LONGEST_NAME * 2 + 1));
