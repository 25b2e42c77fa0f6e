/** What `terraform show -json` says of a saved plan, as changes that can be shown: no sensitive value is in them. */
import { isObject, type Json, type JsonObject } from "../base/json";
import { type Change, checkedPlan, type PlannedResource } from "../terraform/plan-json";
import { References } from "./references";
import { type Conceal, concealing, isWithin, KNOWN_AFTER_APPLY, type Leaf, leaves, UNKNOWN } from "./values";

export type Action = "create" | "update" | "replace" | "delete" | "read" | "forget" | "move" | "import" | "no-op";

/** One attribute, or a part of one, such as `compute_resources[0].max_vcpus`. `null` where there is none. */
export interface AttributeChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly forcesReplacement: boolean;
}

export interface ResourceChange {
  readonly address: string;
  /** An object that an earlier replacement has left; its address says so. */
  readonly isDeposed: boolean;
  readonly type: string;
  readonly action: Action;
  /** What else there is to say of the action, such as `new one first`; of a replacement its order comes first. */
  readonly details: readonly string[];
  /** Why it is replaced: the attributes that force it, or what asks for it. */
  readonly reasons: readonly string[];
  readonly attributes: readonly AttributeChange[];
  /** As in the plan: to be looked into, and shown through `conceal` only. Of a resource that is made again, `before` is what it was. */
  readonly change: Change;
  /** Whether it was deleted outside Terraform, and a deploy makes it again. */
  readonly isRecreated: boolean;
  /** Its values as Terraform last left them, where they were changed outside since. */
  readonly lastApplied: Json | undefined;
}

export interface Plan {
  /** All of the plan's resources, unchanged ones too, then its outputs. */
  readonly resources: readonly ResourceChange[];
  /** What has changed since Terraform last applied, whoever did it; `before` is as Terraform left it. */
  readonly outside: readonly ResourceChange[];
  /** Whether an apply would do anything. */
  readonly changes: boolean;
  /** Whether it is of all that is configured: Terraform was not told to leave something out, and has put nothing off. */
  readonly isComplete: boolean;
  /** Takes every sensitive value of the plan out of a text. */
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

/** In which order a replacement goes: in between there is none, or there are two. */
const ORDERS: Readonly<Record<string, string>> = {
  "delete,create": "old one first",
  "create,delete": "new one first",
  "create,forget": "old one left alone",
};

/** By type: the attribute that keeps what is replaced. A new image then stands beside the old one: that is how it changes. */
const KEPT: Readonly<Record<string, string>> = {
  docker_image: "keep_locally",
  docker_registry_image: "keep_remotely",
};

/** The order of a replacement that takes nothing away. */
export const OLD_ONE_KEPT = "old one kept";

/** Why something is replaced for which no attribute has changed. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "a creation that failed (tainted)",
  replace_by_request: "a request (-replace)",
  replace_by_triggers: "what it depends on (replace_triggered_by)",
};

/** Neither is a change: a data source that is read when applying changes nothing. */
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

/** Whether something that stands already is taken up. */
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
      (attribute) => !isComputed(attribute, resource, isNewAgain, references) && !isRepeated(attribute, attributes),
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

/** The attributes that force a replacement. */
function forcingPaths({ replace_paths }: Change): string[] {
  return (replace_paths ?? []).map((path) =>
    path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join(""),
  );
}

/** What a change sets anew by itself, such as a revision or an id: nobody has configured it, and nothing is known of it. */
function isComputed(
  { path, after, forcesReplacement }: AttributeChange,
  resource: PlannedResource,
  isNewAgain: boolean,
  references: References,
): boolean {
  if (after !== KNOWN_AFTER_APPLY || forcesReplacement || (isCreated(resource) && !isNewAgain)) return false;
  return !references.mayBeConfigured(resource.address, /^\w*/.exec(path)![0]);
}

/** `tags_all` holds the resource's own tags once more. */
function isRepeated({ path, before, after }: AttributeChange, all: readonly AttributeChange[]): boolean {
  const own = path.replace(/^tags_all\./, "tags.");
  return own !== path && all.some((one) => one.path === own && one.before === before && one.after === after);
}

/** An output is a value, not an object of attributes. */
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
  // What is not known as a whole has no parts: of those that it had it is what they become.
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
