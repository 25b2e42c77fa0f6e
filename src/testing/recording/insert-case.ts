/** Writes a case into the text of a test file. The rest of the text stays as it is. */
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import { isObject, isTree, type Json, type JsonObject, stringifyJson } from "../../base/json";
import { linesOf } from "../../base/json-places";

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
  const written = readable(one, inner, step, lineEnd);
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

/** Returns the line of the case with a name, from 1; `null` if the text has none. */
export function lineOfCase(text: string, name: string): number | null {
  const body = text.replace(/^\uFEFF/, "");
  const cases = findNodeAtLocation(parseTree(body)!, ["cases"]);
  const found = cases?.children?.find((child) => nameOf(child) === name);
  return found === undefined ? null : linesOf(body)(found.offset).line;
}

// --- internal ---

const LONGEST_LINE = 100;

/** Returns JSON in which a short object or list is on one line. A case itself is not. */
function readable(value: Json, indent: string, step: string, lineEnd: string, isCase = true): string {
  const short = oneLine(value);
  if (!isTree(value) || (!isCase && short.length + indent.length <= LONGEST_LINE)) return short;
  const inner = indent + step;
  const isList = Array.isArray(value);
  const members = Object.entries(value).map(([name, item]) => {
    const written = readable(item, inner, step, lineEnd, false);
    return inner + (isList ? written : `${JSON.stringify(name)}: ${written}`);
  });
  const [open, close] = isList ? "[]" : "{}";
  return [open, members.join(`,${lineEnd}`), indent + close].join(lineEnd);
}

function oneLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (!isObject(value)) return stringifyJson(value);
  const members = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${oneLine(item)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function nameOf(one: Node): unknown {
  return findNodeAtLocation(one, ["name"])?.value;
}

/** Returns the white space at the beginning of the line of an offset. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1);
  return /^[ \t]*/.exec(line)![0];
}
