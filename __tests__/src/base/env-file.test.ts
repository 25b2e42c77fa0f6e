import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEnvFile } from "../../../src/base/env-file";
import { UsageError } from "../../../src/base/errors";

const folder = mkdtempSync(join(tmpdir(), "env-file-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: string): Readonly<Record<string, string>> {
  const path = join(folder, "a.env");
  writeFileSync(path, content);
  return readEnvFile(path, "--env-file");
}

test("reads variables, comments, quotes and values of several lines", () => {
  const content = [
    "# comment",
    "A=1",
    "export B = two words # comment",
    `C='it # stays'`,
    'D="one',
    'two"',
    "E=",
    "train.TOKEN=x=y",
    'F={"user":"ann"}',
  ];
  const expected = { A: "1", B: "two words", C: "it # stays", D: "one\ntwo", E: "", "train.TOKEN": "x=y" };
  expect(read(content.join("\n"))).toEqual({ ...expected, F: '{"user":"ann"}' });
  expect(read(content.join("\r\n"))).toEqual({ ...expected, F: '{"user":"ann"}' });
});

test.each([
  ["A=1\nsecret", "2: a line must be NAME=value; put a value of several lines in quotes"],
  ['A="x\nsecret\nB=1', "2: a line must be NAME=value; put a value of several lines in quotes"],
  ["A=1\n\nA=secret", "3: A is set twice"],
  ["A=secret#1", "1: # begins a comment; if it belongs to the value, put the value in quotes"],
  ["A='1\n2'\nB=secret#1", "3: # begins a comment; if it belongs to the value, put the value in quotes"],
])("refuses %j, without its value", (content, problem) => {
  expect(() => read(content)).toThrow(new UsageError(`\`--env-file\`: ${join(folder, "a.env")}:${problem}`));
});

test.each([
  ["nowhere.env", "there is no such file"],
  [".", "it is a folder"],
])("refuses %s", (name, why) => {
  const path = join(folder, name);
  expect(() => readEnvFile(path, "--secrets")).toThrow(`\`--secrets\`: ${path} cannot be read: ${why}`);
});

test("a file that no option named is named alone", () => {
  const path = join(folder, "usual.env");
  writeFileSync(path, "TOKEN\n");
  expect(() => readEnvFile(path, null)).toThrow(`${path}:1: a line must be NAME=value`);
});
