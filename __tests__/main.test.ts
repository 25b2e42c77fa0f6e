import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { compose } from "../main";
import { stacksOf } from "../src/project/names";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import { exampleSettings } from "./example";

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

test("with `data` create there is a third stack, which the workflow depends on", () => {
  compose(exampleSettings({ WORKFLOW_DATA: "create" }), { outdir: join(outdir, "out") }).synth();
  const manifest = JSON.parse(readFileSync(join(outdir, "out", "manifest.json"), "utf8"));
  expect(Object.keys(manifest.stacks)).toEqual(stacksOf({ data: "create" }));
  expect(manifest.stacks.workflow.dependencies).toEqual(["data", "image"]);
});

test("the bucket for data can be destroyed only by order, whatever the setting says", () => {
  const stackOf = (data: string, destroysData: boolean) => {
    compose(exampleSettings({ WORKFLOW_DATA: data }), { outdir: join(outdir, "out"), destroysData }).synth();
    return readFileSync(join(outdir, "out/stacks/data/cdk.tf.json"), "utf8");
  };
  expect(stackOf("create", false)).toContain('"prevent_destroy": true');
  expect(stackOf("create", true)).not.toContain("prevent_destroy");
  expect(stackOf("none", true)).not.toContain("prevent_destroy");
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
