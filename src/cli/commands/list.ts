import type { AwsExecutionStatus } from "../../aws/executions";
import { isoSeconds } from "../../base/clock";
import { duration, padText, printable, textWidth } from "../../base/terminal-text";
import type { RunCost } from "../../execution/cost/costs";
import { roughly } from "../../execution/cost/money";
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
    cost: toggle("read the jobs of each execution on AWS, and show what it costs at list price"),
    json: toggle("print them as one JSON document"),
  },
  action: async ({ status, max, cost, json, ...where }, session) => {
    const { of, executions } = await listExecutions({ status, max }, where, session);
    const costs = cost
      ? await (await import("../list-costs")).readCosts(executions, session)
      : executions.map((execution) => execution.cost);
    if (json) {
      return printJson(
        session,
        executions.map(({ described }, index) => ({ ...described, ...(costs[index] && { cost: costs[index] }) })),
      );
    }
    for (const line of table(executions, costs, session.clock.now())) session.stdout.write(`${line}\n`);
    const priced = costs.find(isPriced);
    if (priced)
      session.stderr.write(`costs at list prices of ${priced.pricesOf}${priced.measuredHere ? ", as on AWS" : ""}\n`);
    if (executions.length > 0) return;
    session.stderr.write(`${of} has no ${status ? `${status} ` : ""}executions\n`);
  },
});

/** Writes a line for each: name, status, start in UTC, duration, cost if one is known, and what else there is to say. */
function table(executions: readonly FoundExecution[], costs: readonly (RunCost | null)[], now: number): string[] {
  const rows = executions.map(({ name, status, startedAt, stoppedAt, remarks }, index) => [
    printable(name),
    printable(status),
    isoSeconds(startedAt),
    duration((stoppedAt ?? now) - startedAt),
    ...(costs.some(isPriced) ? [costText(costs[index]!)] : []),
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

function isPriced(cost: RunCost | null): cost is RunCost {
  return cost !== null && cost.amount !== null;
}

/** A sum without some of its jobs is marked. */
function costText(cost: RunCost | null): string {
  if (cost === null) return "";
  return cost.unpricedJobs + cost.itemsLeftOut > 0 && cost.amount !== null
    ? `${roughly(cost)}, and more`
    : roughly(cost);
}
