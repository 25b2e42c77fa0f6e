import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StatesDocument } from "../../../src/asl/document";
import { systemClock } from "../../../src/base/clock";
import { UsageError } from "../../../src/base/errors";
import { run } from "../../../src/cli/program";
import { chosenState } from "../../../src/cli/start-at";
import { recordSession } from "../../terminal";

const pass = (more: object) => ({ Type: "Pass", ...more });
const map = (states: object, more: object, ProcessorConfig: object = { Mode: "INLINE" }) => ({
  ...{ Type: "Map", ItemProcessor: { ProcessorConfig, StartAt: Object.keys(states)[0]!, States: states } },
  ...more,
});
const DOCUMENT = {
  QueryLanguage: "JSONata",
  StartAt: "first",
  States: {
    first: pass({ Assign: { seen: "{% $states.input.who %}" }, Output: { items: [["a"], ["b", "c"]] }, Next: "outer" }),
    outer: map(
      {
        inner: map(
          { item: pass({ Output: "{% $seen & $states.input %}", End: true }) },
          { Items: "{% $states.input %}", End: true },
        ),
      },
      { Items: "{% $states.input.items %}", Next: "both" },
    ),
    both: {
      ...{ Type: "Parallel", Next: "many" },
      Branches: [{ StartAt: "left[0]", States: { "left[0]": pass({ End: true }) } }],
    },
    many: map(
      { one: pass({ End: true }) },
      { Items: [], Next: "last" },
      { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    ),
    last: pass({ Output: "{% $seen %}", End: true }),
  },
};

const choose = (flags: { from?: string; only?: string }) =>
  chosenState({ from: undefined, only: undefined, ...flags }, DOCUMENT as unknown as StatesDocument);

test.each<[{ from?: string; only?: string }, string]>([
  [{ from: "lst" }, "`--from lst`: the document has no state `lst`; did you mean last?"],
  [
    { from: "item[0][0]" },
    "`--from item[0][0]`: the state is inside the Map `outer`, and an execution cannot begin there; use `--from outer`, or run the state alone with `--only`",
  ],
  [
    { from: "left[0]" },
    "`--from left[0]`: the state is inside the Parallel `both`, and an execution cannot begin there; use `--from both`, or run the state alone with `--only`",
  ],
  [
    { only: "one" },
    "`--only one`: the state is inside the distributed Map `many`, whose items are executions of their own; use `--only many`",
  ],
  [
    { only: "item[1]" },
    "`--only item[1]`: the state is inside outer, inner, so it must be named such as `--only 'item[0][0]'`",
  ],
  [{ only: "last[0]" }, "`--only last[0]`: no Map is around the state, so it must be named such as `--only 'last'`"],
])("%j is refused", (flags, message) => {
  expect(() => choose(flags)).toThrow(new UsageError(message));
});

test.each<[{ from?: string; only?: string }, object | null]>([
  [{}, null],
  [{ from: "last" }, { state: "last", indices: [], isOnly: false }],
  [{ only: "left[0]" }, { state: "left[0]", indices: [], isOnly: true }],
  [{ only: "inner[1]" }, { state: "inner", indices: [1], isOnly: true, maps: ["outer"] }],
])("%j is %j", (flags, chosen) => {
  expect(choose(flags)).toEqual(chosen === null ? null : expect.objectContaining(chosen));
});

describe("after a run", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "start-at-"));
    writeFileSync(join(folder, "their.asl.json"), JSON.stringify(DOCUMENT));
    writeFileSync(join(folder, "other.asl.json"), JSON.stringify(DOCUMENT));
    writeFileSync(join(folder, "their.input.json"), '{ "who": "me" }');
    writeFileSync(join(folder, "other.input.json"), '{ "who": "you" }');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs a document. Its runs are kept in the folder of the test. */
  async function local(document: string, ...flags: string[]) {
    const { session, output } = recordSession({ clock: systemClock, runsFolders: [join(folder, "runs")] });
    const code = await run(["local", join(folder, document), "--json", ...flags], session);
    return { code, stderr: output.stderr, result: code === 2 ? null : JSON.parse(output.stdout) };
  }
  const first = () => local("their.asl.json", "--name", "first");

  test.each([
    [["--from", "last"], "me", "beginning at last with its input of the run first"],
    [["--only", "item[1][0]"], "meb", "running item[1][0] with its input of the run first"],
    [["--only", "inner[1]"], ["meb", "mec"], "running inner[1] with its input of the run first"],
  ])("%j has the input and the variables of that run", async (flags, output, notice) => {
    expect((await first()).result).toMatchObject({ status: "SUCCEEDED", output: "me" });
    const { result, stderr } = await local("their.asl.json", ...flags);
    expect(result).toMatchObject({ status: "SUCCEEDED", input: { who: "me" }, output });
    expect(stderr).toContain(notice);
  });

  test.each([
    [
      ["--only", "item[1][7]"],
      "`--only item[1][7]`: the run first never reached item[1][7]; run the whole workflow with `--resume`",
    ],
    [["--from", "last", "--resume", "frst"], "there is no run `frst` here; did you mean first?"],
    [["--from", "last", "--input", "{}"], "option '--from <state>' cannot be used with option '--input"],
    [["--from", "last", "--only", "last"], "option '--from <state>' cannot be used with option '--only"],
  ])("%j is refused", async (flags, message) => {
    await first();
    expect(await local("their.asl.json", ...flags)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
  });

  test.each([
    ["masked", "has a secret, which is not kept"],
    ["leftOut", "was too large to be kept"],
  ])("a state whose input is %s is refused", async (mark, problem) => {
    await first();
    const file = join(folder, "runs/first/events.jsonl");
    const events = readFileSync(file, "utf8");
    writeFileSync(file, events.replaceAll('"type":"state-entered"', `$&,"${mark}":true`));
    expect(await local("their.asl.json", "--from", "last")).toMatchObject({
      code: 2,
      stderr: `\`--from last\`: the input of last, or a variable that it can read, ${problem} in the run first; run the whole workflow with \`--resume\`\n`,
    });
  });

  test("without a run of this workflow, no state can begin, and `--resume` runs everything", async () => {
    await first();
    expect(await local("other.asl.json", "--from", "last")).toMatchObject({
      code: 2,
      stderr: "`--from last`: no kept run reached last; run the whole workflow with `--resume`\n",
    });
    const { result, stderr } = await local("other.asl.json", "--resume");
    expect(result).toMatchObject({ status: "SUCCEEDED", output: "you" });
    expect(stderr).toContain("no earlier run of this workflow is kept here: every job runs");
  });

  test("`--resume` refuses a run of another workflow", async () => {
    await first();
    expect(await local("other.asl.json", "--resume", "first")).toMatchObject({
      code: 2,
      stderr: "`--resume` needs a run of other, got: first, a run of their; `list --local` shows all runs\n",
    });
  });

  test("a run that has not ended is none to go on from, unless it is named", async () => {
    await first();
    const runs = join(folder, "runs");
    cpSync(join(runs, "first"), join(runs, "live"), { recursive: true });
    const head = JSON.parse(readFileSync(join(runs, "live", "run.json"), "utf8"));
    const live = { ...head, name: "live", status: "RUNNING", stoppedAt: null, startedAt: head.startedAt + 1 };
    writeFileSync(join(runs, "live", "run.json"), JSON.stringify(live));
    expect((await local("their.asl.json", "--from", "last")).stderr).toContain("input of the run first");
  });

  test("two runs can resume the same run at once", async () => {
    await first();
    const both = await Promise.all(
      ["a", "b"].map((name) => local("their.asl.json", "--resume", "first", "--name", name)),
    );
    expect(both.map(({ code, result }) => [code, result.name])).toEqual([
      [0, "a"],
      [0, "b"],
    ]);
  });
});
