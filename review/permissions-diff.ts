/** What a plan does to IAM: statements gained and lost, in words. */
import { isObject, type Json, type JsonObject } from "../workflow/document";
import type { Plan, ResourceChange } from "./plan";
import { KNOWN_AFTER_APPLY } from "./values";

/** What has changed in one statement. */
export interface PermissionChange {
  /** Of what: a role, or the resource that has the policy. */
  readonly owner: string;
  readonly effect: Effect;
  /** What it is about, then what is gained (`+`) and lost (`-`), a line each. */
  readonly lines: readonly string[];
}

/** From what a reviewer must look at most to what matters least. */
const EFFECTS = ["widens", "differs", "narrows"] as const;
type Effect = (typeof EFFECTS)[number];

/** By type: the attribute that is a policy, and the one whose value says whose it is. */
const POLICIES: Readonly<Record<string, { readonly attribute: string; readonly owner: string }>> = {
  aws_iam_role_policy: { attribute: "policy", owner: "role" },
  aws_iam_policy: { attribute: "policy", owner: "name" },
  aws_iam_role: { attribute: "assume_role_policy", owner: "name" },
  aws_ecr_repository_policy: { attribute: "policy", owner: "repository" },
  aws_sns_topic_policy: { attribute: "policy", owner: "arn" },
  aws_s3_bucket_policy: { attribute: "policy", owner: "bucket" },
  aws_sqs_queue_policy: { attribute: "policy", owner: "queue_url" },
  aws_kms_key: { attribute: "policy", owner: "description" },
};

/** By type: an attribute that is a right, or a limit of one, as a whole. */
const WHOLE: Readonly<Record<string, { readonly attribute: string; readonly owner: string; readonly limit: boolean }>> =
  {
    aws_iam_role_policy_attachment: { attribute: "policy_arn", owner: "role", limit: false },
    aws_iam_role: { attribute: "permissions_boundary", owner: "name", limit: true },
  };

interface Statement {
  readonly sid: string;
  readonly allow: boolean;
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
}

/** The lists of a statement, and how to say that one of their values came or went. */
const LISTS = [
  { list: "principals", gained: "may also be used by", lost: "no longer by" },
  { list: "actions", gained: "also", lost: "no longer" },
  { list: "resources", gained: "also on", lost: "no longer on" },
] as const;

/** What can also be reached without being named: the same text, or one that a wildcard covers. */
const ANY = "*";

/** All changes of rights in a plan, widened ones first, and of those first the ones that say "any". */
export function permissionChanges(plan: Plan): PermissionChange[] {
  const changes = plan.resources
    .filter(({ action }) => !["no-op", "read", "move", "forget"].includes(action))
    .flatMap((resource) => [...policyChanges(resource, plan), ...wholeChanges(resource, plan)]);
  const rank = ({ effect, lines }: PermissionChange) =>
    EFFECTS.indexOf(effect) * 2 + (lines.some((line) => line.startsWith("+") && line.includes(`${ANY} (any)`)) ? 0 : 1);
  return changes.sort((one, other) => rank(one) - rank(other));
}

// --- internal ---

function policyChanges(resource: ResourceChange, plan: Plan): PermissionChange[] {
  const rule = POLICIES[resource.type];
  if (rule === undefined) return [];
  const { change, address, action } = resource;
  const owner = ownerOf(resource, rule.owner, plan);
  if (isSensitive(change, rule.attribute)) {
    const lines = [`! its ${rule.attribute} changes, and is marked as sensitive`];
    return touches(resource, rule.attribute) ? [{ owner, effect: "differs", lines }] : [];
  }
  const deployed = field(change.before, rule.attribute);
  const planned = action === "delete" ? null : field(change.after, rule.attribute);
  const before = statementsOf(deployed);
  const after = planned === undefined ? configuredStatements(address, rule.attribute, plan) : statementsOf(planned);
  if (before === null || after === null) {
    if (!touches(resource, rule.attribute)) return [];
    return [
      {
        owner,
        effect: "differs",
        lines: [
          `! its ${rule.attribute} ${planned === undefined ? `is ${KNOWN_AFTER_APPLY}` : "changes in a way that cannot be read here"}`,
        ],
      },
    ];
  }
  return compare(before, after, plan).map((found) => ({ owner, ...found }));
}

function touches({ attributes, action }: ResourceChange, attribute: string): boolean {
  return action !== "update" || attributes.some(({ path }) => path === attribute || path.startsWith(`${attribute}.`));
}

function wholeChanges(resource: ResourceChange, plan: Plan): PermissionChange[] {
  const rule = WHOLE[resource.type];
  if (rule === undefined) return [];
  const { change, action, address } = resource;
  const before = field(change.before, rule.attribute);
  const after =
    action === "delete" ? undefined : (field(change.after, rule.attribute) ?? template(address, rule.attribute, plan));
  if (before === after || (!before && !after)) return [];
  const what = rule.limit ? `the boundary` : "all that the policy allows:";
  const effect: Effect = rule.limit
    ? before
      ? after
        ? "differs"
        : "widens"
      : "narrows"
    : after
      ? "widens"
      : "narrows";
  const lines = [
    rule.limit ? "permissions boundary" : "policy attached",
    ...(after ? [`+ ${what} ${plan.conceal(after)}`] : []),
    ...(before ? [`- no longer ${what} ${plan.conceal(before)}`] : []),
  ];
  return [{ owner: ownerOf(resource, rule.owner, plan), effect, lines }];
}

function ownerOf({ change, address }: ResourceChange, attribute: string, plan: Plan): string {
  const known = field(change.before, attribute) ?? field(change.after, attribute);
  const reference = /^\$\{([\w.-]+)\.(?:id|name|arn)\}$/.exec(
    String(plan.configured(address, attribute)?.constant_value),
  );
  const named = reference && plan.resolve(`\${${reference[1]}.name}`);
  return plan.conceal(known ?? (named?.startsWith("${") === false ? named : address));
}

function compare(
  before: readonly Statement[],
  after: readonly Statement[],
  plan: Plan,
): Omit<PermissionChange, "owner">[] {
  const left = [...before];
  const pairs = after.map((statement): [Statement | undefined, Statement] => {
    const same = takePartner(left, statement);
    return [same, statement];
  });
  return [
    ...pairs.flatMap(([old, now]) => (old === undefined ? [whole(now, true, plan)] : difference(old, now, plan))),
    ...left.map((lost) => whole(lost, false, plan)),
  ];
}

/** The statement of the same name, else the one that is the same, else one that shares an action. */
function takePartner(left: Statement[], statement: Statement): Statement | undefined {
  const tests: ((other: Statement) => boolean)[] = [
    (other) => statement.sid !== "" && other.sid === statement.sid && other.allow === statement.allow,
    (other) => JSON.stringify(other) === JSON.stringify(statement),
    (other) =>
      (statement.sid === "" || other.sid === "") &&
      other.allow === statement.allow &&
      other.actions.some((action) => statement.actions.includes(action)),
  ];
  for (const test of tests) {
    const index = left.findIndex(test);
    if (index >= 0) return left.splice(index, 1)[0];
  }
  return undefined;
}

function whole(statement: Statement, gained: boolean, { conceal }: Plan): Omit<PermissionChange, "owner"> {
  const { allow, principals, actions, resources, conditions } = statement;
  const sign = gained ? "+" : "-";
  const verb = allow ? (gained ? "may" : "may no longer") : gained ? "is denied" : "is no longer denied";
  return {
    effect: gained === allow ? "widens" : "narrows",
    lines: [
      `${named(statement)}${gained ? "new" : "removed"}`,
      ...(principals.length > 0 ? principals.map((one) => `${sign} ${verb} be taken by ${worded(one)}`) : []),
      ...(principals.length > 0 && resources.length === 0
        ? []
        : actions.map((one) => `${sign} ${verb} ${worded(one)}`)),
      ...resources.map((one) => `${sign}   on ${worded(one)}`),
      ...conditions.map((one) => `${sign}   only if ${one}`),
    ].map(conceal),
  };
}

function difference(old: Statement, now: Statement, plan: Plan): Omit<PermissionChange, "owner">[] {
  let [widens, narrows, differs] = [false, false, false];
  const lines: string[] = [];
  for (const { list, gained, lost } of LISTS) {
    const { before, after, open } = settle(old[list], now[list], plan);
    const more = after.filter((one) => !before.some((pattern) => covers(pattern, one)));
    const less = before.filter((one) => !after.some((pattern) => covers(pattern, one)));
    lines.push(...more.map((one) => `+ ${gained} ${worded(one)}`));
    const wider = before.filter((one) => more.some((pattern) => covers(pattern, one)));
    lines.push(...wider.map((one) => `- no longer limited to ${worded(one)}`));
    lines.push(...less.map((one) => `- ${lost} ${worded(one)}`));
    lines.push(...open.map((one) => `! ${list}: ${one} is ${KNOWN_AFTER_APPLY}`));
    widens ||= more.length > 0;
    narrows ||= less.length > 0;
    differs ||= open.length > 0;
  }
  const [noMore, nowToo] = [without(old.conditions, now.conditions), without(now.conditions, old.conditions)];
  // A condition that goes lifts a limit: it is what widens.
  lines.push(...noMore.map((one) => `+ no longer only if ${one}`), ...nowToo.map((one) => `- only if ${one}`));
  widens ||= noMore.length > 0;
  narrows ||= nowToo.length > 0;
  if (lines.length === 0) return [];
  const [widened, narrowed] = old.allow ? [widens, narrows] : [narrows, widens];
  const effect: Effect = widened ? "widens" : differs ? "differs" : narrowed ? "narrows" : "differs";
  const about = `${named(now)}${now.allow ? "" : "denies "}${now.actions.join(", ")}`;
  return [{ effect, lines: [about, ...lines].map(plan.conceal) }];
}

/**
 * A value of which only a reference is known, and whose former value was there, is open: no right gained and another lost,
 * but one that may change.
 */
function settle(before: readonly string[], after: readonly string[], { former }: Plan) {
  const formerly = (value: string) => value.replace(/\$\{([^}]+)\}/g, (found, name: string) => former(name) ?? found);
  const open = after.filter((one) => formerly(one) !== one && before.includes(formerly(one)));
  return {
    before: before.filter((one) => !open.some((reference) => formerly(reference) === one)),
    after: after.filter((one) => !open.includes(one)),
    open,
  };
}

function covers(pattern: string, value: string): boolean {
  if (pattern === value) return true;
  if (!/[*?]/.test(pattern)) return false;
  const expression = pattern
    .replace(/[\\^$.+()[\]{}|]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "s").test(value);
}

function without(values: readonly string[], others: readonly string[]): string[] {
  return values.filter((value) => !others.includes(value));
}

function named({ sid, principals }: Statement): string {
  if (sid !== "") return `${sid}: `;
  return principals.length > 0 ? "who may use it: " : "";
}

function worded(value: string): string {
  return value === ANY ? `${ANY} (any)` : value;
}

// --- reading policies ---

/** The statements of a policy; none where there is no policy, `null` where it cannot be read. */
function statementsOf(policy: string | null | undefined): Statement[] | null {
  if (policy === null || policy === undefined || policy === "") return [];
  try {
    const { Statement: list } = JSON.parse(policy) as { Statement: Json };
    return [list].flat().map((one) => fromIam(one as JsonObject));
  } catch {
    return null;
  }
}

function fromIam(statement: JsonObject): Statement {
  const conditions = isObject(statement.Condition) ? Object.entries(statement.Condition) : [];
  return {
    sid: String(statement.Sid ?? ""),
    allow: statement.Effect !== "Deny",
    principals: [
      ...principals(statement.Principal),
      ...principals(statement.NotPrincipal).map((one) => `all but ${one}`),
    ].sort(),
    actions: sorted([...list(statement.Action), ...list(statement.NotAction).map((one) => `all but ${one}`)]),
    resources: sorted([...list(statement.Resource), ...list(statement.NotResource).map((one) => `all but ${one}`)]),
    conditions: conditions
      .flatMap(([test, variables]) =>
        Object.entries(variables as JsonObject).map(
          ([name, values]) => `${name} ${test} ${sorted(list(values)).join(", ")}`,
        ),
      )
      .sort(),
  };
}

function principals(value: Json | undefined): string[] {
  if (!isObject(value)) return list(value);
  return Object.entries(value).flatMap(([kind, names]) => list(names).map((name) => `${kind} ${name}`));
}

/** Statements as a data source's configuration has them: of a policy that is read only when the plan is applied. */
function configuredStatements(address: string, attribute: string, plan: Plan): Statement[] | null {
  const source = /^\$\{(data\.aws_iam_policy_document\.[\w-]+)\.(?:json|minified_json)\}$/.exec(
    String(plan.configured(address, attribute)?.constant_value),
  )?.[1];
  const read = plan.resources.find((resource) => resource.address === source);
  const rendered = isObject(read?.change.after) ? read.change.after.statement : undefined;
  if (source === undefined || !Array.isArray(rendered)) return null;
  const configured = plan.configured(source, "statement");
  const templates = Array.isArray(configured?.constant_value) ? configured.constant_value : (configured?.blocks ?? []);
  return rendered.filter(isObject).map((statement, index) => {
    const template = Array.isArray(templates) && isObject(templates[index]) ? templates[index] : {};
    return fromTerraform(statement, template, plan);
  });
}

function fromTerraform(statement: JsonObject, template: JsonObject, { resolve }: Plan): Statement {
  const values = (name: string) => {
    const known = list(statement[name]);
    const missing = Array.isArray(statement[name]) ? statement[name].length - known.length : 0;
    if (missing === 0) return known;
    const expression = template[name];
    const texts = list(isObject(expression) ? expression.constant_value : expression).map(resolve);
    const others = texts.filter((one) => !known.includes(one));
    return [
      ...known,
      ...(others.length > 0 ? others : Array.from({ length: missing }, () => "${what is not known yet}")),
    ];
  };
  const conditions = Array.isArray(statement.condition) ? statement.condition.filter(isObject) : [];
  const identifiers = (name: string) =>
    (Array.isArray(statement[name]) ? statement[name] : [])
      .filter(isObject)
      .flatMap((one) => list(one.identifiers).map((id) => (one.type === "*" ? id : `${one.type} ${id}`)));
  return {
    sid: String(statement.sid ?? ""),
    allow: statement.effect !== "Deny",
    principals: [...identifiers("principals"), ...identifiers("not_principals").map((one) => `all but ${one}`)].sort(),
    actions: sorted([...values("actions"), ...values("not_actions").map((one) => `all but ${one}`)]),
    resources: sorted([...values("resources"), ...values("not_resources").map((one) => `all but ${one}`)]),
    conditions: conditions
      .map(({ test, variable, values: allowed }) => `${variable} ${test} ${sorted(list(allowed)).join(", ")}`)
      .sort(),
  };
}

function template(address: string, attribute: string, plan: Plan): string | undefined {
  const text = plan.configured(address, attribute)?.constant_value;
  return typeof text === "string" ? plan.resolve(text) : undefined;
}

function field(values: Json | undefined, name: string): string | undefined {
  return isObject(values) && typeof values[name] === "string" ? values[name] : undefined;
}

function isSensitive({ before_sensitive, after_sensitive }: ResourceChange["change"], attribute: string): boolean {
  return [before_sensitive, after_sensitive].some(
    (marks) => marks === true || (isObject(marks) && marks[attribute] === true),
  );
}

function list(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
