import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../src/project/project-folder";

/** Runs the command in a folder that contains nothing else. */
function runAlone(engines: string) {
  const folder = mkdtempSync(join(tmpdir(), "bin-test-"));
  try {
    cpSync(join(PROJECT_FOLDER, "bin"), join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ engines: { node: engines } }));
    const { status, stdout, stderr } = spawnSync(process.execPath, ["bin/workflow.js", "check"], { cwd: folder });
    return { status, stdout: String(stdout), stderr: String(stderr) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("without `npm ci`, the command says so", () => {
  expect(runAlone(">=20.19")).toEqual({
    status: 2,
    stdout: "",
    stderr: "the packages of this project are not installed; run `npm ci` in the project's folder\n",
  });
});

test("a Node.js that is too old is refused by its version", () => {
  expect(runAlone(">=1000.1")).toEqual({
    status: 2,
    stdout: "",
    stderr: `Node.js 1000.1 or newer is needed, this is ${process.versions.node}; see https://nodejs.org\n`,
  });
});
