import type { Json, JsonObject } from "../../base/json";

/** An item of a Map. */
export interface MapItem {
  /** The input of its states, unless an ItemSelector replaces it. */
  readonly input: Json;
  /** `$$.Map.Item.Value` */
  readonly value: Json;
  /** `$$.Map.Item.Key`: the name of a member of an object; `null` for other items. */
  readonly key: string | null;
}

/**
 * Yields the items of a list or an object.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemspath.html
 */
export function* itemsOf(data: readonly Json[] | JsonObject): Generator<MapItem> {
  if (isList(data)) for (const value of data) yield { input: value, value, key: null };
  else for (const [key, value] of Object.entries(data)) yield { input: { Key: key, Value: value }, value, key };
}

/** Returns the number of items in a list or an object. */
export function countItems(data: readonly Json[] | JsonObject): number {
  return (isList(data) ? data : Object.keys(data)).length;
}

// --- internal ---

function isList(data: readonly Json[] | JsonObject): data is readonly Json[] {
  return Array.isArray(data);
}
