import type { AwsExecution } from "../../../../src/aws/executions";
import { list } from "../../../../src/cli/commands/list";
import * as told from "../../../events";
import { at } from "../../../events";
import { act } from "../../../terminal";
import { described, emitAll, execution, scene } from "../scene";

const executions = [execution("new", "RUNNING"), { ...execution("longer-name", "FAILED"), redriveCount: 2 }];

test("shows name, status, start, duration and redrives", async () => {
  const { session, output } = scene({ executions });
  await act(list, { max: 20 }, { ...session, clock: { ...session.clock, now: () => 62_000 } });
  expect(output).toEqual({
    stdout: `new          RUNNING  1970-01-01T00:00:01Z  1:01
longer-name  FAILED   1970-01-01T00:00:01Z  2.0 s  redriven 2×
`,
    stderr: "",
  });
});

test("what a name holds to move the cursor does not reach the terminal", async () => {
  const { session, output } = scene({ executions: [execution("a\u001b[2Jb\u009b1m\u202e")] });
  await act(list, { max: 20 }, session);
  expect(output.stdout).toBe("ab  SUCCEEDED  1970-01-01T00:00:01Z  2.0 s\n");
});

test("--json is one list", async () => {
  const { session, output } = scene({ executions });
  await act(list, { max: 20, json: true }, session);
  expect(JSON.parse(output.stdout)).toEqual(executions.map(described));
});

test.each<[Partial<Parameters<typeof list.action>[0]>, string]>([
  [{ max: 20 }, "echo_dev has no executions\n"],
  [{ max: 20, status: "ABORTED" }, "echo_dev has no ABORTED executions\n"],
])("says that there are none with %p", async (options, stderr) => {
  const { session, output } = scene();
  await act(list, options, session);
  expect(output).toEqual({ stdout: "", stderr });
});

test.each<[Partial<Parameters<typeof list.action>[0]>, string[]]>([
  [{ max: 1 }, ["new"]],
  [{ max: 20, status: "FAILED" }, ["longer-name"]],
])("takes those asked for with %p", async (options, names) => {
  const { session, output } = scene({ executions });
  await act(list, { ...options, json: true }, session);
  expect((JSON.parse(output.stdout) as AwsExecution[]).map(({ name }) => name)).toEqual(names);
});

describe("--cost", () => {
  const hour = { startedAt: 0, stoppedAt: 3_600_000 };
  const priced = (compute: "FARGATE" | null) => [
    ...[at(0, told.executionStarted()), at(0, told.entered("only")), at(0, told.submitted("id", "only"))],
    ...[at(0, told.described("id", { compute })), at(9, told.notice("a word")), at(9, told.attempt("id", hour))],
    at(9, told.executionEnded("SUCCEEDED")),
  ];

  test("reads the jobs of the executions that have ended, without their output", async () => {
    const logs: string[] = [];
    const watch = emitAll(priced("FARGATE"));
    const { session, output } = scene({
      executions,
      watch: (options) => {
        logs.push(options.logs);
        return watch(options);
      },
    });
    await act(list, { max: 20, cost: true }, { ...session, clock: { ...session.clock, now: () => 62_000 } });
    // 1 h × (0.04048 + 2 × 0.004445) + 1 × 0.000025
    expect(output).toEqual({
      stdout: `new          RUNNING  1970-01-01T00:00:01Z  1:01
longer-name  FAILED   1970-01-01T00:00:01Z  2.0 s  about $0.0494  redriven 2×
`,
      stderr: `reading the jobs of 1 execution
a word
costs at list prices of 2026-09
`,
    });
    expect(logs).toEqual(["none"]);
  });

  test("is in the JSON, and absent where it is not known", async () => {
    const { session, output } = scene({ executions, watch: emitAll(priced("FARGATE")) });
    await act(list, { max: 20, cost: true, json: true }, session);
    expect(JSON.parse(output.stdout)).toEqual([
      described(executions[0]!),
      { ...described(executions[1]!), cost: expect.objectContaining({ amount: 0.049395, region: "eu-west-1" }) },
    ]);
  });

  test("shows nothing for jobs without a price, or after a Ctrl-C", async () => {
    for (const watch of [emitAll(priced(null)), async () => null]) {
      const { session, output } = scene({ executions: [execution("old")], watch });
      await act(list, { max: 20, cost: true }, session);
      expect(output.stdout).toBe("old  SUCCEEDED  1970-01-01T00:00:01Z  2.0 s\n");
    }
  });
});
