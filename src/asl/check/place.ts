import { escapePointer, isTree, type Json, unescapePointer } from "../../base/json";
import type { Finding, Problem } from "./problem";

/** Turns findings into problems: adds the state, and sorts by place in the document. */
export function inPlace(findings: readonly Finding[], document: Json): Problem[] {
  const order = new Map([...walkPointers(document, "")].map((pointer, index) => [pointer, index]));
  const position = (pointer: string): number => order.get(pointer) ?? (pointer === "" ? 0 : position(parent(pointer)));
  return findings
    .map((finding) => ({ ...finding, state: stateAt(finding.pointer) }))
    .sort((a, b) => position(a.pointer) - position(b.pointer));
}

// --- internal ---

function* walkPointers(value: Json, pointer: string): Generator<string, void, undefined> {
  yield pointer;
  if (!isTree(value)) return;
  for (const [key, inner] of Object.entries(value)) yield* walkPointers(inner, `${pointer}/${escapePointer(key)}`);
}

function parent(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf("/"));
}

const STATE = /^(?:\/(?:ItemProcessor|Iterator|Branches\/\d+))?\/States\/([^/]*)/;

/** Returns the names of the states on the path of a pointer. */
function stateAt(pointer: string): string | null {
  const names: string[] = [];
  let rest = pointer;
  for (let found = STATE.exec(rest); found !== null; found = STATE.exec(rest)) {
    names.push(unescapePointer(found[1]!));
    rest = rest.slice(found[0].length);
  }
  return names.length > 0 ? names.join("/") : null;
}
