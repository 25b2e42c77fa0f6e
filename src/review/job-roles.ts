/** The jobs behind the roles of a plan. */
import { asObject } from "../base/json";
import type { PermissionChange } from "./permissions-diff";
import type { Plan, ResourceChange } from "./plan";
import { parsedJson, textOf } from "./values";

/** Adds its jobs to the name of each role that jobs have: `echo_dev_echo_j (job echo)`. */
export function withJobs(changes: readonly PermissionChange[], plan: Plan, prefix: string): PermissionChange[] {
  const jobs = new Map<string, Set<string>>();
  for (const job of plan.resources.filter(({ type }) => type === "aws_batch_job_definition")) {
    for (const role of rolesOf(job, plan)) jobs.set(role, (jobs.get(role) ?? new Set()).add(shortName(job, prefix)));
  }
  return changes.map((change) => {
    const [first, ...others] = jobs.get(change.owner) ?? [];
    if (first === undefined) return change;
    const named = others.length === 0 ? `job ${first}` : `job ${first} and ${others.length} more`;
    return { ...change, owner: plan.conceal(`${change.owner} (${named})`) };
  });
}

// --- internal ---

/** Returns the names of the job's role: the present one, and the one after the apply. */
function rolesOf({ address, change }: ResourceChange, { references }: Plan): string[] {
  const attribute = "container_properties";
  const texts = [
    textOf(change.before, attribute),
    textOf(change.after, attribute) ?? references.template(address, attribute),
  ];
  return texts.flatMap((text) => {
    const { jobRoleArn } = asObject(parsedJson(text ?? ""));
    if (typeof jobRoleArn !== "string") return [];
    const [, reference] = /^\$\{(.+)\.arn\}$/.exec(jobRoleArn) ?? [];
    return reference === undefined ? jobRoleArn.replace(/^.*\//s, "") : references.resolve(`\${${reference}.name}`);
  });
}

function shortName({ change }: ResourceChange, prefix: string): string {
  const name = textOf(change.before, "name") ?? textOf(change.after, "name") ?? "";
  return name.startsWith(`${prefix}_`) ? name.slice(prefix.length + 1) : name;
}
