/** The changes of a plan in words, a line for each resource. */
import { asObject, type Json, type JsonObject } from "../base/json";
import { code, codeName, cut, cutPair, fitting, oneLine } from "./markdown";
import { partChanges } from "./part-changes";
import { nameInArn, type Part } from "./parts";
import { policyAttributes } from "./permissions-diff";
import type { Plan, ResourceChange } from "./plan";
import { KINDS, LONGEST_VALUE, nameOf } from "./resource-kinds";
import { KNOWN_AFTER_APPLY } from "./values";
import { changedStateMachines, workflowDiff } from "./workflow-diff";

/** Two values lose the start that they share if it has this many characters. */
const SHORTEST_SHARED = 12;
const CHANGES_SHOWN = 12;
/** Names of a list that are shown. */
const NAMES_SHOWN = 6;
/** Parts of a resource, or new resources, that are shown. */
const PARTS_SHOWN = 12;
/** Bytes of all lines. They are in the head of the comment, which is never shortened. */
const LONGEST = 6000;

/**
 * Returns a line of Markdown for each resource that is changed or replaced, and a line for the new ones of each plan. If nothing is
 * deployed yet, everything is new, and nothing is named.
 */
export function changesInWords(plans: readonly Plan[], prefix: string): string[] {
  const isDeployed = plans.some(({ resources }) =>
    resources.some(({ type, action }) => type !== "output" && action !== "create" && action !== "read"),
  );
  const lines = plans.flatMap((plan) => [...sayChanges(plan, prefix), ...(isDeployed ? sayNew(plan, prefix) : [])]);
  const shown = fitting(lines.slice(0, CHANGES_SHOWN), "\n", LONGEST);
  const left = lines.length - shown.length;
  return left > 0 ? [...shown, `… ${left} more, see the stacks`] : shown;
}

// --- internal ---

/** Says what changes, in one line for all resources that change alike. */
function sayChanges(plan: Plan, prefix: string): string[] {
  const alike = new Map<string, string[]>();
  for (const resource of plan.resources) {
    const said = sayChange(resource, plan).join(", ");
    if (said !== "") alike.set(said, [...(alike.get(said) ?? []), nameOf(resource, plan, prefix)]);
  }
  return [...alike].map(([said, names]) => `${limited(names).join(", ")}: ${said}`);
}

function sayChange(resource: ResourceChange, plan: Plan): string[] {
  const { type, action, isDeposed, attributes } = resource;
  const isTold = action === "update" || action === "replace";
  // The push tells about an image, and outputs follow from the other resources.
  if (!isTold || isDeposed || type === "output" || type === "docker_image") return [];
  const said = [...sayStates(resource, plan), ...sayParts(resource, plan)];
  if (said.length > 0) return limited(said, PARTS_SHOWN);
  const rights = policyAttributes(resource, plan);
  const changed = new Set(attributes.map(({ path }) => /^\w*/.exec(path)![0]));
  const names = [...changed].filter((name) => !rights.includes(name));
  return names.length === 0 ? [] : [`${namesInWords(names)} changed`];
}

function sayStates(resource: ResourceChange, plan: Plan): string[] {
  if (!changedStateMachines(plan).includes(resource)) return [];
  const { added, removed, changed, putBack, references, isOpen } = workflowDiff(resource, plan);
  const said = Object.entries({ added, removed, changed, restored: putBack })
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${names.length === 1 ? "state" : "states"} ${what}: ${namesInWords(names)}`);
  if (said.length > 0) return said;
  return [!isOpen && references.length > 0 ? "only references change" : "the document changed"];
}

function sayParts(resource: ResourceChange, plan: Plan): string[] {
  return partChanges(resource, plan).flatMap(({ part, before, after, isSensitive }) => {
    if (isSensitive) return [`${part.label} changed (sensitive)`];
    if (part.isNamed) return sayItems(part, asObject(before), asObject(after), plan);
    return [`${part.label} ${fromTo(before, after, part, plan)}`];
  });
}

/** Names the items that are added, removed and changed. */
function sayItems(part: Part, before: JsonObject, after: JsonObject, plan: Plan): string[] {
  const { label } = part;
  const named = (name: string) => codeName(plan.conceal(name), LONGEST_VALUE);
  const added = Object.entries(after).filter(([name]) => !(name in before));
  const removed = Object.keys(before).filter((name) => !(name in after));
  const changed = Object.keys(after).filter(
    (name) => name in before && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const list = (what: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`${label}${items.length === 1 ? "" : "s"} ${what}: ${limited(items).join(", ")}`];
  return [
    ...list(
      "added",
      added.map(([name, value]) => {
        const text = written(typeof value === "string" ? nameInArn(value) : value, plan);
        return text === NONE ? named(name) : `${named(name)} (${quoted(cut(text, LONGEST_VALUE))})`;
      }),
    ),
    ...list("removed", removed.map(named)),
    ...changed.map((name) => `${label} ${named(name)} ${fromTo(before[name]!, after[name]!, part, plan)}`),
  ];
}

const NONE = "none";

/** Writes two values, without what both of them have at the start. */
function fromTo(before: Json, after: Json, { unit }: Part, plan: Plan): string {
  const [old, now] = cutPair(...withoutShared(written(before, plan), written(after, plan)), LONGEST_VALUE);
  const measured = (text: string) => (unit === undefined || text === NONE ? quoted(text) : `${quoted(text)} ${unit}`);
  return `${measured(old)} to ${measured(now)}`;
}

/** Returns two addresses without the start that they share, such as the address of a registry. Of two ARNs, returns the names. */
function withoutShared(one: string, other: string): [string, string] {
  const [name, otherName] = [nameInArn(one), nameInArn(other)];
  if (name !== one && otherName !== other && name !== otherName) return [name, otherName];
  const index = [...one].findIndex((character, place) => character !== other[place]);
  const shared = one.slice(0, index).lastIndexOf("/");
  return shared < SHORTEST_SHARED ? [one, other] : [`…${one.slice(shared)}`, `…${other.slice(shared)}`];
}

function written(value: Json, { conceal }: Plan): string {
  if (value === null || value === "") return NONE;
  return oneLine(conceal(typeof value === "string" ? value : JSON.stringify(value)));
}

/** Writes a plain word as it is, and any other text as code. */
function quoted(text: string): string {
  return text === KNOWN_AFTER_APPLY || /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:\.[0-9]+)?$/.test(text) ? text : code(text);
}

/**
 * Names the new resources. What belongs to another resource is named only if nothing else is new, and not if it only has rights, which
 * Permissions shows.
 */
function sayNew(plan: Plan, prefix: string): string[] {
  const added = plan.resources.filter(
    ({ type, action, isRecreated }) =>
      action === "create" && !isRecreated && type !== "output" && type !== "docker_image",
  );
  const isDetail = ({ type }: ResourceChange) => KINDS[type]?.isDetail === true;
  const whole = added.filter((one) => !isDetail(one));
  const rank = ({ type }: ResourceChange) => (KINDS[type] === undefined ? 1 : 0);
  const named =
    whole.length > 0
      ? whole.toSorted((one, other) => rank(one) - rank(other))
      : added.filter(({ type }) => KINDS[type]!.parts.length > 0);
  const names = named.map((one) => nameOf(one, plan, prefix) + withProtections(one, added));
  return names.length === 0 ? [] : [`new: ${limited(names, PARTS_SHOWN).join(", ")}`];
}

/** Tells what protects a new bucket, if it is the only one. */
function withProtections({ type }: ResourceChange, added: readonly ResourceChange[]): string {
  const isOnlyBucket = type === "aws_s3_bucket" && added.filter((one) => one.type === type).length === 1;
  const protections = isOnlyBucket ? added.flatMap((one) => KINDS[one.type]?.protection ?? []) : [];
  return protections.length === 0 ? "" : ` (with ${protections.join(", ")})`;
}

function namesInWords(names: readonly string[]): string {
  return limited(names.map((name) => codeName(name, LONGEST_VALUE))).join(", ");
}

function limited(texts: readonly string[], most = NAMES_SHOWN): string[] {
  const left = texts.length - most;
  return left > 0 ? [...texts.slice(0, most), `${left} more`] : [...texts];
}
