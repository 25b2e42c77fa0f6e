/** Changes outside Terraform since it last applied: by hand, or by another program. */
import { policyAttributes } from "./permissions-diff";
import type { AttributeChange, Plan, ResourceChange } from "./plan";
import { nameOf } from "./resource-kinds";
import { isWithin } from "./values";

/** A resource that is not as Terraform left it, and that a deploy changes for that reason. */
export interface Drift {
  readonly address: string;
  /** Kind and name, as Markdown. */
  readonly name: string;
  readonly happened: "deleted" | "changed";
  /** The action of a deploy on it. */
  readonly remedy: string;
  /** `before` is as Terraform left it, `after` as it is now. */
  readonly attributes: readonly AttributeChange[];
  /** The attributes that are policies. */
  readonly policies: readonly string[];
}

/** Resources on the machine that plans, not on AWS. They are missing on any other machine, and nothing has happened to them. */
const LOCAL_TYPES = ["docker_image"];

const REMEDIES: Readonly<Record<string, string>> = {
  update: "a deploy restores it",
  replace: "a deploy replaces it",
  delete: "a deploy destroys it",
};

/**
 * Returns the changes outside Terraform that a deploy reverts. Terraform also lists values that AWS sets itself, such as a digest
 * or a revision. A deploy leaves those alone, so they are left out.
 *
 * @param prefix name of the deployment, with which the names of its resources begin
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
        const remedy = next?.action === "create" ? "a deploy creates it again" : "it is no longer configured";
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

/** Tells whether a deploy reverts any change outside Terraform. */
export function hasDrift(plan: Plan): boolean {
  return driftOf(plan, "").length > 0;
}

/**
 * Returns a plan of the changes outside Terraform, as if they were still to come. Deleted resources are left out: all their rights
 * went with them.
 */
export function outsidePlan(plan: Plan): Plan {
  const changed = driftOf(plan, "").filter(({ happened }) => happened === "changed");
  const isMeant = ({ address }: ResourceChange) => changed.some((one) => one.address === plan.conceal(address));
  return { ...plan, resources: plan.outside.filter(isMeant) };
}

/** Tells whether a deploy changes the attribute too. The configuration says nothing about an attribute that it leaves alone. */
function isPlanned(path: string, { action, attributes }: ResourceChange): boolean {
  if (action === "delete") return true;
  return attributes.some((planned) => isWithin(planned.path, path) || isWithin(path, planned.path));
}
