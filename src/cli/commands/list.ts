import type { AwsExecutionStatus } from "../../aws/executions";
import { isoSeconds } from "../../base/clock";
import { duration, padText, printable, textWidth } from "../../base/terminal-text";
import { defineCommand, oneOf, toggle, valued, withDefault } from "../define-command";
import { listExecutions } from "../find-execution";
import { ANYWHERE, wholeNumber } from "../flags";
import type { FoundExecution } from "../found-execution";
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
    ...ANYWHERE,
    status: oneOf("status", "only executions with this status", STATUSES),
    max: withDefault(valued("number", "how many to show", wholeNumber), 20),
    json: toggle("print them as one JSON document"),
  },
  action: async ({ status, max, json, ...where }, session) => {
    const { of, executions } = await listExecutions({ status, max }, where, session);
    if (json) {
      return printJson(
        session,
        executions.map(({ described }) => described),
      );
    }
    for (const line of table(executions, session.clock.now())) session.stdout.write(`${line}\n`);
    if (executions.length > 0) return;
    session.stderr.write(`${of} has no ${status ? `${status} ` : ""}executions\n`);
  },
});

/** Writes a line for each: name, status, start in UTC, duration, and what else there is to say. */
function table(executions: readonly FoundExecution[], now: number): string[] {
  const rows = executions.map(({ name, status, startedAt, stoppedAt, remarks }) => [
    printable(name),
    printable(status),
    isoSeconds(startedAt),
    duration((stoppedAt ?? now) - startedAt),
    remarks.map((remark) => printable(remark)).join(", "),
  ]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => textWidth(row[column]!))));
  return rows.map((row) =>
    row
      .map((cell, column) => padText(cell, widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}
