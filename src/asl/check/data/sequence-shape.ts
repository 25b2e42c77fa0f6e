/**
 * The shape of sequences: the values of JSONata. A path through a list gives nothing, one value or a list of values.
 *
 * @see https://docs.jsonata.org/processing#sequences
 */
import { ANYTHING, joinAll, type Shape } from "./data-shape";

/** The shape of an expression without a value. */
export const NOTHING: Shape = {
  types: new Set(),
  properties: new Map(),
  closed: false,
  items: null,
  maxItems: null,
  label: null,
};

/** Returns whether a shape is that of no value. */
export function isNothing({ types }: Shape): boolean {
  return types.size === 0;
}

/** Returns the shape of one item, if a value is taken for a sequence. A value that is no list is its own only item. */
export function elementOf(shape: Shape): Shape {
  if (!shape.types.has("array")) return shape;
  const items = shape.items ?? ANYTHING;
  if (shape.types.size === 1 || items === ANYTHING) return items;
  return joinAll([items, withoutLists(shape)]);
}

/** Returns the shape of a sequence of any number of values of one shape. Lists among them are flattened. */
export function sequenceOf(each: Shape): Shape {
  if (isNothing(each) || each === ANYTHING) return each;
  return { ...each, types: new Set([...each.types, "array"]), items: elementOf(each), maxItems: null, label: null };
}

/** The value of a field of a value, or of each item of a list. `reached`: the value that has no such field. */
export interface FieldOf {
  readonly found: Shape;
  readonly reached: Shape;
}

/** Follows the name of a field into a value. */
export function fieldOf(from: Shape, name: string): FieldOf {
  const element = elementOf(from);
  const found = ownField(element, name);
  const isList = from.types.has("array");
  return { found: isList ? sequenceOf(found) : found, reached: element };
}

// --- internal ---

function withoutLists(shape: Shape): Shape {
  const types = new Set(shape.types);
  types.delete("array");
  return { ...shape, types, items: null, maxItems: null };
}

function ownField(from: Shape, name: string): Shape {
  if (from === ANYTHING) return ANYTHING;
  // An item of a list may be a list again.
  const own = from.types.has("object") ? (from.properties.get(name) ?? (from.closed ? NOTHING : ANYTHING)) : NOTHING;
  if (!from.types.has("array")) return own;
  return from.items === null ? ANYTHING : joinAll([own, sequenceOf(ownField(elementOf(from), name))]);
}
