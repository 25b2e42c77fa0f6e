/** An expected error: shown as its message alone, without a stack trace. The `workflow` command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** The settings are wrong; the message holds all problems, one a line. */
export class SettingsError extends UsageError {
  override readonly name = "SettingsError";
}
