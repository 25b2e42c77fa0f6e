/** The references in a plan's configuration, and their values. */
import { asObject, isObject, type Json, type JsonObject, objectsOf } from "../base/json";
import type { PlanJson } from "../terraform/plan-json";
import { resolveTemplate } from "../terraform/templates";
import { textOf } from "./values";

/** Values of resources, by address. */
type Values = ReadonlyMap<string, Json | undefined>;

export class References {
  private readonly before: Values;
  private readonly after: Values;
  /** Expressions of the configuration, by address. A plan has none of a module's resources. */
  private readonly expressions: Values;
  private readonly recreated: ReadonlySet<string>;

  /** @param recreated addresses of the resources that were deleted outside Terraform, and that a deploy creates again */
  constructor({ resource_changes, prior_state, configuration }: PlanJson, recreated: ReadonlySet<string>) {
    const prior = objectsOf(asObject(asObject(prior_state?.values).root_module).resources).map(
      ({ address, values }) => [String(address), values] as const,
    );
    const planned = (resource_changes ?? []).filter(({ deposed }) => deposed === undefined);
    this.before = new Map([
      ...prior,
      ...planned.flatMap(({ address, change: { before } }) =>
        before === undefined || before === null ? [] : [[address, before] as const],
      ),
    ]);
    this.after = new Map([...prior, ...planned.map(({ address, change: { after } }) => [address, after] as const)]);
    this.expressions = new Map(
      objectsOf(asObject(configuration?.root_module).resources).map(({ address, expressions }) => [
        String(address),
        expressions,
      ]),
    );
    this.recreated = recreated;
  }

  /** Returns the configuration of an attribute with its references; `undefined` if the plan does not contain it. */
  configured(address: string, attribute: string): JsonObject | undefined {
    const expression = asObject(this.expressions.get(configurationOf(address)))[attribute];
    return isObject(expression) ? expression : Array.isArray(expression) ? { blocks: expression } : undefined;
  }

  /** Returns the text that is configured for an attribute, a template of Terraform; `undefined` if there is none. */
  template(address: string, attribute: string): string | undefined {
    return textOf(this.configured(address, attribute), "constant_value");
  }

  /** Tells whether an attribute is configured. It may be if the plan does not hold the resource's configuration. */
  mayBeConfigured(address: string, attribute: string): boolean {
    return !this.expressions.has(configurationOf(address)) || this.configured(address, attribute) !== undefined;
  }

  /** Replaces each reference in a template by its planned value, if that is known. */
  resolve(template: string): string {
    return resolveTemplate(template, (reference) => valueIn(reference, this.after));
  }

  /** Replaces each reference in a text, such as `${aws_iam_role.states.id}`, by the value that it had before. */
  formerly(text: string): string {
    return text.replace(/\$\{([^}]+)\}/g, (found, reference: string) => valueIn(reference, this.before) ?? found);
  }

  /**
   * Returns true if a text refers only to resources that a deploy creates again, so that the references keep their meaning.
   */
  isMadeAgain(text: string): boolean {
    const owners = [...text.matchAll(/\$\{([\w-]+\.[\w-]+)\.\w+\}/g)].map(([, owner]) => owner!);
    return owners.length > 0 && owners.every((owner) => this.recreated.has(owner));
  }
}

/**
 * Sets names aside that may or may not change: a reference whose value is not known yet, and whose former value was there. Such a
 * name is `open`. A reference to a resource that is created again under the same name means the same, and is not open.
 */
export function settle(before: readonly string[], after: readonly string[], references: References) {
  const open = after.filter((one) => references.formerly(one) !== one && before.includes(references.formerly(one)));
  return {
    before: before.filter((one) => !open.some((reference) => references.formerly(reference) === one)),
    after: after.filter((one) => !open.includes(one)),
    open: open.filter((one) => !references.isMadeAgain(one)),
  };
}

// --- internal ---

/** All instances of a resource have one configuration. */
function configurationOf(address: string): string {
  return address.replace(/\[[^\]]*\]$/, "");
}

/** @param reference such as `aws_iam_role.states.arn` */
function valueIn(reference: string, values: Values): string | undefined {
  const [, address, attribute] = /^((?:data\.)?[\w-]+\.[\w-]+)\.(\w+)$/.exec(reference) ?? [];
  return address === undefined ? undefined : textOf(values.get(address), attribute!);
}
