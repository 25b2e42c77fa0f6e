/** Runs a job for each setting of a job, in a container and as a process. Needs a Docker engine, no emulator. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BUSYBOX, JOB_FIELDS, type JobField, SECRET_VALUES } from "../job-fields";
import { Project } from "./project";

let project: Project;
beforeAll(() => {
  project = new Project();
  configure(JOB_FIELDS);
  project.write("workflow/echo.input.json", "{}");
  project.write("workflow/echo.input.schema.json", "{}");
});
afterAll(() => project.dispose());

/** Runs a job for each field, all at the same time. */
function configure(fields: readonly JobField[]): void {
  const jobs = fields.map(({ name, settings }) => [name, { ...JOB, ...settings }]);
  project.configure({ jobs: Object.fromEntries(jobs) });
  const branches = fields.map((field) => ({ StartAt: field.name, States: { [field.name]: state(field) } }));
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
        Command: ["sh", "-c", `{ ${shell}; } || true`, ...("parameters" in settings ? ["Ref::word", "last"] : [])],
      },
    },
    End: true,
  };
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
