/** Finds flags that npm keeps for itself: `npm start --json` runs the script without `--json`. */
import { editDistance } from "./suggest";

/** An option of a command, as commander describes it. */
export interface FlagOption {
  /** With its dashes, such as `--no-validate`. */
  readonly long?: string | undefined;
  /** The flags in the help, such as `--input <file>`. */
  readonly flags: string;
  /** True if a value follows the flag. */
  readonly required: boolean;
  /** True if the flag begins with `--no-`. */
  readonly negate: boolean;
}

/** A flag that npm kept, as the user should write it. */
export interface KeptFlag {
  readonly flag: string;
  /** True if npm left the value behind, as a separate argument. */
  readonly isValueLost: boolean;
}

const VARIABLE = /^npm_config_(.+)$/;

/** Returns whether npm runs this as a script of package.json. A command that `npx` runs gets all of its flags. */
export function isNpmScript({ npm_lifecycle_event: script }: NodeJS.ProcessEnv): boolean {
  return script !== undefined && script !== "npx";
}

/**
 * Returns the flags that npm kept. npm forwards only the arguments after `--`. It puts any other flag into the variable
 * `npm_config_<name>`, unless the value is npm's own default. A flag with one wrong letter is recognised too.
 *
 * @see https://docs.npmjs.com/cli/v11/using-npm/config#environment-variables
 */
export function flagsKeptByNpm(options: readonly FlagOption[], environment: NodeJS.ProcessEnv): KeptFlag[] {
  if (!isNpmScript(environment)) return [];
  return Object.entries(environment).flatMap(([variable, value = ""]) => {
    const name = VARIABLE.exec(variable)?.[1]?.replaceAll("_", "-");
    if (name === undefined || NPM_SETTINGS.has(name)) return [];
    const option = options.find((each) => isNamed(name, each));
    return option === undefined ? [] : asGiven(option, value);
  });
}

// --- internal ---

/** Settings of npm that users have in .npmrc, and whose names are close to names of flags. */
const NPM_SETTINGS: ReadonlySet<string> = new Set(["color"]);

function isNamed(name: string, { long = "" }: FlagOption): boolean {
  const own = long.replace(/^--(no-)?/, "");
  return name === own || (own.length > 3 && editDistance(name, own, 2) === 1);
}

function asGiven({ long = "", flags, required, negate }: FlagOption, value: string): KeptFlag[] {
  if (!required) return negate === (value === "") ? [{ flag: long, isValueLost: false }] : [];
  // npm joins several values with an empty line between them.
  return value
    .split("\n\n")
    .map((each) =>
      each === "" || each === "true"
        ? { flag: flags, isValueLost: true }
        : { flag: `${long} ${quoted(each)}`, isValueLost: false },
    );
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : JSON.stringify(value);
}
