import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROJECT_FOLDER } from "../src/project/project-folder";

const app = JSON.parse(readFileSync(join(PROJECT_FOLDER, "cdktf.json"), "utf8")).app as string;
let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "main-test-"));
});
afterEach(() => rmSync(outdir, { recursive: true }));

function runApp(environment: NodeJS.ProcessEnv) {
  const [program, ...args] = app.split(" ");
  const env = { PATH: process.env.PATH, CDKTF_OUTDIR: join(outdir, "out"), ...environment };
  return promisify(execFile)(program!, args, { cwd: PROJECT_FOLDER, env });
}

test("the app command of cdktf.json writes the stacks; the workflow's depends on the image's", async () => {
  await runApp({});
  const manifest = JSON.parse(readFileSync(join(outdir, "out", "manifest.json"), "utf8"));
  // The user's settings may add the stack with the bucket for data.
  expect(Object.keys(manifest.stacks)).toEqual(expect.arrayContaining(["image", "workflow"]));
  expect(manifest.stacks.workflow.dependencies).toContain("image");
  const written = readFileSync(join(outdir, "out/stacks/workflow/cdk.tf.json"), "utf8");
  expect(written).not.toContain(PROJECT_FOLDER);
});

test("wrong settings end it with 2 and one message, without a stack trace, and nothing is written", async () => {
  const failure = await runApp({ WORKFLOW_MAX_VCPUS: "none", WORKFLOW_NAME: "X" }).catch((error) => error);
  expect(failure.code).toBe(2);
  expect(failure.stderr.split("\n")).toEqual([
    expect.stringMatching(/^`name` must be /),
    '`maxVcpus` must be a whole number from 1 to 10000, got: "none"; set WORKFLOW_MAX_VCPUS',
    "",
  ]);
  expect(existsSync(join(outdir, "out"))).toBe(false);
});
