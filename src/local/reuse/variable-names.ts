/** Tells which variables of a job have changed. Of each value a few letters are kept, once for all jobs with the same variables. */
import { hash } from "node:crypto";
import type { JobPart } from "../../execution/not-reused";
import { type JobKey, LETTERS, lettersOf, VARIABLE_PARTS, type VariablePart } from "./job-key";

/** The variables of a part of jobs. */
export interface StoredVariables {
  /** The name of the part and its letters. */
  readonly of: string;
  /** The letters of each value, by the name of the variable. */
  readonly letters: Readonly<Record<string, string>>;
}

/** Each item of a large Map can have other variables. */
const MOST_KEPT = 100;

export class VariableNames {
  private readonly earlier: ReadonlyMap<string, StoredVariables>;
  private readonly kept: Set<string>;

  constructor(
    private readonly salt: string,
    earlier: readonly StoredVariables[],
  ) {
    this.earlier = new Map(earlier.map((variables) => [variables.of, variables]));
    this.kept = new Set(this.earlier.keys());
  }

  /** Returns the variables that must be kept beside the result of a job: those that no earlier job had. */
  fresh({ parts, variables }: JobKey): StoredVariables[] {
    return VARIABLE_PARTS.flatMap((part) => {
      const of = idOf(part, parts);
      if (this.kept.has(of) || this.kept.size >= MOST_KEPT) return [];
      this.kept.add(of);
      return [{ of, letters: this.lettersIn(part, variables[part]) }];
    });
  }

  /** Returns the names of the variables that have changed, come or gone since a job had the parts `before`. */
  changed({ variables }: JobKey, before: string, parts: readonly JobPart[]): string[] {
    return VARIABLE_PARTS.filter((part) => parts.includes(part)).flatMap((part) => {
      const letters = this.earlier.get(idOf(part, before))?.letters;
      if (letters === undefined) return [];
      const now = this.lettersIn(part, variables[part]);
      return Object.keys({ ...letters, ...now }).filter((name) => letters[name] !== now[name]);
    });
  }

  private lettersIn(part: VariablePart, variables: Readonly<Record<string, string>>): Record<string, string> {
    const letters = (name: string, value: string) =>
      hash("sha256", JSON.stringify([this.salt, part, name, value]), "base64url").slice(0, LETTERS);
    return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, letters(name, value)]));
  }
}

// --- internal ---

function idOf(part: VariablePart, parts: string): string {
  return `${part} ${lettersOf(parts, part)}`;
}
