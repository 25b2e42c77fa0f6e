import { type Place, placeKey, stateOfKey } from "../../execution/events";
import type { JobPart, NotReused } from "../../execution/not-reused";
import { changedParts, type JobKey, lettersOf } from "./job-key";
import type { StoredResult, StoredResults } from "./stored-results";
import type { VariableNames } from "./variable-names";

export type EarlierResults = Pick<StoredResults, "results" | "unkept" | "variables">;

/** A state can be entered very often at one place. */
const MOST_COMPARED = 20;

/**
 * Returns the function that says why no earlier result has the key of a job: what has changed since the most similar job of those at its
 * place, and of those of its state with the same command. An item that moves keeps its command.
 */
export function whyAgain(
  { results, unkept }: EarlierResults,
  names: VariableNames,
): (place: Place, job: JobKey) => NotReused {
  let known: Map<string, string[]> | null = null;
  return (place, job) => {
    const at = placeKey(place);
    const because = unkept.get(at);
    if (because !== undefined) return { because };
    known ??= partsByLikeness(results);
    const others = likenesses(at, job.parts).flatMap((like) => known!.get(like)?.slice(-MOST_COMPARED) ?? []);
    const change = others.map((before) => ({ before, changed: changedParts(job.parts, before) })).reduce(smaller, NONE);
    const { before, changed } = change;
    if (changed === null || changed.length === 0) return { because: "none" };
    // Another engine gives jobs other images, folders and variables.
    if (changed.includes("engine")) return { changed: ["engine"], names: [] };
    return { changed, names: names.changed(job, before, changed) };
  };
}

// --- internal ---

function partsByLikeness(results: readonly StoredResult[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { place, parts } of results) {
    for (const like of likenesses(place, parts)) {
      const others = found.get(like);
      if (others === undefined) found.set(like, [parts]);
      else others.push(parts);
    }
  }
  return found;
}

/** The jobs at the same place, and those of the same state with the same command. */
function likenesses(place: string, parts: string): string[] {
  return [place, `command ${lettersOf(parts, "command")} ${stateOfKey(place)}`];
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
