import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PROJECT_FOLDER } from "../../../../src/project/project-folder";

test.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
  ["wrong settings", ["image"], { WORKFLOW_MAX_VCPUS: "none" }, /^`maxVcpus` must be .*\n$/],
  ["an option", ["--help"], {}, /^usage: npm run eject -- \[folder\]\n$/],
])("%s end the command with 2 and a message", async (_, args, environment, message) => {
  const failure = await promisify(execFile)(
    process.execPath,
    ["-r", "./bin/register.js", "src/cli/commands/eject.ts", ...args],
    {
      cwd: PROJECT_FOLDER,
      env: { PATH: process.env.PATH, ...environment },
    },
  ).catch((error) => error);
  expect(failure.code).toBe(2);
  expect(failure.stderr).toMatch(message);
});
