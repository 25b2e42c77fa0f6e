/** Values of a plan: taken apart into texts that can be shown, with sensitive values kept out. */
import { isNumber } from "../base/exact-number";
import { depthOf, isObject, isTree, type Json, stringifyJson } from "../base/json";
import { parseMachineJson } from "../base/read-json";
import { DEEPEST } from "../terraform/plan-json";
import { byName } from "./named-items";

export const KNOWN_AFTER_APPLY = "(known after apply)";
const SENSITIVE = "(sensitive value)";
/** Key of an unknown value. It is no JSON, so that no known value has it. */
export const UNKNOWN = "?";

export type Conceal = (text: string) => string;

/** A value without parts. A list of plain values counts as one value. */
export interface Leaf {
  readonly path: string;
  readonly text: string;
  /** Is equal if the value is equal. Never show it: it holds sensitive values. */
  readonly key: string;
}

interface Marks {
  readonly unknown?: Json | undefined;
  readonly sensitive?: Json | undefined;
}

/** A shorter secret is only hidden if it is the whole text. Otherwise a secret `a` would leave no text. */
const SHORTEST_PART = 4;

/** Returns the parts of a value, each with a text that can be shown. Leaves out null and empty values, unless they are unknown. */
export function leaves(value: Json | undefined, marks: Marks, path = ""): Leaf[] {
  const { unknown, sensitive } = marks;
  if (sensitive === true)
    return [{ path, text: SENSITIVE, key: unknown === true ? UNKNOWN : (JSON.stringify(value) ?? "") }];
  if (unknown === true) return [{ path, text: KNOWN_AFTER_APPLY, key: UNKNOWN }];
  const encoded = typeof value === "string" ? decoded(value) : undefined;
  if (encoded !== undefined) return leaves(byName(encoded), {}, path);
  if (Array.isArray(value) && value.every(isPlain) && [unknown, sensitive].every(isOfPlain)) {
    return plainList(path, value, marks);
  }
  const missing = value === null || value === undefined;
  if (Array.isArray(value) || (missing && Array.isArray(unknown))) {
    const items = Array.isArray(value) ? value : [];
    const length = Math.max(items.length, Array.isArray(unknown) ? unknown.length : 0);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      leaves(
        items[index],
        { unknown: marksOf(unknown, index), sensitive: marksOf(sensitive, index) },
        `${path}[${index}]`,
      ),
    );
  }
  if (isObject(value) || (missing && isObject(unknown))) {
    const fields = isObject(value) ? value : {};
    const names = [...new Set([...Object.keys(fields), ...Object.keys(isObject(unknown) ? unknown : {})])];
    return names.flatMap((name) => {
      const inner = { unknown: marksOf(unknown, name), sensitive: marksOf(sensitive, name) };
      return leaves(fields[name], inner, path === "" ? name : `${path}.${name}`);
    });
  }
  return missing || value === "" ? [] : [plain(path, value)];
}

/** Returns a function that hides all sensitive values of the plan in a text, in each form that other values may hold them in. */
export function concealing(plan: Json, others: readonly string[]): Conceal {
  const found = new Set<string>(others);
  collect(plan, found);
  const secrets = [...found].filter((secret) => secret.trim() !== "");
  const forms = [...new Set(secrets.flatMap((secret) => (secret.length < SHORTEST_PART ? [] : formsOf(secret))))].sort(
    (one, other) => other.length - one.length,
  );
  const alone = new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret)]));
  const pattern = forms.length === 0 ? null : new RegExp(forms.map(escapePattern).join("|"), "g");
  return (text) => {
    if (alone.has(text)) return SENSITIVE;
    return pattern === null ? text : text.replace(pattern, SENSITIVE);
  };
}

/** Tells whether anything is marked. */
export function isMarked(marks: Json | undefined): boolean {
  return marks === true || (marks !== null && typeof marks === "object" && Object.values(marks).some(isMarked));
}

/** Returns the marks of an attribute or an item. */
export function marksOf(marks: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(marks)) return marks[key as number];
  return isObject(marks) ? marks[key] : marks;
}

/** Tells whether a path leads to an attribute, or to a part of it. */
export function isWithin(path: string, attribute: string): boolean {
  return path.startsWith(attribute) && /^($|[.[])/.test(path.slice(attribute.length));
}

/** Parses a text as JSON; `undefined` if it is no JSON, or is nested too deep. */
export function parsedJson(text: string): Json | undefined {
  try {
    const value = parseMachineJson(text);
    return depthOf(value) > DEEPEST ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Returns an attribute that is a text; otherwise `undefined`. */
export function textOf(values: Json | undefined, attribute: string): string | undefined {
  const value = isObject(values) ? values[attribute] : undefined;
  return typeof value === "string" ? value : undefined;
}

// --- internal ---

function plain(path: string, value: Json): Leaf {
  const text = stringifyJson(value);
  return { path, text, key: text };
}

function isPlain(value: Json): boolean {
  return !isTree(value);
}

/** Tells whether marks are those of a list of plain values. */
function isOfPlain(marks: Json | undefined): boolean {
  return !Array.isArray(marks) || marks.every(isPlain);
}

function plainList(path: string, values: readonly Json[], { unknown, sensitive }: Marks): Leaf[] {
  const length = Math.max(values.length, Array.isArray(unknown) ? unknown.length : 0);
  const items = Array.from({ length }, (_, index) =>
    leaves(values[index] ?? null, { unknown: marksOf(unknown, index), sensitive: marksOf(sensitive, index) }),
  ).map(([leaf], index) => leaf ?? plain("", values[index] ?? null));
  const joined = (part: "text" | "key") => `[${items.map((item) => item[part]).join(",")}]`;
  return length === 0 ? [] : [{ path, text: joined("text"), key: joined("key") }];
}

/** Parses a text that is a JSON object or list, such as a policy, a definition or container properties. */
function decoded(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const value = parsedJson(text);
  return value !== null && typeof value === "object" ? value : undefined;
}

/** Pairs of fields: a value, and the marks of its sensitive parts. */
const MARKED = [
  ["before", "before_sensitive"],
  ["after", "after_sensitive"],
  ["values", "sensitive_values"],
  ["value", "sensitive"],
] as const;

/** Collects all texts that the plan marks as sensitive. */
function collect(node: Json, found: Set<string>): void {
  if (node === null || typeof node !== "object") return;
  if (isObject(node)) {
    for (const [value, marks] of MARKED) addMarked(node[value], node[marks], found);
    addVariables(node, found);
  }
  for (const inner of Object.values(node)) collect(inner, found);
}

/** Collects sensitive variables. Their values are at the top of the plan, and their marks in the configuration. */
function addVariables({ variables, configuration }: { [key: string]: Json }, found: Set<string>): void {
  const root = isObject(configuration) ? configuration.root_module : undefined;
  const declared = isObject(root) ? root.variables : undefined;
  if (!isObject(variables) || !isObject(declared)) return;
  for (const [name, variable] of Object.entries(variables)) {
    const declaration = declared[name];
    if (isObject(variable) && isObject(declaration)) addMarked(variable.value, declaration.sensitive, found);
  }
}

function addMarked(value: Json | undefined, marks: Json | undefined, found: Set<string>): void {
  if (value === undefined || value === null) return;
  if (marks === true) addTexts(value, found);
  else if (Array.isArray(value))
    for (const index of value.keys()) addMarked(value[index], marksOf(marks, index), found);
  else if (isObject(value)) for (const name of Object.keys(value)) addMarked(value[name], marksOf(marks, name), found);
}

function addTexts(value: Json, found: Set<string>): void {
  if (typeof value === "string") {
    found.add(value);
    const inner = decoded(value);
    if (inner !== undefined) addSensitiveParts(inner, found);
  } else if (isNumber(value)) found.add(String(value));
  else if (value !== null && typeof value === "object")
    for (const inner of Object.values(value)) addTexts(inner, found);
}

/** Names of secrets within a text that is sensitive as a whole. */
const SECRET_NAME = /pass|secret|token|key|credential/i;

/**
 * Collects the secrets within JSON that is sensitive as a whole: values whose key, or a `name` beside them, is that of a secret.
 * Other parts, such as the name of an image, also appear elsewhere in the plan and must stay readable.
 */
function addSensitiveParts(value: Json, found: Set<string>, name = ""): void {
  if (Array.isArray(value)) for (const item of value) addSensitiveParts(item, found, name);
  else if (isObject(value)) {
    const beside = typeof value.name === "string" ? value.name : typeof value.Name === "string" ? value.Name : "";
    for (const [key, inner] of Object.entries(value)) {
      if (!/^name$/i.test(key)) addSensitiveParts(inner, found, `${key} ${beside}`);
    }
  } else if (typeof value === "string" && SECRET_NAME.test(name)) found.add(value);
}

function formsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const twice = JSON.stringify(inJson).slice(1, -1);
  // Terraform's jsonencode escapes these three characters.
  const byTerraform = inJson.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  return [
    secret,
    inJson,
    twice,
    byTerraform,
    encodeURIComponentSafely(secret),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("base64url"),
  ];
}

/** A lone surrogate cannot be encoded. */
function encodeURIComponentSafely(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
