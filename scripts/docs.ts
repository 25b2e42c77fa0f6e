/** Generates the parts of the documentation that come from the code. `npm run docs` writes them. A test fails if they are stale. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toSvg } from "../src/asl/diagram/svg";
import { runScript } from "../src/base/errors";
import { replaceFile } from "../src/base/output-file";
import { describeSettings, type JobSettings, loadSettings, PROJECT_FOLDER } from "../src/project/load-settings";
import { loadWorkflow } from "../src/project/workflow-files";

/** The unit and the description of each field of a job. The settings know if a field is required, and its default. */
const JOB_HELP: Readonly<Record<keyof JobSettings, { readonly unit: string; readonly help: string }>> = {
  image: { unit: "path", help: "Folder with the Dockerfile, relative to the project. It is the build context." },
  vcpus: {
    unit: "vCPUs",
    help: "0.25, 0.5, 1, 2, 4, 8 or 16 on Fargate. Rounded up on instances. At most `maxVcpus`.",
  },
  memoryMiB: {
    unit: "MiB",
    help: "At least 4. Fargate supports certain sizes for each number of vCPUs. A job that uses more memory is killed.",
  },
  timeoutSeconds: {
    unit: "seconds",
    help: "At least 60. Batch ends an attempt that takes longer, and does not retry it.",
  },
  attempts: {
    unit: "times",
    help: "1 to 10. How often Batch starts the job in all. Batch retries only if the host is lost.",
  },
  command: {
    unit: "strings",
    help: "Arguments of the image's entry point, if the document sets none. `Ref::name` stands for the value of a parameter.",
  },
  parameters: { unit: "strings by name", help: "Values of the parameters that the document does not set." },
  localCommand: {
    unit: "strings",
    help: "Command that replaces the container if Docker is not available. Runs in the project folder, with the job's command as its arguments. If unset, the job needs Docker.",
  },
};

/** A job with only the required fields. */
const SMALLEST_JOB: Partial<JobSettings> = {
  image: "image",
  vcpus: 0.25,
  memoryMiB: 512,
  timeoutSeconds: 60,
  attempts: 1,
};

/** Returns the content of each generated file, by path relative to the project. */
export async function generatedFiles(): Promise<Record<string, string>> {
  return {
    "docs/workflow.svg": await toSvg(loadWorkflow(loadSettings({})).document),
    "README.md": withTable("README.md", "settings", settingsTable()),
    "docs/jobs.md": withTable("docs/jobs.md", "jobs", jobsTable()),
  };
}

/** Returns the file with a new table between the comments of this name. */
function withTable(path: string, name: string, table: string): string {
  const between = new RegExp(`(<!-- ${name} -->\n).*(<!-- /${name} -->)`, "s");
  return readFileSync(join(PROJECT_FOLDER, path), "utf8").replace(
    between,
    (_, start: string, end: string) => `${start}${table}\n${end}`,
  );
}

function settingsTable(): string {
  const rows = describeSettings({}).map(({ name, variable, default: value, help }) => {
    const cells = variable === null ? ["", "[fields](docs/jobs.md)"] : [code(variable), code(String(value ?? ""))];
    return `| ${[code(name), ...cells, help].join(" | ")} |`;
  });
  return ["| setting | variable | default | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function jobsTable(): string {
  const job = loadSettings({}, { jobs: { job: SMALLEST_JOB } }).jobs.job!;
  const rows = (Object.keys(JOB_HELP) as (keyof JobSettings)[]).map((field) => {
    const { unit, help } = JOB_HELP[field];
    const fallback = field in SMALLEST_JOB ? "required" : code(JSON.stringify(job[field]));
    return `| ${[code(field), fallback, unit, help].join(" | ")} |`;
  });
  return ["| field | default | unit | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

async function main(): Promise<void> {
  for (const [path, content] of Object.entries(await generatedFiles())) {
    replaceFile(join(PROJECT_FOLDER, path), content);
  }
}

if (require.main === module) void runScript(main, { exitCode: 2 });
