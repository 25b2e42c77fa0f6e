/** Suggests the name that a misspelt name stands for. */
import { listed, visible } from "./text";

/** Returns the candidate that is closest to a misspelt name. Returns `null` if none is close. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name.length > LONGEST_NAME) return null;
  const lower = name.toLowerCase();
  let best: { candidate: string; distance: number } | null = null;
  let looked = 0;
  for (const candidate of candidates) {
    if (looked++ === MOST_CANDIDATES) break;
    const limit = best?.distance ?? 1 + candidate.length / 3;
    if (candidate.length > LONGEST_NAME || Math.abs(candidate.length - name.length) >= limit) continue;
    const edits = editDistance(lower, candidate.toLowerCase(), limit);
    // A name of one letter may have nothing in common with the candidate. Any other candidate is then as close.
    const distance = edits < Math.max(candidate.length, name.length) ? edits : edits + 0.25;
    if (distance < limit) best = { candidate, distance };
  }
  return best?.candidate ?? null;
}

/** Returns a fix for an unknown name: the closest candidate, or all candidates. */
export function suggest(name: string, candidates: Iterable<string>, kind: string): string {
  const all = [...candidates];
  const meant = nearest(name, all);
  if (meant !== null) return `did you mean ${visible(meant)}?`;
  return all.length > 0 ? `known ${kind} are ${visible(listed(all, MOST_LISTED), 2000)}` : `there are no ${kind} here`;
}

// --- internal ---

/** The longest name that is compared. A longer name is not a misspelling, and comparing it would take long. */
const LONGEST_NAME = 100;
/** The most candidates that are compared with a name. A document may have thousands of states. */
const MOST_CANDIDATES = 500;
const MOST_LISTED = 40;

/**
 * Returns the Levenshtein distance of two names. Two swapped neighbours count as one mistake. The result is exact only below
 * `limit`. A check may call this a million times, so it reuses three rows.
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
    // Later rows can only add to the least of this row. A swap reaches back over one row.
    if (least > limit + 1) return limit + 1;
    [before, previous, row] = [previous, row, before];
  }
  return previous[b.length]!;
}

const ROWS = Array.from({ length: 3 }, () => new Uint8Array(LONGEST_NAME * 2 + 1));
