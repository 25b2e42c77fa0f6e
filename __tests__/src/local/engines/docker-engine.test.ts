import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../../../src/base/clock";
import { findDockerEngine } from "../../../../src/local/engines/docker-cli";
import { DockerEngine, runArguments } from "../../../../src/local/engines/docker-engine";
import { ensureImage, ensurePulled } from "../../../../src/local/engines/docker-image";
import { EngineError } from "../../../../src/local/engines/engine";
import type { ImageProgress } from "../../../../src/local/engines/image-progress";
import { containerSpec, gone, runContainer } from "../container-log";

const FOLDER = mkdtempSync(join(tmpdir(), "docker-engine-"));
const DOCKER = join(FOLDER, "docker");
const CALLS = join(FOLDER, "calls");
const STARTED = "2026-01-01T00:00:00Z";
const NEVER = "0001-01-01T00:00:00Z";
const NO_CONTAINER = 'echo "Error: No such object: job-1" >&2; exit 1';

afterAll(() => rmSync(FOLDER, { recursive: true }));

/** Puts a shell script in place of the Docker CLI: what each of its commands does. */
function fakeDocker(commands: Record<string, string>): void {
  const cases = Object.entries({ rm: ":", ...commands }).map(([name, script]) => `${name}) ${script} ;;`);
  rmSync(CALLS, { force: true });
  writeFileSync(
    DOCKER,
    `#!/bin/sh\ncd '${FOLDER}'\nprintf '%s\\n' "$*" >> calls\ncase "$1" in\n${cases.join("\n")}\nesac\n`,
    { mode: 0o755 },
  );
}

function calls(): string[] {
  return existsSync(CALLS) ? readFileSync(CALLS, "utf8").trim().split("\n") : [];
}

/** A clock that stands still. */
const clockOf = (sleep: Clock["sleep"]): Clock => ({ now: () => 0, sleep, every: () => () => {} });

/** An engine whose waits take no time: they last until all that is going on has gone on. */
function engine(): DockerEngine {
  const sleep = () => new Promise<void>((resolve) => setImmediate(resolve));
  return new DockerEngine({ executionId: "run-1", vcpus: 2, docker: DOCKER, clock: clockOf(sleep) });
}

/** An engine that looks at no container by itself: nothing wakes its waits but the end. */
function patientEngine(): DockerEngine {
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
  return new DockerEngine({ executionId: "run-1", vcpus: 2, docker: DOCKER, clock: clockOf(sleep) });
}

test("asks for what the container needs, and for no more CPUs than the machine has", () => {
  const spec = containerSpec({
    command: ["--loud", "a b"],
    environment: { A: "1", B: "x=y", AWS_BATCH_JOB_ID: "id:3" },
    place: "step[2]:3",
    vcpus: 16,
    user: "65534",
    readonlyRootFilesystem: true,
  });
  expect(runArguments(spec, { executionId: "run-1", vcpus: 2 })).toEqual([
    "run",
    "--name",
    "job-1",
    "--label",
    "workflow.execution=run-1",
    "--label",
    "workflow.place=step[2]:3",
    "--label",
    "workflow.job=id:3",
    "--pull",
    "never",
    "--log-driver",
    "none",
    "--memory",
    "512m",
    "--memory-swap",
    "512m",
    "--cpus",
    "2",
    "--user",
    "65534",
    "--read-only",
    "--env",
    "A=1",
    "--env",
    "B=x=y",
    "--env",
    "AWS_BATCH_JOB_ID=id:3",
    "registry/echo:tag",
    "--loud",
    "a b",
  ]);
});

test("asks for GPUs, shared memory, an init process, mounts and hosts, and passes secrets on by name", () => {
  const spec = containerSpec({
    secrets: { TOKEN: "hidden", KEY: "two\nlines" },
    gpus: 2,
    sharedMemoryMiB: 256,
    initProcess: true,
    hosts: { "host.docker.internal": "host-gateway" },
    mounts: [
      { host: "/data", container: "/in", readOnly: true },
      { host: '/a,b "c"', container: "/out", readOnly: false },
    ],
  });
  const asked = runArguments(spec, { executionId: "run-1", vcpus: 2, hasGpus: true });
  expect(asked.slice(19)).toEqual([
    ...["--gpus", "2", "--shm-size", "256m", "--init"],
    ...["--mount", "type=bind,source=/data,target=/in,readonly"],
    ...["--mount", 'type=bind,"source=/a,b ""c""",target=/out'],
    ...["--add-host", "host.docker.internal:host-gateway"],
    ...["--env", "TOKEN", "--env", "KEY"],
    "registry/echo:tag",
  ]);
});

test("asks for the least memory that Docker gives, and for no user and no read-only file system without need", () => {
  const asked = runArguments(containerSpec({ memoryMiB: 4, vcpus: 0.25 }), { executionId: "run-1", vcpus: 2 });
  expect(asked.slice(13)).toEqual(["--memory", "6m", "--memory-swap", "6m", "--cpus", "0.25", "registry/echo:tag"]);
});

describe("a container", () => {
  test("gets the values of its secrets from the CLI's environment", async () => {
    fakeDocker({ run: 'echo "$TOKEN"' });
    const { told } = await runContainer(patientEngine(), containerSpec({ secrets: { TOKEN: "hidden" } }));
    expect(told).toEqual(["started", "hidden"]);
    expect(calls().join()).not.toContain("hidden");
  });

  test("that ends well is removed without another look at it", async () => {
    fakeDocker({ run: "echo out; echo err >&2; printf last" });
    const { end, told } = await runContainer(patientEngine(), containerSpec());
    expect(end).toEqual({ kind: "exited", exitCode: 0, outOfMemory: false });
    expect(told[0]).toBe("started");
    expect(told.slice(1).sort()).toEqual(["err", "last", "out"]);
    expect(calls().map((call) => call.split(" ")[0])).toEqual(["run", "rm"]);
    expect(calls()[1]).toBe("rm --force --volumes job-1");
  });

  test("that fails is looked at before it is removed", async () => {
    fakeDocker({ run: "exit 3", inspect: `echo ${STARTED} 3 false` });
    const { end, told } = await runContainer(patientEngine(), containerSpec());
    expect(end).toEqual({ kind: "exited", exitCode: 3, outOfMemory: false });
    expect(told).toEqual(["started"]);
    expect(calls().map((call) => call.split(" ")[0])).toEqual(["run", "inspect", "rm"]);
  });

  test("that ran out of memory is told apart from one that was killed, and has used all of its memory", async () => {
    fakeDocker({ run: "exit 137", inspect: `echo ${STARTED} 137 true` });
    expect((await runContainer(patientEngine(), containerSpec({ memoryMiB: 100 }))).end).toMatchObject({
      outOfMemory: true,
      usage: { peakMemoryMiB: 100 },
    });
  });

  test.each<[string, string, string, string]>([
    [
      "whose image is not there",
      'echo "docker: Error response from daemon: No such image: x:1" >&2; echo >&2; echo "Run docker run --help" >&2; exit 125',
      NO_CONTAINER,
      "CannotPullContainerError: Error response from daemon: No such image: x:1",
    ],
    [
      "that cannot be created",
      'echo "WARNING: no swap" >&2; echo "docker: Error response from daemon: Conflict" >&2; exit 125',
      NO_CONTAINER,
      "CannotCreateContainerError: Error response from daemon: Conflict",
    ],
    [
      "whose entry point is not there",
      'echo "docker: Error response from daemon: exec: /no: not found" >&2; exit 127',
      `echo ${NEVER} 127 false`,
      "CannotStartContainerError: Error response from daemon: exec: /no: not found",
    ],
  ])("%s does not start, and what Docker says is no part of its log", async (_, run, inspect, reason) => {
    fakeDocker({ run, inspect });
    const { end, told } = await runContainer(patientEngine(), containerSpec());
    expect(end).toEqual({ kind: "not-started", reason });
    expect(told).toEqual([]);
    expect(calls().at(-1)).toBe("rm --force --volumes job-1");
  });

  test.each([
    ["more of it than Docker ever says", 'for i in 1 2 3 4 5 6 7 8 9; do echo "docker: $i" >&2; done', "docker: 9"],
    ["it after other output", "echo out; read line < SIGTERM; echo docker: late >&2", "docker: late"],
  ])("may use Docker's exit codes and write what looks like Docker's message: %s", async (_, write, last) => {
    fakeDocker({
      run: `mkfifo SIGTERM SIGKILL; ${write}; read line < SIGKILL; rm SIG*; exit 125`,
      inspect: `echo ${STARTED} 125 false`,
      kill: 'echo > "$3"',
    });
    // It is told while the container still runs: only then does the container end.
    const { end, told } = await runContainer(patientEngine(), containerSpec(), (text, { kill }) => {
      if (text === "out") kill("SIGTERM");
      if (text === last) kill("SIGKILL");
    });
    expect(end).toEqual({ kind: "exited", exitCode: 125, outOfMemory: false });
    expect(told[0]).toBe("started");
    expect(told.at(-1)).toBe(last);
  });

  test("that writes only what looks like Docker's message has it in its log at the end", async () => {
    fakeDocker({ run: "echo docker: mine >&2; exit 125", inspect: `echo ${STARTED} 125 false` });
    expect((await runContainer(patientEngine(), containerSpec())).told).toEqual(["started", "docker: mine"]);
  });

  test.each([
    ["the engine does not answer any more", 'echo "Cannot connect to the Docker daemon" >&2; exit 1'],
    ["it goes on without the CLI, or ended otherwise", `echo ${STARTED} 0 false`],
  ])("has lost its host where %s", async (_, inspect) => {
    fakeDocker({ run: "echo out; exit 125", inspect });
    const { end } = await runContainer(patientEngine(), containerSpec());
    expect(end).toEqual({ kind: "host-lost", statusReason: "Host EC2 (instance docker) terminated." });
  });

  test("that somebody else removed ends with the exit code that the CLI gave", async () => {
    fakeDocker({ run: "echo out; exit 137", inspect: NO_CONTAINER });
    const { end } = await runContainer(patientEngine(), containerSpec());
    expect(end).toEqual({ kind: "exited", exitCode: 137, outOfMemory: false });
  });

  test("that writes nothing is seen to start", async () => {
    fakeDocker({
      run: "mkfifo wait; read line < wait; rm wait",
      inspect: `test -p wait && echo ${STARTED} 0 false || { ${NO_CONTAINER}; }`,
      kill: "echo > wait",
    });
    const { end, told } = await runContainer(engine(), containerSpec(), (_, { kill }) => kill("SIGTERM"));
    expect(end).toEqual({ kind: "exited", exitCode: 0, outOfMemory: false });
    expect(told).toEqual(["started"]);
  });

  test("that is still being created is signalled until it can be", async () => {
    fakeDocker({
      run: "mkfifo wait; read line < wait; rm wait tried; exit 143",
      inspect: `echo ${NEVER} 143 false`,
      kill: 'test -p wait || exit 1; test -e tried && echo > wait || { touch tried; echo "is not running" >&2; exit 1; }',
    });
    const container = engine().run(containerSpec(), { started: () => {}, line: () => {} });
    container.kill("SIGTERM");
    await container.ended;
    const kills = calls().filter((call) => call.startsWith("kill"));
    expect(kills.length).toBeGreaterThanOrEqual(2);
    expect(new Set(kills)).toEqual(new Set(["kill --signal SIGTERM job-1"]));
  });

  test("that has ended is not signalled any more", async () => {
    fakeDocker({ run: ":", kill: ":" });
    const container = patientEngine().run(containerSpec(), { started: () => {}, line: () => {} });
    await container.ended;
    container.kill("SIGKILL");
    expect(calls().map((call) => call.split(" ")[0])).toEqual(["run", "rm"]);
  });

  test("of a CLI that is not there has no host", async () => {
    const clock = clockOf(() => Promise.resolve());
    const missing = new DockerEngine({ executionId: "run-1", vcpus: 2, docker: join(FOLDER, "missing"), clock });
    expect((await runContainer(missing, containerSpec())).end.kind).toBe("host-lost");
  });
});

test("an engine that is closed kills the commands of the CLI that hang, and waits for none", async () => {
  fakeDocker({ run: "trap '' TERM INT; echo $$; sleep 60", inspect: "sleep 60", rm: "sleep 60" });
  const docker = patientEngine();
  const { end, told } = await runContainer(docker, containerSpec(), (text) => {
    if (/^\d+$/.test(text)) docker.close();
  });
  expect(end).toEqual({ kind: "host-lost", statusReason: "Host EC2 (instance docker) terminated." });
  await gone(told[1]);
});

describe("a Docker engine is found", () => {
  test("with its version and what the machine has", async () => {
    fakeDocker({ info: 'echo "WARNING: no swap" >&2; echo "28.2.2 8 runc,"' });
    expect(await findDockerEngine(DOCKER)).toEqual({ version: "28.2.2", vcpus: 8, hasGpus: false });
    expect(calls()).toEqual([
      "info --format {{.ServerVersion}} {{.NCPU}} {{range $name, $_ := .Runtimes}}{{$name}},{{end}}",
    ]);
    fakeDocker({ info: 'echo "28.2.2 8 nvidia,runc,"' });
    expect(await findDockerEngine(DOCKER)).toEqual({ version: "28.2.2", vcpus: 8, hasGpus: true });
  });

  test("by none of a CLI that reaches none, whatever it ends with", async () => {
    fakeDocker({ info: 'echo " 0"; echo "Cannot connect to the Docker daemon" >&2' });
    expect(await findDockerEngine(DOCKER)).toEqual({ whyNot: "Cannot connect to the Docker daemon" });
    fakeDocker({ info: 'echo; echo "Cannot connect to the Docker daemon" >&2; exit 1' });
    expect(await findDockerEngine(DOCKER)).toEqual({ whyNot: "Cannot connect to the Docker daemon" });
  });

  test("by none of a CLI that is not there", async () => {
    const missing = join(FOLDER, "missing");
    expect(await findDockerEngine(missing)).toEqual({ whyNot: `there is no command ${missing}` });
  });

  test("by none of a CLI that does not end in time", async () => {
    fakeDocker({ info: "sleep 60" });
    expect(await findDockerEngine(DOCKER, 100)).toEqual({ whyNot: "docker info did not end within 0.1 s" });
  });
});

describe("an image", () => {
  const build = { context: "/project/image", platform: "linux/amd64" };

  test("that the engine has is not built", async () => {
    fakeDocker({ image: "echo sha256:1" });
    expect(await ensureImage("echo:1", build, { docker: DOCKER })).toBe(false);
    expect(calls()).toEqual(["image inspect --format {{.Id}} echo:1"]);
  });

  test("that it has not is built, which is told line by line", async () => {
    fakeDocker({ image: "exit 1", build: "echo one; echo; echo Step 1/2 : FROM busybox; echo two" });
    const told: ImageProgress[] = [];
    expect(await ensureImage("echo:1", build, { docker: DOCKER, tell: (progress) => told.push(progress) })).toBe(true);
    expect(calls()[1]).toBe(
      "build --force-rm --tag echo:1 --platform linux/amd64 --label workflow.image=local /project/image",
    );
    expect(told).toEqual([
      { part: null, line: null },
      { part: null, line: "one" },
      { part: "step 1 of 2", line: "FROM busybox" },
      { part: "step 1 of 2", line: "two" },
    ]);
  });

  test("of a registry is pulled unless the engine has it", async () => {
    fakeDocker({ image: "echo sha256:1" });
    expect(await ensurePulled("python:3.12", { docker: DOCKER })).toBe(false);
    fakeDocker({ image: "exit 1", pull: "echo pulling" });
    const told: ImageProgress[] = [];
    expect(await ensurePulled("python:3.12", { docker: DOCKER, tell: (progress) => told.push(progress) })).toBe(true);
    expect(calls()[1]).toBe("pull python:3.12");
    expect(told).toEqual([
      { part: null, line: null },
      { part: null, line: "pulling" },
    ]);
    fakeDocker({ image: "exit 1", pull: "echo denied; exit 1" });
    await expect(ensurePulled("python:3.12", { docker: DOCKER })).rejects.toThrow(
      "image python:3.12 cannot be pulled: docker pull ended with 1\ndenied",
    );
  });

  test("that cannot be built is an error with the end of what was said", async () => {
    fakeDocker({ image: "exit 1", build: "i=0; while [ $i -lt 50 ]; do echo line $i; i=$((i+1)); done; exit 2" });
    const failure = await ensureImage("echo:1", build, { docker: DOCKER }).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(EngineError);
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 10}`);
    expect((failure as Error).message).toBe(
      ["image echo:1 cannot be built from /project/image: docker build ended with 2", ...lines].join("\n"),
    );
  });

  test("that cannot be built is an error with the line of the Dockerfile", async () => {
    const context = mkdtempSync(join(tmpdir(), "docker-image-test-"));
    writeFileSync(join(context, "Dockerfile"), "# comment\nFROM busybox\n\nRUN one && \\\n  two\nRUN three\n");
    fakeDocker({ image: "exit 1", build: "echo 'Step 1/3 : FROM busybox'; echo 'Step 3/3 : RUN three'; exit 1" });
    await expect(ensureImage("echo:1", { ...build, context }, { docker: DOCKER })).rejects.toThrow(
      /\nStep 3\/3 : RUN three\nat Dockerfile:6: RUN three$/,
    );
    rmSync(context, { recursive: true });
  });

  test("is not built on when that is stopped", async () => {
    fakeDocker({ image: "exit 1", build: "echo $$ > partly; mv partly building; sleep 60" });
    const stop = new AbortController();
    const outcome = ensureImage("echo:1", build, { docker: DOCKER, signal: stop.signal });
    while (!existsSync(join(FOLDER, "building"))) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await outcome).toBe(false);
    await gone(readFileSync(join(FOLDER, "building"), "utf8").trim());
  });

  test("is not even begun when that is stopped before", async () => {
    fakeDocker({ image: "exit 1" });
    expect(await ensureImage("echo:1", build, { docker: DOCKER, signal: AbortSignal.abort() })).toBe(false);
    expect(calls().filter((call) => call.startsWith("build"))).toEqual([]);
  });
});
