/** Flags that several commands have, or that a module below the commands reads, and the parsers of their values. */
import { UsageError } from "../base/errors";
import { outputFile, outputFolder } from "../base/output-file";
import {
  type Argument,
  type Flag,
  list,
  oneOf,
  onUnlessNegated,
  optional,
  required,
  toggle,
  valued,
  withDefault,
} from "./define-command";

const EXECUTION_HELP = "a name, an ARN or latest";

/** An execution that must be named. */
export const EXECUTION = required(EXECUTION_HELP);
export const LATEST_EXECUTION: Argument<string> = { ...EXECUTION, isRequired: false, fallback: "latest" };

/** An execution that may be left out. `otherwise` says what that means. */
export function executionOr(otherwise: string): Argument<string | undefined> {
  return optional(`${EXECUTION_HELP} (default: ${otherwise})`);
}

export const FORCE = toggle("overwrite files that no `workflow` command has made");

/** A file that the command writes. `FORCE` belongs to it. */
export function output(help: string, ...endings: string[]): Flag<string | undefined> {
  return { ...valued("file", help, (text, name) => outputFile(name, ...endings)(text)), isOutput: true };
}

/** The same as an argument. */
export function outputArgument(help: string, ...endings: string[]): Argument<string> {
  return { ...required(help), parse: (text, name) => outputFile(name, ...endings)(text), isOutput: true };
}

export const INPUT = {
  input: valued("file", "the execution's input, - for standard input (default: the example beside the document)"),
  name: valued("name", "the execution's name (default: a random one)", executionName),
  validate: onUnlessNegated("take the input as it is, without a look at its schema"),
};

export const LOGS = {
  logs: valued("folder", "keep all that the jobs write, a file for each", (text, name) => outputFolder(name)(text)),
};

/** The views of an execution, on the screen and in files. */
export const VIEWS = {
  json: toggle("print the outcome to standard output, as one JSON document"),
  quiet: toggle("show failures only"),
  report: output("write a report: .html to look at, .json for programs", ".html", ".json"),
  trace: output("write one row for each job, as .csv", ".csv"),
  force: FORCE,
};

export const ON_AWS = {
  stateMachine: valued("arn", "a state machine in place of the one that the settings lead to", stateMachine),
};

export const FOLLOWING = {
  ...ON_AWS,
  ...VIEWS,
  onInterrupt: oneOf("what", "what Ctrl-C does (default: ask on a terminal, otherwise detach)", ["stop", "detach"]),
  timeout: valued("seconds", "how long to follow it; then detach from it, or do what --on-interrupt says", wholeNumber),
};

export const DETACH = {
  detach: toggle("do not follow it: print its ARN and end", {
    conflicts: ["report", "trace", "timeout", "onInterrupt"],
  }),
};

export const LOCAL = {
  ...INPUT,
  engine: withDefault(
    oneOf("engine", "what runs the jobs; auto: Docker where it answers, else processes", ["auto", "docker", "process"]),
    "auto",
  ),
  ...LOGS,
  ...VIEWS,
};

export const REVIEW = {
  output: output("write to a file in place of standard output"),
  force: FORCE,
  stack: list("name", "only these stacks (default: all)"),
  refresh: toggle("compare images with what is there, too; needs a Docker engine"),
  drift: toggle("tell only what was changed outside Terraform; 2: something was"),
  plan: valued("folder", "take the saved plans <stack>.tfplan of a folder in place of making them"),
  base: valued("ref", "what the image's files are compared with (default: origin/main, where git knows it)"),
};

/** A whole number from 1 to 999,999,999, which is 31 years of seconds. */
export function wholeNumber(text: string, name: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`\`${name}\` must be a whole number from 1 to 999999999, got: ${JSON.stringify(text)}`);
}

// --- internal ---

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
function executionName(text: string, name: string): string {
  if (/^[\w.+!@()=',~-]{1,80}$/.test(text)) return text;
  throw new UsageError(
    `\`${name}\` must be 1 to 80 letters, digits or any of _-.+!@()=',~, got: ${JSON.stringify(text)}`,
  );
}

function stateMachine(text: string, name: string): string {
  if (STATE_MACHINE.test(text)) return text;
  throw new UsageError(
    `\`${name}\` must be an ARN such as arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev, got: ${text}`,
  );
}

const STATE_MACHINE = /^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[^:\s]+(:[^:\s]+)?$/;
