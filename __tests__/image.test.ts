import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import { IMAGE } from "./example";

const script = join(PROJECT_FOLDER, IMAGE, "echo.sh");

test.each([
  ["spaces", [" a  b "]],
  ["quotes and a backslash", [`'"\\n$HOME\``]],
  ["a line break", ["a\nb"]],
  ["characters beyond ASCII", ["Grüße 日本 🎉"]],
  ["leading dashes", ["-n", "--", "-e x"]],
  ["formats", ["%s%d\\t"]],
  ["an empty one between others", ["a", "", "b"]],
  ["none", []],
])("the echo image prints each parameter on a line of its own, unchanged: %s", async (_, parameters) => {
  const { stdout, stderr } = await promisify(execFile)("/bin/sh", [script, ...parameters]);
  expect({ stdout, stderr }).toEqual({ stdout: parameters.map((parameter) => `${parameter}\n`).join(""), stderr: "" });
});

test("a job that is stopped does not pass for one that has finished", async () => {
  const parameters = Array.from({ length: 2000 }, () => "x".repeat(100));
  const child = spawn("/bin/sh", [script, ...parameters], { stdio: ["ignore", "pipe", "ignore"] });
  // Nothing reads the pipe. It is full, so the script is still at work.
  await new Promise((resolve) => child.stdout.once("readable", resolve));
  child.kill("SIGTERM");
  child.stdout.resume();
  const ended = await new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  expect(ended).toEqual({ code: 143, signal: null });
});

test("the image takes any builder and any checkout", () => {
  const dockerfile = readFileSync(join(PROJECT_FOLDER, IMAGE, "Dockerfile"), "utf8").replace(/^#.*\n/gm, "");
  expect(dockerfile).toBe(`FROM public.ecr.aws/docker/library/busybox:1.37
COPY --chown=65534:65534 echo.sh /echo.sh
USER 65534:65534
ENTRYPOINT ["/bin/sh", "/echo.sh"]
`);
});
