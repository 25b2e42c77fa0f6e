import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../src/base/errors";
import { runTerraform, startTerraform, terraformCommand } from "../../../src/terraform/run-terraform";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "terraform-test-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Options that put a shell script in the place of Terraform. */
function script(text: string) {
  const binary = join(folder, "tofu");
  writeFileSync(binary, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const environment = { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: binary };
  return { folder, environment, output: "collected" } as const;
}

test("the command is terraform, or what TERRAFORM_BINARY_NAME names", () => {
  expect(terraformCommand({})).toBe("terraform");
  expect(terraformCommand({ TERRAFORM_BINARY_NAME: "" })).toBe("terraform");
  expect(terraformCommand({ TERRAFORM_BINARY_NAME: "tofu" })).toBe("tofu");
});

test("gives what it printed and its exit code", async () => {
  const { ended } = startTerraform(["plan", "-input=false"], script('echo "$@ in $(pwd)"; echo no >&2; exit 3'));
  expect(await ended).toEqual({
    exitCode: 3,
    signal: null,
    stdout: `plan -input=false in ${folder}\n`,
    stderr: "no\n",
  });
});

test("neither calls home nor is told to type other commands", async () => {
  const { ended } = startTerraform([], script('echo "$CHECKPOINT_DISABLE $TF_IN_AUTOMATION"'));
  expect((await ended).stdout).toBe("1 1\n");
});

test("shares no cache of providers with other checkouts, unless the user says so", async () => {
  const options = script('echo "<$TF_PLUGIN_CACHE_DIR>"');
  expect((await startTerraform([], options).ended).stdout).toBe("<>\n");
  const environment = { ...options.environment, TF_PLUGIN_CACHE_DIR: "/cache" };
  expect((await startTerraform([], { ...options, environment }).ended).stdout).toBe("</cache>\n");
});

test("reads the answer that it is given, and nothing without one", async () => {
  const options = script('read -r answer; echo "<$answer>"');
  expect((await startTerraform([], { ...options, input: "yes\n" }).ended).stdout).toBe("<yes>\n");
  expect((await startTerraform([], options).ended).stdout).toBe("<>\n");
});

test("that ends without reading its answer is no failure", async () => {
  expect((await startTerraform([], { ...script("exit 0"), input: "yes\n".repeat(100_000) }).ended).exitCode).toBe(0);
});

test("that was killed gives the signal, even where a provider of it holds its pipes", async () => {
  const { ended } = startTerraform([], script("sleep 600 & kill -KILL $$"));
  expect(await ended).toMatchObject({ exitCode: null, signal: "SIGKILL" });
});

test("leads a group of its own, which a Ctrl-C of the terminal does not reach", async () => {
  const { ended } = startTerraform([], script('echo "$$ $(ps -o pgid= -p $$)"'));
  const [pid, group] = (await ended).stdout.trim().split(/\s+/);
  expect(group).toBe(pid);
});

describe("a Terraform that runs", () => {
  let pipe: string;
  /** Waits until the script has written to the pipe. */
  const said = () => readFile(pipe, "utf8");
  const until = (end: string) => script(`n=0; trap '${end}' INT; echo ready > ${pipe}; while :; do sleep 0.01; done`);

  beforeEach(() => {
    pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
  });

  test("gets one SIGINT for each interrupt", async () => {
    const { ended, interrupt } = startTerraform([], until(`n=$((n+1)); [ $n -lt 2 ] || exit 7; echo $n > ${pipe}`));
    await said();
    interrupt();
    expect(await said()).toBe("1\n");
    interrupt();
    expect(await ended).toMatchObject({ exitCode: 7, signal: null });
  });

  test("is interrupted when the signal aborts", async () => {
    const stop = new AbortController();
    const ended = runTerraform([], until("exit 5"), stop.signal);
    await said();
    stop.abort();
    expect((await ended).exitCode).toBe(5);
  });
});

test("is not started once the signal has aborted", async () => {
  const start = () => {
    throw new Error("must not start");
  };
  await expect(runTerraform([], script(""), AbortSignal.abort("over"), start)).rejects.toBe("over");
});

test("that is not there is a clean error", async () => {
  const { ended } = startTerraform([], { ...script(""), environment: { TERRAFORM_BINARY_NAME: "no-such-terraform" } });
  await expect(ended).rejects.toEqual(
    new UsageError(
      "`no-such-terraform` cannot be started: spawn no-such-terraform ENOENT; install Terraform 1.10 or newer",
    ),
  );
});
