import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describeProblem } from "../../../src/project/file-problem";
import { PROJECT_FOLDER } from "../../../src/project/project-folder";
import { checkWorkflow } from "../../../src/project/workflow-files";
import { DOCUMENT, exampleSettings } from "../../example";

const folder = mkdtempSync(join(tmpdir(), "schedule-input-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const INPUT = join(folder, "nightly.json");
const NAME = relative(PROJECT_FOLDER, INPUT);
const FIX = "correct the file, or name another one in `schedule.input`";

/** Returns the problems of a schedule with this input, in a project with this schema. */
function problems(text: string | Uint8Array, schema: object | null = null): string[] {
  writeFileSync(INPUT, text);
  const document = join(folder, "echo.asl.json");
  copyFileSync(join(PROJECT_FOLDER, DOCUMENT), document);
  const schemaFile = join(folder, "echo.input.schema.json");
  rmSync(schemaFile, { force: true });
  if (schema !== null) writeFileSync(schemaFile, JSON.stringify(schema));
  const schedule = { expression: "rate(1 day)", timeZone: "UTC", input: INPUT };
  const { problems: found } = checkWorkflow({ ...exampleSettings(), document, schedule }, { local: false });
  return found.filter(({ rule }) => rule.startsWith("schedule")).map(describeProblem);
}

test.each<[string, string | Uint8Array, object | null, string[]]>([
  ["any JSON without a schema", '{ "a": 1 }', null, []],
  ["an input that fits", '{ "a": 1 }', { required: ["a"] }, []],
  [
    "an input that does not fit",
    '{\n  "a": "x"\n}',
    { properties: { a: { type: "integer" } } },
    [`${NAME}:2:3: error: /a: expected a whole number, got "x"; ${FIX}`],
  ],
  [
    "text that is not JSON",
    '{\n  "a": 1,\n}',
    null,
    [expect.stringMatching(new RegExp(`^${NAME}:\\d:\\d: error: it is not a valid input: .*; ${FIX}$`))],
  ],
  [
    "an input that is too large",
    `"${"x".repeat(262_144)}"`,
    null,
    [expect.stringContaining("Step Functions accepts at most 262,144 bytes of JSON (256 KiB), got: 262,146; ")],
  ],
  [
    "bytes that are no text",
    new Uint8Array([0xff, 0xfe, 0x00]),
    null,
    [expect.stringContaining("is not a valid input")],
  ],
  [
    "a keyword in the format of a time",
    '{ "at": "<aws.scheduler.scheduled-time>", "n": "<aws.scheduler.attempt-number>" }',
    { properties: { at: { type: "string", format: "date-time" }, n: { pattern: "^\\d+$" } } },
    [],
  ],
  [
    "a misspelt keyword",
    '{\n  "at": "<aws.scheduler.schedule-time>"\n}',
    null,
    [
      `${NAME}:2:10: error: EventBridge Scheduler has no keyword <aws.scheduler.schedule-time>; did you mean <aws.scheduler.scheduled-time>?`,
    ],
  ],
])("the check of %s", (_, text, schema, expected) => {
  expect(problems(text, schema)).toEqual(expected);
});

test("a file that does not exist is a mistake of the settings", () => {
  const schedule = { expression: "rate(1 day)", timeZone: "UTC", input: "workflow/nowhere.json" };
  const { problems: found } = checkWorkflow({ ...exampleSettings(), schedule }, { local: false });
  expect(found.map(describeProblem)).toContainEqual(
    expect.stringMatching(
      /^cdktf\.json:\d+:\d+: error: `schedule\.input` names workflow\/nowhere\.json, which does not exist; create it, or name another file$/,
    ),
  );
});
