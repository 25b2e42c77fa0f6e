import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXAMPLES, exampleContext } from "../scripts/examples";
import { checkInput } from "../src/asl/input";
import type { Json } from "../src/base/json";
import { run } from "../src/cli/program";
import { loadSettings } from "../src/project/load-settings";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import { loadWorkflow } from "../src/project/workflow-files";
import { scene } from "./src/cli/scene";

const read = (path: string): string => readFileSync(join(PROJECT_FOLDER, path), "utf8");

test("there are two examples", () => {
  expect(EXAMPLES).toEqual(["samples", "word-count"]);
});

test.each(EXAMPLES)("check finds no problem in %s, and it runs here", async (example) => {
  const context = exampleContext(example);
  const { session, output } = scene({ session: { context } });
  const code = await run(["check"], session);
  expect({ code, ...output }).toEqual({
    code: 0,
    stdout: "",
    stderr: `examples/${example}/workflow/${example}.asl.json: no problems\n`,
  });
});

test.each(EXAMPLES)("the test cases of %s pass", async (example) => {
  const { session, output } = scene({ session: { context: exampleContext(example) } });
  const code = await run(["test"], session);
  expect([code, output.stderr]).toEqual([0, expect.stringMatching(/^\d passed/m)]);
});

test.each(EXAMPLES)("the input of %s fits its schema, and names a file in its data", (example) => {
  const { inputSchema } = loadWorkflow(loadSettings({}, exampleContext(example)));
  const input = JSON.parse(read(`examples/${example}/workflow/${example}.input.json`)) as Record<string, Json>;
  expect(checkInput(inputSchema!, input)).toEqual([]);
  for (const key of Object.values(input)) expect(read(`examples/${example}/data/${key}`)).not.toBe("");
});

test.each(EXAMPLES)("the cdktf.json of %s starts the app as the project's does", (example) => {
  const appOf = (path: string) => (JSON.parse(read(path)) as { app: string }).app;
  expect(appOf(`examples/${example}/cdktf.json`)).toBe(appOf("cdktf.json"));
});

test.each(EXAMPLES)("the page of %s has at most 30 lines, and the commands that copy it", (example) => {
  const page = read(`examples/${example}/README.md`);
  expect(page.trimEnd().split("\n").length).toBeLessThanOrEqual(30);
  expect(page).toContain(`(cd examples/${example} && cp -r cdktf.json data image workflow ../..)`);
});
