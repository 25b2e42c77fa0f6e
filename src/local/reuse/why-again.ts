import { type Place, placeKey } from "../../execution/events";
import type { JobPart, NotReused } from "../../execution/not-reused";
import { changedParts, type JobKey } from "./job-key";
import type { StoredResult, StoredResults } from "./stored-results";
import type { VariableNames } from "./variable-names";

export type EarlierResults = Pick<StoredResults, "results" | "unkept" | "variables">;

/** A state can be entered very often at one place. */
const MOST_COMPARED = 20;

/**
 * Returns the function that says why no earlier result has the key of a job: what has changed since a job had its place. Of several
 * such jobs it takes the most similar one.
 */
export function whyAgain(
  { results, unkept }: EarlierResults,
  names: VariableNames,
): (place: Place, job: JobKey) => NotReused {
  let byPlace: Map<string, string[]> | null = null;
  return (place, job) => {
    const at = placeKey(place);
    const because = unkept.get(at);
    if (because !== undefined) return { because };
    byPlace ??= partsByPlace(results);
    const others = byPlace.get(at)?.slice(-MOST_COMPARED) ?? [];
    const change = others.map((before) => ({ before, changed: changedParts(job.parts, before) })).reduce(smaller, NONE);
    const { before, changed } = change;
    if (changed === null || changed.length === 0) return { because: "none" };
    // Another engine gives jobs other images, folders and variables.
    if (changed.includes("engine")) return { changed: ["engine"], names: [] };
    return { changed, names: names.changed(job, before, changed) };
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

interface Change {
  readonly before: string;
  readonly changed: readonly JobPart[] | null;
}

const NONE: Change = { before: "", changed: null };

function smaller(one: Change, other: Change): Change {
  if (other.changed === null) return one;
  return one.changed === null || other.changed.length <= one.changed.length ? other : one;
}
