/** The items of Maps, as the events tell them. */
import { type StatesDocument, walkStates } from "../asl/document";
import { type Json, stringifyJson } from "../base/json";
import { type ExecutionEvent, type Place, placeKey } from "./events";

/** The limit of characters of an item, as JSON. A longer one becomes a text that ends in `…`. */
const ITEM_CHARACTERS = 1000;

export interface ItemValues {
  readonly take: (event: ExecutionEvent) => void;
  /** Returns the value of the innermost item around a state; `null` outside Maps, or if it is not known. */
  readonly itemOf: (place: Place) => Json;
}

/**
 * Keeps the items of the Maps of a document. The item is the input of the first state that is entered for it: the value that
 * `ItemSelector` makes, or else the value in the list.
 */
export function itemValues(document: StatesDocument): ItemValues {
  const mapAround = new Map<string, string>();
  const types = new Map<string, string>();
  for (const { name, state, parents } of walkStates(document)) {
    types.set(name, state.Type);
    const map = parents.findLast((parent) => types.get(parent) === "Map");
    if (map !== undefined) mapAround.set(name, map);
  }
  const items = new Map<string, Map<number, Json>>();
  const find = ({ state, indices }: Place) => {
    const map = mapAround.get(state);
    const index = indices.at(-1);
    if (map === undefined || index === undefined) return null;
    return { key: placeKey({ state: map, indices: indices.slice(0, -1) }), index };
  };
  return {
    take: (event) => {
      if (event.type === "map-started") items.delete(placeKey(event));
      if (event.type === "state-succeeded" && types.get(event.state) === "Map") items.delete(placeKey(event));
      if (event.type !== "state-entered" || event.input === undefined) return;
      const found = find(event);
      if (found === null) return;
      const known = items.get(found.key) ?? new Map<number, Json>();
      items.set(found.key, known);
      if (!known.has(found.index)) known.set(found.index, shortItem(event.input));
    },
    itemOf: (place) => {
      const found = find(place);
      return found === null ? null : (items.get(found.key)?.get(found.index) ?? null);
    },
  };
}

/** Returns an item as a text: a text as it is, any other value as JSON. */
export function itemText(item: Json): string {
  return typeof item === "string" ? item : stringifyJson(item);
}

// --- internal ---

function shortItem(value: Json): Json {
  const text = itemText(value);
  return text.length <= ITEM_CHARACTERS ? value : `${text.slice(0, ITEM_CHARACTERS)}…`;
}
