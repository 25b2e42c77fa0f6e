/**
 * Writes Terraform's JSON as HCL, completely or not at all. The HCL of CDKTF is not enough: it leaves out blocks that overrides add
 * beside resources (`ephemeral`, `moved`), and does not escape a text with both quotes and `${`. It is only used for what the JSON does not
 * tell: whether an object in an object is a block or the value of an argument.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */

import { UsageError } from "../base/errors";
import { isObject, type Json, type JsonObject } from "../base/json";

/** The blocks at the top of a configuration, in the order in which they are written, with their number of labels. */
const LABELS: Readonly<Record<string, number>> = {
  terraform: 0,
  variable: 1,
  provider: 1,
  ephemeral: 2,
  data: 2,
  resource: 2,
  moved: 0,
  output: 1,
};

/** Blocks of the language itself, with their number of labels. */
const LANGUAGE_BLOCKS: Readonly<Record<string, number>> = {
  "terraform.backend": 1,
  "terraform.cloud": 0,
  "terraform.required_providers": 0,
  "variable.validation": 0,
  "data.lifecycle": 0,
  "data.lifecycle.postcondition": 0,
  "data.lifecycle.precondition": 0,
  "resource.lifecycle": 0,
  "resource.lifecycle.postcondition": 0,
  "resource.lifecycle.precondition": 0,
  "output.precondition": 0,
};

/** Arguments of the language whose text is an expression and not a string. */
const EXPRESSIONS = [
  "data.depends_on",
  "data.provider",
  "ephemeral.depends_on",
  "ephemeral.provider",
  "moved.from",
  "moved.to",
  "output.depends_on",
  "resource.depends_on",
  "resource.lifecycle.ignore_changes",
  "resource.lifecycle.replace_triggered_by",
  "resource.provider",
  "variable.type",
];

/** Names of the blocks and of the arguments in a top-level block, from the HCL of CDKTF. */
interface Nested {
  readonly blocks: Set<string>;
  readonly values: Set<string>;
}

/** A block that is being written: its first line, the names that lead to it without labels, and the names in it. */
interface Block {
  readonly header: string;
  readonly kind: string;
  readonly nested: Nested;
}

/**
 * Writes a stack as HCL.
 * @param configuration Terraform JSON of the stack
 * @param generated HCL of the stack as CDKTF writes it
 * @throws UsageError when a part of the JSON cannot be written
 */
export function toHcl(configuration: JsonObject, generated: string): string {
  const unknown = Object.keys(configuration).find((kind) => kind !== "//" && !(kind in LABELS));
  if (unknown !== undefined) {
    throw new UsageError(`\`${unknown}\` cannot be written as HCL: its blocks are not known; eject without it`);
  }
  const nesting = readNesting(generated);
  const blocks = Object.entries(LABELS).flatMap(([kind, labels]) =>
    labelled(kind, labels, configuration[kind] ?? []).map(([header, contents]) => {
      const nested = nesting.get(header) ?? { blocks: new Set(), values: new Set() };
      return block({ header, kind, nested }, contents);
    }),
  );
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** Returns the first line and the contents of each block in `contents`, which has `labels` levels of names. */
function labelled(start: string, labels: number, contents: Json): [header: string, contents: JsonObject][] {
  if (Array.isArray(contents)) return contents.flatMap((one) => labelled(start, labels, one));
  if (!isObject(contents)) throw new UsageError(`\`${start}\` cannot be written as HCL: it is not an object`);
  if (labels === 0) return [[start, contents]];
  return named(contents).flatMap(([name, one]) => labelled(`${start} ${JSON.stringify(name)}`, labels - 1, one));
}

/** Reads the names in each top-level block, by its first line. CDKTF does not indent, but only these lines have all their labels. */
function readNesting(generated: string): Map<string, Nested> {
  const nesting = new Map<string, Nested>();
  let nested: Nested | undefined;
  for (const line of generated.split("\n")) {
    const header = /^(terraform|(?:variable|provider|output) "[^"]+"|(?:data|resource) "[^"]+" "[^"]+") \{$/.exec(line);
    if (header) {
      nested = nesting.get(header[1]!) ?? { blocks: new Set(), values: new Set() };
      nesting.set(header[1]!, nested);
    }
    const [, name, value] = /^\s*([\w-]+) (= [[{])?/.exec(line) ?? [];
    if (value !== undefined) nested?.values.add(name!);
    else if (line.trim() === `${name} {`) nested?.blocks.add(name!);
  }
  return nesting;
}

/** Writes a block: its arguments, then the blocks in it. */
function block(of: Block, contents: JsonObject): string[] {
  const members = named(contents).map(([name, value]) => ({ name, value, blocks: nestedBlocks(of, name, value) }));
  const values = members
    .filter(({ blocks }) => blocks === null)
    .map(({ name, value }) => [name, argument(`${of.kind}.${name}`, value)] as const);
  const blocks = members.flatMap(({ name, blocks }) =>
    (blocks ?? []).map(([header, inner]) => block({ ...of, header, kind: `${of.kind}.${name}` }, inner)),
  );
  const parts = [...(values.length > 0 ? [assignments(values)] : []), ...blocks];
  if (parts.length === 0) return [`${of.header} {`, "}"];
  return [`${of.header} {`, ...parts.flatMap((lines, index) => [...(index > 0 ? [""] : []), ...indent(lines)]), "}"];
}

/** Returns the nested blocks of a member; `null` if the member is an argument. */
function nestedBlocks({ header, kind, nested }: Block, name: string, value: Json): [string, JsonObject][] | null {
  const path = `${kind}.${name}`;
  const labels = LANGUAGE_BLOCKS[path];
  if (labels !== undefined) return labelled(name, labels, value);
  const mayBeBlocks = Array.isArray(value) ? value.every(isObject) : isObject(value);
  if (!mayBeBlocks || EXPRESSIONS.includes(path)) return null;
  if (nested.blocks.has(name) === nested.values.has(name)) {
    throw new UsageError(
      `\`${name}\` in \`${header}\` cannot be written as HCL: CDKTF does not say whether it is a block; eject without it`,
    );
  }
  return nested.blocks.has(name) ? labelled(name, 0, value) : null;
}

function argument(path: string, value: Json): string[] {
  if (!EXPRESSIONS.includes(path)) return expression(value);
  const bare = (text: Json) => String(text).replace(/^\$\{(.*)\}$/s, "$1");
  return Array.isArray(value) ? list(value.map((one) => [bare(one)])) : [bare(value)];
}

/** Writes a value as lines. */
function expression(value: Json): string[] {
  if (Array.isArray(value)) return list(value.map(expression));
  if (typeof value === "string") return [soleExpression(value) ?? quoted(value)];
  if (!isObject(value)) return [String(value)];
  const entries = named(value).map(
    ([name, one]) => [/^(?!for$)[A-Za-z_][\w-]*$/.test(name) ? name : quoted(name), expression(one)] as const,
  );
  return entries.length === 0 ? ["{}"] : ["{", ...indent(assignments(entries)), "}"];
}

function list(items: readonly (readonly string[])[]): string[] {
  if (items.length === 0) return ["[]"];
  if (items.length === 1) return `[${items[0]!.join("\n")}]`.split("\n");
  return ["[", ...indent(items.flatMap((lines) => `${lines.join("\n")},`.split("\n"))), "]"];
}

/** Writes `name = value`. Aligns the signs of neighbouring single lines, as `terraform fmt` does. */
function assignments(values: readonly (readonly [name: string, lines: readonly string[]])[]): string[] {
  const widths = values.map(([name, lines]) => (lines.length === 1 ? name.length : 0));
  return values.flatMap(([name, [first, ...rest]], at) => {
    let [start, end] = [at, at];
    while (rest.length === 0 && widths[start - 1]) start--;
    while (rest.length === 0 && widths[end + 1]) end++;
    return [`${name.padEnd(Math.max(...widths.slice(start, end + 1)))} = ${first}`, ...rest];
  });
}

/** Returns the expression if a template is a single expression; otherwise `null`. An expression over several lines would need brackets. */
function soleExpression(template: string): string | null {
  const [, inner] = /^\$\{(?!~)(.*)(?<!~)\}$/.exec(template) ?? [];
  return inner !== undefined && endOfExpression(template, 0) === template.length ? inner.trim() : null;
}

/** Writes a string of the JSON, which is a template, in quotes. Escapes the text outside of expressions. */
function quoted(template: string): string {
  let written = "";
  for (let at = 0; at < template.length; ) {
    const end = /^(?:\$\$|%%)\{/.test(template.slice(at, at + 3)) ? at + 3 : endOfExpression(template, at);
    written += end > at ? template.slice(at, end) : escaped(template[at]!);
    at = Math.max(end, at + 1);
  }
  return `"${written}"`;
}

/** Returns the end of the `${…}` or `%{…}` that starts at `start`; `start` itself if there is none. */
function endOfExpression(template: string, start: number): number {
  if (!/^[$%]\{/.test(template.slice(start, start + 2))) return start;
  let depth = 0;
  for (let at = start + 1; at < template.length; at++) {
    if (template[at] === '"') at = endOfQuote(template, at);
    else if (template[at] === "{") depth++;
    else if (template[at] === "}" && --depth === 0) return at + 1;
  }
  return template.length;
}

/** Returns the closing quote of the string that starts at `start`. The string may contain expressions. */
function endOfQuote(template: string, start: number): number {
  for (let at = start + 1; at < template.length; at++) {
    if (template[at] === '"') return at;
    if (template[at] === "\\") at++;
    else if (/^(?:\$\$|%%)\{/.test(template.slice(at, at + 3))) at += 2;
    else at = Math.max(at, endOfExpression(template, at) - 1);
  }
  return template.length;
}

function escaped(character: string): string {
  // JSON's escapes of these are HCL's, but for \b and \f.
  if (/["\\\n\r\t]/.test(character)) return JSON.stringify(character).slice(1, -1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
  if (!/[\u0000-\u001f]/.test(character)) return character;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Returns the members of an object, without the comments of CDKTF. */
function named(contents: JsonObject): [string, Json][] {
  return Object.entries(contents).filter(([name]) => name !== "//");
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}
