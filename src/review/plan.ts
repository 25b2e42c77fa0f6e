/** The changes of a saved plan, read from `terraform show -json`. Texts in them hold no sensitive values. */
import { isObject, type Json, type JsonObject } from "../base/json";
import { type Change, checkedPlan, type PlannedResource } from "../terraform/plan-json";
import { References } from "./references";
import { type Conceal, concealing, isWithin, KNOWN_AFTER_APPLY, type Leaf, leaves, UNKNOWN } from "./values";

export type Action = "create" | "update" | "replace" | "delete" | "read" | "forget" | "move" | "import" | "no-op";

/** The change of an attribute or of a part of it, such as `compute_resources[0].max_vcpus`. `null` stands for no value. */
export interface AttributeChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly forcesReplacement: boolean;
}

export interface ResourceChange {
  readonly address: string;
  /** True if it is an object that an earlier replacement left behind. Its address says so. */
  readonly isDeposed: boolean;
  readonly type: string;
  readonly action: Action;
  /** Details of the action, such as `moved from a.b`. The order of a replacement comes first. */
  readonly details: readonly string[];
  /** Reasons for a replacement: the attributes that force it, or what asks for it. */
  readonly reasons: readonly string[];
  readonly attributes: readonly AttributeChange[];
  /**
   * The change as in the plan. It may hold sensitive values: show it through `conceal` only. If a deploy creates the resource again,
   * `before` holds its former values.
   */
  readonly change: Change;
  /** True if it was deleted outside Terraform, and a deploy creates it again. */
  readonly isRecreated: boolean;
  /** Values as Terraform left them, if they were changed outside since; otherwise `undefined`. */
  readonly lastApplied: Json | undefined;
}

export interface Plan {
  /** All resources of the plan, unchanged ones too, then its outputs. */
  readonly resources: readonly ResourceChange[];
  /** Changes outside Terraform since it last applied. `before` is as Terraform left it. */
  readonly outside: readonly ResourceChange[];
  /** True if an apply would do anything. */
  readonly changes: boolean;
  /** True if the plan covers all of the configuration. It does not if Terraform was told to leave something out, or deferred it. */
  readonly isComplete: boolean;
  /** Removes every sensitive value of the plan from a text. */
  readonly conceal: Conceal;
  readonly references: References;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  "no-op": "no-op",
  create: "create",
  read: "read",
  update: "update",
  delete: "delete",
  forget: "forget",
  "delete,create": "replace",
  "create,delete": "replace",
  "create,forget": "replace",
};

/** The order of a replacement. For a while there is no resource, or there are two. */
const ORDERS: Readonly<Record<string, string>> = {
  "delete,create": "old one first",
  "create,delete": "new one first",
  "create,forget": "old one left alone",
};

/** The attribute that keeps the replaced object, by resource type. The new image exists beside the old one. */
const KEPT: Readonly<Record<string, string>> = {
  docker_image: "keep_locally",
  docker_registry_image: "keep_remotely",
};

/** The order of a replacement that deletes nothing. */
export const OLD_ONE_KEPT = "old one kept";

/** Reasons for a replacement without a changed attribute. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "a creation that failed (tainted)",
  replace_by_request: "a request (-replace)",
  replace_by_triggers: "a dependency (replace_triggered_by)",
};

/** Actions that change nothing. A data source may be read during the apply. */
const IDLE: readonly Action[] = ["no-op", "read"];

/**
 * Reads a plan.
 * @param secrets texts that the plan does not mark as sensitive, and that must not be shown either
 * @throws Error when the JSON is not a plan that this function can read
 */
export function readPlan(json: unknown, secrets: readonly string[] = []): Plan {
  const plan = checkedPlan(json);
  const outside = plan.resource_drift ?? [];
  const found = new Map(outside.filter(({ deposed }) => deposed === undefined).map((one) => [one.address, one.change]));
  const planned = (plan.resource_changes ?? []).map((resource) => withFormerValues(resource, found));
  const recreated = planned.filter((resource) => isRecreated(resource, found)).map(({ address }) => address);
  const references = new References({ ...plan, resource_changes: planned }, new Set(recreated));
  const conceal = concealing(json as Json, secrets);
  const outputs = Object.entries(plan.output_changes ?? {}).map(([name, change]) => ({
    ...{ address: `output.${name}`, type: "output", mode: "output" },
    change: wrapped(change),
  }));
  const described = (resource: PlannedResource) => describe(resource, found, references, conceal);
  const resources = [...planned, ...outputs].map(described);
  return {
    resources,
    outside: outside.map(described),
    changes: resources.some(({ action }) => !IDLE.includes(action)),
    isComplete: plan.complete !== false,
    conceal,
    references,
  };
}

/** Tells whether Terraform takes over a resource that exists already. */
export function isImported({ importing }: Change): boolean {
  return importing !== undefined && importing !== null;
}

// --- internal ---

/** The changes outside Terraform, by address. */
type Outside = ReadonlyMap<string, Change>;

/** Terraform plans what was deleted outside it as new. The values that it had are added here. */
function withFormerValues(resource: PlannedResource, outside: Outside): PlannedResource {
  if (!isRecreated(resource, outside)) return resource;
  const { before, before_sensitive } = outside.get(resource.address)!;
  const former = {
    ...(before !== undefined && { before }),
    ...(before_sensitive !== undefined && { before_sensitive }),
  };
  return { ...resource, change: { ...resource.change, ...former } };
}

function isCreated({ change, deposed }: PlannedResource): boolean {
  return deposed === undefined && change.actions.join() === "create";
}

function isRecreated(resource: PlannedResource, outside: Outside): boolean {
  return isCreated(resource) && outside.get(resource.address)?.actions.join() === "delete";
}

function describe(
  resource: PlannedResource,
  outside: Outside,
  references: References,
  conceal: Conceal,
): ResourceChange {
  const { address, type, change, previous_address, deposed } = resource;
  const planned = ACTIONS[change.actions.join()] ?? "update";
  const isMoved = previous_address !== undefined && previous_address !== address;
  const action = planned !== "no-op" ? planned : isImported(change) ? "import" : isMoved ? "move" : planned;
  const happened = deposed === undefined ? outside.get(address) : undefined;
  const isNewAgain = isRecreated(resource, outside);
  const details = [
    isNewAgain ? "deleted outside Terraform" : [],
    isKept(resource) ? OLD_ONE_KEPT : (ORDERS[change.actions.join()] ?? []),
    isMoved ? `moved from ${previous_address}` : [],
    isImported(change) ? `imported: ${change.importing?.id ?? "by its identity"}` : [],
  ].flat();
  const attributes = IDLE.includes(planned) ? [] : attributeChanges(change, conceal);
  return {
    address: deposed === undefined ? address : `${address} (deposed ${deposed})`,
    isDeposed: deposed !== undefined,
    type,
    action,
    details: details.map(conceal),
    reasons: action === "replace" ? reasonsOf(resource).map(conceal) : [],
    attributes: attributes.filter(
      (attribute) => !isComputed(attribute, resource, references) && !isRepeated(attribute, attributes),
    ),
    change,
    isRecreated: isNewAgain,
    lastApplied: happened?.actions.join() === "update" ? happened.before : undefined,
  };
}

function isKept({ type, change: { actions, before } }: PlannedResource): boolean {
  const attribute = KEPT[type];
  return attribute !== undefined && actions.length > 1 && isObject(before) && before[attribute] === true;
}

function reasonsOf({ change, action_reason = "" }: PlannedResource): string[] {
  const asked = REASONS[action_reason];
  return asked === undefined ? forcingPaths(change) : [asked];
}

/** Returns the paths of the attributes that force a replacement. */
function forcingPaths({ replace_paths }: Change): string[] {
  return (replace_paths ?? []).map((path) =>
    path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join(""),
  );
}

/** Tells whether AWS sets the attribute, such as an ARN or a revision. It is not configured, and its value is not known. */
function isComputed(
  { path, after, forcesReplacement }: AttributeChange,
  resource: PlannedResource,
  references: References,
): boolean {
  if (after !== KNOWN_AFTER_APPLY || forcesReplacement) return false;
  return !references.mayBeConfigured(resource.address, /^\w*/.exec(path)![0]);
}

/** Tells whether the change is of `tags_all`, and `tags` has the same change. */
function isRepeated({ path, before, after }: AttributeChange, all: readonly AttributeChange[]): boolean {
  const own = path.replace(/^tags_all\./, "tags.");
  return own !== path && all.some((one) => one.path === own && one.before === before && one.after === after);
}

/** Returns the change of an output, which is a value, as the change of an object with the attribute `value`. */
function wrapped(change: Change): Change {
  const wrap = (value: Json | undefined): JsonObject => (value === undefined ? {} : { value });
  return {
    actions: change.actions,
    before: wrap(change.before),
    after: wrap(change.after),
    after_unknown: wrap(change.after_unknown),
    before_sensitive: wrap(change.before_sensitive),
    after_sensitive: wrap(change.after_sensitive),
  };
}

function attributeChanges(change: Change, conceal: Conceal): AttributeChange[] {
  const before = new Map(
    leaves(change.before, { sensitive: change.before_sensitive }).map((leaf) => [leaf.path, leaf]),
  );
  const after = new Map(
    leaves(change.after, { unknown: change.after_unknown, sensitive: change.after_sensitive }).map((leaf) => [
      leaf.path,
      leaf,
    ]),
  );
  // An unknown value has no parts. If the old value had parts, each of them becomes unknown.
  for (const leaf of [...after.values()].filter(({ key }) => key === UNKNOWN)) {
    const parts = [...before.keys()].filter((path) => path !== leaf.path && isWithin(path, leaf.path));
    if (parts.length > 0) after.delete(leaf.path);
    for (const path of parts) after.set(path, { ...leaf, path });
  }
  const forcing = forcingPaths(change);
  const show = (leaf: Leaf | undefined) => (leaf === undefined ? null : conceal(leaf.text));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path)?.key !== after.get(path)?.key)
    .map((path) => ({
      path: conceal(path),
      before: show(before.get(path)),
      after: show(after.get(path)),
      forcesReplacement: forcing.some((forced) => isWithin(path, forced)),
    }))
    .sort((one, other) => Number(other.forcesReplacement) - Number(one.forcesReplacement));
}
