/** What must hold of this project's own workflow, whatever it is. All other tests are about the one in `example/`. */
import { existsSync, readFileSync } from "node:fs";
import { run } from "../cli";
import { exampleInputFile, loadWorkflow } from "../project";
import { loadSettings } from "../settings";
import { checkInput } from "../workflow/input";
import { scene } from "./commands/scene";

test("the settings in cdktf.json are good, and the document holds no error", async () => {
  const { surroundings, output } = scene({ surroundings: { context: undefined } });
  const code = await run(["check", "--no-local"], surroundings);
  expect({ code, ...output }).toEqual({ code: 0, stdout: expect.any(String), stderr: expect.any(String) });
});

const example = exampleInputFile(loadSettings({}));

const [start, missing] = existsSync(example) ? [test, ""] : [test.skip, ` (skipped: ${example} is not there)`];

start(`the example input fits its schema${missing}`, () => {
  const { inputSchema } = loadWorkflow(loadSettings({}));
  const input = JSON.parse(readFileSync(example, "utf8"));
  expect(inputSchema === null ? [] : checkInput(inputSchema, input)).toEqual([]);
});
