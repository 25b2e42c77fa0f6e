/** What the documentation takes from the code: `npm run docs` writes it, a test fails when it is stale. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toSvg } from "../src/asl/diagram/render";
import { runScript } from "../src/base/errors";
import { replaceFile } from "../src/base/output-file";
import { describeSettings, loadSettings } from "../src/project/load-settings";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import type { JobSettings } from "../src/project/settings-types";
import { loadWorkflow } from "../src/project/workflow-files";

/** Each field of a job: its unit, and what it is. Whether it is required, and its default, the settings say. */
const JOB_HELP: Readonly<Record<keyof JobSettings, { readonly unit: string; readonly help: string }>> = {
  image: { unit: "path", help: "Folder with the Dockerfile: the build context, relative to the project." },
  vcpus: {
    unit: "vCPUs",
    help: "0.25, 0.5, 1, 2, 4, 8 or 16 on Fargate; on instances rounded up. At most `maxVcpus`.",
  },
  memoryMiB: {
    unit: "MiB",
    help: "At least 4; Fargate has certain sizes for each number of vCPUs. A job that takes more is killed.",
  },
  timeoutSeconds: { unit: "seconds", help: "At least 60. An attempt that takes longer is ended, and not made again." },
  attempts: {
    unit: "times",
    help: "1 to 10: how often Batch starts the job, in all. It does so again where the host was lost.",
  },
  command: {
    unit: "strings",
    help: "Arguments of the image's entry point, where the document gives none; `Ref::name` is a parameter's value.",
  },
  parameters: { unit: "strings by name", help: "Values of the parameters that the document gives none." },
  localCommand: {
    unit: "strings",
    help: "What runs in the project's folder, the command behind it, where there is no Docker engine. Unset, the job needs one.",
  },
};

/** A job with no more than it needs. */
const SMALLEST_JOB: Partial<JobSettings> = {
  image: "image",
  vcpus: 0.25,
  memoryMiB: 512,
  timeoutSeconds: 60,
  attempts: 1,
};

/** The generated files as they should be: content by path, relative to the project. */
export async function generatedFiles(): Promise<Record<string, string>> {
  return {
    "docs/workflow.svg": await toSvg(loadWorkflow(loadSettings({})).document),
    "README.md": withTable("README.md", "settings", settingsTable()),
    "docs/jobs.md": withTable("docs/jobs.md", "jobs", jobsTable()),
  };
}

/** A file with the table that stands between the comments of this name written anew. */
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
