/** The differences between JSON values, so that many similar values take little room. */
import type { Json } from "../../base/json";

/**
 * Says how a value differs from another one. A list of one value replaces it, an empty list removes it, and an object changes members
 * of an object or elements of a list.
 */
export type Delta = readonly Json[] | { readonly [member: string]: Delta };

/** Returns how `value` differs from `base`; `null` if it does not. */
export function deltaOf(base: Json, value: Json): Delta | null {
  if (base === value) return null;
  const [from, to] = [membersOf(base), membersOf(value)];
  if (from === null || to === null || Array.isArray(base) !== Array.isArray(value)) return [value];
  if (Array.isArray(base) && from.size !== to.size) return [value];
  const changes = [...to].flatMap(([name, inner]): [string, Delta][] => {
    const change = from.has(name) ? deltaOf(from.get(name)!, inner) : [inner];
    return change === null ? [] : [[name, change]];
  });
  const removed = [...from.keys()].flatMap((name): [string, Delta][] => (to.has(name) ? [] : [[name, []]]));
  return changes.length + removed.length === 0 ? null : Object.fromEntries([...changes, ...removed]);
}

/** Returns the value that differs from `base` in this way. */
export function withDelta(base: Json, delta: Delta | null): Json {
  if (delta === null) return base;
  if (isReplacement(delta)) return delta[0]!;
  const members = membersOf(base)!;
  for (const [name, change] of Object.entries(delta)) {
    if (isReplacement(change) && change.length === 0) members.delete(name);
    else members.set(name, withDelta(members.get(name) ?? null, change));
  }
  return Array.isArray(base) ? [...members.values()] : Object.fromEntries(members);
}

// --- internal ---

/** TypeScript's `Array.isArray` does not narrow read-only lists. */
function isReplacement(delta: Delta): delta is readonly Json[] {
  return Array.isArray(delta);
}

function membersOf(value: Json): Map<string, Json> | null {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : null;
}
