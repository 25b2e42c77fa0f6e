/** What was changed outside of Terraform since it last applied: by hand, or by another program. */
import { nameOf } from "./in-words";
import { policyAttributes } from "./permissions-diff";
import type { AttributeChange, Plan, ResourceChange } from "./plan";
import { isWithin } from "./values";

/** One resource that is not as Terraform left it, and that a deploy changes for that reason. */
export interface Drift {
  readonly address: string;
  /** Its kind and name, as Markdown. */
  readonly name: string;
  readonly happened: "deleted" | "changed";
  /** What a deploy does about it. */
  readonly remedy: string;
  /** `before` is as Terraform left it, `after` as it is now. */
  readonly attributes: readonly AttributeChange[];
  /** The attributes that are policies. */
  readonly policies: readonly string[];
}

/** Stand on the machine that plans, not on AWS: on another machine they are missing, and nothing has happened to them. */
const LOCAL_TYPES = ["docker_image"];

const REMEDIES: Readonly<Record<string, string>> = {
  update: "a deploy puts it back",
  replace: "a deploy replaces it",
  delete: "a deploy destroys it",
};

/**
 * The changes from outside that matter. Terraform also lists what AWS sets by itself, such as a digest or a revision: a
 * deploy does nothing about that, and it is left out.
 *
 * @param prefix the deployment's name, which the names of its resources begin with
 */
export function driftOf(plan: Plan, prefix: string): Drift[] {
  const { outside, resources, conceal } = plan;
  const plannedOf = new Map(resources.filter(({ isDeposed }) => !isDeposed).map((one) => [one.address, one]));
  return outside
    .filter(({ type, isDeposed }) => !isDeposed && !LOCAL_TYPES.includes(type))
    .flatMap((resource): Drift[] => {
      const { action, attributes } = resource;
      const named = { address: conceal(resource.address), name: nameOf(resource, plan, prefix) };
      const next = plannedOf.get(resource.address);
      if (action === "delete") {
        const remedy = next?.action === "create" ? "a deploy makes it again" : "it is not configured any more";
        return [{ ...named, happened: "deleted", remedy, attributes: [], policies: [] }];
      }
      const remedy = REMEDIES[next?.action ?? ""];
      if (action !== "update" || next === undefined || remedy === undefined) return [];
      const meant = attributes.filter(({ path }) => isPlanned(path, next));
      if (meant.length === 0) return [];
      const rights = policyAttributes(resource, plan).filter((policy) =>
        meant.some(({ path }) => isWithin(path, policy)),
      );
      return [{ ...named, happened: "changed", remedy, attributes: meant, policies: rights }];
    });
}

/** Whether anything was changed outside Terraform that a deploy does something about. */
export function hasDrift(plan: Plan): boolean {
  return driftOf(plan, "").length > 0;
}

/** A plan of what was done outside Terraform, as if that were still to come. What was deleted is left out: all its rights went with it. */
export function outsidePlan(plan: Plan): Plan {
  const changed = driftOf(plan, "").filter(({ happened }) => happened === "changed");
  const isMeant = ({ address }: ResourceChange) => changed.some((one) => one.address === plan.conceal(address));
  return { ...plan, resources: plan.outside.filter(isMeant) };
}

/** Whether a deploy changes the attribute, too: what it leaves alone is nothing that the configuration is about. */
function isPlanned(path: string, { action, attributes }: ResourceChange): boolean {
  if (action === "delete") return true;
  return attributes.some((planned) => isWithin(planned.path, path) || isWithin(path, planned.path));
}
