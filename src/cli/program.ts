/** The `workflow` command: arguments, streams and exit codes. The modules that it calls do the work. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Argument, Command, CommanderError, Option } from "commander";
import { systemClock } from "../base/clock";
import { FileError, UsageError } from "../base/errors";
import { machineFault } from "../base/file-errors";
import { keepIgnoring, onInterrupt } from "../base/interrupts";
import { say } from "../base/message";
import { flagsKeptByNpm, isNpmScript } from "../base/npm-flags";
import { type Output, outputFile, outputFolder, refuseOutputs } from "../base/output-file";
import { guardStandardStreams } from "../base/standard-streams";
import { firstLines, quote } from "../base/text";
import { readStandardInput } from "../base/text-file";
import { describeSettings, loadSettings } from "../project/load-settings";
import { PROJECT_FOLDER } from "../project/project-folder";
import { checkWorkflow, describeProblem } from "../project/workflow-files";
import { exclusively } from "../terraform/project-lock";
import { startTerraform } from "../terraform/run-terraform";
import { synthesizeStacks } from "../terraform/synthesis";
import { countOf, executionName, sourcesOf } from "./arguments";
import { DIAGRAM_FORMATS, type DiagramOptions, diagram } from "./commands/diagram";
import { doctor } from "./commands/doctor";
import { type ListOptions, list, open, type StopOptions, stop } from "./commands/executions";
import { type LocalOptions, local } from "./commands/local";
import { type LogsOptions, logs, type ReportOptions, report } from "./commands/logs";
import { type ReviewOptions, review } from "./commands/review";
import { type Aws, type DeployedOptions, stateMachineOption } from "./deployed";
import type { Probes } from "./doctor/doctor-checks";
import { type FollowOptions, redrive, type StartOptions, start, watch } from "./follow";
import { deploy, destroy, diff, synth } from "./lifecycle/lifecycle";
import { LIFECYCLE_FLAGS, type LifecycleOptions } from "./lifecycle/lifecycle-flags";
import { printJson, type Surroundings } from "./surroundings";

const EXIT_CODES = `
Exit codes:
  0    succeeded
  1    failed, stopped or detached from; AWS did not answer; a file could not
       be written; check found an error, doctor something that is missing
  2    wrong usage, input or settings: nothing was started
  130  Ctrl-C before anything was started
review, as \`terraform plan -detailed-exitcode\`:
  0    nothing would change
  2    something would change
  1    an error, such as wrong usage`;

/** Of a setting, in characters. */
const LONGEST_VALUE = 4000;

const EXECUTION = "a name, an ARN or latest";
const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"];

/** The commands that run Terraform in the stacks. */
const LIFECYCLE = {
  deploy: { act: deploy, description: "deploy every stack, or those named" },
  destroy: { act: destroy, description: "stop the running executions, and destroy every stack, or those named" },
  diff: { act: diff, description: "show what a deploy would change, stack by stack" },
} as const;

/** The options and arguments that name a file which the command writes. */
const OUTPUTS = new WeakSet<Option | Argument>();

/** Runs the command with `argv` (what stands behind its name) and gives its exit code. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stderr } = surroundings;
  let exitCode = 0;
  const program = commands(surroundings, (code) => {
    exitCode = code;
  });
  const command = program.commands.find((each) => each.name() === argv[0]);
  try {
    if (command !== undefined) refuseFlagsKeptByNpm(command, argv, surroundings);
    await program.parseAsync(isHelpOfUnknown(program, argv) ? argv.slice(1) : argv, { from: "user" });
    return exitCode;
  } catch (error) {
    const wrongUsage = argv[0] === "review" ? 1 : 2;
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      stderr.write(wayOut(error, command?.name() ?? "", surroundings));
      return wrongUsage;
    }
    const fault = machineFault(error);
    if (fault === null && !(error instanceof UsageError)) throw error;
    say(stderr, fault ?? (error as UsageError).message);
    return fault !== null || error instanceof FileError || isFailureOfAws(error as UsageError, surroundings)
      ? 1
      : wrongUsage;
  }
}

/** @throws UsageError for flags of the command that npm has kept: it would run without them */
function refuseFlagsKeptByNpm(command: Command, argv: readonly string[], { environment }: Surroundings): void {
  const kept = flagsKeptByNpm(command.options, environment);
  if (kept.length === 0) return;
  const flags = kept.map(({ flag }) => flag);
  // A value that npm has left behind stands among the words.
  const words = kept.some(({ isValueLost }) => isValueLost) ? [command.name()] : argv;
  const meant = ["npx workflow", ...words, ...flags].join(" ");
  throw new UsageError(
    `npm kept ${flags.map((flag) => `\`${flag}\``).join(", ")} for itself, so nothing was started; write \`${meant}\``,
  );
}

/** Whether help is asked for a command that does not exist; commander prints the help of all commands for it. */
function isHelpOfUnknown(program: Command, [first, second]: readonly string[]): boolean {
  return first === "help" && second !== undefined && !program.commands.some((each) => each.name() === second);
}

/** Mistakes for which commander itself names no fix. */
const WITHOUT_FIX = ["unknownCommand", "unknownOption", "missingArgument", "excessArguments"];

/** Names the fix where commander has not. */
function wayOut({ code, message }: CommanderError, command: string, { environment }: Surroundings): string {
  if (!WITHOUT_FIX.includes(code.replace("commander.", "")) || message.includes("Did you mean")) return "";
  if (code === "commander.excessArguments" && isNpmScript(environment)) {
    return `npm keeps most flags for itself; with \`npx workflow ${command}\` they all arrive\n`;
  }
  return `see \`${`npx workflow ${command}`.trimEnd()} --help\`\n`;
}

/** Whether AWS failed or was not reached: nothing was wrong with how it was asked, and it is not known what it has started. */
function isFailureOfAws({ cause }: UsageError, { loadAws }: Surroundings): boolean {
  // What AWS's clients throw has this; for anything else they need not be loaded.
  const isOfClients = typeof cause === "object" && cause !== null && "$metadata" in cause;
  return isOfClients && loadAws().passingFailure(cause) !== null;
}

function commands(surroundings: Surroundings, exitWith: (code: number) => void): Command {
  const { environment, context, stdout, stderr } = surroundings;
  const print = (text: string) => stdout.write(`${text}\n`);

  const program = new Command("workflow")
    .description("Run the workflow of this project, here or on AWS; check, draw, deploy and look after it.")
    .version(version(), "-V, --version", "print the version of this project")
    .helpCommand("help [command]", "display help for a command")
    .addHelpText("after", EXIT_CODES)
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => say(stderr, text.trimEnd()) })
    // The long flags of deploy leave little room for what they do.
    .configureHelp({ minWidthToWrap: 20 })
    .exitOverride()
    // Before anything runs.
    .hook("preAction", (_, command) => {
      const outputs = outputsOf(command);
      if (outputs.length > 0) refuseOutputs(outputs, sourcesOf(command.opts<{ input?: string }>(), surroundings));
    });

  const localCommand = program
    .command("local")
    .description("run the workflow here: the state machine that would be deployed, its jobs in containers or processes")
    .option("--input <file>", "the execution's input, - for standard input (default: the example beside the document)")
    .addOption(
      new Option("--engine <engine>", "what runs the jobs; auto: Docker where it answers, else processes")
        .choices(["auto", "docker", "process"])
        .default("auto"),
    )
    .option("--name <name>", "the execution's name (default: a random one)", executionName)
    .option("--no-validate", "take the input as it is, without a look at its schema")
    .option("--logs <folder>", "keep all that the jobs write, a file for each", outputFolder("--logs"));
  withViews(localCommand).action(async (options: LocalOptions) => exitWith(await local(options, surroundings)));

  program
    .command("check")
    .description("find the mistakes in the document that can be found without AWS")
    .option("--json", "print the problems to standard output, as one JSON document")
    .option("--no-local", "allow what AWS can do and the local run cannot")
    .action(({ json, local }: { json?: true; local: boolean }) => {
      const settings = loadSettings(environment, context);
      const { problems } = checkWorkflow(settings, { local });
      if (json) printJson(surroundings, { document: settings.document, problems });
      else if (problems.length === 0) say(stderr, `${settings.document}: no problems`);
      else say(stderr, firstLines(problems, describeProblem).join("\n"));
      exitWith(problems.some(({ severity }) => severity === "error") ? 1 : 0);
    });

  program
    .command("diagram")
    .description("draw the document")
    .addOption(
      new Option("--format <format>", "default: what the file's ending says, else svg").choices(DIAGRAM_FORMATS),
    )
    .addOption(outputOption("--output <file>", "write to a file in place of standard output"))
    .addOption(forceOption())
    .action((options: DiagramOptions) => diagram(options, surroundings));

  program
    .command("settings")
    .description("show every setting: its value, where that came from, and what it means")
    .option("--json", "print them as one JSON document")
    .action(({ json }: { json?: true }) => {
      const described = describeSettings(environment, context);
      if (json) {
        printJson(surroundings, described);
        return;
      }
      for (const { name, variable, value, origin, help } of described) {
        print(`${name} = ${quote(value, LONGEST_VALUE)}`);
        print(`    from ${origin}; ${variable ?? "set in cdktf.json only"}`);
        print(`    ${help}`);
      }
    });

  for (const name of ["deploy", "destroy", "diff"] as const) {
    const { act, description } = LIFECYCLE[name];
    const command = program.command(name).description(description).argument("[stacks...]", "default: all");
    for (const { flags, help, commands, takes } of LIFECYCLE_FLAGS) {
      if (!commands.includes(name)) continue;
      if (takes === "outputFile") command.addOption(outputOption(flags, help)).addOption(forceOption());
      else command.addOption(takes === undefined ? new Option(flags, help) : new Option(flags, help).argParser(takes));
    }
    command.action(async (stacks: string[], options: LifecycleOptions) =>
      exitWith(await act({ stacks, options }, surroundings)),
    );
  }

  program
    .command("synth")
    .description("write the Terraform configuration of every stack into cdktf.out")
    .action(async () => exitWith(await synth(surroundings)));

  program
    .command("review")
    .description("write what a deploy would do as one Markdown comment, for a pull request")
    .addOption(outputOption("--output <file>", "write to a file in place of standard output"))
    .addOption(forceOption())
    .option("--stack <name...>", "only these stacks (default: all)")
    .option("--refresh", "compare images with what is there, too; needs a Docker engine")
    .option("--drift", "tell only what was changed outside Terraform; 2: something was")
    .option("--plan <folder>", "take the saved plans <stack>.tfplan of a folder in place of making them")
    .option("--base <ref>", "what the image's files are compared with (default: origin/main, where git knows it)")
    .action(async (options: ReviewOptions) => exitWith(await review(options, surroundings)));

  const startCommand = program
    .command("start")
    .description("run the workflow on AWS, and follow it to its end")
    .option("--input <file>", "the execution's input, - for standard input (default: the example beside the document)")
    .option("--name <name>", "the execution's name (default: a random one)", executionName)
    .option("--no-validate", "take the input as it is, without a look at its schema")
    .addOption(detachOption());
  withFollowing(startCommand).action(async (options: StartOptions) => exitWith(await start(options, surroundings)));

  const watchCommand = program
    .command("watch")
    .description("follow an execution from its beginning, wherever it stands; Ctrl-C detaches from it")
    .argument("[execution]", EXECUTION, "latest");
  withFollowing(watchCommand).action(async (execution: string, options: FollowOptions) =>
    exitWith(await watch(execution, options, surroundings)),
  );

  const redriveCommand = program
    .command("redrive")
    .description("run again what failed of an execution and what was to follow, and follow it to its end")
    .argument("<execution>", EXECUTION)
    .addOption(detachOption());
  withFollowing(redriveCommand).action(async (execution: string, options: FollowOptions) =>
    exitWith(await redrive(execution, options, surroundings)),
  );

  onAws(program.command("list").description("show the executions, newest first"))
    .addOption(new Option("--status <status>", "only those").choices(STATUSES))
    .option("--max <number>", "as many at most", countOf("--max"), 20)
    .option("--json", "print them as one JSON document")
    .action((options: ListOptions) => list(options, surroundings));

  onAws(program.command("stop").description("stop an execution, and its jobs with it"))
    .argument("[execution]", `${EXECUTION} (default: the one that runs)`)
    .option("--all", "stop every one that runs")
    .option("--cause <text>", "what AWS shows as the reason", "stopped by `workflow stop`")
    .option("--json", "print what was stopped as one JSON document")
    .action((execution: string | undefined, options: StopOptions) => stop(execution, options, surroundings));

  onAws(program.command("logs").description("print what the jobs of an execution wrote"))
    .argument("[execution]", EXECUTION, "latest")
    .option("--state <state>", "only the jobs of this state, such as step2_job or step2_job[0]")
    .option("--failed", "only the jobs that failed")
    .option("--follow", "go on until the execution ends")
    .option("--json", "print them as one JSON document")
    .action(async (execution: string, options: LogsOptions) => exitWith(await logs(execution, options, surroundings)));

  onAws(program.command("open").description("print the link to the AWS console"))
    .argument("[execution]", `${EXECUTION} (default: the state machine)`)
    .option("--json", "print it as one JSON document")
    .action((execution: string | undefined, options: DeployedOptions) => open(execution, options, surroundings));

  onAws(program.command("report").description("write a report of what has happened in an execution"))
    .argument("<execution>", EXECUTION)
    .addArgument(outputArgument("file", "ends in .html or .json", ".html", ".json"))
    .addOption(forceOption())
    .option("--json", "print what was written as one JSON document")
    .action(async (execution: string, file: string, options: ReportOptions) =>
      exitWith(await report(execution, file, options, surroundings)),
    );

  program
    .command("doctor")
    .description("look at all that deploying and running need, and say what to do about what is missing")
    .option("--json", "print the findings as one JSON document")
    .action(async (options: { json?: true }) => exitWith(await doctor(options, surroundings)));

  program.commands.forEach(refuseUnclearValues);
  return program;
}

function version(): string {
  return (JSON.parse(readFileSync(join(PROJECT_FOLDER, "package.json"), "utf8")) as { version: string }).version;
}

/** Refuses a value that is empty, that is a flag of the command, or that comes twice: commander takes them all. */
function refuseUnclearValues(command: Command): void {
  const given = new Set<string>();
  for (const option of command.options) {
    if (!option.required) continue;
    const flag = `\`${option.long}\``;
    // In front of commander's own listener, which parses the value.
    (command as Command & NodeJS.EventEmitter).prependListener(`option:${option.name()}`, (value: string) => {
      if (value.trim() === "") throw new UsageError(`${flag} needs a value, got: ${JSON.stringify(value)}`);
      if (command.options.some(({ long, short }) => value === long || value === short)) {
        throw new UsageError(`${flag} needs a value, got the flag: ${value}`);
      }
      if (given.has(flag) && !isRepeatable(option)) throw new UsageError(`${flag} was given twice; give it once`);
      given.add(flag);
    });
  }
}

/** Whether each further value is added to those before it. */
function isRepeatable({ variadic, long }: Option): boolean {
  return variadic || LIFECYCLE_FLAGS.some(({ flags, repeats }) => repeats && flags.split(" ")[0] === long);
}

/** What shows and keeps an execution. */
function withViews(command: Command): Command {
  return command
    .option("--json", "print the outcome to standard output, as one JSON document")
    .option("--quiet", "show failures only")
    .addOption(
      outputOption("--report <file>", "write a report: .html to look at, .json for programs", ".html", ".json"),
    )
    .addOption(outputOption("--trace <file>", "write one row for each job, as .csv", ".csv"))
    .addOption(forceOption());
}

/** An option that names a file which the command writes. */
function outputOption(flags: string, help: string, ...endings: string[]): Option {
  const option = new Option(flags, help);
  OUTPUTS.add(option);
  return option.argParser(outputFile(option.long!, ...endings));
}

/** The same as an argument. */
function outputArgument(name: string, help: string, ...endings: string[]): Argument {
  const argument = new Argument(`<${name}>`, help).argParser(outputFile(name, ...endings));
  OUTPUTS.add(argument);
  return argument;
}

function forceOption(): Option {
  return new Option("--force", "overwrite files that no `workflow` command has made");
}

/** The files that a command was told to write. */
function outputsOf(command: Command): Output[] {
  const { force = false } = command.opts<{ force?: true }>();
  const options = command.options
    .filter((option) => OUTPUTS.has(option))
    .map((option) => [option.long!, command.getOptionValue(option.attributeName())]);
  const given = command.registeredArguments
    .map((argument, index) => ({ argument, value: command.processedArgs[index] as unknown }))
    .filter(({ argument }) => OUTPUTS.has(argument))
    .map(({ argument, value }) => [argument.name(), value]);
  return [...options, ...given].flatMap(([option, path]) =>
    typeof option === "string" && typeof path === "string" ? [{ option, path, force }] : [],
  );
}

/** Nothing can be made of what is not followed. */
function detachOption(): Option {
  return new Option("--detach", "do not follow it: print its ARN and end").conflicts([
    "report",
    "trace",
    "timeout",
    "onInterrupt",
  ]);
}

function onAws(command: Command): Command {
  return command.option(
    "--state-machine <arn>",
    "a state machine in place of the one that the settings lead to",
    stateMachineOption,
  );
}

function withFollowing(command: Command): Command {
  return withViews(onAws(command))
    .addOption(
      new Option("--on-interrupt <what>", "what Ctrl-C does (default: ask on a terminal, otherwise detach)").choices([
        "stop",
        "detach",
      ]),
    )
    .option(
      "--timeout <seconds>",
      "how long to follow it; then detach from it, or do what --on-interrupt says",
      countOf("--timeout"),
    );
}

/** The answer to a question; empty where there is none, as after Ctrl-C, and as soon as `signal` aborts. */
function ask(question: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const close = () => terminal.close();
    // The terminal may be gone.
    terminal.on("error", close);
    let isOpen = false;
    terminal.once("close", () => {
      signal?.removeEventListener("abort", close);
      // What follows does not stand behind the question.
      if (isOpen) process.stderr.write("\n");
      resolve("");
    });
    if (signal?.aborted) return close();
    signal?.addEventListener("abort", close);
    isOpen = true;
    terminal.question(question, (answer) => {
      isOpen = false;
      resolve(answer);
      close();
    });
  });
}

function loadAws(): Aws {
  return {
    ...(require("../aws/clients") as typeof import("../aws/clients")),
    ...(require("../aws/executions") as typeof import("../aws/executions")),
    ...(require("../aws/watch-execution") as typeof import("../aws/watch-execution")),
    ...(require("../aws/definition") as typeof import("../aws/definition")),
  };
}

function loadProbes(): Probes {
  return (require("./doctor/doctor-probes") as typeof import("./doctor/doctor-probes")).PROBES;
}

/** After a command is over, what is still open has so long to close. */
const LONGEST_END_MILLISECONDS = 500;

/** Runs the command for this process, and leaves its exit code to it. */
export async function main(): Promise<void> {
  keepIgnoring();
  const { endWith, ...streams } = guardStandardStreams();
  const exitCode = await run(process.argv.slice(2), {
    environment: process.env,
    readStandardInput,
    ...streams,
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
    startTerraform,
    synthesize: synthesizeStacks,
    exclusively,
    onInterrupt,
    clock: systemClock,
    loadAws,
    loadProbes,
  });
  endWith(exitCode);
  // The command is over: nothing that hangs, such as a child process that cannot be killed, keeps it from ending. What is
  // still on its way to a slow reader arrives first.
  setTimeout(() => process.stdout.write("", () => process.exit()), LONGEST_END_MILLISECONDS).unref();
}
