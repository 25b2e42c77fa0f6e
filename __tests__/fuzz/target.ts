/** A kind of input, and what is run with it. */
import type fc from "fast-check";

export interface Target<Case = unknown> {
  readonly name: string;
  /** Its part of all runs, against those of the others. */
  readonly share: number;
  /** A run that takes longer is a fault. */
  readonly seconds: number;
  readonly cases: fc.Arbitrary<Case>;
  /** Runs one case, with an empty folder of its own; gives what was broken, a text each. */
  readonly run: (one: Case, folder: string) => Promise<readonly string[]>;
  /** The files of a case, with which you can try it by hand. */
  readonly files: (one: Case) => Readonly<Record<string, string | Buffer>>;
}

/** The same target, without the type of its cases. */
export function target<Case>(of: Target<Case>): Target {
  return of as unknown as Target;
}
