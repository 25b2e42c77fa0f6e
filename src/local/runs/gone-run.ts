import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import { UsageError } from "../../base/errors";
import { whyItFailed } from "../../base/file-errors";

/** Returns the error of a command that reads a run while another one, with a newer run, removes it. */
export function goneRun(folder: string): UsageError {
  const why = "newer runs have taken its place, or its files were removed";
  return new UsageError(
    `the run ${basename(folder)} is no longer kept: ${why}; \`npx workflow list --local\` shows the runs`,
  );
}

/** Returns the error of a file of a run that cannot be read: `goneRun` if the whole folder is gone. */
export function unreadable(path: string, error: unknown): UsageError {
  const folder = dirname(path);
  if (!existsSync(folder)) return goneRun(folder);
  return new UsageError(`${path} of a kept run cannot be read: ${whyItFailed(error)}`, { cause: error });
}
