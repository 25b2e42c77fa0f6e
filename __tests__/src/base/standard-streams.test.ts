import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { PROJECT_FOLDER } from "../../../src/project/project-folder";

/** Writes to both streams, and ends with 0. */
const SCRIPT = `
  const { guardStandardStreams } = require("./src/base/standard-streams");
  const { stdout, stderr, endWith } = guardStandardStreams();
  process.on("SIGHUP", () => stdout.write("hung up\\n"));
  stdout.write("out\\n");
  stdout.write("out\\n");
  stderr.write("err\\n");
  setTimeout(() => endWith(0), 20);
`;

/** Writes to both streams. Returns the text that arrives at the end of each. `gone` is a reader that has ended. */
async function write(stdout: "pipe" | "gone" | number, stderr: "pipe" | "gone" | number) {
  const stdio = (where: "pipe" | "gone" | number) => (where === "gone" ? "pipe" : where);
  const child = spawn(process.execPath, ["-r", "./bin/register.js", "-e", SCRIPT], {
    cwd: PROJECT_FOLDER,
    stdio: ["ignore", stdio(stdout), stdio(stderr)],
  });
  const written = { stdout: "", stderr: "" };
  for (const [name, where] of [
    ["stdout", stdout],
    ["stderr", stderr],
  ] as const) {
    if (where === "gone") child[name]!.destroy();
    else child[name]?.on("data", (text) => (written[name] += text));
  }
  const code = await new Promise((closed) => child.on("close", closed));
  return { code, ...written };
}

const full = () => openSync("/dev/full", "w");

const FULL = "standard output cannot be written: no space is left on the disk (ENOSPC)\n";

test.each<[string, Parameters<typeof write>, Awaited<ReturnType<typeof write>>]>([
  ["nothing fails", ["pipe", "pipe"], { code: 0, stdout: "out\nout\n", stderr: "err\n" }],
  ["standard output is full", [full(), "pipe"], { code: 1, stdout: "", stderr: `${FULL}err\n` }],
  ["standard error is full", ["pipe", full()], { code: 1, stdout: "out\nout\n", stderr: "" }],
  ["the reader of standard output has gone", ["gone", "pipe"], { code: 0, stdout: "", stderr: "err\n" }],
  ["the reader of standard error has gone", ["pipe", "gone"], { code: 0, stdout: "out\nout\nhung up\n", stderr: "" }],
])("%s: no stack trace, and 1 where something was lost", async (_, streams, expected) => {
  expect(await write(...streams)).toEqual(expected);
});
