import { type Place, placeKey } from "../../execution/events";
import type { JobPart, NotReused } from "../../execution/not-reused";
import { changedParts } from "./job-key";
import type { StoredResult, StoredResults } from "./stored-results";

export type EarlierResults = Pick<StoredResults, "results" | "unkept">;

/** A state can be entered very often at one place. */
const MOST_COMPARED = 20;

/**
 * Returns the function that says why no earlier result has the key of a job: what has changed since a job had its place. Of several
 * such jobs it takes the most similar one.
 */
export function whyAgain({ results, unkept }: EarlierResults): (place: Place, parts: string) => NotReused {
  let byPlace: Map<string, string[]> | null = null;
  return (place, parts) => {
    const key = placeKey(place);
    const because = unkept.get(key);
    if (because !== undefined) return { because };
    byPlace ??= partsByPlace(results);
    const before = byPlace.get(key)?.slice(-MOST_COMPARED) ?? [];
    const changed = before.map((other) => changedParts(parts, other)).reduce(fewest, null);
    if (changed === null || changed.length === 0) return { because: "none" };
    // Another engine gives jobs other images, folders and variables.
    return { changed: changed.includes("engine") ? ["engine"] : changed };
  };
}

// --- internal ---

function partsByPlace(results: readonly StoredResult[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { place, parts } of results) {
    const others = found.get(place);
    if (others === undefined) found.set(place, [parts]);
    else others.push(parts);
  }
  return found;
}

function fewest(one: JobPart[] | null, other: JobPart[] | null): JobPart[] | null {
  if (one === null || other === null) return one ?? other;
  return other.length <= one.length ? other : one;
}
