/** The list price of the jobs of a plan, where it changes. */
import { counted } from "../base/terminal-text";
import { hourly } from "../execution/cost/money";
import { type JobPrice, type JobSize, PRICES_OF, priceOf, pricesOf, type RegionPrices } from "../execution/cost/prices";
import { readCompute } from "../project/job-compute";
import { JOB_PARTS } from "./job-parts";
import { partValues } from "./part-changes";
import type { Part } from "./parts";
import type { Plan, ResourceChange } from "./plan";
import { KINDS, nameOf } from "./resource-kinds";
import { textOf } from "./values";

/** Lines that are shown. */
const COSTS_SHOWN = 6;

/** Returns a line of Markdown for each job that is new, or whose price changes. Jobs without a known price have none. */
export function costsInWords(plans: readonly Plan[], prefix: string, region: string): string[] {
  const prices = pricesOf(region);
  if (prices === null) return [];
  const lines = plans.flatMap((plan) =>
    plan.resources
      .filter(({ type, isDeposed }) => type === "aws_batch_job_definition" && !isDeposed)
      .flatMap((job) => costChange(job, plan, prefix, prices)),
  );
  const left = lines.length - COSTS_SHOWN;
  return [...lines.slice(0, COSTS_SHOWN), ...(left > 0 ? [`the cost of ${counted(left, "more job")} changes`] : [])];
}

// --- internal ---

function costChange(job: ResourceChange, plan: Plan, prefix: string, prices: RegionPrices): string[] {
  const [before, after] = (["before", "after"] as const).map((when) => jobPrice(job, plan, prefix, prices, when));
  if (!after || (before && before.perHour === after.perHour)) return [];
  const now = `${hourly(after)} an hour at list prices of ${PRICES_OF}`;
  return [`cost of ${nameOf(job, plan, prefix)}: ${before ? `${hourly(before)} to ` : ""}${now}`];
}

type When = "before" | "after";

/** Returns the price of a job. If its queue has several kinds of compute, returns the highest. */
function jobPrice(job: ResourceChange, plan: Plan, prefix: string, prices: RegionPrices, when: When): JobPrice | null {
  if (!exists(job, when)) return null;
  const value = (label: string) => partValues(job, partOf(JOB_PARTS, label), plan)?.[when] ?? null;
  const [vcpus, memoryMiB, gpus, scratch] = ["vCPUs", "memory", "GPUs", "scratch space"].map((label) => {
    const read = value(label);
    return read === null ? null : Number(read);
  });
  if (!vcpus || !memoryMiB) return null;
  const found = queueCompute(job, plan, prefix, when).map(({ compute, instanceTypes }) =>
    priceOf(
      {
        ...{ vcpus, memoryMiB, gpus: gpus ?? 0, ephemeralStorageGiB: scratch ?? null, compute, instanceTypes },
        architecture: value("processor") === "ARM64" ? "ARM64" : "X86_64",
      },
      prices,
    ),
  );
  const known = found.filter((price) => price !== null).toSorted((one, other) => other.perHour - one.perHour);
  const [highest] = known;
  if (highest === undefined || known.length < found.length) return null;
  return { ...highest, isMost: highest.isMost || found.length > 1 };
}

/** Returns the compute behind the job's own queue, or else behind the workflow's. */
function queueCompute(
  job: ResourceChange,
  plan: Plan,
  prefix: string,
  when: When,
): Pick<JobSize, "compute" | "instanceTypes">[] {
  const environments = plan.resources.filter(
    (one) => one.type === "aws_batch_compute_environment" && !one.isDeposed && exists(one, when),
  );
  const named = (start: string) =>
    environments.filter(
      ({ change }) => (textOf(change.before, "name_prefix") ?? textOf(change.after, "name_prefix")) === start,
    );
  const own = named(`${textOf(job.change[when], "name")}-`);
  const parts = KINDS.aws_batch_compute_environment!.parts;
  return (own.length > 0 ? own : named(`${prefix}-`)).map((environment) => {
    const value = (label: string) => partValues(environment, partOf(parts, label), plan)?.[when] ?? null;
    const types = value("instance types");
    return {
      compute: readCompute(value("kind")),
      instanceTypes: Array.isArray(types) ? types.map(String) : [],
    };
  });
}

function exists({ change }: ResourceChange, when: When): boolean {
  return change[when] !== undefined && change[when] !== null;
}

function partOf(parts: readonly Part[], wanted: string): Part {
  return parts.find(({ label }) => label === wanted)!;
}
