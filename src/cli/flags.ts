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
} from "./define-command";

const EXECUTION_HELP = "a name, an ARN or latest";

/** An execution that must be named. */
export const EXECUTION = required(EXECUTION_HELP);
export const LATEST_EXECUTION: Argument<string> = { ...EXECUTION, isRequired: false, fallback: "latest" };

/** An execution that may be left out. `otherwise` says what that means. */
export function executionOr(otherwise: string): Argument<string | undefined> {
  return optional(`${EXECUTION_HELP} (default: ${otherwise})`);
}

/** A document that replaces the project's. */
export const DOCUMENT = optional("a file in Amazon States Language (default: the project's)");

export const FORCE = toggle("overwrite files that no `workflow` command made");

/** A file that the command writes. `FORCE` belongs to it. */
export function output(help: string, ...endings: string[]): Flag<string | undefined> {
  return { ...valued("file", help, (text, name) => outputFile(name, ...endings)(text)), isOutput: true };
}

/** The same as an argument. */
export function outputArgument(help: string, ...endings: string[]): Argument<string> {
  return { ...required(help), parse: (text, name) => outputFile(name, ...endings)(text), isOutput: true };
}

export const INPUT = {
  input: valued(
    "file",
    "the execution's input, - for standard input (default: the example beside the document; {} for a given document without one)",
  ),
  name: valued("name", "the execution's name (default: a random one)", executionName),
  validate: onUnlessNegated("do not check the input against its schema"),
};

export const LOGS = {
  logs: valued("folder", "keep the output of the jobs, a file for each job", (text, name) => outputFolder(name)(text)),
};

/** The views of an execution, on the screen and in files. */
export const VIEWS = {
  json: toggle("print the outcome as one JSON document"),
  quiet: toggle("show only failures, and jobs that cannot start"),
  report: output("write a report: .html to read, .json for programs", ".html", ".json"),
  trace: output("write a .csv file with a row for each job", ".csv"),
  force: FORCE,
};

export const ON_AWS = {
  stateMachine: valued("arn", "the state machine (default: the one of the settings)", stateMachine),
};

/** The flags that choose between AWS and this machine. */
export const LOCAL_RUN = {
  local: toggle("a run of this machine instead, kept in .workflow/runs", { conflicts: ["stateMachine"] }),
};
export const ANYWHERE = { ...ON_AWS, ...LOCAL_RUN };

export const FOLLOWING = {
  ...ON_AWS,
  ...VIEWS,
  onInterrupt: oneOf("what", "what Ctrl-C does (default: ask on a terminal, otherwise detach)", ["stop", "detach"]),
  timeout: valued(
    "seconds",
    "how long to follow the execution; then do what --on-interrupt says (default: detach)",
    wholeNumber,
  ),
};

export const DETACH = {
  detach: toggle("print the ARN and end, without following the execution", {
    conflicts: ["report", "trace", "timeout", "onInterrupt"],
  }),
};

export const MOCK = {
  mock: valued("file", "a file with the answers of mocked tasks; FILE#CASE for a test case of Step Functions Local"),
};

export const REVIEW = {
  output: output("write to a file instead of standard output"),
  force: FORCE,
  stack: list("name", "only these stacks (default: all)"),
  refresh: toggle("also compare the images with the registry; needs a Docker engine"),
  drift: toggle("show only changes made outside Terraform; exit code 2: there are some"),
  plan: valued("folder", "use the saved plans <stack>.tfplan of a folder"),
  base: valued(
    "ref",
    "compare the files of the image with this commit or branch (default: origin/main, if git knows it)",
  ),
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
