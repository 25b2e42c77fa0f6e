/** The cost of an execution in words. */
import { counted } from "../../base/terminal-text";
import type { RunCost } from "./costs";
import { roughly } from "./money";
import { pricesOf } from "./prices";

/**
 * Describes the cost of an execution in one line. Returns `null` if all jobs got an earlier result, or if the region is not
 * known, as for a document from elsewhere.
 */
export function costLine(cost: RunCost): string | null {
  const { amount, region, measuredHere, jobs, unpricedJobs, itemsLeftOut, reusedJobs } = cost;
  if (region === null) return null;
  if (amount === null) return `no price for ${pricesOf(region) === null ? region : counted(unpricedJobs, "job")}`;
  if (reusedJobs > 0 && jobs === 0) return null;
  const text = roughly(cost);
  return [
    `${measuredHere ? `would cost ${text} on AWS, at these times and` : `${text} at`} list prices of ${cost.pricesOf}`,
    ...(unpricedJobs > 0 ? [`without ${counted(unpricedJobs, "job")}`] : []),
    ...(itemsLeftOut > 0 ? [`without ${counted(itemsLeftOut, "item")} of distributed Maps`] : []),
    ...(reusedJobs > 0 ? [`without ${counted(reusedJobs, "reused job")}`] : []),
  ].join(", ");
}
