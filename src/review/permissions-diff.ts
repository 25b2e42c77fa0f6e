/** The changes of rights in a plan: policies statement by statement, other resources grant by grant. */
import { isObject, type Json, type JsonObject } from "../base/json";
import { GRANTS, type GrantRule } from "./grants";
import type { Plan, ResourceChange } from "./plan";
import { configuredStatements, NOT_KNOWN, statementsOf } from "./policy";
import { settle } from "./references";
import { compareStatements, EFFECTS, type Effect, type StatementChange } from "./statement-diff";
import { isMarked, isWithin, KNOWN_AFTER_APPLY, marksOf, textOf } from "./values";

/** The change of one statement, or of one kind of grant. */
export interface PermissionChange extends StatementChange {
  readonly address: string;
  /** `null` for the resource as a whole. */
  readonly attribute: string | null;
  /** Role, or the resource that has the policy. */
  readonly owner: string;
  /** True if it only takes back a change outside Terraform. */
  readonly isPutBack: boolean;
}

type Found = Omit<PermissionChange, "isPutBack">;

/** The policies of a type: the attribute that names their owner, and the attribute that holds the policy. */
const POLICIES: Readonly<Record<string, { readonly owner: string; readonly attribute: string }>> = {
  aws_iam_policy: { owner: "name", attribute: "policy" },
  aws_iam_role: { owner: "name", attribute: "assume_role_policy" },
  aws_iam_role_policy: { owner: "role", attribute: "policy" },
  aws_s3_bucket_policy: { owner: "bucket", attribute: "policy" },
  aws_sns_topic: { owner: "name", attribute: "policy" },
};

/** Names of attributes of other types that may be policies. */
const POLICY_NAME = /^(\w+_)?polic(y|ies)(_document)?$/;

/** Returns all changes of rights in a plan. Those that widen come first, and among them those without an end. */
export function permissionChanges(plan: Plan): PermissionChange[] {
  const changes = plan.resources
    .filter(({ action }) => !["no-op", "read", "move", "forget", "import"].includes(action))
    .filter(({ isDeposed }) => !isDeposed)
    .flatMap((resource) => fromOneToAnother(resource, plan))
    .flatMap((resource): PermissionChange[] => {
      const found = changesOf(resource, plan);
      if (resource.lastApplied === undefined) return found.map((one) => ({ ...one, isPutBack: false }));
      // A change that does not exist against the state that Terraform left takes back a change outside Terraform.
      const own = changesOf({ ...resource, change: { ...resource.change, before: resource.lastApplied } }, plan);
      const isOwn = ({ attribute, effect, lines }: Found) =>
        own.some((one) => one.attribute === attribute && one.effect === effect && one.lines[0] === lines[0]);
      return found.map((one) => ({ ...one, isPutBack: !isOwn(one) }));
    });
  return byWeight(changes);
}

/** Sorts changes: those that widen come first, and among them those without an end. Who may assume a role comes last. */
export function byWeight(changes: readonly PermissionChange[]): PermissionChange[] {
  const rank = ({ effect, isBroad, attribute }: PermissionChange) =>
    EFFECTS.indexOf(effect) * 3 + (isBroad ? 0 : attribute === "assume_role_policy" ? 2 : 1);
  return [...changes].sort((one, other) => rank(one) - rank(other));
}

function changesOf(resource: ResourceChange, plan: Plan): Found[] {
  return [
    ...policyAttributes(resource, plan).flatMap((attribute) => policyChanges(resource, attribute, plan)),
    ...GRANTS.filter(({ type }) => type === resource.type).flatMap((rule) => grantChanges(resource, rule, plan)),
    ...unreadChanges(resource, plan),
  ];
}

/** Returns the attributes of a resource that are policies: that of its type, and all that look like one. */
export function policyAttributes({ type, address, change }: ResourceChange, plan: Plan): string[] {
  const own = POLICIES[type]?.attribute;
  const sides = [change.before, change.after].filter(isObject);
  const names = [...sides, change.after_unknown].flatMap((side) => (isObject(side) ? Object.keys(side) : []));
  return [...new Set([...(own === undefined ? [] : [own]), ...names])].filter((name) => {
    // AWS sets a value that is not configured.
    if (isMarked(marksOf(change.after_unknown, name))) {
      return (name === own || POLICY_NAME.test(name)) && plan.references.mayBeConfigured(address, name);
    }
    return name === own || sides.some((side) => isPolicy(side[name]));
  });
}

function isPolicy(value: Json | undefined): boolean {
  return typeof value === "string" && /^\s*\{/.test(value) && /"Statement"/.test(value) && statementsOf(value) !== null;
}

/** Splits the change of a resource that gets another owner: the old owner loses all of it, and the new owner gains all of it. */
function fromOneToAnother(resource: ResourceChange, plan: Plan): ResourceChange[] {
  const { type, change } = resource;
  const owner = POLICIES[type]?.owner ?? GRANTS.find((rule) => rule.type === type)?.owner;
  // A name is no other owner: the resource has just been renamed.
  if (owner === undefined || owner === "name") return [resource];
  const before = textOf(change.before, owner);
  const after = textOf(change.after, owner) ?? formerOwner(resource, owner, plan);
  if (before === undefined || after === undefined || before === after) return [resource];
  return [
    { ...resource, action: "delete", change: { ...change, after: null, after_unknown: false } },
    { ...resource, action: "create", change: { ...change, before: null } },
  ];
}

/** Returns the former value of an owner that only the apply reveals. A replaced owner is then the same owner. */
function formerOwner({ address, change }: ResourceChange, owner: string, plan: Plan): string | undefined {
  if (!isMarked(marksOf(change.after_unknown, owner))) return undefined;
  return plan.references.formerly(plan.references.template(address, owner) ?? NOT_KNOWN);
}

// --- policies ---

function policyChanges(resource: ResourceChange, attribute: string, plan: Plan): Found[] {
  if (!touches(resource, attribute)) return [];
  const { change, address, action, type } = resource;
  const owner = ownerOf(resource, POLICIES[type]?.owner, plan);
  const found = (changes: readonly StatementChange[]) => changes.map((one) => ({ address, attribute, owner, ...one }));
  const unclear = (why: string) => found([{ effect: "differs", isBroad: false, lines: [`its ${attribute} ${why}`] }]);
  if ([change.before_sensitive, change.after_sensitive].some((marks) => isMarked(marksOf(marks, attribute)))) {
    return unclear("changes, and is marked as sensitive");
  }
  const isUnknown = action !== "delete" && isMarked(marksOf(change.after_unknown, attribute));
  const before = statementsOf(textOf(change.before, attribute) ?? "");
  const after = isUnknown
    ? configuredStatements(address, attribute, plan)
    : statementsOf(action === "delete" ? "" : (textOf(change.after, attribute) ?? ""));
  if (before === null || after === null) {
    return unclear(isUnknown ? `is ${KNOWN_AFTER_APPLY}` : "changes in a way that the review cannot read");
  }
  return found(compareStatements(before, after, plan));
}

// --- grants ---

function grantChanges(resource: ResourceChange, rule: GrantRule, plan: Plan): Found[] {
  if (!rule.attributes.some((attribute) => touches(resource, attribute))) return [];
  // A limit that is created or deleted with its resource makes nothing wider or narrower.
  if (rule.isLimit && [resource.change.before, resource.change.after].some((side) => !isObject(side))) return [];
  const deployed = isObject(resource.change.before) ? rule.grants(resource.change.before) : [];
  const { before, after, open } = settle(
    deployed,
    rule.grants(valuesAfter(resource, rule.attributes, plan)),
    plan.references,
  );
  const gained = after.filter((grant) => !before.includes(grant));
  const lost = before.filter((grant) => !after.includes(grant));
  if (gained.length + lost.length + open.length === 0) return [];
  const lines = [
    rule.about,
    ...gained.map((grant) => `+ ${grant}`),
    ...lost.map((grant) => `- no longer ${grant}`),
    ...open.map((grant) => `! ${grant} is ${KNOWN_AFTER_APPLY}`),
  ];
  const [widened, narrowed] = [gained.length > 0, lost.length > 0];
  const effect = rule.isLimit ? effectOf(narrowed && !widened, widened && !narrowed) : effectOf(widened, narrowed);
  return [
    {
      address: resource.address,
      attribute: rule.attributes[0]!,
      owner: ownerOf(resource, rule.owner, plan),
      effect,
      isBroad: effect === "widens" && gained.some((grant) => /\banyone\b/.test(grant)),
      lines: lines.map(plan.conceal),
    },
  ];
}

function effectOf(widened: boolean, narrowed: boolean): Effect {
  return widened ? "widens" : narrowed ? "narrows" : "differs";
}

/** Returns the planned values. A value that only the apply reveals gets its expression in the configuration. */
function valuesAfter(resource: ResourceChange, attributes: readonly string[], { references }: Plan): JsonObject {
  const { address, change, action } = resource;
  if (action === "delete" || !isObject(change.after)) return {};
  const unknown = attributes.filter((attribute) => isMarked(marksOf(change.after_unknown, attribute)));
  const configured = unknown.map((attribute): [string, Json] => {
    // AWS sets a value that is not configured.
    if (references.configured(address, attribute) === undefined) return [attribute, null];
    const template = references.template(address, attribute);
    return [attribute, template === undefined ? NOT_KNOWN : references.resolve(template)];
  });
  return { ...change.after, ...Object.fromEntries(configured) };
}

// --- what is not read ---

/** Tells that a resource of IAM changes which has no rule here. */
function unreadChanges({ type, address }: ResourceChange, { conceal }: Plan): Found[] {
  const isRead = type in POLICIES || GRANTS.some((rule) => rule.type === type);
  if (isRead || !type.startsWith("aws_iam_")) return [];
  const lines = ["changes in a way that the review does not read; see the stack"];
  return [{ address, attribute: null, owner: conceal(address), effect: "differs", isBroad: false, lines }];
}

// --- internal ---

function touches({ attributes, action }: ResourceChange, attribute: string): boolean {
  return action !== "update" || attributes.some(({ path }) => isWithin(path, attribute));
}

function ownerOf({ change, address }: ResourceChange, attribute: string | undefined, plan: Plan): string {
  if (attribute === undefined) return plan.conceal(address);
  const known = textOf(change.before, attribute) ?? textOf(change.after, attribute);
  const reference = /^\$\{([\w.-]+)\.(?:id|name|arn)\}$/.exec(plan.references.template(address, attribute) ?? "");
  const named = reference && plan.references.resolve(`\${${reference[1]}.name}`);
  return plan.conceal(known ?? (named?.startsWith("${") === false ? named : address));
}
