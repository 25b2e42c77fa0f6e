/** Runs changed test files of the example's document. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Json } from "../../src/base/json";
import { PROJECT_FOLDER } from "../../src/project/project-folder";
import { CONTEXT, DOCUMENT } from "../example";
import { runCommand } from "./command";
import { editText, type Mutation, mutate, mutations, type TextEdit, textEdits } from "./mutations";
import { sessionFaults } from "./properties";
import { type Target, target } from "./target";

interface Case {
  readonly changes: readonly Mutation[];
  readonly edits: readonly TextEdit[];
  readonly command: "test" | "test --json";
}

const EXAMPLE = readFileSync(join(PROJECT_FOLDER, DOCUMENT));

/** A test file that uses each field. */
const TESTS: Json = {
  mocks: { step1: { returns: { Status: "SUCCEEDED" } } },
  cases: [
    {
      name: "runs",
      input: { parameters: { step1_parameter: "a", step2_parameters: ["b", "c"], step3_parameters: [] } },
      validate: false,
      startTime: "2026-01-01T00:00:00Z",
      executionName: "run",
      objects: { "s3://bucket/a.json": { a: 1 } },
      expect: {
        status: "SUCCEEDED",
        output: { $exact: {} },
        path: ["ValidateInput", "step1", "step2", "step2_job[0]", "step2_job[1]", "step3"],
        requests: { step1: { JobName: "step1" }, "step2_job[1]": [{ ContainerOverrides: { Command: ["c"] } }] },
      },
    },
    {
      name: "fails",
      mocks: {
        "step2_job[1]": [{ throws: { Error: "States.TaskFailed", Cause: {} } }, { returns: {}, afterSeconds: 5 }],
      },
      expect: { error: "States.TaskFailed", cause: { $contains: "{}" } },
    },
  ],
};

// biome-ignore format: a list
const KEYS = [
  "cases", "mocks", "mockFile", "name", "input", "inputFile", "validate", "startTime", "executionName", "objects", "expect", "status", "output", "error", "cause", "path",
  "requests", "returns", "throws", "Error", "Cause", "never", "afterSeconds", "$any", "$contains", "$absent", "$exact", "step1", "step2_job", "step2_job[9]", "step2", "__proto__",
];
// biome-ignore format: a list
const VALUES: Json[] = [
  null, true, 0, -1, 1e9, "", "step1", "runs", "FAILED", "States.ALL", "States.Runtime", [], {}, { $any: true }, { $contains: "" }, { $exact: [] }, { returns: {} }, { never: true },
  { throws: { Error: "States.Timeout" } }, "missing.json", "2026-13-99", ["step2_job[0]"],
];

export const tests: Target = target<Case>({
  name: "tests",
  share: 10,
  seconds: 5,
  cases: fc.record<Case>({
    changes: mutations(KEYS, VALUES),
    edits: textEdits,
    command: fc.constantFrom("test", "test --json"),
  }),
  files: ({ command, ...file }) => ({
    "case.asl.json": EXAMPLE,
    "case.test.json": contentOf(file),
    command: `${command}\n`,
  }),
  run: async ({ command, ...file }, folder) => {
    writeFileSync(join(folder, "case.asl.json"), EXAMPLE);
    writeFileSync(join(folder, "case.test.json"), contentOf(file));
    const environment = { WORKFLOW_DOCUMENT: join(folder, "case.asl.json") };
    const session = await runCommand(command.split(" "), { context: CONTEXT, environment });
    return sessionFaults(session, command === "test --json" ? "json" : "text");
  },
});

// --- internal ---

function contentOf({ changes, edits }: Pick<Case, "changes" | "edits">): Buffer {
  return editText(`${JSON.stringify(mutate(TESTS, changes), null, 2)}\n`, edits);
}
