/** What `terraform show -json` says of a saved plan, as changes that can be shown: no sensitive value is in them. */
import { isObject, type Json, type JsonObject } from "../workflow/document";
import { type Conceal, concealing, KNOWN_AFTER_APPLY, type Leaf, leaves } from "./values";

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
  readonly type: string;
  readonly action: Action;
  /** What else there is to say of the action, such as `new one first`. */
  readonly details: readonly string[];
  readonly attributes: readonly AttributeChange[];
  /** As in the plan: to be looked into, and shown through `conceal` only. */
  readonly change: Change;
}

export interface Plan {
  /** All of the plan's resources, unchanged ones too, then its outputs. */
  readonly resources: readonly ResourceChange[];
  /** Whether an apply would do anything. */
  readonly changes: boolean;
  /** Takes every sensitive value of the plan out of a text. */
  readonly conceal: Conceal;
  /** What the configuration says of an attribute, references and all; `undefined` where the plan does not hold it. */
  readonly configured: (address: string, attribute: string) => JsonObject | undefined;
  /** A text of the configuration, its references replaced by what is known of them; of what is not, the reference stays. */
  readonly resolve: (template: string) => string;
  /** What a reference such as `aws_iam_role.states.id` was before. */
  readonly former: (reference: string) => string | undefined;
}

/** A change as Terraform writes it. */
interface Change {
  readonly actions: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
  readonly after_unknown?: Json;
  readonly before_sensitive?: Json;
  readonly after_sensitive?: Json;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: { readonly id?: string };
}

interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly mode: string;
  readonly change: Change;
  readonly previous_address?: string;
}

interface PlanJson {
  readonly format_version?: string;
  readonly resource_changes?: readonly PlannedResource[];
  readonly output_changes?: Readonly<Record<string, Change>>;
  readonly prior_state?: JsonObject;
  readonly configuration?: JsonObject;
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

/** Neither is a change: a data source that is read when applying changes nothing. */
const IDLE: readonly Action[] = ["no-op", "read"];

/**
 * Reads a plan.
 * @throws Error when it is none that this can read
 */
export function readPlan(json: unknown, secrets: readonly string[] = []): Plan {
  const plan = json as PlanJson;
  if (!/^1\./.test(plan?.format_version ?? "")) {
    throw new Error(`a plan of format 1 was expected, got: ${JSON.stringify(plan?.format_version ?? null)}`);
  }
  const conceal = concealing(json as Json, secrets);
  const configuration = configurationOf(plan);
  const resources = [
    ...(plan.resource_changes ?? []),
    ...Object.entries(plan.output_changes ?? {}).map(([name, change]) => ({
      ...{ address: `output.${name}`, type: "output", mode: "output" },
      change: wrapped(change),
    })),
  ].map((resource) => describe(resource, configuration, conceal));
  const states = statesOf(plan);
  return {
    resources,
    changes: resources.some(({ action }) => !IDLE.includes(action)),
    conceal,
    configured: configuration.configured,
    resolve: (template) =>
      template.replace(/([$%])\1\{|\$\{([^}]+)\}/g, (found, escaped?: string, reference?: string) =>
        escaped === undefined ? (states.after(reference!) ?? found) : `${escaped}{`,
      ),
    former: states.before,
  };
}

/** Whether a path is that of an attribute, or of a part of it. */
export function isWithin(path: string, attribute: string): boolean {
  return path.startsWith(attribute) && /^($|[.[])/.test(path.slice(attribute.length));
}

// --- internal ---

type Configuration = ReturnType<typeof configurationOf>;

function describe(resource: PlannedResource, configuration: Configuration, conceal: Conceal): ResourceChange {
  const { address, type, change, previous_address } = resource;
  const planned = ACTIONS[change.actions.join()] ?? "update";
  const isMoved = previous_address !== undefined && previous_address !== address;
  const isImported = change.importing !== undefined && change.importing !== null;
  const action = planned !== "no-op" ? planned : isImported ? "import" : isMoved ? "move" : planned;
  const details = [
    ORDERS[change.actions.join()] ?? [],
    isMoved ? `moved from ${previous_address}` : [],
    isImported ? `imported: ${change.importing.id ?? "by its identity"}` : [],
  ].flat();
  const attributes = IDLE.includes(planned) ? [] : attributeChanges(change, conceal);
  return {
    address,
    type,
    action,
    details: details.map(conceal),
    attributes: attributes.filter(
      (attribute) => !isComputed(attribute, resource, configuration) && !isRepeated(attribute, attributes),
    ),
    change,
  };
}

/** What an update sets anew by itself, such as a revision: nobody has configured it, and nothing is known of it. */
function isComputed(
  { path, after }: AttributeChange,
  { address, change }: PlannedResource,
  of: Configuration,
): boolean {
  if (after !== KNOWN_AFTER_APPLY || change.actions.join() !== "update") return false;
  return of.knows(address) && of.configured(address, /^\w*/.exec(path)![0]) === undefined;
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
  const forcing = (change.replace_paths ?? []).map((path) =>
    path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join(""),
  );
  const show = (leaf: Leaf | undefined) => (leaf === undefined ? null : conceal(leaf.text));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path)?.key !== after.get(path)?.key)
    .map((path) => ({
      path: conceal(path),
      before: show(before.get(path)),
      after: show(after.get(path)),
      forcesReplacement: forcing.some((forced) => isWithin(path, forced)),
    }));
}

function statesOf({ resource_changes = [], prior_state }: PlanJson) {
  const prior = new Map(
    objects((((prior_state?.values as JsonObject)?.root_module ?? {}) as JsonObject).resources).map((resource) => [
      String(resource.address),
      resource.values,
    ]),
  );
  const planned = new Map(resource_changes.map(({ address, change }) => [address, change]));
  const split = (reference: string) => /^((?:data\.)?[\w-]+\.[\w-]+)\.(\w+)$/.exec(reference)?.slice(1) ?? ["", ""];
  const text = (value: Json | undefined) => (typeof value === "string" ? value : undefined);
  const read = (values: Json | undefined, attribute: string) =>
    isObject(values) ? text(values[attribute]) : undefined;
  return {
    before: (reference: string) => {
      const [address, attribute] = split(reference) as [string, string];
      return read(planned.get(address)?.before ?? prior.get(address), attribute);
    },
    after: (reference: string) => {
      const [address, attribute] = split(reference) as [string, string];
      const change = planned.get(address);
      return read(change === undefined ? prior.get(address) : change.after, attribute);
    },
  };
}

function configurationOf({ configuration }: PlanJson) {
  const resources = objects(((configuration?.root_module ?? {}) as JsonObject).resources);
  const expressions = new Map(resources.map((resource) => [String(resource.address), resource.expressions]));
  return {
    /** Whether all that is configured of a resource is in the plan. */
    knows: (address: string) => expressions.has(address),
    configured: (address: string, attribute: string): JsonObject | undefined => {
      const found = expressions.get(address);
      const expression = isObject(found) ? found[attribute] : undefined;
      return isObject(expression) ? expression : Array.isArray(expression) ? { blocks: expression } : undefined;
    },
  };
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
