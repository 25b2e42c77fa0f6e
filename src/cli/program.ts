/** The `workflow` command: finds the command that the user named, runs it, and turns errors into exit codes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command as CommanderCommand } from "commander";
import { say } from "../base/message";
import { addCommandLine, refuseFlagsKeptByNpm } from "./command-line";
import type { Command } from "./define-command";
import { processSession } from "./process-session";
import { reportFailure } from "./report-failure";
import type { Session } from "./session";

/** The commands, in the order of the help. Only the one that runs is loaded. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  local: async () => (await import("./commands/local")).local,
  test: async () => (await import("./commands/test")).test,
  check: async () => (await import("./commands/check")).check,
  diagram: async () => (await import("./commands/diagram")).diagram,
  permissions: async () => (await import("./commands/permissions")).permissions,
  settings: async () => (await import("./commands/settings")).settings,
  deploy: async () => (await import("./commands/deploy")).deploy,
  destroy: async () => (await import("./commands/destroy")).destroy,
  diff: async () => (await import("./commands/diff")).diff,
  synth: async () => (await import("./commands/synth")).synth,
  review: async () => (await import("./commands/review")).review,
  start: async () => (await import("./commands/start")).start,
  watch: async () => (await import("./commands/watch")).watch,
  redrive: async () => (await import("./commands/redrive")).redrive,
  list: async () => (await import("./commands/list")).list,
  stop: async () => (await import("./commands/stop")).stop,
  logs: async () => (await import("./commands/logs")).logs,
  shell: async () => (await import("./commands/shell")).shell,
  open: async () => (await import("./commands/open")).open,
  report: async () => (await import("./commands/report")).report,
  data: async () => (await import("./commands/data")).data,
  doctor: async () => (await import("./commands/doctor")).doctor,
  bootstrap: async () => (await import("./commands/bootstrap")).bootstrap,
  scan: async () => (await import("./commands/scan")).scan,
  eject: async () => (await import("./commands/eject")).eject,
};

const EXIT_CODES = `
Exit codes:
  0    succeeded
  1    failed, stopped or detached; AWS did not answer; a file could not be
       written; check found an error, scan a risk, doctor something missing
  2    wrong usage, input or settings: nothing was started
  130  Ctrl-C before anything was started
review, as \`terraform plan -detailed-exitcode\`:
  0    nothing would change
  2    something would change
  1    an error, such as wrong usage`;

/** Runs the command line `argv`, which begins with the name of a command, and returns the exit code. */
export async function run(argv: readonly string[], session: Session): Promise<number> {
  const [name = "", second] = argv;
  const isKnown = Object.hasOwn(COMMANDS, name);
  // The help, and the advice for a misspelt name, need all commands.
  const names = isKnown ? [name] : Object.keys(COMMANDS);
  const commands = await Promise.all(names.map((each) => COMMANDS[each]!()));
  const program = emptyProgram(session);
  let exitCode = 0;
  for (const command of commands) {
    addCommandLine(program, command, session, async (values) => {
      exitCode = (await command.action(values, session)) ?? 0;
    });
  }
  try {
    if (isKnown) refuseFlagsKeptByNpm(program.commands[0]!, argv, session);
    // For help on an unknown command, commander would print the help of all commands.
    const isHelpOfUnknown = name === "help" && second !== undefined && !Object.hasOwn(COMMANDS, second);
    await program.parseAsync(isHelpOfUnknown ? argv.slice(1) : argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return reportFailure(error, isKnown ? commands[0]! : null, session);
  }
}

/** Runs the command for this process, and leaves its exit code to it. */
export async function main(): Promise<void> {
  const { session, end } = processSession();
  end(await run(process.argv.slice(2), session));
}

// --- internal ---

function emptyProgram({ stdout, stderr }: Session): CommanderCommand {
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };
  return (
    new CommanderCommand("workflow")
      .description("Run the workflow of this project, here or on AWS; check, draw, deploy and operate it.")
      .version(version, "-V, --version", "print the version of this project")
      .helpCommand("help [command]", "display help for a command")
      .addHelpText("after", EXIT_CODES)
      .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => say(stderr, text.trimEnd()) })
      // The long flags of deploy leave little room for their descriptions.
      .configureHelp({
        minWidthToWrap: 20,
        // The text of a flag says what it means without a value.
        styleOptionDescription: (text) => text.replace(/ \(preset: ".*"\)$/, ""),
      })
      .exitOverride()
  );
}
