/** What must hold of this project's own workflow, whatever it is. All other tests are about the one in `example/`. */
import { existsSync, readFileSync } from "node:fs";
import { Writable } from "node:stream";
import { run } from "../cli";
import type { Surroundings } from "../commands/surroundings";
import { companionFile, loadWorkflow } from "../project";
import { loadSettings } from "../settings";
import { checkInput } from "../workflow/input";

test("the settings in cdktf.json are good, and the document holds no error", async () => {
  let said = "";
  const stream = new Writable({
    write(chunk, _, done) {
      said += chunk;
      done();
    },
  });
  const surroundings = { environment: {}, stdout: stream, stderr: stream } as unknown as Surroundings;
  const code = await run(["check", "--no-local"], surroundings);
  expect({ code, said }).toEqual({ code: 0, said: expect.any(String) });
});

const example = companionFile(loadSettings({}), ".input.json");

const [start, missing] = existsSync(example) ? [test, ""] : [test.skip, ` (skipped: ${example} is not there)`];

start(`the example input fits its schema${missing}`, () => {
  const { inputSchema } = loadWorkflow(loadSettings({}));
  const input = JSON.parse(readFileSync(example, "utf8"));
  expect(inputSchema === null ? [] : checkInput(inputSchema, input)).toEqual([]);
});
