/** What the references in a plan's configuration stand for, before and after. */
import { isObject, type JsonObject, objectsOf } from "../base/json";
import type { PlanJson } from "../terraform/plan-json";
import { textOf } from "./values";

export interface References {
  /** What the configuration says of an attribute, references and all; `undefined` where the plan does not hold it. */
  readonly configured: (address: string, attribute: string) => JsonObject | undefined;
  /** Whether an attribute is configured, or may be: of a module's resources the plan does not tell. */
  readonly mayBeConfigured: (address: string, attribute: string) => boolean;
  /** A text of the configuration, its references replaced by what is known of them; of what is not, the reference stays. */
  readonly resolve: (template: string) => string;
  /** A text with each reference that it holds, such as `${aws_iam_role.states.id}`, replaced by what that was before. */
  readonly formerly: (text: string) => string;
}

export function referencesOf(plan: PlanJson): References {
  const { before, after } = statesOf(plan);
  const { knows, configured } = configurationOf(plan);
  return {
    configured,
    mayBeConfigured: (address, attribute) => !knows(address) || configured(address, attribute) !== undefined,
    resolve: (template) =>
      template.replace(/([$%])\1\{|\$\{([^}]+)\}/g, (found, escaped?: string, reference?: string) =>
        escaped === undefined ? (after(reference!) ?? found) : `${escaped}{`,
      ),
    formerly: (text) => text.replace(/\$\{([^}]+)\}/g, (found, reference: string) => before(reference) ?? found),
  };
}

// --- internal ---

function statesOf({ resource_changes, prior_state }: PlanJson) {
  const root = isObject(prior_state?.values) ? prior_state.values.root_module : undefined;
  const prior = new Map(
    objectsOf(isObject(root) ? root.resources : undefined).map(({ address, values }) => [String(address), values]),
  );
  const planned = new Map(
    (resource_changes ?? [])
      .filter(({ deposed }) => deposed === undefined)
      .map(({ address, change }) => [address, change]),
  );
  const split = (reference: string) => /^((?:data\.)?[\w-]+\.[\w-]+)\.(\w+)$/.exec(reference)?.slice(1) ?? ["", ""];
  return {
    before: (reference: string) => {
      const [address, attribute] = split(reference) as [string, string];
      return textOf(planned.get(address)?.before ?? prior.get(address), attribute);
    },
    after: (reference: string) => {
      const [address, attribute] = split(reference) as [string, string];
      const change = planned.get(address);
      return textOf(change === undefined ? prior.get(address) : change.after, attribute);
    },
  };
}

function configurationOf({ configuration }: PlanJson) {
  const root = isObject(configuration?.root_module) ? configuration.root_module : {};
  const expressions = new Map(
    objectsOf(root.resources).map((resource) => [String(resource.address), resource.expressions]),
  );
  // All instances of a resource have one configuration.
  const own = (address: string) => address.replace(/\[[^\]]*\]$/, "");
  return {
    /** Whether all that is configured of a resource is in the plan. */
    knows: (address: string) => expressions.has(own(address)),
    configured: (address: string, attribute: string): JsonObject | undefined => {
      const found = expressions.get(own(address));
      const expression = isObject(found) ? found[attribute] : undefined;
      return isObject(expression) ? expression : Array.isArray(expression) ? { blocks: expression } : undefined;
    },
  };
}
