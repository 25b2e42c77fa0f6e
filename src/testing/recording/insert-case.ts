/** Writes a case into the text of a test file. The rest of the text stays as it is. */
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import { type JsonObject, stringifyJson } from "../../base/json";

/**
 * Returns the text with the case at its end, or in place of the case with the same name. Indents it as the text does. The text holds
 * JSON with a list of `cases`.
 */
export function insertCase(text: string, one: JsonObject): string {
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const body = text.replace(/^\uFEFF/, "");
  const start = text.length - body.length;
  const cases = findNodeAtLocation(parseTree(body)!, ["cases"])!;
  const { children = [] } = cases;
  const step = /\n([ \t]+)\S/.exec(body)?.[1] ?? "  ";
  const outer = indentAt(body, cases.offset);
  const inner = children.length > 0 ? indentAt(body, children[0]!.offset) : outer + step;
  const written = stringifyJson(one, 2)
    .split("\n")
    .map((line, index) => {
      const depth = line.search(/\S/) / 2;
      return (index === 0 ? "" : inner + step.repeat(depth)) + line.trimStart();
    })
    .join(lineEnd);
  const replace = (from: number, to: number, by: string) => text.slice(0, start + from) + by + text.slice(start + to);
  const earlier = children.find((child) => nameOf(child) === one.name);
  if (earlier !== undefined) return replace(earlier.offset, earlier.offset + earlier.length, written);
  const last = children.at(-1);
  if (last === undefined) {
    const list = `[${lineEnd}${inner}${written}${lineEnd}${outer}]`;
    return replace(cases.offset, cases.offset + cases.length, list);
  }
  const end = last.offset + last.length;
  return replace(end, end, `,${lineEnd}${inner}${written}`);
}

/** Returns whether the text has a case with a name. */
export function hasCase(text: string, name: string): boolean {
  const cases = findNodeAtLocation(parseTree(text.replace(/^\uFEFF/, ""))!, ["cases"]);
  return cases?.children?.some((child) => nameOf(child) === name) ?? false;
}

// --- internal ---

function nameOf(one: Node): unknown {
  return findNodeAtLocation(one, ["name"])?.value;
}

/** Returns the white space at the beginning of the line of an offset. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1);
  return /^[ \t]*/.exec(line)![0];
}
