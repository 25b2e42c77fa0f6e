import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../../../src/base/json";
import { run } from "../../../../src/cli/program";
import { scene } from "../scene";

const folder = mkdtempSync(join(tmpdir(), "tests-"));
afterAll(() => rmSync(folder, { recursive: true }));

const DOCUMENT = {
  StartAt: "Notify",
  States: {
    Notify: {
      Type: "Task",
      Resource: "arn:aws:states:::sns:publish",
      Parameters: { "Message.$": "$.text" },
      ResultPath: null,
      Next: "Each",
    },
    Each: {
      Type: "Map",
      ItemsPath: "$.items",
      Iterator: {
        StartAt: "Job",
        States: {
          Job: {
            Type: "Task",
            Resource: "arn:aws:states:::batch:submitJob.sync",
            Parameters: { JobName: "job", JobDefinition: "train", JobQueue: "queue" },
            ResultSelector: { "status.$": "$.Status" },
            End: true,
          },
        },
      },
      End: true,
    },
  },
};

const INPUT = { text: "hello", items: [1, 2] };
const MOCKS = { Notify: { returns: { MessageId: "1" } } };

/** Writes a document with its tests and other files, runs the tests and returns all that is printed. */
async function runTests(tests: unknown, { files = {}, flags = [] }: { files?: JsonObject; flags?: string[] } = {}) {
  const all = { "my.asl.json": DOCUMENT, "my.test.json": tests, ...files };
  for (const [name, content] of Object.entries(all)) {
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  const { session, output } = scene();
  const code = await run(["test", join(folder, "my.asl.json"), ...flags], session);
  return { code, stdout: output.stdout, stderr: shown(output.stderr) };
}

/** Returns the output before the coverage, with short names of files. */
function shown(stderr: string): string {
  return stderr.replaceAll(`${folder}/`, "").replace(/^coverage: [\s\S]*/m, "");
}

test("a case shows its expectations and what has happened side by side", async () => {
  const { code, stderr } = await runTests({
    mocks: MOCKS,
    cases: [
      { name: "all good", input: INPUT, expect: { output: [{ status: "SUCCEEDED" }, { $any: "object" }] } },
      {
        name: "all wrong",
        input: INPUT,
        expect: {
          output: [{ status: "FAILED" }],
          path: ["Notify", "Each", "Job[1]"],
          requests: { Notify: { Message: "bye" }, Job: [] },
        },
      },
      { name: "fails", input: INPUT, mocks: { Job: { throws: { Error: "E", Cause: "why" } } } },
      { name: "expected", input: INPUT, mocks: { "Job[1]": { throws: { Error: "E" } } }, expect: { error: "E" } },
    ],
  });
  expect(stderr).toBe(
    [
      "✓ all good (4 states)",
      "✗ all wrong",
      "    my.test.json:1",
      "                             expected  actual",
      '    output[0].status         "FAILED"  "SUCCEEDED"',
      '    output[1]                nothing   {"status":"SUCCEEDED"}',
      '    requests.Notify.Message  "bye"     "hello"',
      "    requests.Job             0 calls   2 calls",
      "    path        expected  actual",
      "                Notify    Notify",
      "                Each      Each",
      "    parts here  Job[1]    Job[0]",
      "                (end)     Job[1]",
      "✗ fails",
      "    my.test.json:1",
      "            expected   actual",
      "    status  SUCCEEDED  FAILED",
      '    error   nothing    "E"',
      '    cause   nothing    "why"',
      "✓ expected (4 states)",
      "2 failed, 2 passed",
      "",
    ].join("\n"),
  );
  expect(code).toBe(1);
});

test("a service without a mock fails the case, whatever it expects", async () => {
  const { code, stderr } = await runTests({ cases: [{ name: "a", input: INPUT, expect: { status: "FAILED" } }] });
  expect(stderr).toContain(
    'it has no mock; add this to the mocks in my.test.json: "Notify": { "returns": { "MessageId": "1" } }\n1 failed',
  );
  expect(code).toBe(1);
});

test("the mocks of a case replace those of all cases, and `mocks` those of `mockFile`", async () => {
  const config = {
    StateMachines: {
      my: { TestCases: { Good: { Notify: "Sent", Job: "Done" }, Bad: { Notify: "Sent", Job: "Lost" } } },
    },
    MockedResponses: {
      Sent: { "0": { Return: {} } },
      Done: { "0-1": { Return: { Status: "MOCKED" } } },
      Lost: { "0-1": { Throw: { Error: "Lost" } } },
    },
  };
  const mocks = { "Job[1]": { returns: { Status: "ITEM" } } };
  const { stderr } = await runTests(
    {
      mocks: { "Job[1]": { returns: { Status: "SHARED" } } },
      mockFile: "config.json#Good",
      cases: [
        { name: "shared", input: INPUT, expect: { output: [{ status: "MOCKED" }, { status: "SHARED" }] } },
        { name: "own", input: INPUT, mocks, expect: { output: [{ status: "MOCKED" }, { status: "ITEM" }] } },
        { name: "own file", input: INPUT, mockFile: "config.json#Bad", expect: { error: "Lost" } },
      ],
    },
    { files: { "config.json": config } },
  );
  expect(stderr).toBe("✓ shared (4 states)\n✓ own (4 states)\n✓ own file (4 states)\n3 passed\n");
});

test("inputs come from the case, from a file or from the example, and objects of S3 from the tests", async () => {
  const Resource = "arn:aws:states:::aws-sdk:s3:getObject";
  const Parameters = { Bucket: "b", "Key.$": "$.key" };
  const document = {
    StartAt: "Get",
    States: { Get: { Type: "Task", Resource, Parameters, OutputPath: "$.Body", End: true } },
  };
  const { stderr } = await runTests(
    {
      objects: { "s3://b/example": "of all", "s3://b/list": [1, 2] },
      cases: [
        { name: "example", expect: { output: "of all" } },
        { name: "file", inputFile: "other.json", expect: { output: "[1,2]" } },
        { name: "inline", input: { key: "example" }, objects: { "s3://b/example": "own" }, expect: { output: "own" } },
        { name: "none", input: { key: "x" }, expect: { error: "S3.NoSuchKeyException" } },
        { name: "forgotten", input: { key: "x" } },
      ],
    },
    { files: { "my.asl.json": document, "my.input.json": { key: "example" }, "other.json": { key: "list" } } },
  );
  rmSync(join(folder, "my.input.json"));
  expect(stderr.split("\n").slice(0, 5)).toEqual([
    ...["✓ example (1 state)", "✓ file (1 state)", "✓ inline (1 state)", "✓ none (1 state)", "✗ forgotten"],
  ]);
  expect(stderr).toContain(
    '    hint: the case lacks what the execution has read; add to its `objects`: "s3://b/x"\n1 failed, 4 passed\n',
  );
});

describe("mistakes are reported with their places and fixes, and nothing runs", () => {
  const first = '{ "cases": [{ "name": "runs to the end" }] }';
  test.each<[string, unknown, string[]]>([
    ["an empty file", "\n", [`my.test.json is empty; write the first test: ${first}`]],
    [
      "a list of cases",
      [{ name: "a" }],
      ['my.test.json:1:1: error: a test file must be an object, got: [{"name":"a"}]; write { "cases": [ … ] }'],
    ],
    ["no cases", {}, ["my.test.json:1:1: error: cases is missing; add cases"]],
    ["no case", { cases: [] }, ["my.test.json:1:2: error: cases must have at least 1 item, got: 0; add an item"]],
    [
      "names",
      { cases: [{ name: "a" }, { name: "a" }, { nam: "b" }, 3] },
      [
        'my.test.json:1:25: error: the name "a" is also that of case 1; give each case a name of its own',
        "my.test.json:1:38: error: nam is not a known field; did you mean name?",
        'my.test.json:1:49: error: a case must be an object, got: 3; write { "name": "…" }',
      ],
    ],
    [
      "expectations that nothing can fit",
      {
        cases: [
          { name: "a", expect: { error: null, cause: { ExitCode: 1 }, path: "Notify" } },
          { name: "b", expect: { output: { $contains: "a", $any: "string" } } },
          { name: "c", expect: [1] },
        ],
      },
      [
        'my.test.json:1:33: error: error must be a text or a matcher, got: null; write "…" or { "$contains": "…" }',
        'my.test.json:1:46: error: cause must be a text or a matcher, got: {"ExitCode":1}; write "…" or { "$contains": "…" }',
        'my.test.json:1:69: error: path must be a list of states, got: "Notify"; write the states in their order, such as ["step1", "step2_job[0]"]',
        'my.test.json:1:119: error: $contains must be the only field of its object; remove the other fields; for an object with these fields, write { "$exact": … } around it',
        "my.test.json:1:166: error: expect must be an object, got: [1]; write { and } in place of [ and ]",
      ],
    ],
    [
      "files without a name",
      { cases: [{ name: "a", inputFile: "", mockFile: "" }] },
      [
        'my.test.json:1:23: error: inputFile must not be empty, got: ""; correct the value',
        'my.test.json:1:38: error: mockFile must not be empty, got: ""; correct the value',
      ],
    ],
    [
      "a mistake of a file that two cases name comes once",
      { cases: ["a", "b"].map((name) => ({ name, mockFile: "wrong.json" })) },
      [expect.stringMatching(/wrong.json:1:2: error: "mock" is not a field of a mock file; did you mean mocks\?$/)],
    ],
    [
      "the same case has mistakes of all kinds",
      {
        cases: [
          {
            name: "a",
            input: 1,
            inputFile: "x.json",
            mocks: { Job: { never: true }, Notfy: { returns: 1 } },
            mockFile: "none.json",
            objects: { x: 1 },
            startTime: "today",
            expect: {
              status: "SUCCEEDED",
              error: "E",
              output: { $any: 1 },
              path: ["Notify", "Jobb", "Job[0]", "Job", "Each[0]"],
              requests: { Each: {}, "Job[0][1]": {} },
            },
          },
        ],
      },
      [
        "my.test.json:1:33: error: the case has both input and inputFile; remove one of them",
        'my.test.json:1:63: error: "Job" would never end: it has no timeout; set TimeoutSeconds or HeartbeatSeconds in the state',
        'my.test.json:1:84: error: the document has no state "Notfy"; did you mean Notify?',
        expect.stringMatching(
          /^my.test.json:1:107: error: mockFile must be a file that can be read: there is no such file, got: .*; paths are relative to the test file$/,
        ),
        'my.test.json:1:141: error: "x" is not the address of an object in S3; write "s3://bucket/key"',
        'my.test.json:1:148: error: startTime must be a valid timestamp, got: "today"; write a timestamp such as 2030-01-31T12:00:00Z',
        "my.test.json:1:199: error: an execution that is SUCCEEDED has no error; remove it, or expect another status",
        "my.test.json:1:221: error: $any must be true, or one of the types string, number, boolean, object, array, null, got: 1; correct it",
        'my.test.json:1:248: error: the document has no state "Jobb"; did you mean Job?',
        'my.test.json:1:264: error: "Job" has no index, unlike earlier states of the Map "Each"; write all of them with indices, for each item, or none, for each different way of an item',
        'my.test.json:1:270: error: "Each" is inside 0 Maps, but "Each[0]" has 1 index; write "Each"',
        'my.test.json:1:293: error: "Each" is a Map, and only a Task has requests; name the tasks inside it',
        'my.test.json:1:303: error: "Job" is inside 1 Map, but "Job[0][1]" has 2 indices; write one index for each Map, such as "Job[0]"',
      ],
    ],
  ])("%s", async (_, tests, lines) => {
    writeFileSync(join(folder, "wrong.json"), '{"mock":{}}');
    const { code, stderr } = await runTests(tests);
    expect(stderr.trimEnd().split("\n")).toEqual(lines);
    expect(code).toBe(2);
  });

  test("an input that the schema does not allow, unless the case says so", async () => {
    const schema = { type: "object", required: ["text"] };
    const cases = [{ name: "a", input: {} }, { name: "b" }, { name: "c", inputFile: "bad.json" }];
    const files = { "my.input.schema.json": schema, "bad.json": { text: 1, items: "none" } };
    const { code, stderr } = await runTests({ mocks: MOCKS, cases }, { files });
    const fix = 'correct the input, or set "validate": false in the case to run it with this one';
    expect([code, stderr.trimEnd().split("\n")]).toEqual([
      2,
      [
        `my.test.json:1:72: error: /text: is missing, and the schema requires it; ${fix}`,
        `my.test.json:1:84: error: /text: is missing, and the schema requires it; ${fix}`,
      ],
    ]);
    const allowed = [{ name: "a", input: {}, validate: false, expect: { error: "States.Runtime" } }];
    expect((await runTests({ mocks: MOCKS, cases: allowed })).stderr).toBe("✓ a (1 state)\n1 passed\n");
    rmSync(join(folder, "my.input.schema.json"));
  });

  test("no test file: the first test is shown, and it works", async () => {
    writeFileSync(join(folder, "other.asl.json"), JSON.stringify({ StartAt: "A", States: { A: { Type: "Succeed" } } }));
    const { session, output } = scene();
    expect(await run(["test", join(folder, "other.asl.json")], session)).toBe(2);
    expect(shown(output.stderr)).toBe(
      `other.asl.json has no tests: there is no other.test.json; write the first one: ${first}\n`,
    );
    writeFileSync(join(folder, "other.test.json"), first);
    const second = scene();
    expect(await run(["test", join(folder, "other.asl.json")], second.session)).toBe(0);
    expect(shown(second.output.stderr)).toBe("✓ runs to the end (1 state)\n1 passed\n");
  });

  test("the tests in the place of the document", async () => {
    const { session, output } = scene();
    expect(await run(["test", join(folder, "my.test.json")], session)).toBe(2);
    expect(output.stderr).toContain("my.test.json is a file of tests, not a document in Amazon States Language");
  });
});

const TWO = {
  mocks: MOCKS,
  cases: [
    { name: "a & b <\u0007>", input: INPUT, expect: { output: [] } },
    { name: "good", input: INPUT },
  ],
};

test("--filter leaves cases out, and says so", async () => {
  const { code, stderr } = await runTests(TWO, { flags: ["--filter", "goo"] });
  expect([code, stderr]).toEqual([0, "✓ good (4 states)\n1 passed, 1 left out\n"]);
  const none = await runTests(TWO, { flags: ["--filter", "Good"] });
  expect(none).toMatchObject({
    code: 2,
    stderr: '`--filter` finds no case with "Good" in its name; the cases are "a & b <\\u0007>", "good"\n',
  });
});

test("--json prints one document", async () => {
  const { code, stdout } = await runTests(TWO, { flags: ["--json"] });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    passed: 1,
    failed: 1,
    cases: [
      {
        name: "a & b <\u0007>",
        hasPassed: false,
        mismatches: [{ place: "output[0]" }, { place: "output[1]" }],
        path: ["Notify", "Each", "Job[0]", "Job[1]"],
      },
      { name: "good", hasPassed: true, status: "SUCCEEDED", mismatches: [] },
    ],
  });
});

test("--junit writes XML, and overwrites only what it has written", async () => {
  const path = join(folder, "results.xml");
  await runTests(TWO, { flags: ["--junit", path] });
  const { code } = await runTests(TWO, { flags: ["--junit", path] });
  expect(code).toBe(1);
  const xml = readFileSync(path, "utf8")
    .replaceAll(`${folder}/`, "")
    .replaceAll(/time="[\d.]+"/g, 'time="0"');
  expect(xml.split("\n").slice(0, 5)).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="workflow test" tests="2" failures="1" errors="0" time="0">',
    '  <testsuite name="my.test.json" file="my.test.json" tests="2" failures="1" errors="0" time="0" skipped="0">',
    '    <testcase name="a &amp; b &lt;␇&gt;" classname="my.test.json" time="0">',
    '      <failure message="output[0]: expected nothing, got: {&quot;status&quot;:&quot;SUCCEEDED&quot;}" type="failure">✗ a &amp; b &lt;␇&gt;',
  ]);
  expect(xml).toContain(
    '    <testcase name="good" classname="my.test.json" time="0"/>\n  </testsuite>\n</testsuites>\n',
  );
  writeFileSync(path, "mine");
  const refused = await runTests(TWO, { flags: ["--junit", path] });
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("add `--force`")]);
});

test("--watch runs again when a file is replaced, goes on after a mistake, waits for files that are missing, and ends at Ctrl-C", async () => {
  const tests = join(folder, "my.test.json");
  const replace = (content: unknown) => {
    writeFileSync(join(folder, "new"), JSON.stringify(content));
    renameSync(join(folder, "new"), tests);
  };
  const { session, output, interrupt } = scene();
  const later = join(folder, "later");
  const steps = [
    () => replace({ cases: [] }),
    () => replace({ ...TWO, cases: [{ name: "later", inputFile: "later/input.json" }] }),
    () => {
      mkdirSync(later);
      writeFileSync(join(later, "input.json"), JSON.stringify(INPUT));
    },
    interrupt,
  ];
  const { write } = session.stderr;
  session.stderr.write = ((text: string) => {
    if (text.startsWith("waiting")) setImmediate(steps.shift()!);
    return write.call(session.stderr, text);
  }) as typeof write;
  replace(TWO);
  writeFileSync(join(folder, "my.asl.json"), JSON.stringify(DOCUMENT));
  expect(await run(["test", join(folder, "my.asl.json"), "--watch"], session)).toBe(0);
  const lines = output.stderr.split("\n").filter((line) => /passed|error|changed|waiting/.test(line));
  expect(lines.map((line) => line.replace(/^.*\//, ""))).toEqual([
    "1 failed, 1 passed",
    "waiting for a change; Ctrl-C ends",
    "my.test.json has changed",
    "my.test.json:1:2: error: cases must have at least 1 item, got: 0; add an item",
    "waiting for a change; Ctrl-C ends",
    "my.test.json has changed",
    expect.stringMatching(/input.json; paths are relative to the test file$/),
    "waiting for a change; Ctrl-C ends",
    "input.json has changed",
    "1 passed",
    "waiting for a change; Ctrl-C ends",
  ]);
  rmSync(later, { recursive: true });
});

describe("coverage", () => {
  const CASES = { mocks: MOCKS, cases: [{ name: "no items", input: { text: "a", items: [] } }] };

  /** Returns the lines from the coverage on. */
  async function coverage(...flags: string[]) {
    const { session, output } = scene();
    writeFileSync(join(folder, "my.asl.json"), JSON.stringify(DOCUMENT, null, 2));
    writeFileSync(join(folder, "my.test.json"), JSON.stringify(CASES));
    const code = await run(["test", join(folder, "my.asl.json"), ...flags], session);
    const [, lines = ""] = output.stderr.replaceAll(`${folder}/`, "").split(/^(?=coverage)/m);
    return { code, lines, stdout: output.stdout };
  }

  test("the states that no case reaches are named with their lines", async () => {
    expect(await coverage()).toEqual({
      ...{ code: 0, stdout: "" },
      lines: "coverage: 2 of 3 states, 0 of 0 branches; not reached:\n  my.asl.json:19: state Job\n",
    });
  });

  test("less than --min-coverage fails, and says so", async () => {
    const { code, lines } = await coverage("--min-coverage", "66.7");
    expect([code, lines.split("\n").at(-2)]).toEqual([
      1,
      "the cases reach 66.6 % of the states and branches, fewer than `--min-coverage 66.7`; add cases for those that no case has reached",
    ]);
    expect((await coverage("--min-coverage", "66.6")).code).toBe(0);
  });

  test("--json has it, and with --filter it is not counted", async () => {
    const { stdout } = await coverage("--json");
    expect((JSON.parse(stdout) as JsonObject).coverage).toEqual({
      ...{ states: { reached: 2, total: 3 }, branches: { reached: 0, total: 0 }, percent: 66.6 },
      notReached: [{ kind: "state", state: "Job", number: null, next: null, line: 19 }],
    });
    const filtered = await coverage("--json", "--filter", "no items");
    expect([filtered.lines, (JSON.parse(filtered.stdout) as JsonObject).coverage]).toEqual(["", null]);
  });

  test.each([
    [["--min-coverage", "101"], '`--min-coverage` must be a number from 0 to 100, got: "101"'],
    [["--local"], "`--local` says where the execution of `--record` is; add it"],
  ])("%j is refused", async (flags, message) => {
    const { session, output } = scene();
    expect(await run(["test", join(folder, "my.asl.json"), ...flags], session)).toBe(2);
    expect(output.stderr).toContain(message);
  });
});
