/** The failure of a command: its message, the advice and the exit code. */
import { CommanderError } from "commander";
import { passingFailure } from "../aws/failures";
import { FileError, UsageError } from "../base/errors";
import { machineFault } from "../base/file-errors";
import { say } from "../base/message";
import { isNpmScript } from "../base/npm-flags";
import type { Command } from "./define-command";
import type { Project, Terminal } from "./session";

/**
 * Tells the user what went wrong, and returns the exit code.
 * @throws the error itself, if it is a defect of this program
 */
export function reportFailure(error: unknown, command: Command | null, session: Project & Terminal): number {
  const { stderr } = session;
  const wrongUsage = command?.wrongUsage ?? 2;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    stderr.write(adviceFor(error, command?.name ?? "", session));
    return wrongUsage;
  }
  const fault = machineFault(error);
  if (fault === null && !(error instanceof UsageError)) throw error;
  say(stderr, fault ?? (error as UsageError).message);
  const isFailure = fault !== null || error instanceof FileError || isFailureOfAws(error as UsageError);
  return isFailure ? 1 : wrongUsage;
}

// --- internal ---

/** Mistakes for which commander itself names no fix. */
const WITHOUT_FIX = ["unknownCommand", "unknownOption", "missingArgument", "excessArguments"];

/** Names the fix if commander has not. */
function adviceFor({ code, message }: CommanderError, command: string, { environment }: Project): string {
  if (!WITHOUT_FIX.includes(code.replace("commander.", "")) || message.includes("Did you mean")) return "";
  if (code === "commander.excessArguments" && isNpmScript(environment)) {
    return `npm keeps most flags for itself; with \`npx workflow ${command}\` they all arrive\n`;
  }
  return `see \`${`npx workflow ${command}`.trimEnd()} --help\`\n`;
}

/** Returns whether AWS failed or did not answer. Then the request was not wrong, and AWS may have started something. */
function isFailureOfAws({ cause }: UsageError): boolean {
  const isOfClients = typeof cause === "object" && cause !== null && "$metadata" in cause;
  return isOfClients && passingFailure(cause) !== null;
}
