/** The `workflow` command: arguments, streams and exit codes. What it does stands in the modules that it calls. */
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { Command, CommanderError, Option } from "commander";
import { CDKTF_FLAGS, startCdktf } from "./cdktf-cli";
import { UsageError } from "./errors";
import { systemClock } from "./execution/clock";
import { ensureImage } from "./execution/docker-engine";
import { chooseEngine, type Engine } from "./execution/engine";
import type { ExecutionEvent } from "./execution/events";
import { runLocally } from "./execution/local";
import { createProgress, type Terminal } from "./execution/progress";
import { collectResult } from "./execution/result";
import type { SynthesizedWorkflow } from "./execution/synthesized";
import { onInterrupt } from "./interrupts";
import { deploy, destroy, diff, type LifecycleSurroundings } from "./lifecycle";
import { checkWorkflow, companionFile, describeProblem, loadWorkflow } from "./project";
import { describeSettings, loadSettings, PROJECT_FOLDER, type Settings } from "./settings";
import { synthesize } from "./synthesize";
import { HISTORY_LIMIT, historyEvents } from "./workflow/check/history";
import { toDot, toMermaid, toSvg } from "./workflow/diagram";
import type { Json, StatesDocument } from "./workflow/document";
import { checkInput } from "./workflow/input";

/** What the command has to do with its surroundings; tests give their own. */
export interface Surroundings extends LifecycleSurroundings {
  readonly readStandardInput: () => string;
  readonly stderr: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
}

const EXIT_CODES = `
Exit codes:
  0  succeeded
  1  failed or stopped; check: the document holds an error
  2  wrong usage, input or settings; nothing was started`;

/** The commands that pass their flags on to the cdktf CLI. */
const LIFECYCLE = {
  deploy: { act: deploy, description: "deploy every stack, or those named" },
  destroy: { act: destroy, description: "stop the running executions, and destroy every stack, or those named" },
  diff: { act: diff, description: "show what a deploy would change, stack by stack" },
} as const;

const DIAGRAMS: Readonly<Record<string, (document: StatesDocument) => string | Promise<string>>> = {
  svg: toSvg,
  mermaid: toMermaid,
  dot: toDot,
};

/** Runs the command with `argv` (what stands behind its name) and gives its exit code. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stderr } = surroundings;
  let exitCode = 0;
  const program = commands(surroundings, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`${error.message}\n`);
    return 2;
  }
}

function commands(surroundings: Surroundings, exitWith: (code: number) => void): Command {
  const { environment, stdout, stderr } = surroundings;
  const print = (text: string) => stdout.write(`${text}\n`);
  const printJson = (value: unknown) => print(JSON.stringify(value, null, 2));

  const program = new Command("workflow")
    .description("Run, check, draw and deploy the workflow of this project.")
    .addHelpText("after", EXIT_CODES)
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .exitOverride();

  program
    .command("local")
    .description("run the workflow here: the state machine that would be deployed, its jobs in containers or processes")
    .option("--input <file>", "the execution's input, - for standard input (default: the example beside the document)")
    .addOption(
      new Option("--engine <engine>", "what runs the jobs; auto: Docker where it answers, else processes")
        .choices(["auto", "docker", "process"])
        .default("auto"),
    )
    .option("--json", "print the outcome to standard output, as one JSON document")
    .option("--quiet", "show failures only")
    .option("--name <name>", "the execution's name (default: a random one)", executionName)
    .option("--no-validate", "take the input as it is, without a look at its schema")
    .action(async (options: LocalOptions) => exitWith(await local(options, surroundings)));

  program
    .command("check")
    .description("find the mistakes in the document that can be found without AWS")
    .option("--json", "print the problems to standard output, as one JSON document")
    .option("--no-local", "allow what AWS can do and the local run cannot")
    .action(({ json, local }: { json?: true; local: boolean }) => {
      const settings = loadSettings(environment);
      const { problems } = checkWorkflow(settings, { local });
      if (json) printJson({ document: settings.document, problems });
      else for (const problem of problems) stderr.write(`${describeProblem(settings, problem)}\n`);
      if (!json && problems.length === 0) stderr.write(`${settings.document}: no problems\n`);
      exitWith(problems.some(({ severity }) => severity === "error") ? 1 : 0);
    });

  program
    .command("diagram")
    .description("draw the document")
    .addOption(new Option("--format <format>").choices(Object.keys(DIAGRAMS)).default("svg"))
    .option("--output <file>", "write to a file in place of standard output")
    .action(async ({ format, output }: { format: string; output?: string }) => {
      const drawing = await DIAGRAMS[format]!(loadWorkflow(loadSettings(environment)).document);
      if (output === undefined) stdout.write(drawing);
      else writeOutput(output, drawing);
    });

  program
    .command("settings")
    .description("show every setting: its value, where that came from, and what it means")
    .option("--json", "print them as one JSON document")
    .action(({ json }: { json?: true }) => {
      const described = describeSettings(environment);
      if (json) {
        printJson(described);
        return;
      }
      for (const { name, variable, value, origin, help } of described) {
        print(`${name} = ${JSON.stringify(value)}`);
        print(`    from ${origin}; ${variable ?? "set in cdktf.json only"}`);
        print(`    ${help}`);
      }
    });

  for (const name of ["deploy", "destroy", "diff"] as const) {
    const { act, description } = LIFECYCLE[name];
    const command = program.command(name).description(description).argument("[stacks...]", "default: all");
    for (const { flags, help, commands, repeated } of CDKTF_FLAGS) {
      if (!commands.includes(name)) continue;
      const option = new Option(flags, help);
      command.addOption(repeated ? option.argParser((value, others?: string[]) => [...(others ?? []), value]) : option);
    }
    command.action(async (stacks: string[]) =>
      exitWith(await act({ stacks, flags: command.options.flatMap(givenFlags(command)) }, surroundings)),
    );
  }

  return program;
}

/** A flag of `command`, as often as it was given, in the form that leaves no word to be taken for its value. */
function givenFlags(command: Command): (option: Option) => string[] {
  return (option) => {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (value === undefined || value === option.negate) return [];
    if (typeof value === "boolean") return [option.long!];
    return [value].flat().map((each) => `${option.long}=${each}`);
  };
}

interface LocalOptions {
  readonly input?: string;
  readonly engine: "auto" | "docker" | "process";
  readonly json?: true;
  readonly quiet?: true;
  readonly name?: string;
  readonly validate: boolean;
}

/** Runs the workflow here, after everything that can be wrong was looked at; gives the exit code. */
async function local(options: LocalOptions, surroundings: Surroundings): Promise<number> {
  const { environment, stdout, stderr } = surroundings;
  const settings = loadSettings(environment);
  const { document, inputSchema } = loadWorkflow(settings, { local: true });
  const input = readInput(options.input ?? companionFile(settings, ".input.json"), surroundings);
  if (options.validate && inputSchema !== null) refuseInput(checkInput(inputSchema, input));

  const execution = { name: options.name ?? randomUUID(), input };
  const [stop, force] = [new AbortController(), new AbortController()];
  const outcome = options.json ? collectResult() : null;
  const progress = createProgress(document, terminal(stderr, environment), { quiet: options.quiet ?? false });
  const emit = (event: ExecutionEvent) => {
    outcome?.sink(event);
    progress.sink(event);
  };
  const notice = (message: string) => emit({ at: systemClock.now(), type: "notice", message });
  const stopListening = surroundings.onInterrupt(() => {
    if (stop.signal.aborted) return force.abort();
    notice("stopping: the jobs have 30 s to end, a second Ctrl-C kills them");
    stop.abort();
  });
  try {
    const events = historyEvents(document, input);
    if (events > HISTORY_LIMIT) {
      notice(
        `AWS ends an execution at ${HISTORY_LIMIT} history events, this one comes to ${events}: use a distributed Map`,
      );
    }
    const prepared = await prepare(settings, options.engine, execution.name, surroundings, notice, stop.signal);
    if (prepared === null) return 1;
    const { workflow, engine } = prepared;
    const dependencies = { engine, vcpus: availableParallelism(), clock: systemClock, emit };
    const status = await runLocally(workflow, execution, dependencies, { stop: stop.signal, force: force.signal });
    if (outcome !== null) stdout.write(`${JSON.stringify(outcome.result, null, 2)}\n`);
    return status === "SUCCEEDED" ? 0 : 1;
  } finally {
    progress.close();
    stopListening();
  }
}

/** Synthesizes, finds an engine and builds the images that it lacks; `null` where `signal` has stopped that. */
async function prepare(
  settings: Settings,
  wanted: LocalOptions["engine"],
  executionId: string,
  { environment, stderr }: Surroundings,
  notice: (message: string) => void,
  signal: AbortSignal,
): Promise<{ workflow: SynthesizedWorkflow; engine: Engine } | null> {
  try {
    const [workflow, chosen] = await Promise.all([
      synthesize(settings, environment, signal),
      chooseEngine(wanted, { executionId, folder: PROJECT_FOLDER }),
    ]);
    if (chosen.notice !== null) notice(chosen.notice);
    if (chosen.engine.name === "docker") {
      for (const [uri, build] of Object.entries(workflow.images)) {
        if (await ensureImage(uri, build, { signal })) notice(`built ${uri}`);
      }
    }
    return { workflow, engine: chosen.engine };
  } catch (error) {
    // What is stopped half-way may fail in any way.
    if (!signal.aborted) throw error;
    stderr.write("stopped before the execution started\n");
    return null;
  }
}

/** @throws UsageError when there is no such file, or it is no JSON */
function readInput(path: string, { readStandardInput }: Surroundings): Json {
  const name = path === "-" ? "standard input" : path;
  let text: string;
  try {
    text = path === "-" ? readStandardInput() : readFileSync(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const what = code === "ENOENT" ? "there is no such file" : message;
    throw new UsageError(`\`--input\` must be a file that can be read: ${what}, got: ${name}`, { cause });
  }
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new UsageError(`\`--input\` must be JSON: ${(cause as Error).message}, got: ${name}`, { cause });
  }
}

function refuseInput(problems: readonly string[]): void {
  if (problems.length > 0) throw new UsageError(["the input does not fit the workflow", ...problems].join("\n  "));
}

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
function executionName(text: string): string {
  if (/^[\w.+!@()=',~-]{1,80}$/.test(text)) return text;
  throw new UsageError(
    `\`--name\` must be 1 to 80 letters, digits or any of _-.+!@()=',~, got: ${JSON.stringify(text)}`,
  );
}

function writeOutput(path: string, content: string): void {
  try {
    writeFileSync(path, content);
  } catch (cause) {
    throw new UsageError(`\`--output\` cannot be written: ${(cause as Error).message}`, { cause });
  }
}

function terminal(stream: Surroundings["stderr"], { NO_COLOR }: NodeJS.ProcessEnv): Terminal {
  return {
    write: (text) => stream.write(text),
    isTTY: stream.isTTY === true,
    columns: () => stream.columns ?? 80,
    rows: () => stream.rows ?? 24,
    color: stream.isTTY === true && !NO_COLOR,
  };
}

/** The answer to a question; empty where there is none, as after Ctrl-C. */
function ask(question: string): Promise<string> {
  return new Promise((resolve) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    terminal.once("close", () => resolve(""));
    terminal.question(question, (answer) => {
      resolve(answer);
      terminal.close();
    });
  });
}

/** Runs the command for this process, and leaves its exit code to it. */
export async function main(): Promise<void> {
  // A reader that has seen enough, such as `head`, is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.exitCode = await run(process.argv.slice(2), {
    environment: process.env,
    readStandardInput: () => readFileSync(0, "utf8"),
    stdout: process.stdout,
    stderr: process.stderr,
    ask: process.stdin.isTTY ? ask : null,
    startCdktf,
    onInterrupt,
  });
}
