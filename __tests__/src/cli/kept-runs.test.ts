import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../../src/base/clock";
import { run } from "../../../src/cli/program";
import { recordSession } from "../../terminal";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-runs-test-"));
  writeFileSync(join(folder, "their.asl.json"), JSON.stringify(DOCUMENT));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DOCUMENT = {
  StartAt: "first",
  States: {
    first: {
      Type: "Task",
      Resource: "arn:aws:states:::sns:publish",
      Parameters: { TopicArn: "arn:aws:sns:us-east-1:123456789012:t", Message: "m" },
      Next: "second",
    },
    second: {
      Type: "Task",
      Resource: "arn:aws:states:::sns:publish",
      Parameters: { TopicArn: "arn:aws:sns:us-east-1:123456789012:t", Message: "m" },
      End: true,
    },
  },
};

/** Runs a command. Its runs are kept in the folder of the test. */
async function workflow(...argv: string[]) {
  const { session, output } = recordSession({
    clock: systemClock,
    runsFolders: [join(folder, "runs")],
  });
  return { code: await run(argv, session), ...output };
}

/** Gives the tasks these answers. */
function mocks(answers: object): string {
  const file = join(folder, "mocks.json");
  writeFileSync(file, JSON.stringify({ mocks: answers }));
  return file;
}

async function failedRun() {
  const file = mocks({ first: { returns: { MessageId: "1" } }, second: { throws: { Error: "Broken", Cause: "why" } } });
  const { code } = await workflow("local", join(folder, "their.asl.json"), "--mock", file, "--name", "mine");
  expect(code).toBe(1);
}

test("a run can be listed, watched, reported, opened and redriven", async () => {
  await failedRun();
  const listed = JSON.parse((await workflow("list", "--local", "--json")).stdout) as object[];
  expect(listed).toMatchObject([
    { name: "mine", workflow: "their", status: "FAILED", wasKilled: false, redriveCount: 0 },
  ]);
  expect((await workflow("list", "--local", "--status", "SUCCEEDED")).stderr).toBe(
    "this machine has no SUCCEEDED executions\n",
  );
  expect((await workflow("watch", "--local")).stderr).toContain("second failed: Broken");
  expect((await workflow("logs", "--local")).stderr).toBe("no job was started\n");

  const report = join(folder, "report.json");
  expect((await workflow("report", "latest", report, "--local")).code).toBe(0);
  expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({ name: "mine", status: "FAILED", error: "Broken" });
  const { stdout } = await workflow("open", "--local");
  expect(readFileSync(fileURLToPath(stdout.trim()), "utf8")).toContain("<!doctype html>");

  // Nothing answers the first task: it must not run again.
  mocks({ second: { returns: { MessageId: "2" } } });
  const redriven = await workflow("redrive", "mine", "--local", "--json", "--quiet");
  expect([redriven.code, JSON.parse(redriven.stdout)]).toMatchObject([
    0,
    { name: "mine", status: "SUCCEEDED", output: { MessageId: "2" } },
  ]);
  expect((await workflow("list", "--local")).stdout).toMatch(/^mine +SUCCEEDED .* their, redriven 1×/);
});

test.each([
  [["watch", "--local", "mien"], "there is no run `mien` here; did you mean mine?\n"],
  [["watch", "--local", "--on-interrupt", "stop"], "`--on-interrupt stop` cannot be used with `--local`"],
  [["redrive", "mine", "--engine", "process"], "`--engine` needs `--local`"],
  [["redrive", "mine", "--local", "--detach"], "option '--local' cannot be used with option '--detach'"],
  [["local", "their.asl.json", "--from", "first[0]"], "so it must be named such as `--from 'first'`"],
  [["local", "their.asl.json", "--name", "mine"], "`--name` must be a name that no kept run has, got: mine"],
])("%j is refused in a sentence", async (argv, message) => {
  await failedRun();
  const { code, stderr } = await workflow(
    ...argv.map((word) => (word === "their.asl.json" ? join(folder, word) : word)),
  );
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test("of two runs with the same name at the same moment, one runs and the other is refused", async () => {
  const file = mocks({ first: { returns: 1 }, second: { returns: 2 } });
  const argv = ["local", join(folder, "their.asl.json"), "--mock", file, "--name", "mine"];
  const ends = await Promise.all([workflow(...argv), workflow(...argv)]);
  expect(ends.map(({ code }) => code).sort()).toEqual([0, 2]);
  expect(ends.find(({ code }) => code === 2)!.stderr).toMatch(
    /^(.* is answered by a mock\n)?`--name` must be a name that no kept run has, got: mine; `list --local` shows them\n$/,
  );
  expect((await workflow("list", "--local")).stdout.split("\n")).toHaveLength(2);
});

test("a run that has succeeded cannot be redriven, in the words of AWS", async () => {
  const file = mocks({ first: { returns: 1 }, second: { returns: 2 } });
  await workflow("local", join(folder, "their.asl.json"), "--mock", file, "--name", "mine");
  expect(await workflow("redrive", "latest", "--local")).toMatchObject({
    code: 2,
    stderr: "`mine` cannot be redriven: Execution is SUCCEEDED and cannot be redriven; start a new one\n",
  });
});
