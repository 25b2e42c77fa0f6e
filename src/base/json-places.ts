import { type Node, parseTree } from "jsonc-parser";
import { unescapePointer } from "./json";
import { tooDeepAt } from "./nesting";

/** A place in a text. Both counts start at 1, and a column is a UTF-16 code unit, as in editors. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Returns the function that finds the place of an offset in a text. */
export function linesOf(text: string): (offset: number) => TextPlace {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [first, last] = [0, starts.length - 1];
    while (first < last) {
      const middle = Math.ceil((first + last) / 2);
      if (starts[middle]! <= offset) first = middle;
      else last = middle - 1;
    }
    return { line: first + 1, column: offset - starts[first]! + 1 };
  };
}

/**
 * Returns the function that finds the place of a JSON pointer in a JSON text: a member at its name, an item at its value.
 * A pointer to a missing value has the place of the innermost object or list that exists.
 * In a text that is nested too deeply, every pointer has the place of the start.
 */
export function placesIn(source: string): (pointer: string) => TextPlace {
  const text = source.replace(/^\uFEFF/, "");
  const placeAt = linesOf(text);
  const root = tooDeepAt(text) === null ? parseTree(text) : undefined;
  return (pointer) => {
    let value = root;
    let shown = root;
    for (const part of pointer.split("/").slice(1).map(unescapePointer)) {
      const inner = value && child(value, part);
      if (inner === undefined) break;
      shown = inner;
      value = inner.type === "property" ? inner.children?.[1] : inner;
    }
    return placeAt(shown?.offset ?? 0);
  };
}

// --- internal ---

/** Returns the member of an object, or the item of a list. */
function child({ type, children = [] }: Node, part: string): Node | undefined {
  if (type === "array") return children[Number(part)];
  return children.find((member) => member.type === "property" && member.children?.[0]?.value === part);
}
