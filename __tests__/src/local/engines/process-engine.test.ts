import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import type { Container, ContainerSpec } from "../../../../src/local/engines/engine";
import { ProcessEngine } from "../../../../src/local/engines/process-engine";
import { type ContainerLog, containerSpec, gone, runContainer } from "../container-log";

const FOLDER = realpathSync(mkdtempSync(join(tmpdir(), "process-engine-")));
const engine = new ProcessEngine({
  folder: FOLDER,
  environment: { PATH: process.env.PATH, AWS_SECRET_ACCESS_KEY: "x" },
});

afterAll(() => rmSync(FOLDER, { recursive: true }));

function shell(
  script: string,
  onTold?: (told: string, container: Container) => void,
  properties: Partial<ContainerSpec> = {},
): Promise<ContainerLog> {
  return runContainer(engine, containerSpec({ localCommand: ["/bin/sh", "-c", script, "sh"], ...properties }), onTold);
}

test("runs the local command with the job's command after it, in the project's folder", async () => {
  const { end, told } = await shell('pwd; printf "%s\\n" "$@"', undefined, { command: ["a b", "$HOME"] });
  expect(end).toEqual({ kind: "exited", exitCode: 0, outOfMemory: false });
  expect(told).toEqual(["started", FOLDER, "a b", "$HOME"]);
});

test("with an empty local command, runs the job's command itself", async () => {
  const spec = containerSpec({ localCommand: [], command: ["/bin/echo", "a b"] });
  expect((await runContainer(engine, spec)).told).toEqual(["started", "a b"]);
  expect((await runContainer(engine, containerSpec({ localCommand: [], command: [] }))).end).toEqual({
    kind: "not-started",
    reason: "CannotStartContainerError: the job has no command; set ContainerOverrides.Command, or use --engine docker",
  });
});

test("gives the job its own environment and nothing secret of the user's", async () => {
  const { told } = await runContainer(
    engine,
    containerSpec({ localCommand: ["/usr/bin/env"], environment: { LEVEL: "debug", AWS_BATCH_JOB_ID: "id" } }),
  );
  expect(told.slice(1).sort()).toEqual([
    "AWS_BATCH_JOB_ID=id",
    // The profiles below the user's HOME are not the job's.
    `AWS_CONFIG_FILE=${devNull}`,
    `AWS_SHARED_CREDENTIALS_FILE=${devNull}`,
    "LEVEL=debug",
    `PATH=${process.env.PATH}`,
  ]);
});

test("reads both outputs, a last line that does not end too, and gives no input", async () => {
  const { told } = await shell("cat; echo out; echo err >&2; printf last");
  expect(told.slice(1).sort()).toEqual(["err", "last", "out"]);
});

test("reads bytes as UTF-8", async () => {
  const { told } = await shell("printf 'caf\\303\\251\\n\\377\\n'");
  expect(told.slice(1)).toEqual(["café", "\ufffd"]);
});

test("gives the exit code, and 128 and its number for a signal", async () => {
  expect((await shell("exit 3")).end).toEqual({ kind: "exited", exitCode: 3, outOfMemory: false });
  expect((await shell("kill -9 $$")).end).toEqual({ kind: "exited", exitCode: 137, outOfMemory: false });
});

test("signals the process and all that it started", async () => {
  const script = "trap 'echo bye; exit 5' TERM; sleep 60 & echo $!; wait";
  const { end, told } = await shell(script, (text, { kill }) => {
    if (/^\d+$/.test(text)) kill("SIGTERM");
  });
  expect(end).toMatchObject({ exitCode: 5 });
  expect(told.at(-1)).toBe("bye");
  await gone(told[1]);
});

test("kills what does not end when it is asked to", async () => {
  const { end } = await shell("trap '' TERM; echo ready; sleep 60; sleep 60", (text, { kill }) => {
    if (text !== "ready") return;
    kill("SIGTERM");
    kill("SIGKILL");
  });
  expect(end).toMatchObject({ exitCode: 137 });
});

test("signals a process that is only just asked for", async () => {
  const container = engine.run(containerSpec({ localCommand: ["sleep", "60"] }), { started: () => {}, line: () => {} });
  container.kill("SIGTERM");
  expect(await container.ended).toEqual({ kind: "exited", exitCode: 143, outOfMemory: false });
  container.kill("SIGKILL");
});

test("leaves nothing running that the process has left behind", async () => {
  const { end, told } = await shell("sleep 60 & echo $!");
  expect(end).toMatchObject({ exitCode: 0 });
  await gone(told[1]);
});

test("says why a process does not start, as far as it can be said", async () => {
  expect(await runContainer(engine, containerSpec({ localCommand: ["/no/such/program"] }))).toEqual({
    end: { kind: "not-started", reason: "CannotStartContainerError: /no/such/program: there is no such file" },
    told: [],
  });
  const { end } = await shell(":", undefined, { command: ["x".repeat(4_000_000)] });
  expect(end).toEqual({
    kind: "not-started",
    reason: "CannotStartContainerError: the arguments and the environment are too long (E2BIG)",
  });
  expect((await runContainer(engine, containerSpec())).end).toEqual({
    kind: "not-started",
    reason:
      "CannotStartContainerError: image registry/echo:tag has no local command; set localCommand, or use --engine docker",
  });
});

test("loses its jobs with the process that starts them, leaves none of them running, and goes on with a new one", async () => {
  const { end, told } = await shell("echo $$; kill -9 $PPID; sleep 60");
  expect(end).toEqual({ kind: "host-lost", statusReason: "Host EC2 (instance process) terminated." });
  await gone(told[1]);
  expect((await shell("exit 4")).end).toMatchObject({ exitCode: 4 });
});

test("ends what the process has started in sessions of their own, whether they hold its output open or not", async () => {
  const script = "setsid sleep 60 & echo $!; setsid sleep 60 >/dev/null 2>&1 & echo $!; kill -9 $$";
  const environment = { AWS_BATCH_JOB_ID: "b2a7" };
  const { end, told } = await shell(script, undefined, { environment });
  expect(end).toMatchObject({ exitCode: 137 });
  for (const pid of told.slice(1)) await gone(pid);
});

test("does not wait for a host that hangs", async () => {
  const own = new ProcessEngine({ folder: FOLDER });
  const spec = containerSpec({ localCommand: ["/bin/sh", "-c", "setsid sleep 60 & echo $! $PPID; sleep 60"] });
  const { end, told } = await runContainer(own, { ...spec, environment: { AWS_BATCH_JOB_ID: "c3b8" } }, (text) => {
    const [, host] = /^\d+ (\d+)$/.exec(text) ?? [];
    if (host === undefined) return;
    process.kill(Number(host), "SIGSTOP");
    own.close();
  });
  expect(end).toMatchObject({ kind: "host-lost" });
  await gone(told[1]!.split(" ")[0]);
});

test("runs many at once, each with its own output", async () => {
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, index) => shell('echo "$1"; exit "$1"', undefined, { command: [String(index)] })),
  );
  expect(all.map(({ end, told }) => [end, told])).toEqual(
    all.map((_, index) => [{ kind: "exited", exitCode: index, outOfMemory: false }, ["started", String(index)]]),
  );
});
