/** An empty folder for each test of a file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives each test of this file an empty folder. Returns the path of a file in it, or of the folder itself without a name. */
export function folderPerTest(prefix: string): (name?: string) => string {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), `${prefix}-`));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return (name = "") => join(folder, name);
}
