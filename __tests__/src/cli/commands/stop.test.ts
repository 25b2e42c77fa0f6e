import type { AwsExecution } from "../../../../src/aws/executions";
import { UsageError } from "../../../../src/base/errors";
import { stop } from "../../../../src/cli/commands/stop";
import { act } from "../../../terminal";
import { described, execution, scene } from "../scene";

const MINE = execution("mine");

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
