/** Tests the user's own workflow. All other tests use the example in `scripts/demo/`. */
import { existsSync, readFileSync } from "node:fs";
import { checkInput } from "../src/asl/input";
import { run } from "../src/cli/program";
import { exampleInputOf, testFileOf } from "../src/project/companion-files";
import { loadSettings } from "../src/project/load-settings";
import { documentOf, loadWorkflow } from "../src/project/workflow-files";
import { scene } from "./src/cli/scene";

test("the settings in cdktf.json are good, and the document holds no error", async () => {
  const { session, output } = scene({ session: { context: undefined } });
  const code = await run(["check", "--no-local"], session);
  expect({ code, ...output }).toEqual({ code: 0, stdout: expect.any(String), stderr: expect.any(String) });
});

const document = documentOf(loadSettings({}));

/** A test of a file that the user may have deleted. */
function testOf(path: string, title: string, act: jest.ProvidesCallback): void {
  if (existsSync(path)) test(title, act);
  else test.skip(`${title} (skipped: ${path} is not there)`, act);
}

const example = exampleInputOf(document).path;

testOf(example, "the example input fits its schema", () => {
  const { inputSchema } = loadWorkflow(loadSettings({}));
  const input = JSON.parse(readFileSync(example, "utf8"));
  expect(inputSchema === null ? [] : checkInput(inputSchema, input)).toEqual([]);
});

testOf(testFileOf(document).path, "the test cases of the workflow pass", async () => {
  const { session, output } = scene({ session: { context: undefined } });
  const code = await run(["test"], session);
  expect({ code, ...output }).toEqual({ code: 0, stdout: "", stderr: expect.any(String) });
});
