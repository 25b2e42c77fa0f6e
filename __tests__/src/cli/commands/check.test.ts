import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../../../src/cli/commands/check";
import { diagram } from "../../../../src/cli/commands/diagram";
import { act, recordSession } from "../../../terminal";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "check-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, state: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ StartAt: "one", States: { one: state } }));
  return path;
}

/** Settings that no project has: a document from elsewhere needs none. */
const BROKEN = { context: { document: 1, nothing: true } };

test("a document from elsewhere is checked without the settings of the project", async () => {
  const { session, output } = recordSession(BROKEN);
  const document = write("good.asl.json", {
    Type: "Task",
    Resource: "arn:aws:states:::batch:submitJob.sync",
    Parameters: { JobName: "one", JobDefinition: "${Theirs}", JobQueue: "theirs" },
    End: true,
  });
  expect(await act(check, { document }, session)).toBe(0);
  expect(output).toEqual({ stdout: "", stderr: `${document}: no problems\n` });
});

test("its mistakes end the check with 1, and are listed with --json", async () => {
  const { session, output } = recordSession(BROKEN);
  const document = write("bad.asl.json", { Type: "Pass" });
  expect(await act(check, { document, json: true }, session)).toBe(1);
  const printed = JSON.parse(output.stdout);
  expect(printed.document).toBe(document);
  expect(printed.problems).toEqual([expect.objectContaining({ file: document, severity: "error", state: "one" })]);
});

test("its rights are not told, a misspelt integration is", async () => {
  const { session, output } = recordSession(BROKEN);
  const wide = write("wide.json", { Type: "Task", Resource: "arn:aws:states:::aws-sdk:dynamodb:getItem", End: true });
  expect(await act(check, { document: wide }, session)).toBe(0);
  expect(output.stderr).toBe(`${wide}: no problems\n`);
  const misspelt = write("misspelt.json", { Type: "Task", Resource: "arn:aws:states:::sns:publisch", End: true });
  expect(await act(check, { document: misspelt }, session)).toBe(1);
  expect(output.stderr).toContain("sns:publisch; did you mean sns:publish?");
});

test("a document from elsewhere is drawn, even with mistakes", async () => {
  const { session, output } = recordSession(BROKEN);
  const document = write("bad.json", { Type: "Pass" });
  expect(await act(diagram, { document, format: "mermaid" }, session)).toBe(0);
  expect(output.stdout).toContain('s0["one"]');
});
