import { machineFault } from "./file-errors";
import { printableMessage } from "./text";

/** An expected error: shown as its message alone, without a stack trace. The `workflow` command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** A file, folder or stream failed after the command had started to work. The `workflow` command ends with exit code 1. */
export class FileError extends UsageError {
  override readonly name = "FileError";
}

/**
 * Runs a script. Prints only the message of an expected error, and ends the process with `exitCode`. A fault of the machine or of
 * a file ends it with 1.
 */
export async function runScript(work: () => void | Promise<void>, { exitCode }: { exitCode: number }): Promise<void> {
  try {
    await work();
  } catch (error) {
    const fault = machineFault(error);
    if (fault === null && !(error instanceof UsageError)) throw error;
    console.error(printableMessage(fault ?? (error as UsageError).message));
    process.exitCode = fault !== null || error instanceof FileError ? 1 : exitCode;
  }
}

/** The settings are wrong. The message has all problems, one on each line. */
export class SettingsError extends UsageError {
  override readonly name = "SettingsError";
}
