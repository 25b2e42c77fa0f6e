import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../../src/cli/program";
import type { ExecutionEvent } from "../../../../src/execution/events";
import { keepRun } from "../../../../src/local/runs/keep-run";
import { SOURCE } from "../../../run-source";
import { emitAll, execution, STATE_MACHINE, scene } from "../scene";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "record-case-"));
  writeFileSync(join(folder, "my.asl.json"), JSON.stringify(DOCUMENT));
});
afterEach(() => rmSync(folder, { recursive: true }));

const NOTIFY = { Type: "Task", Resource: "arn:aws:states:::sns:publish", End: true };
const DOCUMENT = { StartAt: "Notify", States: { Notify: NOTIFY } };

const place = { state: "Notify", indices: [] };
const EVENTS: readonly ExecutionEvent[] = [
  { at: 1000, type: "execution-started", name: "mine", input: { a: 1 } },
  { at: 1000, type: "state-entered", ...place, input: { a: 1 } },
  { at: 2000, type: "task-succeeded", ...place, result: { MessageId: "***" } },
  { at: 2000, type: "state-succeeded", ...place },
  { at: 2000, type: "execution-ended", status: "SUCCEEDED", output: { MessageId: "***" }, error: null, cause: null },
];

const TESTS = '{\n  "cases": [\n    { "name":   "old", "mocks": { "Notify": { "returns": {} } } }\n  ]\n}\n';
const CASE = `{
      "name": "mine",
      "input": { "a": 1 },
      "mocks": { "Notify": { "returns": { "MessageId": "***" } } },
      "expect": { "status": "SUCCEEDED", "output": { "MessageId": "***" }, "path": ["Notify"] }
    }`;
const WITH_CASE = TESTS.replace("} } }\n", `} } },\n    ${CASE}\n`);

/** Keeps a run with these events, records it, and returns the exit code, the output and the test file. */
async function recordKept(events: readonly ExecutionEvent[], tests: string | null, ...flags: string[]) {
  const runs = join(folder, ".workflow", "runs");
  const keeper = keepRun(runs, "mine", (message) => expect(message).toBe(""));
  keeper.prepared({
    engine: "process",
    source: SOURCE,
    region: "us-east-1",
    stateMachine: { name: "my", definition: DOCUMENT },
  });
  for (const event of events) keeper.sink(event);
  keeper.close();
  const { session, output } = scene({ session: { runsFolders: [runs] } });
  return record(["--record", "latest", "--local", ...flags], tests, session, output);
}

async function record(
  flags: readonly string[],
  tests: string | null,
  session: ReturnType<typeof scene>["session"],
  output: ReturnType<typeof scene>["output"],
) {
  const file = join(folder, "my.test.json");
  if (tests !== null) writeFileSync(file, tests);
  const code = await run(["test", join(folder, "my.asl.json"), ...flags], session);
  const stderr = output.stderr.replaceAll(`${folder}/`, "");
  return { code, stderr, text: code === 2 && tests === null ? null : readFileSync(file, "utf8") };
}

test("a kept run becomes a case, which runs; the rest of the file stays", async () => {
  expect(await recordKept(EVENTS, TESTS)).toEqual({
    code: 0,
    stderr:
      "✓ mine (1 state)\nwritten to my.test.json:4\nthe values of secrets are hidden in the kept run, so the case has *** in their place\n",
    text: WITH_CASE,
  });
});

test("latest is the newest run of the document, not of any document", async () => {
  const runs = join(folder, ".workflow", "runs");
  const keeper = keepRun(runs, "later", () => {});
  keeper.prepared({
    engine: "process",
    source: SOURCE,
    region: "us-east-1",
    stateMachine: { name: "other", definition: DOCUMENT },
  });
  for (const event of EVENTS) keeper.sink({ ...event, at: event.at + 9000 });
  keeper.close();
  const { session, output } = scene({ session: { runsFolders: [runs] } });
  expect(await record(["--record", "latest", "--local"], TESTS, session, output)).toMatchObject({
    code: 2,
    stderr:
      "no run of my is kept here; start one with `npx workflow local`. `npx workflow list --local` shows the runs of other workflows\n",
  });
  expect((await recordKept(EVENTS, TESTS)).text).toBe(WITH_CASE);
});

test("without a test file, one is written", async () => {
  const { code, text } = await recordKept(EVENTS, null);
  expect([code, text]).toEqual([0, `{\n  "cases": [\n    ${CASE}\n  ]\n}\n`]);
});

test("a case of the same name is replaced with --force alone", async () => {
  const earlier = TESTS.replace('"old"', '"mine"');
  expect(await recordKept(EVENTS, earlier)).toEqual({
    code: 2,
    stderr: 'my.test.json:3: there is a case "mine" already; replace it with `--force`\n',
    text: earlier,
  });
  rmSync(join(folder, ".workflow"), { recursive: true });
  expect((await recordKept(EVENTS, earlier, "--force")).text).toBe(`{\n  "cases": [\n    ${CASE}\n  ]\n}\n`);
});

const ended = (fields: object) => EVENTS.slice(0, -1).concat({ ...EVENTS.at(-1)!, ...fields } as ExecutionEvent);

test.each<[string, readonly ExecutionEvent[], string]>([
  [
    "has not ended",
    EVENTS.slice(0, 2),
    "the execution mine cannot be a case: it has not ended, or its end is not known; wait for its end",
  ],
  [
    "was stopped",
    ended({ status: "ABORTED", output: null }),
    "the execution mine cannot be a case: it was stopped from outside, and no case is",
  ],
  [
    "was redriven",
    [...EVENTS.slice(0, 2), { at: 1500, type: "execution-redriven", redriveCount: 1 }, ...EVENTS.slice(2)],
    "the execution mine cannot be a case: it was redriven, and no case is; record one that was not",
  ],
  [
    "ran another document",
    EVENTS.map((event) => ("state" in event ? { ...event, state: "Other" } : event)),
    'the execution mine entered states that my.asl.json does not have: "Other"; record it with the document that it ran',
  ],
])("an execution that %s is refused, and the file stays", async (_, events, message) => {
  // The reader waits for news of an execution that has not ended.
  const { code, stderr, text } = await recordKept(events, TESTS);
  expect({ code, stderr, text }).toEqual({ code: 2, stderr: `${message}\n`, text: TESTS });
});

test("an execution that the document does not repeat is written, with exit code 1", async () => {
  const { code, stderr, text } = await recordKept(ended({ output: { other: 1 } }), TESTS);
  expect([code, stderr.split("\n").at(-3)]).toEqual([
    1,
    "the case does not repeat the execution: the document has changed since, or it needs more than the mocks of its tasks, such as `objects`; complete it by hand",
  ]);
  expect(text).toContain('"executionName": "mine"');
});

test("an execution on AWS becomes a case", async () => {
  const { session, output } = scene({ executions: [execution("mine")], watch: emitAll(EVENTS) });
  const flags = ["--record", execution("mine").arn, "--state-machine", STATE_MACHINE];
  expect(await record(flags, TESTS, session, output)).toEqual({
    code: 0,
    stderr:
      "✓ mine (1 state)\nwritten to my.test.json:4\nthe case holds the input and the results of the execution; look for secrets before you commit it\n",
    text: WITH_CASE,
  });
});
