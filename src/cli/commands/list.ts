import type { AwsExecution, AwsExecutionStatus } from "../../aws/executions";
import { isoSeconds } from "../../base/clock";
import { count, duration, padText, printable, textWidth } from "../../base/terminal-text";
import { stateMachineName } from "../../project/names";
import { defineCommand, oneOf, toggle, valued, withDefault } from "../define-command";
import { describeExecution, findDeployed } from "../deployed";
import { ON_AWS, wholeNumber } from "../flags";
import { printJson } from "../printing";

const STATUSES = [
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "ABORTED",
  "PENDING_REDRIVE",
] as const satisfies readonly AwsExecutionStatus[];

export const list = defineCommand({
  name: "list",
  description: "show the executions, newest first",
  flags: {
    ...ON_AWS,
    status: oneOf("status", "only executions with this status", STATUSES),
    max: withDefault(valued("number", "how many to show", wholeNumber), 20),
    json: toggle("print them as one JSON document"),
  },
  action: async ({ status, max, json, ...onAws }, session) => {
    const { aws, clients, region, stateMachineArn } = await findDeployed(onAws, session);
    const executions = await aws.listExecutions(clients, stateMachineArn, { ...(status && { status }), max });
    if (json) {
      return printJson(
        session,
        executions.map((execution) => describeExecution(region, execution)),
      );
    }
    for (const line of table(executions, session.clock.now())) session.stdout.write(`${line}\n`);
    if (executions.length > 0) return;
    session.stderr.write(`${stateMachineName(stateMachineArn)} has no ${status ? `${status} ` : ""}executions\n`);
  },
});

/** Writes a line for each: name, status, start in UTC, duration, number of redrives. */
function table(executions: readonly AwsExecution[], now: number): string[] {
  const rows = executions.map(({ name, status, startedAt, stoppedAt, redriveCount }) => [
    printable(name),
    printable(status),
    isoSeconds(startedAt),
    duration((stoppedAt ?? now) - startedAt),
    redriveCount > 0 ? `redriven ${count(redriveCount)}×` : "",
  ]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => textWidth(row[column]!))));
  return rows.map((row) =>
    row
      .map((cell, column) => padText(cell, widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}
