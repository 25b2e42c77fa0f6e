/** Creates temporary folders. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "./errors";
import { whyItFailed } from "./file-errors";

/**
 * Creates a folder for temporary files.
 * @throws FileError when that fails
 */
export function makeTemporaryFolder(name: string): string {
  try {
    return mkdtempSync(join(tmpdir(), `${name}-`));
  } catch (cause) {
    throw new FileError(
      `no temporary folder can be created in ${tmpdir()}: ${whyItFailed(cause)}; set TMPDIR to a folder that can be written`,
      { cause },
    );
  }
}

/** Runs a function with a new folder, and then removes the folder. */
export async function inTemporaryFolder<T>(name: string, act: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeTemporaryFolder(name);
  try {
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
