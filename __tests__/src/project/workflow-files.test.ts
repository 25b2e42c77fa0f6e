import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describeProblem } from "../../../src/project/file-problem";
import { PROJECT_FOLDER } from "../../../src/project/project-folder";
import type { JobSettings, Settings } from "../../../src/project/settings-types";
import { checkWorkflow, loadWorkflow } from "../../../src/project/workflow-files";
import { DOCUMENT, exampleSettings, IMAGE } from "../../example";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "project-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function settingsOf(job: Partial<JobSettings> = {}, document = DOCUMENT): Settings {
  const settings = exampleSettings();
  return { ...settings, document, jobs: { echo: { ...settings.jobs.echo!, ...job } } };
}

function problems(settings: Settings): string[] {
  return checkWorkflow(settings, { local: true }).problems.map(describeProblem);
}

test("all files are there: no problem", () => {
  expect(problems(settingsOf())).toEqual([]);
});

test("a problem has the file, line and column of its member, and of the object for a missing member", () => {
  const document = join(folder, "places.asl.json");
  writeFileSync(
    document,
    '{\n  "StartAt": "first",\n  "States": {\n    "first": {\n      "Type": "Wait",\n      "Next": "frist"\n    }\n  }\n}\n',
  );
  const settings = { ...settingsOf({}, document), jobs: {} };
  const { problems } = checkWorkflow(settings, { local: true });
  expect(problems.slice(0, 2).map(describeProblem)).toEqual([
    `${document}:4:5: error: first: Seconds or SecondsPath or Timestamp or TimestampPath is missing; add Seconds or SecondsPath or Timestamp or TimestampPath`,
    `${document}:6:7: error: first: Next refers to the state frist, which does not exist; did you mean first?`,
  ]);
  expect(problems[1]).toEqual({
    severity: "error",
    rule: "unknown-target",
    file: document,
    line: 6,
    column: 7,
    state: "first",
    pointer: "/States/first/Next",
    message: "Next refers to the state frist, which does not exist",
    fix: "did you mean first?",
  });
});

test("without a schema of the input, the check warns that no input is checked", () => {
  const document = join(folder, "alone.asl.json");
  copyFileSync(join(PROJECT_FOLDER, DOCUMENT), document);
  const settings = settingsOf({}, document);
  const schema = relative(PROJECT_FOLDER, join(folder, "alone.input.schema.json"));
  expect(problems(settings)).toEqual([
    `${schema}: warning: the file does not exist, so inputs are not checked; add a JSON Schema of the execution input`,
  ]);
  expect(loadWorkflow(settings).inputSchema).toBeNull();
});

test.each([
  ['{\n  "parameters": {}}', "2:3", "/parameters/step1_parameter: is missing, and the schema requires it"],
  ["{", "1:2", "it is not a valid input: expected a comma or a closing bracket, got: the end of the text"],
])("an example input that does not fit is told with its place: %s", (input, place, message) => {
  const document = join(folder, "fitting.asl.json");
  for (const [from, to] of [
    [DOCUMENT, document],
    [DOCUMENT.replace(".asl.", ".input.schema."), join(folder, "fitting.input.schema.json")],
  ] as const) {
    copyFileSync(join(PROJECT_FOLDER, from), to);
  }
  writeFileSync(join(folder, "fitting.input.json"), input);
  const example = relative(PROJECT_FOLDER, join(folder, "fitting.input.json"));
  const [first] = problems(settingsOf({}, document));
  expect(first).toContain(`${example}:${place}: warning: ${message}; correct the example, or `);
  expect(first).toMatch(/fitting.input.schema.json$/);
});

test.each([
  ["nowhere", "nowhere does not exist"],
  ["workflow", "workflow has none"],
])("a job whose image is built in %s is an error, which nothing starts with", (image, why) => {
  const settings = settingsOf({ image });
  const message = `error: \`jobs.echo.image\` must be a folder with a Dockerfile, but ${why}; create one, or set the folder that has one`;
  expect(problems(settings)).toEqual([expect.stringMatching(/^cdktf\.json:\d+:\d+: error: /)]);
  expect(problems(settings)[0]).toContain(message);
  expect(() => loadWorkflow(settings)).toThrow(message);
});

test("a local command whose script is gone is a warning", () => {
  expect(problems(settingsOf({ localCommand: ["/bin/sh", `${IMAGE}/gone.sh`] }))).toEqual([
    expect.stringMatching(
      new RegExp(
        `^cdktf.json:\\d+:\\d+: warning: \`jobs.echo.localCommand\` names ${IMAGE}/gone.sh, which does not exist; create it, or name another file$`,
      ),
    ),
  ]);
});

test.each([
  ["a program of the machine's", ["/no/such/program"]],
  ["a flag", ["node", "--require=image/gone.js"]],
  ["what is in no folder of the project", ["cat", "text/html", "s3://bucket/key"]],
])("a local command may name %s", (_, localCommand) => {
  expect(problems(settingsOf({ localCommand }))).toEqual([]);
});

test("a substitution gives a placeholder its value, in the document or in a statement, and is not there for nothing", () => {
  const document = join(folder, "tell.asl.json");
  writeFileSync(
    document,
    JSON.stringify({ StartAt: "a", States: { a: { Type: "Pass", Result: "${Topic} ${Topik} ${!HOME}", End: true } } }),
  );
  const settings = {
    ...settingsOf({}, document),
    jobs: {},
    substitutions: { Topic: "t", Bucket: "b", Spare: "s" },
    statements: [{ Effect: "Allow" as const, Action: "s3:GetObject", Resource: "arn:aws:s3:::${Bucket}/*" }],
  };
  const errors = problems(settings).filter((problem) => problem.includes(" error: "));
  expect(errors.map((line) => line.replace(/^cdktf\.json:\d+:\d+/, "cdktf.json"))).toEqual([
    `${document}:1:45: error: a: \${Topik} has no value; did you mean \${Topic}? Otherwise give it a value in \`substitutions\` in cdktf.json, or write \${!Topik} for the text itself`,
    "cdktf.json: error: neither the document, `statements` nor a job has ${Spare}, so its value is not used; use it, or remove it",
  ]);
});
