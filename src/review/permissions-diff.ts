/** What a plan does to rights: of policies statement by statement, of what grants a right as a whole each grant. */
import { isObject, type Json, type JsonObject } from "../base/json";
import { GRANTS, type GrantRule } from "./grants";
import type { Plan, ResourceChange } from "./plan";
import { configuredStatements, NOT_KNOWN, statementsOf } from "./policy";
import { settle } from "./references";
import { compareStatements, EFFECTS, type Effect, type StatementChange } from "./statement-diff";
import { isMarked, isWithin, KNOWN_AFTER_APPLY, marksOf, textOf } from "./values";

/** What has changed in one statement, or in one kind of grant. */
export interface PermissionChange extends StatementChange {
  /** Where the plan has it; `attribute` is `null` where it is the resource as a whole. */
  readonly address: string;
  readonly attribute: string | null;
  /** Of what: a role, or the resource that has the policy. */
  readonly owner: string;
  /** Whether it only takes back what was changed outside Terraform. */
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

/** What an attribute of another type is called that may be a policy. */
const POLICY_NAME = /^(\w+_)?polic(y|ies)(_document)?$/;

/** All changes of rights in a plan, widened ones first, and of those first the ones without an end. */
export function permissionChanges(plan: Plan): PermissionChange[] {
  const changes = plan.resources
    .filter(({ action }) => !["no-op", "read", "move", "forget", "import"].includes(action))
    .filter(({ isDeposed }) => !isDeposed)
    .flatMap((resource) => fromOneToAnother(resource, plan))
    .flatMap((resource): PermissionChange[] => {
      const found = changesOf(resource, plan);
      if (resource.lastApplied === undefined) return found.map((one) => ({ ...one, isPutBack: false }));
      // What is no change against what Terraform left is a change of what somebody else did.
      const own = changesOf({ ...resource, change: { ...resource.change, before: resource.lastApplied } }, plan);
      const isOwn = ({ attribute, effect, lines }: Found) =>
        own.some((one) => one.attribute === attribute && one.effect === effect && one.lines[0] === lines[0]);
      return found.map((one) => ({ ...one, isPutBack: !isOwn(one) }));
    });
  const rank = ({ effect, isBroad }: PermissionChange) => EFFECTS.indexOf(effect) * 2 + (isBroad ? 0 : 1);
  return changes.sort((one, other) => rank(one) - rank(other));
}

function changesOf(resource: ResourceChange, plan: Plan): Found[] {
  return [
    ...policyAttributes(resource, plan).flatMap((attribute) => policyChanges(resource, attribute, plan)),
    ...GRANTS.filter(({ type }) => type === resource.type).flatMap((rule) => grantChanges(resource, rule, plan)),
    ...unreadChanges(resource, plan),
  ];
}

/** The attributes of a resource that are read as policies: those of its type, and all that look like one. */
export function policyAttributes({ type, address, change }: ResourceChange, plan: Plan): string[] {
  const own = POLICIES[type]?.attribute;
  const sides = [change.before, change.after].filter(isObject);
  const names = [...sides, change.after_unknown].flatMap((side) => (isObject(side) ? Object.keys(side) : []));
  return [...new Set([...(own === undefined ? [] : [own]), ...names])].filter((name) => {
    // What nobody has configured AWS fills in.
    if (isMarked(marksOf(change.after_unknown, name))) {
      return (name === own || POLICY_NAME.test(name)) && plan.references.mayBeConfigured(address, name);
    }
    return name === own || sides.some((side) => isPolicy(side[name]));
  });
}

function isPolicy(value: Json | undefined): boolean {
  return typeof value === "string" && /^\s*\{/.test(value) && /"Statement"/.test(value) && statementsOf(value) !== null;
}

/** What goes from one owner to another is lost for the one and new for the other, though nothing in it may have changed. */
function fromOneToAnother(resource: ResourceChange, plan: Plan): ResourceChange[] {
  const { type, change } = resource;
  const owner = POLICIES[type]?.owner ?? GRANTS.find((rule) => rule.type === type)?.owner;
  // A name is the resource's own: with another one it is still the same.
  if (owner === undefined || owner === "name") return [resource];
  const before = textOf(change.before, owner);
  const after = textOf(change.after, owner) ?? formerOwner(resource, owner, plan);
  if (before === undefined || after === undefined || before === after) return [resource];
  return [
    { ...resource, action: "delete", change: { ...change, after: null, after_unknown: false } },
    { ...resource, action: "create", change: { ...change, before: null } },
  ];
}

/** Of an owner that is known only after the apply what it was before, so that one which is replaced is the same. */
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
    return unclear(isUnknown ? `is ${KNOWN_AFTER_APPLY}` : "changes in a way that cannot be read here");
  }
  return found(compareStatements(before, after, plan));
}

// --- grants ---

function grantChanges(resource: ResourceChange, rule: GrantRule, plan: Plan): Found[] {
  if (!rule.attributes.some((attribute) => touches(resource, attribute))) return [];
  // What comes or goes with its limit has not become wider or narrower.
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

/** Returns the planned values. A value that only the apply reveals is what the configuration says. */
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

/** Any other type of IAM has to do with rights: that it changes is all that is said. */
function unreadChanges({ type, address }: ResourceChange, { conceal }: Plan): Found[] {
  const isRead = type in POLICIES || GRANTS.some((rule) => rule.type === type);
  if (isRead || !type.startsWith("aws_iam_")) return [];
  const lines = ["changes in a way that is not read here; see the stack"];
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
