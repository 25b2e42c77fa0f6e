/** Writes coverage for people and for programs. */
import type { TextPlace } from "../base/json-places";
import { firstLines, visible } from "../base/text";
import type { Coverage, Part } from "./coverage";

/** The document of the cases. */
export interface CoveredFile {
  /** As the user knows it. */
  readonly name: string;
  /** Returns the place of a JSON pointer. */
  readonly placeOf: (pointer: string) => TextPlace;
}

/** Returns `coverage: 9 of 10 states, 5 of 6 branches`, and a line for each part that no case has reached. */
export function coverageLines({ states, branches, notReached }: Coverage, { name, placeOf }: CoveredFile): string[] {
  const counts = `${states.reached} of ${states.total} states, ${branches.reached} of ${branches.total} branches`;
  const lines = firstLines(
    inOrder(notReached, placeOf),
    (part) => `  ${visible(name)}:${placeOf(part.pointer).line}: ${visible(WORDS[part.kind](part))}`,
    MOST_PARTS,
  );
  return [`coverage: ${counts}${notReached.length > 0 ? "; not reached:" : ""}`, ...lines];
}

/** Returns what `--json` prints. */
export function coverageJson({ notReached, ...counts }: Coverage, { placeOf }: CoveredFile) {
  return {
    ...counts,
    notReached: inOrder(notReached, placeOf).map(({ pointer, ...part }) => ({ ...part, line: placeOf(pointer).line })),
  };
}

/** Returns why the coverage is not enough; `null` if it is. */
export function tooLittle({ percent }: Coverage, minimum: number | undefined): string | null {
  if (minimum === undefined || percent >= minimum) return null;
  return `the cases reach ${percent} % of the states and branches, fewer than \`--min-coverage ${minimum}\`; add cases for those that no case has reached`;
}

// --- internal ---

const MOST_PARTS = 20;

/** Returns parts in the order of their lines. */
function inOrder(parts: readonly Part[], placeOf: CoveredFile["placeOf"]): Part[] {
  return parts.toSorted((a, b) => placeOf(a.pointer).line - placeOf(b.pointer).line);
}

const WORDS: Record<Part["kind"], (part: Part) => string> = {
  state: ({ state }) => `state ${state}`,
  choice: ({ state, number, next }) => `${state}, rule ${number} to ${next}`,
  default: ({ state, next }) => `${state}, Default to ${next}`,
  catch: ({ state, number, next }) => `${state}, Catch ${number} to ${next}`,
  retry: ({ state, number }) => `${state}, Retry ${number}`,
};
