import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors";
import { PROJECT_FOLDER } from "../settings";

const LOCK = join(PROJECT_FOLDER, ".workflow.lock");

/**
 * Does what needs `cdktf.out` to itself: a synth for another environment would change what is being deployed.
 * @throws UsageError where another process does such a thing in this checkout
 */
export async function exclusively<T>(act: () => Promise<T>, path: string = LOCK): Promise<T> {
  takeLock(path);
  try {
    return await act();
  } finally {
    rmSync(path, { force: true });
  }
}

function takeLock(path: string): void {
  try {
    const file = openSync(path, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") {
      throw new UsageError(`the project's folder must be one that can be written: ${message}`, { cause: error });
    }
    const holder = Number(readFileSync(path, "utf8"));
    if (holder > 0 && isAlive(holder)) {
      throw new UsageError(
        `another deploy, diff, destroy or review of this checkout is running, process ${holder}; wait for it, or use another checkout`,
      );
    }
    // Whoever held it was killed.
    rmSync(path, { force: true });
    takeLock(path);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
