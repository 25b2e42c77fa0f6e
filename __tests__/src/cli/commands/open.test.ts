import { open } from "../../../../src/cli/commands/open";
import { act } from "../../../terminal";
import { CONSOLE, execution, STATE_MACHINE, scene } from "../scene";

const MINE = execution("mine");

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
