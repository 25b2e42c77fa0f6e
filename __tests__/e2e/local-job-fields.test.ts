/** Runs a job for each setting of a job, in a container and as a process. Needs a Docker engine, no emulator. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { BUSYBOX, JOB_FIELDS, type JobField, SECRET_VALUES } from "../job-fields";
import { Project } from "./project";
import { Terminal } from "./terminal";

let project: Project;
beforeAll(() => {
  project = new Project();
  configure(JOB_FIELDS);
  project.write("workflow/echo.input.json", "{}");
  project.write("workflow/echo.input.schema.json", "{}");
});
afterAll(() => project.dispose());

/** Runs a job for each field, all at the same time. */
function configure(fields: readonly JobField[], { mayFail = true } = {}): void {
  const jobs = fields.map(({ name, settings }) => [name, { ...JOB, ...settings }]);
  project.configure({ jobs: Object.fromEntries(jobs) });
  const branches = fields.map((field) => ({
    StartAt: field.name,
    States: mayFail
      ? {
          [field.name]: { ...state(field), Catch: [{ ErrorEquals: ["States.ALL"], Next: `${field.name}-failed` }] },
          [`${field.name}-failed`]: { Type: "Pass", End: true },
        }
      : { [field.name]: state(field) },
  }));
  const document = { StartAt: "all", States: { all: { Type: "Parallel", Branches: branches, End: true } } };
  project.write("workflow/echo.asl.json", JSON.stringify(document));
}

const JOB = {
  imageUri: BUSYBOX,
  vcpus: 0.25,
  memoryMiB: 512,
  timeoutSeconds: 60,
  attempts: 1,
  localCommand: ["/usr/bin/env"],
};

function state({ name, settings, shell }: JobField): object {
  const ownQueue = "compute" in settings;
  const pascal = name.charAt(0).toUpperCase() + name.slice(1);
  return {
    Type: "Task",
    Resource: "arn:${Partition}:states:::batch:submitJob.sync",
    Parameters: {
      JobName: name,
      JobDefinition: `\${${pascal}JobDefinitionArn}`,
      JobQueue: ownQueue ? `\${${pascal}JobQueueArn}` : "${JobQueueArn}",
      ContainerOverrides: {
        Command: ["sh", "-c", shell, ...("parameters" in settings ? ["Ref::word", "last"] : [])],
      },
    },
    End: true,
  };
}

/** A job without settings of its own. */
function shellJob(name: string, shell: string, settings: object = {}): JobField {
  return { name, settings, shell, container: "", process: null };
}

/** Runs the workflow. Returns what each job printed, and everything that the command printed and wrote. */
async function run(engine: string, ...args: string[]): Promise<{ logs: Record<string, string>; all: string }> {
  const folder = `logs-${engine}`;
  const views = ["--logs", folder, "--report", `${engine}.html`, "--trace", `${engine}.csv`, "--json", "--force"];
  const { output } = await project.startWorkflow("local", "--engine", engine, ...views, ...args).ended;
  if (!existsSync(join(project.folder, `${engine}.html`))) throw new Error(output);
  const path = join(project.folder, folder);
  const files = readdirSync(path).map((file) => [file.split(".")[0]!, readFileSync(join(path, file), "utf8")] as const);
  const written = [project.read(`${engine}.html`), project.read(`${engine}.csv`), ...files.map(([, text]) => text)];
  const logs = Object.fromEntries(files.map(([job, text]) => [job, text.trimEnd()]));
  return { logs, all: [output, ...written].join("\n") };
}

describe.each(["docker", "process"] as const)("with the engine %s", (engine) => {
  let logs: Record<string, string>;
  let all: string;
  beforeAll(async () => {
    project.write(".secrets.env", `TOKEN=${SECRET_VALUES.TOKEN}\n`);
    ({ logs, all } = await run(engine));
  });

  const expected = JOB_FIELDS.map((field) => [field, engine === "docker" ? field.container : field.process] as const);
  test.each(expected.filter(([, text]) => text !== null).map(([{ name }, text]) => [name, text]))(
    "the job sees %s",
    (name, text) => {
      expect(logs[name!]).toBe(text);
    },
  );

  test("no view and no log shows the secret", () => {
    expect(all).toContain("***");
    expect(all).not.toContain(SECRET_VALUES.TOKEN);
  });

  test("one line names what has no effect here", () => {
    const line = /^.* run without what these settings ask for: .*$/m.exec(all)![0];
    expect(line).toBe(
      engine === "docker"
        ? "here, the jobs run without what these settings ask for: `gpus` (gpus), `ephemeralStorageGiB` (storage), `exec` (exec), `statements` (statements)"
        : "as plain processes, the jobs run without what these settings ask for: `memoryMiB`, `user` (user), `readonlyRootFilesystem` (readonly), `initProcess` (init), `sharedMemoryMiB` (shm), `efs` (efs), `gpus` (gpus), `ephemeralStorageGiB` (storage), `exec` (exec), `statements` (statements)",
    );
  });
});

/** The ends of jobs, which must be the same in a container and as a process. */
const ENDS: Readonly<Record<string, readonly [shell: string, exitCode: number]>> = {
  code: ["exit 3", 3],
  killed: ["sh -c 'kill -9 $$'; exit $?", 137],
  ended: ["sh -c 'kill $$'; exit $?", 143],
  missing: ["no-such-program", 127],
  noprogram: ["touch /tmp/workflow-file; /tmp/workflow-file", 126],
  input: ["read line || exit 4", 4],
};

test.each(["docker", "process"])("with the engine %s, jobs end with the codes of a shell", async (engine) => {
  configure(Object.entries(ENDS).map(([name, [shell]]) => shellJob(name, shell)));
  await project.startWorkflow("local", "--engine", engine, "--report", "ends.json", "--force").ended;
  const { jobs } = JSON.parse(project.read("ends.json")) as { jobs: { name: string; exitCode: number }[] };
  expect(Object.fromEntries(jobs.map(({ name, exitCode }) => [name, exitCode]))).toEqual(
    Object.fromEntries(Object.entries(ENDS).map(([name, [, exitCode]]) => [name, exitCode])),
  );
});

describe("the options", () => {
  const one = (shell: string, settings: object) => configure([shellJob("one", shell, settings)]);
  const secret = JOB_FIELDS.find(({ name }) => name === "secrets")!.settings;

  test("give jobs variables, secrets and mounts, and no list of processes shows a secret", async () => {
    project.write("in/file", "from here\n");
    project.write("a.env", "A=file\nB=file\n");
    project.write("my.env", "TOKEN=wrong\none.TOKEN=hunter2-of-options\n");
    mkdirSync(join(project.folder, "out"));
    const wait = "touch /out/started; while [ ! -e /out/go ]; do sleep 0.1; done";
    one(`echo "$A $B $C $TOKEN"; cat /in/file; touch /in/new 2>/dev/null || echo protected; ${wait}`, secret);
    const variables = ["--env-file", "a.env", "--env", "A=flag", "--env", "C", "--secrets", "my.env"];
    const mounts = ["--mount", "in:/in:ro", "--mount", "out:/out", "--max-jobs", "1"];
    const { ended } = project.startWorkflow("local", "--engine", "docker", ...variables, ...mounts, { C: "own" });
    while (!existsSync(join(project.folder, "out/started"))) await setTimeout(100);
    const listed = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    project.write("out/go", "");
    const { status, output } = await ended;
    expect(output).toContain("one │ flag file own ***\n");
    expect(output).toContain("one │ from here\none │ protected\n");
    expect(status).toBe(0);
    expect(listed).toContain("--env TOKEN");
    expect(listed + output).not.toMatch(/hunter2|wrong/);
  });

  test("without the value of a secret, nothing starts", async () => {
    rmSync(join(project.folder, ".secrets.env"), { force: true });
    one("echo runs", secret);
    const { status, output } = await project.startWorkflow("local", "--engine", "docker").ended;
    expect(status).toBe(2);
    expect(output).toMatch(/^secrets have no value here; .*:\n {2}TOKEN=… {3}\(for the job one\)\n$/);
  });

  test("--aws-profile gives the jobs credentials that nothing shows", async () => {
    const keys = "aws_access_key_id=AKIDOFPROFILE\naws_secret_access_key=hunter2-of-profile";
    project.write("aws-config", `[profile work]\nregion=eu-central-1\n${keys}\n`);
    one('echo "$AWS_REGION $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY"', {});
    const flags = ["--engine", "docker", "--aws-profile", "work"];
    const config = { AWS_CONFIG_FILE: join(project.folder, "aws-config") };
    const { output } = await project.startWorkflow("local", ...flags, config).ended;
    expect(output).toContain("one │ eu-central-1 *** ***\n");
    expect(output).toContain(
      "the jobs have the credentials of the profile work: what they do with AWS is real (region eu-central-1)\n",
    );
  });

  test.each(["docker", "process"])(
    "with the engine %s, the keys of the run's own S3 endpoint are hidden",
    async (engine) => {
      one(
        'echo "$DATA_BUCKET" | cut -c1-4; echo "${#AWS_SECRET_ACCESS_KEY} $AWS_SECRET_ACCESS_KEY" | cut -d" " -f2',
        {},
      );
      const { output } = await project.startWorkflow("local", "--engine", engine, { WORKFLOW_DATA: "create" }).ended;
      expect(output).toContain("one │ echo\none │ ***\n");
    },
  );

  test("a job that writes to a read-only root fails with a hint", async () => {
    configure([shellJob("one", "echo x > /tmp/part", { readonlyRootFilesystem: true })], { mayFail: false });
    const { status, output } = await project.startWorkflow("local", "--engine", "docker", "--report", "r.json").ended;
    expect(status).toBe(1);
    const hint = "the root of the container is read-only, /tmp too: set `readonlyRootFilesystem` of the job to false";
    expect(output).toContain(`    hint: ${hint}\n`);
    expect(JSON.parse(project.read("r.json")).jobs[0].hint).toBe(hint);
  });

  test("the build of an image shows its steps, and where it fails", async () => {
    project.write("broken/Dockerfile", `FROM ${BUSYBOX}\n\nRUN echo fine\nRUN echo last words; exit 3\n`);
    one("echo runs", { imageUri: undefined, image: "broken" });
    const { status, output } = await project.startWorkflow("local", "--engine", "docker").ended;
    expect(status).toBe(2);
    expect(output).toMatch(/building image \S+, step 2 of \d: RUN echo fine\n/);
    expect(output).toMatch(/\nlast words\n/);
    expect(output).toMatch(/Dockerfile:4/);
  });
});

describe("a shell in a job", () => {
  let ended: Promise<unknown>;
  const variables = () => ({ ...project.variables, TERM: "xterm" });
  /** A shell at its prompt, of a person who then looks at the settings of the terminal. */
  const open = async () => {
    const script = `sh -c 'echo "pid $$"; exec node bin/workflow.js shell one --local'; echo "code $?"; stty -a`;
    const terminal = new Terminal("sh", ["-c", script], project.folder, variables());
    await terminal.shows("$ ");
    return terminal;
  };

  beforeAll(async () => {
    const out = join(project.folder, "shell");
    mkdirSync(out);
    chmodSync(out, 0o777);
    const wait = "cd /tmp; touch /out/running; while [ ! -e /out/stop ]; do sleep 0.1; done";
    configure([shellJob("one", wait, { user: "1000:1000" })], { mayFail: false });
    ({ ended } = project.startWorkflow("local", "--engine", "docker", "--mount", "shell:/out"));
    while (!existsSync(join(out, "running"))) await setTimeout(100);
  });
  afterAll(async () => {
    project.write("shell/stop", "");
    await ended;
  });

  test("has its user, the size of the terminal, Ctrl-C and the exit code, and gives the terminal back", async () => {
    const terminal = await open();
    terminal.type("echo $(id -u) $(stty size)");
    await terminal.shows("1000 50 120");
    terminal.resize(100, 40);
    terminal.type("echo $(id -u) $(stty size)");
    await terminal.shows("1000 40 100");
    terminal.type("echo begun; sleep 100");
    await terminal.shows("begun", 2);
    terminal.pressCtrlC();
    terminal.type("echo $((40 + 2)) again");
    await terminal.shows("42 again");
    terminal.type("exit 3");
    await terminal.ended;
    expect(terminal.shown).toMatch(/code 3\r\n.* icanon .* echo /s);
  });

  test("reads its commands from a pipe, beside another shell, and gives their exit code", async () => {
    const terminal = await open();
    const shell = ["bin/workflow.js", "shell", "latest", "--local"];
    const piped = { cwd: project.folder, env: variables(), input: "id -u; exit 4\n", encoding: "utf8" } as const;
    expect(spawnSync(process.execPath, shell, piped)).toMatchObject({ status: 4, stdout: "1000\n", stderr: "" });
    terminal.type("exit");
    await terminal.ended;
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("gives the terminal back after %s", async (signal, code) => {
    const terminal = await open();
    process.kill(Number(/pid (\d+)/.exec(terminal.shown)![1]), signal);
    await terminal.ended;
    expect(terminal.shown).toMatch(new RegExp(`code ${code}\r\n.* icanon .* echo `, "s"));
  });

  test("ends with its job, and says so", async () => {
    const terminal = await open();
    project.write("shell/stop", "");
    await terminal.ended;
    expect(terminal.shown).toMatch(
      /the job one has ended, and its container with it\r\ncode 137\r\n.* icanon .* echo /s,
    );
  });
});
