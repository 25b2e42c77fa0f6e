/** The command line of a command: commander parses it, writes its help and refuses what is wrong. */
import { Argument as CommanderArgument, type Command as CommanderCommand, Option } from "commander";
import { UsageError } from "../base/errors";
import { flagsKeptByNpm } from "../base/npm-flags";
import { type Output, refuseOutputs } from "../base/output-file";
import type { Argument, Command, Flag } from "./define-command";
import type { Project } from "./session";

/** Adds the command line of a command to the program. It calls `run` with the values that the user gave. */
export function addCommandLine(
  program: CommanderCommand,
  command: Command,
  project: Project,
  run: (values: object) => Promise<void>,
): void {
  const line = program.command(command.name).description(command.description);
  const words = Object.entries(command.arguments ?? {});
  const flags = Object.entries(command.flags ?? {});
  for (const [name, argument] of words) line.addArgument(wordOf(name, argument));
  for (const [key, flag] of flags) line.addOption(optionOf(key, flag));
  if (command.epilogue !== undefined) line.addHelpText("after", `\n${command.epilogue}`);
  refuseUnclearValues(line, flags);
  line.action(async () => {
    const given = line.opts<Record<string, unknown>>();
    const values = Object.fromEntries([
      ...words.map(([name, { fallback }], index) => [name, line.processedArgs[index] ?? fallback]),
      ...flags.map(([key, { fallback }]) => [key, given[key] ?? fallback]),
    ]) as Record<string, unknown>;
    await refuseOutputsOf({ ...command.arguments, ...command.flags }, values, project);
    await run(values);
  });
}

/** @throws UsageError for flags of the command that npm kept: the command would run without them */
export function refuseFlagsKeptByNpm(line: CommanderCommand, argv: readonly string[], { environment }: Project): void {
  const kept = flagsKeptByNpm(line.options, environment);
  if (kept.length === 0) return;
  const flags = kept.map(({ flag }) => flag);
  // A value that npm has left behind stands among the words.
  const words = kept.some(({ isValueLost }) => isValueLost) ? [line.name()] : argv;
  const meant = ["npx workflow", ...words, ...flags].join(" ");
  throw new UsageError(
    `npm kept ${flags.map((flag) => `\`${flag}\``).join(", ")} for itself, so nothing was started; write \`${meant}\``,
  );
}

// --- internal ---

function wordOf(name: string, { help, isRequired, isList, fallback, parse }: Argument): CommanderArgument {
  const word = new CommanderArgument(isRequired ? `<${name}>` : `[${name}${isList ? "..." : ""}]`, help);
  if (parse !== undefined) word.argParser((text) => parse(text, name));
  return isShown(fallback) && !isRequired ? word.default(fallback) : word;
}

function optionOf(key: string, flag: Flag): Option {
  const { help, placeholder, parse, choices, conflicts, repeats, preset, fallback } = flag;
  const name = `${placeholder}${repeats === "list" ? "..." : ""}`;
  const value = placeholder === undefined ? "" : preset === undefined ? ` <${name}>` : ` [${name}]`;
  const option = new Option(longName(key, flag) + value, help);
  if (preset !== undefined) option.preset(preset);
  if (parse !== undefined || repeats === "each") {
    const read = (text: string) => (parse === undefined ? text : parse(text, option.long!));
    option.argParser((text, earlier: unknown) =>
      repeats === "each" ? [...((earlier as unknown[] | undefined) ?? []), read(text)] : read(text),
    );
  }
  if (choices !== undefined) option.choices(choices);
  if (conflicts !== undefined) option.conflicts([...conflicts]);
  return isShown(fallback) ? option.default(fallback) : option;
}

/** Returns whether the help shows a default. Empty lists and switches that are off need no word. */
function isShown(fallback: unknown): boolean {
  return typeof fallback === "string" || typeof fallback === "number";
}

function longName(key: string, { fallback }: Flag): string {
  const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return fallback === true ? `--no-${name}` : `--${name}`;
}

/** Refuses a value that is empty, that is a flag of the command, or that comes twice: commander takes them all. */
function refuseUnclearValues(line: CommanderCommand, flags: readonly (readonly [string, Flag])[]): void {
  const given = new Set<string>();
  const repeatable = flags.filter(([, { repeats }]) => repeats !== undefined).map(([key]) => key);
  for (const option of line.options) {
    if (!option.required && !option.optional) continue;
    const flag = `\`${option.long}\``;
    // In front of commander's own listener, which parses the value.
    (line as CommanderCommand & NodeJS.EventEmitter).prependListener(
      `option:${option.name()}`,
      (value: string | null) => {
        if (value?.trim() === "") throw new UsageError(`${flag} needs a value, got: ${JSON.stringify(value)}`);
        if (line.options.some(({ long, short }) => value === long || value === short)) {
          throw new UsageError(`${flag} needs a value, got the flag: ${value}`);
        }
        if (given.has(flag) && !repeatable.includes(option.attributeName())) {
          throw new UsageError(`${flag} was given twice; give it once`);
        }
        given.add(flag);
      },
    );
  }
}

/** @throws UsageError for files that the command must not write */
async function refuseOutputsOf(
  parameters: Readonly<Record<string, Flag | Argument>>,
  values: Readonly<Record<string, unknown>>,
  project: Project,
): Promise<void> {
  const outputs = Object.entries(parameters).flatMap(([key, parameter]): Output[] => {
    const path = values[key];
    if (!parameter.isOutput || typeof path !== "string") return [];
    const option = "placeholder" in parameter ? longName(key, parameter) : key;
    return [{ option, path, force: values.force === true }];
  });
  if (outputs.length === 0) return;
  const { sourcesOf } = await import("./execution-input");
  refuseOutputs(outputs, sourcesOf(values, project));
}
