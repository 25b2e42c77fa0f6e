import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROJECT_FOLDER } from "../../src/project/project-folder";

/** Copies the files of the project that git knows or would add. The copy has its own states, and a link to `node_modules`. */
export function copyProject(folder: string): void {
  const listed = execFileSync("git", ["ls-files", "-coz", "--exclude-standard"], { cwd: PROJECT_FOLDER });
  for (const path of listed.toString().split("\0")) {
    const from = join(PROJECT_FOLDER, path);
    if (path === "" || !existsSync(from)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(from, join(folder, path), { verbatimSymlinks: true });
  }
  symlinkSync(join(PROJECT_FOLDER, "node_modules"), join(folder, "node_modules"));
}
