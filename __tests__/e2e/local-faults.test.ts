/** Tests faults of the local run on the real command line: hangs, kills, leftovers. Needs no emulator. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BETWEEN_INTERRUPTS, gone, LocalProject, pause, there, uniqueSleep } from "./local-run";

const onLinux = process.platform === "linux" ? test : test.skip;
const WITHIN = 2000;

let project: LocalProject;

beforeAll(() => {
  project = new LocalProject();
});
afterAll(() => project.dispose());

const local = (...args: string[]) => project.start(["--engine", "process", ...args]);

describe("a job", () => {
  onLinux.each([
    ["holds its output open", (sleep: string) => `setsid ${sleep} & echo started`],
    ["writes nowhere", (sleep: string) => `setsid ${sleep} >/dev/null 2>&1 & echo started`],
    ["is a group of the job's own", (sleep: string) => `set -m; ${sleep} & echo started`],
    ["starts another", (sleep: string) => `setsid sh -c 'setsid ${sleep} & wait' & echo started`],
  ])("ends with its process, and what it leaves behind ends too: what %s", async (_, script) => {
    const sleep = uniqueSleep();
    project.job(script(sleep));
    const { code, stderr } = await local().ended;
    expect(code).toBe(0);
    expect(stderr).toContain("one │ started\n");
    await gone(sleep);
  });

  onLinux("ends with its process even where what it leaves behind cannot be found", async () => {
    const sleep = uniqueSleep();
    // The other process must have left its group before this one ends.
    project.job(`env -i /usr/bin/setsid /bin/${sleep} & sleep 1; echo started`);
    const { code } = await local().ended;
    expect(code).toBe(0);
    process.kill((await there(`/bin/${sleep}`)).pid, "SIGKILL");
  });

  onLinux("that takes too long ends then, with what is in sessions of its own", async () => {
    const [one, other] = [uniqueSleep(), uniqueSleep()];
    project.job(`setsid ${one} & ${other}`, { TimeoutSeconds: 1 });
    const run = local();
    await run.says("one started");
    expect(await run.untilEnd()).toBeLessThan(1000 + WITHIN);
    expect(run.stderr).toContain("States.Timeout");
    await gone(one);
    await gone(other);
  });

  onLinux("that is killed has failed with 137", async () => {
    project.job("kill -9 $$", {});
    const { code, stderr } = await local().ended;
    expect(code).toBe(1);
    expect(stderr).toContain("exit code 137");
  });
});

describe("Ctrl-C", () => {
  onLinux("stops the jobs; a second one kills those that go on, within two seconds", async () => {
    const [one, other] = [uniqueSleep(), uniqueSleep()];
    project.job(`trap '' TERM; setsid ${one} & echo begin; ${other}; ${other}`);
    const run = local("--json");
    await run.says("one │ begin");
    run.signal("SIGINT");
    await pause(BETWEEN_INTERRUPTS);
    await there(other);
    run.signal("SIGINT");
    expect(await run.untilEnd()).toBeLessThan(WITHIN);
    const { code, stdout } = await run.ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: "ABORTED" });
    await gone(one);
    await gone(other);
  });

  onLinux.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s, once, ends a run whose jobs end", async (signal) => {
    const sleep = uniqueSleep();
    project.job(`echo begin; ${sleep}`);
    const run = local();
    await run.says("one │ begin");
    run.signal(signal);
    expect(await run.untilEnd()).toBeLessThan(WITHIN);
    expect((await run.ended).code).toBe(1);
    expect(run.stderr).toContain("ABORTED");
    await gone(sleep);
  });

  onLinux("twice ends the command where the process that starts the jobs is stopped", async () => {
    const [one, other] = [uniqueSleep(), uniqueSleep()];
    project.job(`setsid ${one} & echo begin; ${other}`);
    const run = local("--json");
    await run.says("one │ begin");
    const host = await run.startedProcess("process-host");
    process.kill(host.pid, "SIGSTOP");
    run.signal("SIGINT");
    await pause(BETWEEN_INTERRUPTS);
    run.signal("SIGINT");
    expect(await run.untilEnd()).toBeLessThan(WITHIN);
    const { code, stdout } = await run.ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: "ABORTED" });
    for (const part of [one, other, `${project.folder}/src/local/engines/process-host`]) await gone(part);
  });

  onLinux.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends a synth that hangs", async (signal) => {
    project.job("echo never");
    const run = local();
    const synth = await run.startedProcess("main.ts");
    process.kill(synth.pid, "SIGSTOP");
    run.signal(signal);
    expect(await run.untilEnd()).toBeLessThan(WITHIN);
    expect(await run.ended).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toMatch(/stopped before the execution started\n$/);
    await gone(synth.command);
  });

  const docker = (...args: string[]) => args.join("\n");
  const INFO = 'case "$1" in info) echo "20.0.0 2"; exit 0 ;; esac';

  onLinux.each([
    ["probe", ""],
    ["look for the image", INFO],
    ["build", docker(INFO, 'case "$*" in image*) exit 1 ;; esac')],
  ])("ends a Docker CLI that hangs at the %s", async (_, script) => {
    const sleep = uniqueSleep();
    project.job("echo never");
    const run = project.start(["--engine", "docker"], { docker: docker(script, "trap '' TERM INT HUP", sleep) });
    await there(sleep);
    run.signal("SIGINT");
    expect(await run.untilEnd()).toBeLessThan(WITHIN);
    expect((await run.ended).code).toBe(1);
    await gone(sleep);
  });

  onLinux("twice ends the command where the Docker engine hangs", async () => {
    const sleep = uniqueSleep();
    project.job("echo never");
    const script = docker(INFO, 'case "$1" in image) exit 0 ;; esac', "trap '' TERM INT HUP", sleep);
    const run = project.start(["--engine", "docker", "--json"], { docker: script });
    await there(sleep);
    run.signal("SIGINT");
    await pause(BETWEEN_INTERRUPTS);
    run.signal("SIGINT");
    expect(await run.untilEnd()).toBeLessThan(WITHIN);
    const { code, stdout } = await run.ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: "ABORTED" });
    await gone(sleep);
  });
});

onLinux(
  "an image that cannot be built is told with the builder's words, and with the way that needs no image",
  async () => {
    project.job("echo never");
    const script = 'case "$1" in info) echo "20.0.0 2" ;; image) exit 1 ;; build) echo no network; exit 1 ;; esac';
    const { code, stderr } = await project.start(["--engine", "docker"], { docker: script }).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/building image \S+\n/);
    expect(stderr).toMatch(
      /docker build ended with 1\nno network\n`--engine process` runs the jobs without an image\n$/,
    );
  },
);

onLinux.each([22, 24])("a limit of %d open files is named, and shows no stack trace", async (files) => {
  project.job("echo never");
  const wrap = (command: string) => `ulimit -n ${files}; ${command}`;
  const { code, stderr } = await project.start(["--engine", "process"], { wrap }).ended;
  expect(code).toBe(1);
  expect(stderr).toContain("too many files are open");
  expect(stderr).not.toMatch(/^ +at /m);
});

describe("SIGKILL", () => {
  onLinux("of the command ends its jobs, and what they have left behind", async () => {
    const [one, other] = [uniqueSleep(), uniqueSleep()];
    project.job(`setsid ${one} & echo begin; ${other}`);
    const run = local();
    await run.says("one │ begin");
    await there(one);
    run.signal("SIGKILL");
    for (const part of [one, other, `${project.folder}/src/local/engines/process-host`]) await gone(part);
  });

  onLinux("of the command leaves a run that is ABORTED, can be read, and goes on", async () => {
    const sleep = uniqueSleep();
    project.job(`echo begin; test -e go-on || ${sleep}; echo end`);
    const run = local("--name", "killed");
    await run.says("one │ begin");
    run.signal("SIGKILL");
    await gone(sleep);
    expect(JSON.parse(project.command("list", "--local", "--json"))[0]).toMatchObject({
      ...{ name: "killed", status: "ABORTED", wasKilled: true },
    });
    expect(project.command("logs", "--local")).toBe("one │ begin\n");
    project.command("report", "latest", "killed.json", "--local");
    expect(JSON.parse(project.read("killed.json"))).toMatchObject({ name: "killed", status: "ABORTED" });
    writeFileSync(join(project.folder, "go-on"), "");
    expect(JSON.parse(project.command("redrive", "killed", "--local", "--json"))).toMatchObject({
      ...{ name: "killed", status: "SUCCEEDED" },
    });
    rmSync(join(project.folder, "go-on"));
  });

  onLinux("of the process that starts the jobs loses their host; a further attempt succeeds", async () => {
    const [one, other] = [uniqueSleep(), uniqueSleep()];
    project.configure(["/bin/sh"], 2);
    project.job(`[ "$AWS_BATCH_JOB_ATTEMPT" = 2 ] && exit 0; setsid ${one} & echo begin; ${other}`);
    const run = local("--json");
    await run.says("one │ begin");
    process.kill((await run.startedProcess("process-host")).pid, "SIGKILL");
    const { code, stdout } = await run.ended;
    project.configure(["/bin/sh"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "SUCCEEDED",
      jobs: [{ attempts: [{ exitCode: null }, { exitCode: 0 }] }],
    });
    await gone(one);
    await gone(other);
  });

  onLinux("of the synth is said", async () => {
    project.job("echo never");
    const run = local();
    process.kill((await run.startedProcess("main.ts")).pid, "SIGKILL");
    const { code, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/the stacks cannot be synthesized:\nSIGKILL ended the process\n$/);
  });
});

describe("a hang-up that was ignored at the start stays ignored", () => {
  onLinux.each([
    ["nohup", (command: string) => `nohup ${command.replace("exec ", "")}`],
    ["a shell that ignores it", (command: string) => `trap '' HUP; ${command.replace("exec ", "")}; true`],
    ["output that goes to files", (command: string) => `${command} > hup.log 2>&1 < /dev/null`],
  ])("under %s", async (_, wrap) => {
    project.job("echo begin; sleep 2; echo end");
    const run = project.start(["--engine", "process", "--report", "hup.json"], { wrap });
    await run.startedProcess("process-host");
    run.signalCommand("SIGHUP");
    expect((await run.ended).code).toBe(0);
    expect(JSON.parse(project.read("hup.json"))).toMatchObject({ status: "SUCCEEDED" });
    rmSync(`${project.folder}/hup.json`);
  });
});
