/** The scanners themselves, over what is really synthesized. Skipped where they are not installed. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findTool, scan, synthesizeAll } from "../../src/cli/commands/scan";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { exampleSettings } from "../example";
import { Project } from "./project";

const tools = installed();
const describeTools = tools === null ? describe.skip : describe;

const settings = exampleSettings();
/** Synthesized as by default. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scan-e2e-"));
  synthesizeAll(settings, folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

function installed() {
  try {
    return { checkov: findTool("checkov", process.env.PATH), parliament: findTool("parliament", process.env.PATH) };
  } catch {
    return null;
  }
}

function run(args: readonly string[], changes: NodeJS.ProcessEnv = {}, cwd = PROJECT_FOLDER) {
  const env = { PATH: process.env.PATH, ...changes };
  const options = { cwd, env };
  return promisify(execFile)(process.execPath, ["-r", "ts-node/register/transpile-only", ...args], options);
}

/** Changes a stack's JSON for the time of `use`. */
async function withStack<T>(stack: string, from: string, to: string, use: () => Promise<T>): Promise<T> {
  const file = join(folder, "stacks", stack, "cdk.tf.json");
  const text = readFileSync(file, "utf8");
  const changed = text.replaceAll(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
  try {
    return await use();
  } finally {
    writeFileSync(file, text);
  }
}

describeTools("checkov and parliament (skipped unless installed)", () => {
  test("find nothing in the default configuration, nor in the largest; of what .config/checkov.yaml lists each fails in one", async () => {
    const largest = mkdtempSync(join(tmpdir(), "scan-e2e-"));
    try {
      synthesizeAll(exampleSettings({ WORKFLOW_NETWORK: "create", WORKFLOW_ALARMS: "true" }), largest);
      const reports = [await scan(folder, tools!), await scan(largest, tools!)];
      expect(reports.flatMap(({ findings }) => findings)).toEqual([]);
      const [idle, others] = reports.map(({ notes }) => notes.filter((note) => note.includes("does not fail")));
      expect(idle!.filter((note) => others!.includes(note))).toEqual([]);
    } finally {
      rmSync(largest, { recursive: true });
    }
  });

  test.each([
    [
      "a misspelt action",
      '"batch:SubmitJob"',
      '"batch:SubmitJobb"',
      /: Unknown action: "Unknown action batch:SubmitJobb"$/,
    ],
    [
      "what is no ARN",
      '"${aws_batch_job_queue.',
      '"x${aws_batch_job_queue.',
      /: Invalid ARN: "Does not start with arn:"$/,
    ],
    [
      "a resource of another kind",
      ':job/*"',
      ':job-queue/*"',
      /: No resources match for the given action: .*"batch:TerminateJob"/,
    ],
    [
      "a misspelt condition",
      "aws:SourceAccount",
      "aws:SourceAcount",
      /: Unknown condition for action: .* aws:SourceAcount /,
    ],
  ])("parliament finds %s", async (_, from, to, line) => {
    const { findings } = await withStack("workflow", from, to, () => scan(folder, tools!));
    expect(new Set(findings.map((finding) => finding.replace(/^parliament: workflow: \S+(?=: )/, "")))).toEqual(
      new Set([expect.stringMatching(line)]),
    );
  });

  test("checkov finds images that are not scanned", async () => {
    const found = await withStack("image", '"scan_on_push": true', '"scan_on_push": false', () => scan(folder, tools!));
    expect(found.findings).toEqual([
      "checkov: image: echo-repository: CKV_AWS_163 Ensure ECR image scanning on push is enabled",
    ]);
  });

  test("checkov and parliament look at the bootstrap", async () => {
    const stack = `bootstrap-${settings.name}`;
    const scanWith = async (from: string, to: string) =>
      (await withStack(stack, from, to, () => scan(folder, tools!))).findings;
    expect(await scanWith('"status": "Enabled"', '"status": "Disabled"')).toContainEqual(
      expect.stringMatching(new RegExp(`^checkov: ${stack}: aws_s3_bucket\\.\\S+: CKV_AWS_21 `)),
    );
    expect(await scanWith('"tag:GetResources"', '"tag:GetResource"')).toEqual([
      expect.stringMatching(new RegExp(`^parliament: ${stack}: plan_policy_\\w+: Unknown action: `)),
    ]);
  });

  test.each<NodeJS.ProcessEnv>([{}, { WORKFLOW_PERMISSIONS_BOUNDARY: "arn:aws:iam::123456789012:policy/boundary" }])(
    "the script ends with 0 where nothing is found, with %j",
    async (changes) => {
      const { stdout } = await run(["src/cli/commands/scan.ts"], changes);
      expect(stdout).toMatch(/^checkov: \d+ checks passed, /);
    },
  );

  test("the script ends with 1 where something is", async () => {
    const project = new Project();
    try {
      project.edit(".config/checkov.yaml", "  - CKV_AWS_51\n", "");
      const PATH = `${dirname(tools!.checkov)}:${process.env.PATH}`;
      const failure = await run(["src/cli/commands/scan.ts"], { PATH }, project.folder).catch((error) => error);
      expect(failure.code).toBe(1);
      expect(failure.stdout).toMatch(/^checkov: image: \S+: CKV_AWS_51 /m);
    } finally {
      rmSync(project.folder, { recursive: true });
    }
  });

  test("the script ends with 2 where the settings are wrong", async () => {
    const failure = await run(["src/cli/commands/scan.ts"], { WORKFLOW_NAME: "X" }).catch((error) => error);
    expect([failure.code, failure.stdout]).toEqual([2, ""]);
    expect(failure.stderr).toMatch(/^`name` must be [^\n]*\n$/);
  });
});
