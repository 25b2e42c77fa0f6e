/** The parts of a resource whose values change, as far as the plan can tell. */
import { isObject, type Json } from "../base/json";
import { type Part, part } from "./parts";
import type { Plan, ResourceChange } from "./plan";
import { KINDS } from "./resource-kinds";
import { isMarked, KNOWN_AFTER_APPLY, marksOf } from "./values";

export interface PartChange {
  readonly part: Part;
  /** `null` for no value. */
  readonly before: Json;
  readonly after: Json;
  /** True if the values must not be shown. */
  readonly isSensitive: boolean;
}

/** Returns the parts that change. A value that is known after the apply counts as unchanged if the plan does not show its parts. */
export function partChanges(resource: ResourceChange, plan: Plan): PartChange[] {
  const { before_sensitive, after_sensitive } = resource.change;
  const kind = KINDS[resource.type];
  return (kind === undefined ? [] : [...kind.parts, TAGS]).flatMap((part): PartChange[] => {
    const values = partValues(resource, part, plan);
    if (values === null || JSON.stringify(values.before) === JSON.stringify(values.after)) return [];
    const { before, after } = values;
    const isSensitive = [before_sensitive, after_sensitive].some((marks) => isMarked(marksOf(marks, part.attribute)));
    return [{ part, before, after, isSensitive }];
  });
}

/** Returns the value of a part before and after the apply. Returns `null` if the plan does not show the value after it. */
export function partValues(resource: ResourceChange, part: Part, plan: Plan): { before: Json; after: Json } | null {
  const after = plannedValue(resource, part, plan);
  return after === UNKNOWABLE ? null : { before: valueOfPart(resource.change.before, part), after };
}

// --- internal ---

/** The tags of a resource, those that all resources have too. */
const TAGS = part("tag", "tags_all", { isNamed: true });

/** A value that is known after the apply and has no template. It may or may not change. */
const UNKNOWABLE = Symbol("unknowable");

function valueOfPart(values: Json | undefined, { attribute, of }: Part): Json {
  const value = (isObject(values) ? values[attribute] : null) ?? null;
  const found = value === null || of === undefined ? value : (of(value) ?? null);
  return isEmpty(found) ? null : found;
}

function isEmpty(value: Json): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** Returns the planned value of a part. If only the apply reveals the attribute, takes the value of its template. */
function plannedValue({ address, change }: ResourceChange, part: Part, { references }: Plan): Json | typeof UNKNOWABLE {
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
