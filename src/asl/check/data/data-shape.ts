/**
 * The shape of JSON values that do not exist yet: the input of an execution, and the data on its way through the states.
 */

import { isObject, type Json, typeOf } from "../../../base/json";
import { listed } from "../../../base/text";

/** The types of JSON, with the names of JSON Schema. */
export type JsonType = "object" | "array" | "string" | "number" | "boolean" | "null";

/** Everything that a value can be. Unknown parts stay open, so that a rule reports only certain mistakes. */
export interface Shape {
  readonly types: ReadonlySet<JsonType>;
  /** The properties of an object. Each may be absent. */
  readonly properties: ReadonlyMap<string, Shape>;
  /** True if the object has no other properties. */
  readonly closed: boolean;
  /** The items of a list; `null` stands for any value. */
  readonly items: Shape | null;
  /** The maximum length of a list. Infinite if its schema sets no limit, `null` if nothing is known. */
  readonly maxItems: number | null;
  /** The name of the value in messages. */
  readonly label: string | null;
}

/** A value about which nothing is known. */
export const ANYTHING: Shape = shape(["object", "array", "string", "number", "boolean", "null"]);

/** An object about whose properties nothing is known. */
export const OBJECT: Shape = shape(["object"]);

/** Returns the shape of an object with exactly these properties. */
export function objectShape(properties: Iterable<readonly [string, Shape]>): Shape {
  return { ...shape(["object"]), properties: new Map(properties), closed: true };
}

/** Returns a shape with a name for messages, such as "the result of a Batch job". */
export function labelled(label: string, of: Shape): Shape {
  return { ...of, label };
}

/** Returns the shape of a list with items of one shape. */
export function listShape(items: Shape, maxItems: number | null): Shape {
  return { ...shape(["array"]), items, maxItems };
}

/** Returns the shape of a value without parts. */
export function scalarShape(type: "string" | "number" | "boolean" | "null"): Shape {
  return shape([type]);
}

/**
 * Returns the shape that a JSON Schema describes. Each keyword only narrows the others. So a keyword that is not read here
 * (`$ref`, `anyOf`, …) makes the shape less exact, never wrong.
 */
export function shapeOfSchema(schema: Json): Shape {
  if (!isObject(schema)) return ANYTHING;
  const types = [schema.type ?? []].flat().map((type) => (type === "integer" ? "number" : type));
  const known = types.filter((type): type is JsonType => ANYTHING.types.has(type as JsonType));
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const listOnly = known.length === 1 && known[0] === "array";
  return {
    types: known.length > 0 ? new Set(known) : ANYTHING.types,
    properties: new Map(properties.map(([name, inner]) => [name, shapeOfSchema(inner)])),
    closed: schema.additionalProperties === false && schema.patternProperties === undefined,
    items: schema.items === undefined || schema.prefixItems !== undefined ? null : shapeOfSchema(schema.items),
    maxItems: typeof schema.maxItems === "number" ? schema.maxItems : listOnly ? Number.POSITIVE_INFINITY : null,
    label: null,
  };
}

/** Returns the shape of a known value. */
export function shapeOfValue(value: Json): Shape {
  if (Array.isArray(value)) return listShape(joinAll(value.map(shapeOfValue)), value.length);
  if (isObject(value)) return objectShape(Object.entries(value).map(([name, inner]) => [name, shapeOfValue(inner)]));
  return shape([typeOf(value)]);
}

/** Returns the shape of a value that has one of two shapes. */
function join(a: Shape, b: Shape, depth = 0, budget = { joins: MAX_JOINS }): Shape {
  if (a === b) return a;
  budget.joins -= 1;
  // Data that each state copies into itself would grow without limit.
  if (depth > MAX_DEPTH || budget.joins < 0 || a === ANYTHING || b === ANYTHING) return ANYTHING;
  const names = new Set([...a.properties.keys(), ...b.properties.keys()]);
  const both = new Set([...a.types, ...b.types]);
  const member = (from: Shape, name: string): Shape | null =>
    from.properties.get(name) ?? (from.closed || !from.types.has("object") ? null : ANYTHING);
  return {
    types: both,
    properties: new Map(
      [...names].map((name) => [name, joinOptional(member(a, name), member(b, name), depth + 1, budget)]),
    ),
    closed: isClosed(a) && isClosed(b),
    items: joinItems(a, b, depth + 1, budget),
    maxItems: longest(a, b),
    label: null,
  };
}

/** Returns the shape of a value that has one of these shapes. Without shapes, it can be anything. */
export function joinAll(shapes: readonly Shape[]): Shape {
  return shapes.length === 0 ? ANYTHING : shapes.reduce((a, b) => join(a, b));
}

/** Returns the shape after a value is inserted at `steps`, as ResultPath does. */
export function put(into: Shape, steps: readonly (string | number)[], value: Shape): Shape {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === "number" || !into.types.has("object")) return ANYTHING;
  const inner = into.properties.get(step) ?? (into.closed ? objectShape([]) : ANYTHING);
  // Thousands of states may each add a property. Beyond this number, properties are forgotten.
  if (into.properties.size >= MAX_PROPERTIES && !into.properties.has(step))
    return { ...into, types: new Set(["object"]), closed: false, label: null };
  return {
    ...into,
    types: new Set(["object"]),
    label: null,
    properties: new Map(into.properties).set(step, put(inner, rest, value)),
  };
}

/** A step of a path that leads nowhere. */
export interface DeadEnd {
  /** The number of steps before it that lead somewhere. */
  readonly depth: number;
  /** The shape that those steps lead to. */
  readonly reached: Shape;
}

/** Follows steps into a shape. */
export function follow(from: Shape, steps: readonly (string | number)[]): Shape | DeadEnd {
  let reached = from;
  for (const [depth, step] of steps.entries()) {
    const inner: Shape | null = typeof step === "string" ? property(reached, step) : item(reached);
    if (inner === null) return { depth, reached };
    reached = inner;
  }
  return reached;
}

/** Returns true if the steps lead nowhere. */
export function isDeadEnd(found: Shape | DeadEnd): found is DeadEnd {
  return "reached" in found;
}

/** Describes a shape in words: `a string`, `an object with the fields a, b`. */
export function describeShape({ types, properties, closed, label }: Shape): string {
  if (label !== null) return label;
  const words = [...types].map((type) =>
    type === "object" && closed
      ? properties.size === 0
        ? "an empty object"
        : `an object with the ${properties.size === 1 ? "field" : "fields"} ${listed([...properties.keys()])}`
      : WORDS[type],
  );
  return types.size === ANYTHING.types.size ? "anything" : words.join(" or ");
}

// --- internal ---

const MAX_DEPTH = 10;
const MAX_PROPERTIES = 1000;
/** Limits the parts of two joined shapes. A template that contains its input several times multiplies them. */
const MAX_JOINS = 20_000;

const WORDS: Readonly<Record<JsonType, string>> = {
  object: "an object",
  array: "a list",
  string: "a string",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

function shape(types: readonly JsonType[]): Shape {
  return { types: new Set(types), properties: new Map(), closed: false, items: null, maxItems: null, label: null };
}

function property({ types, properties, closed }: Shape, name: string): Shape | null {
  if (!types.has("object")) return null;
  return properties.get(name) ?? (closed ? null : ANYTHING);
}

function item({ types, items }: Shape): Shape | null {
  return types.has("array") ? (items ?? ANYTHING) : null;
}

/** Only an object has properties. */
function isClosed({ types, closed }: Shape): boolean {
  return closed || !types.has("object");
}

function joinOptional(a: Shape | null, b: Shape | null, depth: number, budget: { joins: number }): Shape {
  if (a !== null && b !== null) return join(a, b, depth, budget);
  return a ?? b ?? ANYTHING;
}

function joinItems(a: Shape, b: Shape, depth: number, budget: { joins: number }): Shape | null {
  if (!a.types.has("array")) return b.items;
  if (!b.types.has("array")) return a.items;
  return a.items === null || b.items === null ? null : join(a.items, b.items, depth, budget);
}

function longest(a: Shape, b: Shape): number | null {
  if (!a.types.has("array")) return b.maxItems;
  if (!b.types.has("array")) return a.maxItems;
  return a.maxItems === null || b.maxItems === null ? null : Math.max(a.maxItems, b.maxItems);
}
