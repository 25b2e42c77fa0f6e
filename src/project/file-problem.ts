/** The problems of a file, with their places as terminals and editors open them. */
import type { Finding, Problem } from "../asl/check/problem";
import { placesIn } from "../base/json-places";
import { visible } from "../base/text";

/** A problem and its place. */
export interface FileProblem extends Omit<Problem, "place"> {
  /** The path: relative to the project, or as the user typed it. */
  readonly file: string;
  /** Counted from 1; `null` if the file does not exist. */
  readonly line: number | null;
  readonly column: number | null;
}

/** Adds the places to the problems of a file. `text` is its content; `null` if there is none. */
export function inFile(file: string, text: string | null, problems: readonly Problem[]): FileProblem[] {
  // A text that is not JSON is not parsed again.
  const parses = text !== null && problems.some(({ place }) => place === undefined);
  const placeOf = parses ? placesIn(text) : () => ({ line: null, column: null });
  return problems.map(({ severity, rule, state, pointer, place = placeOf(pointer), message, fix }) => ({
    severity,
    rule,
    file,
    ...place,
    state,
    pointer,
    message,
    fix,
  }));
}

/** Returns the problem of a file that has no states. */
export function ofNoState(finding: Finding): Problem {
  return { ...finding, state: null };
}

/**
 * Formats a problem as one line: `file:line:column`, which terminals and editors open, then the severity, the state, the problem and
 * the fix. Long parts are cut, so that the fix stays visible.
 */
export function describeProblem({ file, line, column, severity, state, message, fix }: FileProblem): string {
  const place = [visible(file), ...(line === null ? [] : [line, column])].join(":");
  const start = [place, severity, ...(state === null ? [] : [visible(state)])].join(": ");
  return `${start}: ${visible(message, 800)}; ${visible(fix, 600)}`;
}
