/** A command as a value: its arguments, its flags and its action, which receives their values. */
import type { Session } from "./session";

/** A flag or an argument. `T` is the type of its value. */
export interface Parameter<T = unknown> {
  readonly help: string;
  /** The value when the user gives none. */
  readonly fallback: T;
  /** Reads the text that the user gave. `name` is for messages. @throws UsageError when the text is wrong */
  readonly parse?: ((text: string, name: string) => unknown) | undefined;
  /** Marks a file that the command writes. */
  readonly isOutput?: boolean;
}

/** A flag. Its key in the command is its name: `stateMachine` is `--state-machine`. */
export interface Flag<T = unknown> extends Parameter<T> {
  /** The value as the help shows it, such as `file`. Without one, the flag is a switch. */
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  /** The value of the flag without a value. */
  readonly preset?: string;
  /** `each`: one value after each flag. `list`: several values after one flag. */
  readonly repeats?: "each" | "list";
  /** Keys of flags that exclude this one. */
  readonly conflicts?: readonly string[];
}

/** An argument, in the order of the command. Its key is its name. */
export interface Argument<T = unknown> extends Parameter<T> {
  readonly isRequired?: boolean;
  /** Takes all further words. */
  readonly isList?: boolean;
}

type Flags = Readonly<Record<string, Flag>>;
type Arguments = Readonly<Record<string, Argument>>;

/** The values of flags or arguments, by their keys. */
export type Values<P> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

/** A command, whatever its arguments and flags are. */
export interface Command {
  readonly name: string;
  readonly description: string;
  /** Text below the flags in the help. */
  readonly epilogue?: string;
  readonly arguments?: Arguments;
  readonly flags?: Flags;
  /** The exit code of wrong usage. @default 2 */
  readonly wrongUsage?: number;
  /** Does the work and returns the exit code. @default 0 */
  action(values: object, session: Session): Promise<number> | Promise<void>;
}

/** A command with the types of its arguments and flags. */
export interface DefinedCommand<A, F> extends Command {
  readonly arguments?: A & Arguments;
  readonly flags?: F & Flags;
  action(values: Values<A> & Values<F>, session: Session): Promise<number> | Promise<void>;
}

/** Defines a command. The types of the action's values follow from its arguments and flags. */
export function defineCommand<A extends Arguments = Record<never, never>, F extends Flags = Record<never, never>>(
  command: DefinedCommand<A, F>,
): DefinedCommand<A, F> {
  return command;
}

/** A switch, such as `--json`. */
export function toggle(help: string, more: Pick<Flag, "conflicts"> = {}): Flag<boolean> {
  return { help, fallback: false, ...more };
}

/** A switch that is on without the flag: `validate` is `--no-validate`. */
export function onUnlessNegated(help: string): Flag<boolean> {
  return { help, fallback: true };
}

/** A flag with a value. */
export function valued(placeholder: string, help: string): Flag<string | undefined>;
export function valued<T>(
  placeholder: string,
  help: string,
  parse: (text: string, name: string) => T,
): Flag<T | undefined>;
export function valued(placeholder: string, help: string, parse?: (text: string, name: string) => unknown): Flag {
  return { placeholder, help, fallback: undefined, parse };
}

/** A flag that may have a value. Without one it has `preset`. */
export function optionallyValued(
  placeholder: string,
  help: string,
  preset: string,
  more: Pick<Flag<string>, "conflicts" | "parse"> = {},
): Flag<string | undefined> {
  return { placeholder, help, fallback: undefined, preset, ...more };
}

/** Gives a flag or an argument a value for when the user gives none. */
export function withDefault<T>(parameter: Parameter<T | undefined>, fallback: T & {}): Parameter<T & {}> {
  return { ...parameter, fallback } as Parameter<T & {}>;
}

/** A flag with one of some values. */
export function oneOf<const C extends string>(
  placeholder: string,
  help: string,
  choices: readonly C[],
): Flag<C | undefined> {
  return { placeholder, help, fallback: undefined, choices };
}

/** A flag that may be given several times. */
export function repeated(placeholder: string, help: string): Flag<readonly string[]>;
export function repeated<T>(
  placeholder: string,
  help: string,
  parse: (text: string, name: string) => T,
): Flag<readonly T[]>;
export function repeated(placeholder: string, help: string, parse?: (text: string, name: string) => unknown): Flag {
  return { placeholder, help, fallback: [], parse, repeats: "each" };
}

/** A flag with several values after it. */
export function list(placeholder: string, help: string): Flag<readonly string[] | undefined> {
  return { placeholder, help, fallback: undefined, repeats: "list" };
}

/** An argument that must be given. */
export function required(help: string): Argument<string> {
  // The command never gets this value: commander refuses to run without the argument.
  return { help, fallback: "", isRequired: true };
}

/** An argument that may be left out. */
export function optional(help: string): Argument<string | undefined> {
  return { help, fallback: undefined };
}

/** All words that are left. */
export function words(help: string): Argument<readonly string[]> {
  return { help, fallback: [], isList: true };
}
