/** The changes of a plan in words, a line for each resource. */
import { isObject, type Json } from "../base/json";
import { code, codeName, cutPair, fitting, oneLine } from "./markdown";
import { policyAttributes } from "./permissions-diff";
import type { Plan, ResourceChange } from "./plan";
import { KINDS, LONGEST_VALUE, nameOf, type Part } from "./resource-kinds";
import { isMarked, KNOWN_AFTER_APPLY, marksOf } from "./values";
import { changedStateMachines, workflowDiff } from "./workflow-diff";

/** Two values lose the start that they share if it has this many characters. */
const SHORTEST_SHARED = 12;
const CHANGES_SHOWN = 12;
/** Parts of a resource that are shown. */
const PARTS_SHOWN = 6;
/** Bytes of all lines. They are in the head of the comment, which is never shortened. */
const LONGEST = 6000;

/** Returns a line of Markdown for each resource that is changed or replaced, and a line for the new ones of each plan. */
export function changesInWords(plans: readonly Plan[], prefix: string): string[] {
  const lines = plans.flatMap((plan) => [
    ...plan.resources.flatMap((resource) => {
      const said = sayChange(resource, plan);
      return said.length === 0 ? [] : [`${nameOf(resource, plan, prefix)}: ${said.join(", ")}`];
    }),
    ...sayNew(plan, prefix),
  ]);
  const shown = fitting(lines.slice(0, CHANGES_SHOWN), "\n", LONGEST);
  const left = lines.length - shown.length;
  return left > 0 ? [...shown, `… ${left} more, see the stacks`] : shown;
}

// --- internal ---

function sayChange(resource: ResourceChange, plan: Plan): string[] {
  const { type, action, isDeposed, attributes } = resource;
  const isTold = action === "update" || action === "replace";
  // The push tells about an image, and outputs follow from the other resources.
  if (!isTold || isDeposed || type === "output" || type === "docker_image") return [];
  const said = [...sayStates(resource, plan), ...sayParts(resource, plan)];
  if (said.length > 0) return limited(said);
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
  const { before_sensitive, after_sensitive } = resource.change;
  return (KINDS[resource.type]?.parts ?? []).flatMap((part): string[] => {
    const { label, attribute, unit } = part;
    const isSensitive = [before_sensitive, after_sensitive].some((marks) => isMarked(marksOf(marks, attribute)));
    const before = valueOfPart(resource.change.before, part);
    const after = plannedPart(resource, part, plan);
    if (after === UNKNOWABLE || JSON.stringify(before) === JSON.stringify(after)) return [];
    if (isSensitive) return [`${label} changed (sensitive)`];
    const [old, now] = cutPair(...withoutShared(written(before, plan), written(after, plan)), LONGEST_VALUE);
    const measured = (text: string) => (unit === undefined || text === NONE ? quoted(text) : `${quoted(text)} ${unit}`);
    return [`${label} ${measured(old)} to ${measured(now)}`];
  });
}

const NONE = "none";
/** A value that is known after the apply and has no template. It may or may not change. */
const UNKNOWABLE = Symbol("unknowable");

function valueOfPart(values: Json | undefined, { attribute, of }: Part): Json {
  const value = (isObject(values) ? values[attribute] : null) ?? null;
  const found = value === null || of === undefined ? value : (of(value) ?? null);
  return Array.isArray(found) && found.length === 0 ? null : found;
}

/** Returns the planned value of a part. If only the apply reveals the attribute, takes the value of its template. */
function plannedPart({ address, change }: ResourceChange, part: Part, { references }: Plan): Json | typeof UNKNOWABLE {
  const { after, after_unknown } = change;
  if (marksOf(after_unknown, part.attribute) !== true) return valueOfPart(filled(after, after_unknown), part);
  const template = references.template(address, part.attribute);
  if (template === undefined) return UNKNOWABLE;
  return valueOfPart({ [part.attribute]: references.formerly(references.resolve(template)) }, part);
}

/** Returns a value with a text in place of each part that is not known. */
function filled(value: Json | undefined, unknown: Json | undefined): Json {
  if (unknown === true) return KNOWN_AFTER_APPLY;
  if (Array.isArray(value)) return value.map((item, index) => filled(item, marksOf(unknown, index)));
  if (!isObject(value)) return value ?? null;
  // Terraform leaves unknown attributes out, or writes null.
  const names = new Set([...Object.keys(value), ...Object.keys(isObject(unknown) ? unknown : {})]);
  return Object.fromEntries([...names].map((name) => [name, filled(value[name], marksOf(unknown, name))]));
}

/** Returns two addresses without the start that they share, such as the address of a registry. */
function withoutShared(one: string, other: string): [string, string] {
  const index = [...one].findIndex((character, place) => character !== other[place]);
  const shared = one.slice(0, index).lastIndexOf("/");
  return shared < SHORTEST_SHARED ? [one, other] : [`…${one.slice(shared)}`, `…${other.slice(shared)}`];
}

function written(value: Json, { conceal }: Plan): string {
  if (value === null || value === "") return NONE;
  return oneLine(conceal(typeof value === "string" ? value : JSON.stringify(value)));
}

/** Writes plain words as they are, and any other text as code. */
function quoted(text: string): string {
  return text === KNOWN_AFTER_APPLY || /^[A-Za-z0-9]+(?:\.[0-9]+)?$/.test(text) ? text : code(text);
}

/** Names the new resources, unless the whole stack is new. */
function sayNew(plan: Plan, prefix: string): string[] {
  const { resources } = plan;
  const exists = resources.some(({ type, action }) => type !== "output" && action !== "create" && action !== "read");
  const added = resources.filter(
    ({ type, action, isRecreated }) =>
      action === "create" && !isRecreated && type !== "output" && type !== "docker_image",
  );
  if (!exists || added.length === 0) return [];
  return [`new: ${limited(added.map((one) => nameOf(one, plan, prefix))).join(", ")}`];
}

function namesInWords(names: readonly string[]): string {
  return limited(names.map((name) => codeName(name, LONGEST_VALUE))).join(", ");
}

function limited(texts: readonly string[]): string[] {
  const left = texts.length - PARTS_SHOWN;
  return left > 0 ? [...texts.slice(0, PARTS_SHOWN), `${left} more`] : [...texts];
}
