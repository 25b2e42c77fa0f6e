import type { AwsExecution } from "../../../../src/aws/executions";
import { list } from "../../../../src/cli/commands/list";
import { act } from "../../../terminal";
import { described, execution, scene } from "../scene";

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
