/** Runs checkov over the synthesized stacks. Skipped if checkov is not installed. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { synthesizeAll } from "../../src/cli/commands/scan";
import { loadSettings } from "../../src/project/load-settings";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { findCheckov, scan } from "../../src/terraform/scan-stacks";
import { EVERYTHING } from "../everything";
import { exampleSettings } from "../example";
import { Project } from "./project";

const checkov = installed();
const describeCheckov = checkov === null ? describe.skip : describe;

const settings = exampleSettings();
/** A project with the default settings, synthesized. */
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "scan-e2e-"));
  await synthesizeAll(settings, folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

function installed() {
  try {
    return findCheckov(process.env.PATH);
  } catch {
    return null;
  }
}

function run(changes: NodeJS.ProcessEnv = {}, cwd = PROJECT_FOLDER) {
  const env = { PATH: process.env.PATH, ...changes };
  const options = { cwd, env };
  return promisify(execFile)(process.execPath, ["bin/workflow.js", "scan"], options);
}

/** Changes the JSON of a stack while `use` runs. */
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

/** No check has this name. It replaces the list in .config/checkov.yaml. */
const SKIP_NOTHING = ["--skip-check", "CKV_NOTHING"];

describeCheckov("checkov (skipped unless installed)", () => {
  test("finds nothing in the default configuration, nor with all settings on; each check that .config/checkov.yaml lists fails in one", async () => {
    const largest = mkdtempSync(join(tmpdir(), "scan-e2e-"));
    try {
      await synthesizeAll(loadSettings({}, EVERYTHING), largest);
      const folders = [folder, largest];
      for (const each of folders) expect((await scan(each, checkov!)).findings).toEqual([]);
      const all = await Promise.all(folders.map((each) => scan(each, checkov!, { options: SKIP_NOTHING })));
      const failed = all.flatMap(({ findings }) => findings).map((finding) => /CKV2?_\w+/.exec(finding)![0]);
      const config = readFileSync(join(PROJECT_FOLDER, ".config", "checkov.yaml"), "utf8");
      const listed = config.match(/^ {2}- \w+/gm)!.map((line) => line.slice(4));
      expect(new Set(failed)).toEqual(new Set(listed));
    } finally {
      rmSync(largest, { recursive: true });
    }
  });

  test("finds images that are not scanned", async () => {
    const { findings } = await withStack("image", '"scan_on_push": true', '"scan_on_push": false', () =>
      scan(folder, checkov!),
    );
    expect(findings).toEqual(["image: echo-repository: CKV_AWS_163 Ensure ECR image scanning on push is enabled"]);
  });

  test("looks at the bootstrap", async () => {
    const stack = `bootstrap-${settings.name}`;
    const { findings } = await withStack(stack, '"status": "Enabled"', '"status": "Disabled"', () =>
      scan(folder, checkov!),
    );
    expect(findings).toContainEqual(expect.stringMatching(new RegExp(`^${stack}: aws_s3_bucket\\.\\S+: CKV_AWS_21 `)));
  });

  test.each<NodeJS.ProcessEnv>([{}, { WORKFLOW_PERMISSIONS_BOUNDARY: "arn:aws:iam::123456789012:policy/boundary" }])(
    "the command ends with 0 where nothing is found, with %j",
    async (changes) => {
      const { stdout } = await run(changes);
      expect(stdout).toMatch(/^checkov: \d+ checks passed, 0 failed$/m);
    },
  );

  test("the command ends with 1 where something is", async () => {
    const project = new Project();
    try {
      project.edit(".config/checkov.yaml", "  - CKV_AWS_51\n", "");
      const PATH = `${dirname(checkov!)}:${process.env.PATH}`;
      const failure = await run({ PATH }, project.folder).catch((error) => error);
      expect(failure.code).toBe(1);
      expect(failure.stdout).toMatch(/^image: \S+: CKV_AWS_51 /m);
    } finally {
      rmSync(project.folder, { recursive: true });
    }
  });

  test("the command ends with 2 where the settings are wrong", async () => {
    const failure = await run({ WORKFLOW_NAME: "X" }).catch((error) => error);
    expect([failure.code, failure.stdout]).toEqual([2, ""]);
    expect(failure.stderr).toMatch(/^`name` must be [^\n]*\n$/);
  });
});
