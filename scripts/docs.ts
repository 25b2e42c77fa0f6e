/** Generates the parts of the documentation that come from the code. `npm run docs` writes them. A test fails if they are stale. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toSvg } from "../src/asl/diagram/svg";
import { LOCAL_INTEGRATIONS } from "../src/asl/local-tasks";
import { BATCH_ONLY_FIELDS } from "../src/asl/submit-job";
import { runScript } from "../src/base/errors";
import { replaceFile } from "../src/base/output-file";
import { QUEUE_CAUSES } from "../src/cli/doctor/queue/queue-causes";
import LIST from "../src/execution/cost/price-list.json";
import { pricesOf, type RegionPrices } from "../src/execution/cost/prices";
import { CHAOS_FAILURES } from "../src/local/engines/chaos-failures";
import { JOB_FIELDS } from "../src/project/job-fields";
import { describeSettings, loadSettings } from "../src/project/load-settings";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import { settingsSchema } from "../src/project/settings-schema";
import type { Settings } from "../src/project/settings-types";
import { loadWorkflow } from "../src/project/workflow-files";
import { RETRY_RULES } from "../stacks/retry-rules";
import { EXAMPLES, exampleContext } from "./examples";

/** Returns the content of each generated file, by path relative to the project. */
export async function generatedFiles(): Promise<Record<string, string>> {
  return {
    "docs/workflow.svg": await toSvg(loadWorkflow(loadSettings({})).document),
    ...(await exampleDiagrams()),
    "README.md": withTable("README.md", "settings", settingsTable()),
    "cdktf.schema.json": `${JSON.stringify(settingsSchema(), null, 2)}\n`,
    "docs/jobs.md": jobsPage(),
    "docs/running.md": runningPage(),
    "docs/language.md": withTable("docs/language.md", "only-on-aws", onlyOnAwsTable()),
    "docs/costs.md": withTable("docs/costs.md", "prices", pricesTable()),
  };
}

async function exampleDiagrams(): Promise<Record<string, string>> {
  const diagrams = EXAMPLES.map(async (example) => {
    const { document } = loadWorkflow(loadSettings({}, exampleContext(example)));
    return [`examples/${example}/workflow.svg`, await toSvg(document)];
  });
  return Object.fromEntries(await Promise.all(diagrams));
}

/** Returns the file with a new table between the comments of this name. */
function withTable(path: string, name: string, table: string): string {
  return replaceTable(readFileSync(join(PROJECT_FOLDER, path), "utf8"), name, table);
}

function replaceTable(text: string, name: string, table: string): string {
  const between = new RegExp(`(<!-- ${name} -->\n).*(<!-- /${name} -->)`, "s");
  return text.replace(between, (_, start: string, end: string) => `${start}${table}\n${end}`);
}

function jobsPage(): string {
  return replaceTable(withTable("docs/jobs.md", "jobs", jobsTable()), "retries", retriesTable());
}

function runningPage(): string {
  return replaceTable(withTable("docs/running.md", "chaos", chaosTable()), "waits", waitsTable());
}

function waitsTable(): string {
  const rows = QUEUE_CAUSES.map(({ name, seen, fix }) => {
    const withCode = fix.replace(/\b[A-Z]+_[A-Z_]+(=\w+)?\b/g, (name) => code(name));
    return `| ${name} | ${seen} | ${withCode[0]!.toUpperCase()}${withCode.slice(1)} |`;
  });
  return ["| cause | how it shows | what to do |", "| --- | --- | --- |", ...rows].join("\n");
}

function retriesTable(): string {
  const rows = Object.entries(RETRY_RULES).flatMap(([platform, rules]) =>
    rules.map(({ action, onReason, onStatusReason, help, source }) => {
      const text = onReason === undefined ? `status reason ${code(onStatusReason!)}` : `reason ${code(onReason)}`;
      return `| ${platform} | ${text} | ${action === "retry" ? "starts again" : "ends"} | ${help} | [source](${source}) |`;
    }),
  );
  return ["| on | text | the job | | |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function chaosTable(): string {
  const rows = Object.entries(CHAOS_FAILURES).map(
    ([name, { meaning, text, source }]) => `| ${code(name)} | ${meaning} | ${text} | [source](${source}) |`,
  );
  return ["| name | what happens | text of Batch | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** The descriptions of the settings that only cdktf.json can hold. */
const GUIDES: Partial<Record<keyof Settings, string>> = {
  schedule: "[fields](docs/deploying.md)",
  substitutions: "[values](docs/placeholders.md#values-of-your-own)",
  statements: "[statements](docs/placeholders.md#rights-of-your-own)",
  jobs: "[fields](docs/jobs.md)",
};

function settingsTable(): string {
  const rows = describeSettings({}).map(({ name, variable, default: value, help }) => {
    const cells = variable === null ? ["", GUIDES[name]] : [code(variable), code(String(value ?? ""))];
    return `| ${[code(name), ...cells, help].join(" | ")} |`;
  });
  return ["| setting | variable | default | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function jobsTable(): string {
  const rows = Object.entries(JOB_FIELDS).map(([field, { default: value, unit, help }]) => {
    const fallback = value === undefined ? "required" : code(JSON.stringify(value));
    return `| ${[code(field), fallback, unit, help].join(" | ")} |`;
  });
  return ["| field | default | unit | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

const BATCH_TASKS = LOCAL_INTEGRATIONS.filter((name) => name.startsWith("batch:"));

function onlyOnAwsTable(): string {
  const rows = [
    [
      `Tasks other than ${listOf(BATCH_TASKS)} and the S3 tasks above`,
      "The execution fails with `Workflow.NotMocked`. Mock them.",
    ],
    [`The fields ${listOf(BATCH_ONLY_FIELDS)} of a Batch request, and \`GPU\``, "The run is refused. Mock the state."],
    [
      "`VersionId`, `PartNumber` and other fields of an S3 task that need versions or parts of objects",
      "The run is refused. Mock the state.",
    ],
    [
      "`ContentType`, `Metadata` and other fields that S3 keeps with an object",
      "A file has only its content, so they are lost.",
    ],
    ["`ItemReader` for `MANIFEST`, `PARQUET`, `S3_INVENTORY` and `ATHENA_DATA`", "The run is refused."],
    ["The operator `in` and functions in a JSONPath filter", "The run is refused."],
    ["The role of `Credentials`", "The task runs without it."],
  ];
  return ["| feature | here |", "| --- | --- |", ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
}

/** The prices that a region may have. */
const PRICES: readonly (readonly [name: string, isKnown: (prices: RegionPrices) => boolean])[] = [
  ["Fargate, X86_64", ({ fargate }) => fargate.X86_64 !== undefined],
  ["Fargate, ARM64", ({ fargate }) => fargate.ARM64 !== undefined],
  ["Fargate Spot", ({ fargateSpot }) => fargateSpot !== undefined],
  ["Fargate, scratch space", ({ scratchGib }) => scratchGib !== undefined],
  ["EC2, X86_64", ({ instance }) => instance?.X86_64 !== undefined],
  ["EC2, ARM64", ({ instance }) => instance?.ARM64 !== undefined],
  ["Step Functions", ({ thousandTransitions }) => thousandTransitions !== undefined],
];

function pricesTable(): string {
  const all = Object.keys(LIST.regions);
  const rows = PRICES.map(([name, isKnown]) => {
    const [known, others] = [true, false].map((wanted) =>
      all.filter((region) => isKnown(pricesOf(region)!) === wanted),
    );
    const fewer = known!.length > others!.length ? `all${others!.length > 0 ? ` but ${listOf(others!)}` : ""}` : null;
    return `| ${name} | ${fewer ?? listOf(known!)} |`;
  });
  return [
    `The table has ${all.length} regions: ${listOf(all)}.`,
    "",
    "| price | known for |",
    "| --- | --- |",
    ...rows,
  ].join("\n");
}

function listOf(names: readonly string[]): string {
  return names.map(code).join(", ");
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
