/** The rules between settings, and what breaks them. */
import type { JobSettings, Settings } from "./settings-types";

/** A setting that conflicts with the others. */
export interface UnmetRule {
  readonly setting: keyof Settings;
  /** The path inside the setting, such as `["echo", "vcpus"]` in `jobs`. */
  readonly path: readonly (string | number)[];
  /** Completes "must …". */
  readonly must: string;
}

/** A rule between settings. */
export interface Rule {
  /** The settings that the rule looks at. */
  readonly among: readonly (keyof Settings)[];
  readonly unmet: (settings: Settings) => UnmetRule[];
}

/** A field of a job, or the path inside it, that breaks a rule. `must` completes "must …". */
export type JobProblem = readonly [
  path: keyof JobSettings | readonly [keyof JobSettings, ...(string | number)[]],
  must: string,
];
