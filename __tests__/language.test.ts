/** Tests what docs/language.md says of the local run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FakeClock } from "../scripts/demo/fake-clock";
import { check, parseDocument } from "../src/asl/check/check-document";
import { type S3Action, s3ActionOf } from "../src/asl/s3-calls";
import type { Json, JsonObject } from "../src/base/json";
import { stringifyJson } from "../src/base/json";
import { parseJson } from "../src/base/read-json";
import { memoryStore } from "../src/local/data/memory-store";
import { interpret } from "../src/local/interpreter/interpreter";
import { StatesError } from "../src/local/interpreter/states-error";
import { s3Services } from "../src/local/s3-tasks";
import { PROJECT_FOLDER } from "../src/project/project-folder";

const PAGE = readFileSync(join(PROJECT_FOLDER, "docs/language.md"), "utf8");

/** Returns the first cells of the first table below a heading. */
function rowsBelow(heading: string): string[] {
  const [, section] = PAGE.split(`\n## ${heading}\n`);
  const table = section!
    .split("\n## ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("|"));
  return table.slice(2).map((line) => line.split(" | ")[0]!.slice(2));
}

interface Example {
  /** The states, by name. The first is the start. */
  readonly states: JsonObject;
  readonly input?: string;
  readonly jsonata?: true;
  readonly output: string;
}

const END = { End: true };
const TASK = { Type: "Task", Resource: "arn:aws:states:::batch:submitJob.sync" };
const READER = { Resource: "arn:aws:states:::s3:getObject", Parameters: { Bucket: "data", Key: "in/items.jsonl" } };
const S3_TASK = (action: S3Action) => ({ Type: "Task", Resource: `arn:aws:states:::aws-sdk:s3:${action}` });
const OBJECT = { Bucket: "data", Key: "out/n.json" };
const ECHO = { StartAt: "item", States: { item: { Type: "Pass", End: true } } };
const DISTRIBUTED = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...ECHO };

/** An example of each row. A job returns its own request, or fails if it has no name. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  States: {
    states: {
      choose: { Type: "Choice", Choices: [{ Variable: "$", IsNumeric: true, Next: "wait" }], Default: "fail" },
      wait: { Type: "Wait", Seconds: 1_000_000, Next: "both" },
      both: { Type: "Parallel", Branches: [ECHO], Next: "each" },
      each: { Type: "Map", ItemProcessor: ECHO, Next: "done" },
      done: { Type: "Succeed" },
      fail: { Type: "Fail", Error: "Mine" },
    },
    input: "7",
    output: "[7]",
  },
  JSONPath: {
    states: {
      job: {
        ...TASK,
        InputPath: "$.a",
        Parameters: { "JobName.$": "$.name" },
        ResultSelector: { "ran.$": "$.JobName" },
        ResultPath: "$.job",
        OutputPath: "$.job.ran",
        ...END,
      },
    },
    input: '{"a":{"name":"x"}}',
    output: '"x"',
  },
  "Intrinsic functions": {
    states: { pass: { Type: "Pass", Parameters: { "n.$": "States.Format('{}', States.MathAdd($, 1))" }, ...END } },
    input: "1",
    output: '{"n":"2"}',
  },
  JSONata: {
    jsonata: true,
    states: {
      choose: { Type: "Choice", Choices: [{ Condition: "{% $states.input.n > 1 %}", Next: "each" }], Default: "each" },
      each: { Type: "Map", Items: "{% [1..$states.input.n] %}", ItemProcessor: ECHO, Next: "job" },
      job: {
        ...TASK,
        Arguments: { JobName: "{% 'job-' & $sum($states.input) %}" },
        Output: "{% $states.result.JobName %}",
        ...END,
      },
    },
    input: '{"n":3}',
    output: '"job-6"',
  },
  "Functions of AWS in JSONata": {
    jsonata: true,
    states: {
      pass: {
        Type: "Pass",
        Output: "{% [$partition($range(1, 3, 1), 2), $parse('[4]'), $hash('x', 'MD5')] %}",
        ...END,
      },
    },
    output: '[[1,2],[3],4,"9dd4e461268c8034f5c8564e155c67a6"]',
  },
  Variables: {
    states: {
      set: { Type: "Pass", Assign: { "x.$": "$.a" }, Next: "read" },
      read: { Type: "Pass", Parameters: { "y.$": "$x" }, ...END },
    },
    input: '{"a":5}',
    output: '{"y":5}',
  },
  Errors: {
    states: {
      job: {
        ...TASK,
        TimeoutSeconds: 60,
        Parameters: {},
        Retry: [{ ErrorEquals: ["Test.NoName"], MaxAttempts: 2, JitterStrategy: "FULL" }],
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "caught" }],
        ...END,
      },
      caught: { Type: "Pass", ...END },
    },
    output: '{"Error":"Test.NoName","Cause":null}',
  },
  "Context object": {
    states: { pass: { Type: "Pass", Parameters: { "at.$": "$$.State.EnteredTime" }, ...END } },
    output: '{"at":"2026-01-01T00:00:00.000Z"}',
  },
  "Inline Map": {
    states: {
      each: {
        Type: "Map",
        ItemSelector: { "i.$": "$$.Map.Item.Index" },
        MaxConcurrency: 1,
        ItemProcessor: ECHO,
        ...END,
      },
    },
    input: '["a","b"]',
    output: '[{"i":0},{"i":1}]',
  },
  "Distributed Map": {
    states: {
      each: {
        Type: "Map",
        Label: "each",
        ItemBatcher: { MaxItemsPerBatch: 2 },
        ToleratedFailurePercentage: 10,
        ItemProcessor: DISTRIBUTED,
        ...END,
      },
    },
    input: "[1,2,3]",
    output: '[{"Items":[1,2]},{"Items":[3]}]',
  },
  "Items from S3": {
    states: {
      each: {
        Type: "Map",
        ItemReader: { ...READER, ReaderConfig: { InputType: "JSONL" } },
        ItemProcessor: DISTRIBUTED,
        ...END,
      },
    },
    output: '[{"n":1},{"n":2}]',
  },
  "Results to S3": {
    states: {
      each: {
        Type: "Map",
        ItemProcessor: DISTRIBUTED,
        ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "data", Prefix: "out" } },
        ResultSelector: { "bucket.$": "$.ResultWriterDetails.Bucket" },
        ...END,
      },
    },
    input: "[1]",
    output: '{"bucket":"data"}',
  },
  "S3 tasks": {
    jsonata: true,
    states: {
      write: {
        ...S3_TASK("putObject"),
        Arguments: { ...OBJECT, Body: { n: "{% $states.input.n + 1 %}" } },
        Next: "read",
      },
      read: {
        ...S3_TASK("getObject"),
        Arguments: OBJECT,
        Output: "{% $parse($states.result.Body) %}",
        ...END,
      },
    },
    input: '{"n":1}',
    output: '{"n":2}',
  },
  "Exact numbers": {
    states: { pass: { Type: "Pass", ...END } },
    input: "[20261128093015123456,1.0]",
    output: "[20261128093015123456,1.0]",
  },
  "Batch jobs": {
    states: { job: { ...TASK, Parameters: { JobName: "x" }, ...END } },
    output: '{"JobName":"x"}',
  },
  "Any other task": {
    states: {
      notify: { ...TASK, Resource: "arn:aws:states:::sns:publish", Parameters: { JobName: "mocked" }, ...END },
    },
    output: '{"JobName":"mocked"}',
  },
};

test("the page has an example of each feature that runs here", () => {
  expect(rowsBelow("What runs here")).toEqual(Object.keys(EXAMPLES));
});

test.each(Object.entries(EXAMPLES))("%s run here", async (_, { states, input = "{}", jsonata, output }) => {
  const definition = { ...(jsonata && { QueryLanguage: "JSONata" }), StartAt: Object.keys(states)[0]!, States: states };
  const parsed = parseDocument(JSON.stringify(definition));
  if ("problems" in parsed) throw new Error(parsed.problems[0]!.message);
  const objects = memoryStore({ "data/in/items.jsonl": '{"n":1}\n{"n":2}\n' });
  const outcome = await interpret(
    parsed.document,
    { input: parseJson(input), context: { Execution: { Id: "run" }, StateMachine: { Id: "machine" } } },
    {
      task: async (call) => {
        const action = s3ActionOf(call.resource);
        if (action !== null) return s3Services(objects)[`aws-sdk:s3:${action}`](call);
        const { parameters } = call;
        if ((parameters as JsonObject).JobName === undefined) throw new StatesError("Test.NoName", "");
        return parameters;
      },
      emit: () => {},
      clock: new FakeClock(Date.UTC(2026, 0, 1)),
      random: () => 0,
      objects,
    },
    new AbortController().signal,
  );
  expect(outcome.status === "SUCCEEDED" ? stringifyJson(outcome.output) : outcome).toBe(output);
});

/** A state for each row, and the rule that reports it. */
const ONLY_ON_AWS: readonly (readonly [row: RegExp, state: JsonObject, rule: string])[] = [
  [/^Tasks other than /, { Type: "Task", Resource: "arn:aws:states:::sns:publish", Parameters: {} }, "not-mocked"],
  [
    /^The fields .*`NodeOverrides`/,
    { ...TASK, Parameters: { JobName: "x", JobDefinition: "x", JobQueue: "x", NodeOverrides: {} } },
    "not-local",
  ],
  [/^`VersionId`, `PartNumber`/, { ...S3_TASK("getObject"), Parameters: { ...OBJECT, VersionId: "1" } }, "not-local"],
  [
    /^`ContentType`, `Metadata`/,
    { ...S3_TASK("putObject"), Parameters: { ...OBJECT, ContentType: "text/plain" } },
    "not-local",
  ],
  [
    /^`ItemReader` for `MANIFEST`/,
    { Type: "Map", ItemReader: { ...READER, ReaderConfig: { InputType: "MANIFEST" } }, ItemProcessor: DISTRIBUTED },
    "not-local",
  ],
  [/^The operator `in`/, { Type: "Pass", InputPath: "$.a[?(@.b in ['x'])]" }, "not-local"],
  [
    /^The role of `Credentials`/,
    { ...TASK, Credentials: { RoleArn: "arn:aws:iam::111111111111:role/x" }, Parameters: {} },
    "not-local",
  ],
];

test("check reports each feature that runs only on AWS", () => {
  const rows = rowsBelow("What runs only on AWS");
  expect(rows).toHaveLength(ONLY_ON_AWS.length);
  for (const [index, [row, state, rule]] of ONLY_ON_AWS.entries()) {
    expect(rows[index]).toMatch(row);
    const states: Json = { state: { ...state, End: true } };
    const parsed = parseDocument(JSON.stringify({ StartAt: "state", States: states }));
    if ("problems" in parsed) throw new Error(parsed.problems[0]!.message);
    const { document } = parsed;
    const found = check({
      document,
      inputSchema: null,
      placeholders: null,
      jobDefinitions: {},
      queues: null,
      local: true,
    });
    expect(found.map((problem) => problem.rule)).toContain(rule);
  }
});
