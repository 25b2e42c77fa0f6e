/** Lists whose items have names, such as the variables of a container. */
import { asObject, isObject, type Json } from "../base/json";

/** Turns each list whose items have names of their own into an object, so that an item is compared with the one of the same name. */
export function byName(value: Json): Json {
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, byName(inner)]));
  if (!Array.isArray(value)) return value;
  const items = value.map(byName);
  const field = ITEM_NAMES.find((name) => items.length > 0 && areNames(items.map((item) => asObject(item)[name])));
  if (field === undefined) return items;
  return Object.fromEntries(
    items.map((item) => {
      const { [field]: name, ...rest } = asObject(item);
      return [String(name), Object.keys(rest).length === 0 ? item : rest];
    }),
  );
}

// --- internal ---

/** The fields that name the items of a list, in the order of their precedence. */
const ITEM_NAMES = ["name", "type", "containerPath"];

function areNames(values: readonly (Json | undefined)[]): boolean {
  return values.every((value) => typeof value === "string") && new Set(values).size === values.length;
}
