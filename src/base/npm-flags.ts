/** Flags that npm takes for its own: `npm start --json` runs the script without `--json`. */
import { editDistance } from "./suggest";

/** An option of a command, as commander holds it. */
export interface FlagOption {
  /** With its dashes, such as `--no-validate`. */
  readonly long?: string | undefined;
  /** As the help shows it, such as `--input <file>`. */
  readonly flags: string;
  /** Whether a value follows it. */
  readonly required: boolean;
  /** Whether it begins with `--no-`. */
  readonly negate: boolean;
}

/** A flag that npm has kept, as it must be written. */
export interface KeptFlag {
  readonly flag: string;
  /** Whether npm has left its value behind, as a word of its own. */
  readonly isValueLost: boolean;
}

const VARIABLE = /^npm_config_(.+)$/;

/** Whether npm runs this as a script of package.json; what `npx` runs gets all of its flags. */
export function isNpmScript({ npm_lifecycle_event: script }: NodeJS.ProcessEnv): boolean {
  return script !== undefined && script !== "npx";
}

/**
 * The flags that npm has kept. npm passes on what follows `--`. It leaves any other flag, where its value is not npm's own
 * default, in the variable `npm_config_<name>`. A flag with one misspelt letter is recognised too.
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

/** Settings of npm, often in a user's .npmrc, whose names are near those of flags. */
const NPM_SETTINGS: ReadonlySet<string> = new Set(["color"]);

function isNamed(name: string, { long = "" }: FlagOption): boolean {
  const own = long.replace(/^--(no-)?/, "");
  return name === own || (own.length > 3 && editDistance(name, own, 2) === 1);
}

function asGiven({ long = "", flags, required, negate }: FlagOption, value: string): KeptFlag[] {
  if (!required) return negate === (value === "") ? [{ flag: long, isValueLost: false }] : [];
  // npm joins several values with empty lines.
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
