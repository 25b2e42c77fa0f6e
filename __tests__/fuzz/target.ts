/** A kind of input, and the code to run with it. */
import type fc from "fast-check";

export interface Target<Case = unknown> {
  readonly name: string;
  /** The weight of its runs, relative to the other targets. */
  readonly share: number;
  /** A longer run is a fault. */
  readonly seconds: number;
  /** The number of cases that the unit test runs. @default 6 */
  readonly testRuns?: number;
  readonly cases: fc.Arbitrary<Case>;
  /** Runs one case in its own empty folder. Returns one text for each broken promise. */
  readonly run: (one: Case, folder: string) => Promise<readonly string[]>;
  /** The files of a case, to run it by hand. */
  readonly files: (one: Case) => Readonly<Record<string, string | Buffer>>;
}

/** Hides the type of a target's cases. */
export function target<Case>(of: Target<Case>): Target {
  return of as unknown as Target;
}
