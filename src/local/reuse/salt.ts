/** The salt of the keys of jobs. It stays beside the runs, so that the folder of one run can be given away. */
import { randomBytes, randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Reads the salt of a folder of runs, or creates it. Of two processes that create it at once, both get the same.
 * @throws the error of the file system
 */
export function saltOf(runs: string): string {
  const path = join(runs, FILE);
  const known = readSalt(path);
  if (known !== null) return known;
  mkdirSync(runs, { recursive: true, mode: 0o700 });
  const unfinished = join(runs, `${FILE}-${randomUUID()}`);
  try {
    writeFileSync(unfinished, randomBytes(32).toString("base64url"), { mode: 0o600 });
    linkSync(unfinished, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
  return readFileSync(path, "utf8");
}

// --- internal ---

/** The names of runs' folders never begin with a dot. */
const FILE = ".salt";

function readSalt(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
