/** The warnings at the head of the comment, which a reviewer must not miss. */
import { asObject } from "../base/json";
import { resourceName } from "../project/names";
import { enumerated, listed } from "./fold";
import { code, codeName } from "./markdown";
import { partChanges } from "./part-changes";
import type { PermissionChange } from "./permissions-diff";
import { type Action, OLD_ONE_KEPT, type Plan, type ResourceChange } from "./plan";
import { KINDS, nameOf } from "./resource-kinds";
import { EXECUTIONS_COUNTED, type Review, type RunningExecutions } from "./review-types";
import type { Effect } from "./statement-diff";
import { textOf } from "./values";

const GOES = { update: "changed", replace: "replaced", delete: "destroyed" };

/** Returns a line for each kind of warning. */
export function warnings(review: Review, permissions: ReadonlyMap<Plan, readonly PermissionChange[]>): string[] {
  const { stacks, running, problems } = review;
  const prefix = resourceName(review);
  const resources = [...permissions.keys()].flatMap((plan) =>
    plan.resources
      .filter(({ type }) => type !== "output")
      .map((one) => ({ ...one, address: plan.conceal(one.address) })),
  );
  const named = (wanted: Action) => resources.filter(({ action }) => action === wanted).map(({ address }) => address);
  const replaced = resources.filter(({ action, details }) => action === "replace" && details[0] !== OLD_ONE_KEPT);
  const orders = [...new Set(replaced.map(({ details }) => details[0]!))];
  return [
    ...stacks.filter(({ failure }) => failure !== null).map(({ stack }) => `**Could not be planned**: ${code(stack)}`),
    ...listed("Not the whole plan", partial(stacks)),
    ...listed("Destroyed", named("delete")),
    ...orders.flatMap((order) =>
      enumerated(`Replaced, ${order}`, replaced.filter(({ details }) => details[0] === order).map(withReasons), ", "),
    ),
    ...listed("No longer managed", named("forget")),
    ...enumerated(
      "Data destroyed",
      [...permissions.keys()].flatMap((plan) => destroyedBuckets(plan, prefix)),
      ", ",
    ),
    ...partWarnings([...permissions.keys()], prefix),
    ...enumerated("More rights", owners(permissions, "widens"), ", "),
    ...enumerated("Rights that are not clear", owners(permissions, "differs"), ", "),
    ...executions(running),
    ...check(problems),
  ];
}

// --- internal ---

/** Names a replaced resource and the reasons. */
function withReasons({ address, reasons }: ResourceChange): string {
  const because = reasons.length === 0 ? "" : ` because of ${reasons.map((reason) => codeName(reason)).join(" and ")}`;
  return codeName(address) + because;
}

const isGone = ({ action }: ResourceChange) => action === "delete" || action === "replace";

/** Names the buckets that are destroyed, and says if their objects are. */
function destroyedBuckets(plan: Plan, prefix: string): string[] {
  return plan.resources
    .filter((resource) => resource.type === "aws_s3_bucket" && isGone(resource))
    .map((bucket) => {
      const isEmptied = asObject(bucket.change.before).force_destroy === true;
      const how = isEmptied ? "with every object in it" : "AWS refuses as long as it holds objects";
      return `${nameOf(bucket, plan, prefix)} (${how})`;
    });
}

/** Returns a line for each warning that a part of a resource needs, with the names of these resources. */
function partWarnings(plans: readonly Plan[], prefix: string): string[] {
  const found = new Map<string, Set<string>>();
  for (const plan of plans) {
    for (const resource of plan.resources.filter((one) => needsWarnings(one, plan))) {
      for (const { part, before, after } of partChanges(resource, plan)) {
        if (part.warning?.isMet(before, after) !== true) continue;
        const names = found.get(part.warning.title) ?? new Set();
        found.set(part.warning.title, names.add(nameOf(resource, plan, prefix)));
      }
    }
  }
  return [...found].flatMap(([title, names]) => enumerated(title, [...names], ", "));
}

/** Tells whether the parts of a resource may need warnings. Only what protects a bucket that stays needs one when it goes. */
function needsWarnings({ action, isDeposed, type, change }: ResourceChange, { resources }: Plan): boolean {
  if (isDeposed) return false;
  if (action !== "delete") return ["create", "update", "replace"].includes(action);
  const bucket = textOf(change.before, "bucket");
  const goesToo = resources.some(
    (one) => one.type === "aws_s3_bucket" && isGone(one) && textOf(one.change.before, "bucket") === bucket,
  );
  return KINDS[type]?.protection !== undefined && !goesToo;
}

/** Returns the stacks that Terraform has planned only in part. */
function partial(stacks: Review["stacks"]): string[] {
  return stacks.filter(({ plan }) => plan?.isComplete === false).map(({ stack }) => stack);
}

/**
 * Names the owners of rights that change. In a new stack all rights are new, and need no warning.
 */
function owners(permissions: ReadonlyMap<Plan, readonly PermissionChange[]>, wanted: Effect): string[] {
  const changes = [...permissions].flatMap(([{ resources }, ofPlan]) =>
    resources.some(({ type, action }) => type !== "output" && action !== "create" && action !== "read") ? ofPlan : [],
  );
  const meant = changes.filter(({ effect, isPutBack }) => effect === wanted && !isPutBack);
  return [...new Set(meant.map(({ owner }) => owner))].map((owner) => {
    const isBroad = meant.some((one) => one.owner === owner && one.isBroad);
    return `${codeName(owner)}${isBroad ? " (some without a limit)" : ""}`;
  });
}

function executions(running: readonly RunningExecutions[]): string[] {
  const met = running.filter(({ count }) => count !== 0);
  const parts = met.map(({ address, action, count }) => {
    const what =
      running.length === 1
        ? `the state machine that is ${GOES[action]}`
        : `${codeName(address)}, which is ${GOES[action]}`;
    if (count === null) return `unknown for ${what}: AWS did not answer`;
    return `${count}${count === EXECUTIONS_COUNTED ? " or more" : ""} execution${count === 1 ? "" : "s"} of ${what}`;
  });
  return enumerated("Running", parts, "; ");
}

function check(problems: readonly string[]): string[] {
  const errors = problems.filter((problem) => problem.startsWith("error:")).length;
  const count = (many: number, what: string) => (many === 0 ? [] : [`${many} ${what}${many === 1 ? "" : "s"}`]);
  return enumerated("Check", [...count(errors, "error"), ...count(problems.length - errors, "warning")], ", ");
}
