import type { AwsExecution } from "../../../../src/aws/executions";
import { UsageError } from "../../../../src/base/errors";
import { list } from "../../../../src/cli/commands/list";
import { open } from "../../../../src/cli/commands/open";
import { stop } from "../../../../src/cli/commands/stop";
import { act } from "../../../terminal";
import { execution, STATE_MACHINE, scene } from "../scene";

const CONSOLE = "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#";
const MINE = execution("mine");
const described = ({ arn, name, status, redriveCount }: AwsExecution) => ({
  arn,
  name,
  status,
  startedAt: "1970-01-01T00:00:01.000Z",
  stoppedAt: status === "RUNNING" ? null : "1970-01-01T00:00:03.000Z",
  redriveCount,
  console: `${CONSOLE}/v2/executions/details/${arn}`,
});

describe("list", () => {
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
});

describe("stop", () => {
  const running = ["a", "b", "c", "d", "e", "f"].map((name) => execution(name, "RUNNING"));
  /** At the time of the scene's clock. */
  const asStopped = (one: AwsExecution) => ({
    ...described({ ...one, status: "ABORTED" }),
    stoppedAt: "1970-01-01T00:00:00.000Z",
  });
  const stopped = (...executions: AwsExecution[]) => executions.map(({ arn }) => `stop ${arn} enough`);

  async function stopping(executions: AwsExecution[], reference?: string, all?: true) {
    const { session, output, calls } = scene({ executions });
    await act(stop, { execution: reference, cause: "enough", json: true, all: all ?? false }, session);
    return {
      ...output,
      stdout: JSON.parse(output.stdout) as object,
      calls: calls.filter((it) => it.startsWith("stop")),
    };
  }

  test("the one that is named", async () => {
    expect(await stopping(running, "b")).toEqual({
      stdout: [asStopped(running[1]!)],
      stderr: "stopped the execution b\n",
      calls: stopped(running[1]!),
    });
  });

  test("the only one that runs, where none is named", async () => {
    expect(await stopping([MINE, running[0]!])).toEqual({
      stdout: [asStopped(running[0]!)],
      stderr: "stopped the execution a\n",
      calls: stopped(running[0]!),
    });
  });

  test("all of them", async () => {
    expect(await stopping([MINE, ...running.slice(0, 2)], undefined, true)).toEqual({
      stdout: running.slice(0, 2).map(asStopped),
      stderr: "stopped the execution a\nstopped the execution b\n",
      calls: stopped(...running.slice(0, 2)),
    });
  });

  test("all of none", async () => {
    expect(await stopping([MINE], undefined, true)).toEqual({
      stdout: [],
      stderr: "no execution is running\n",
      calls: [],
    });
  });

  test("one that has ended already", async () => {
    expect(await stopping([MINE], "mine")).toEqual({
      stdout: [],
      stderr: "the execution mine has ended already: SUCCEEDED\n",
      calls: [],
    });
  });

  test.each<[string, AwsExecution[], string]>([
    ["none runs", [MINE], "no execution is running"],
    ["two run", running.slice(0, 2), "several executions are running (a, b); name one, or stop them with `--all`"],
    ["six run", running, "several executions are running (a, b, c, d, e, …); name one, or stop them with `--all`"],
  ])("nothing where none is named and %s", async (_, executions, message) => {
    await expect(stopping(executions)).rejects.toEqual(new UsageError(message));
  });
});

describe("open", () => {
  test.each<[string, string | undefined, string]>([
    ["the state machine", undefined, `${CONSOLE}/statemachines/view/${STATE_MACHINE}`],
    ["an execution", "mine", `${CONSOLE}/v2/executions/details/${MINE.arn}`],
  ])("prints the page of %s", async (_, reference, page) => {
    const { session, output } = scene({ executions: [MINE] });
    await act(open, { execution: reference, ...{} }, session);
    expect(output).toEqual({ stdout: `${page}\n`, stderr: "" });
  });

  test.each<[string | undefined, string, string]>([
    [undefined, "echo_dev", STATE_MACHINE],
    ["latest", "mine", MINE.arn],
  ])("--json of %p gives its name and ARN too", async (reference, name, arn) => {
    const { session, output } = scene({ executions: [MINE] });
    await act(open, { execution: reference, ...{ json: true } }, session);
    expect(JSON.parse(output.stdout)).toEqual({ arn, name, console: expect.stringContaining(arn) });
  });
});
