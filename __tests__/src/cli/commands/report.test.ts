import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "../../../../src/base/errors";
import { report } from "../../../../src/cli/commands/report";
import { act } from "../../../terminal";
import { emitAll, execution, oneJob, scene } from "../scene";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "report-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const writing = async (file: string, json?: true) => {
  const { session, output } = scene({ executions: [execution("mine")], watch: emitAll(oneJob("FAILED")) });
  const code = await act(report, { execution: "mine", file, json: json ?? false }, session);
  return { code, ...output };
};

test("writes the file and says so, whatever came of the execution", async () => {
  const file = join(folder, "report.json");
  expect(await writing(file)).toEqual({ code: 0, stdout: "", stderr: `report written to ${file}\n` });
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    name: "mine",
    status: "FAILED",
    place: `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${execution("mine").arn}`,
    jobs: [{ name: "job", exitCode: 3 }],
  });
});

test("--json says what was written", async () => {
  const file = join(folder, "other.json");
  const { stdout, stderr } = await writing(file, true);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({ file, arn: execution("mine").arn, name: "mine" });
});

test("says why it cannot be written, with an error that ends the command with 1", async () => {
  const file = join(folder, "no/report.json");
  await expect(writing(file)).rejects.toEqual(
    new FileError(`\`file\` cannot be written to ${file}: there is no such file`),
  );
});
