import { printableMessage } from "./base/text";

/** An expected error: shown as its message alone, without a stack trace. The `workflow` command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** Does the work of a script: an expected error is told as its message alone, and ends the process with `exitCode`. */
export async function runScript(work: () => void | Promise<void>, { exitCode }: { exitCode: number }): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(printableMessage(error.message));
    process.exitCode = exitCode;
  }
}

/** The settings are wrong; the message holds all problems, one a line. */
export class SettingsError extends UsageError {
  override readonly name = "SettingsError";
}
