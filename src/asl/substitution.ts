/**
 * Replaces the placeholders of a document. `${Name}` is the convention of DefinitionSubstitutions in AWS SAM and of
 * `DefinitionBody.fromFile` in the AWS CDK. `${!Name}` stands for the text `${Name}`, as in CloudFormation's `Fn::Sub`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
 */
import { escapePointer, isTree, type Json, mapStrings } from "../base/json";
import { asJson, type StatesDocument } from "./document";

/** A name that a placeholder can have. */
export const PLACEHOLDER_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** The values of placeholders, by name. */
export type PlaceholderValues = Readonly<Record<string, string>>;

/** Returns the placeholders of a document, each with the JSON pointers of the strings and names that contain it. */
export function placeholders(document: StatesDocument): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { text, pointer } of texts(asJson(document), "")) {
    for (const name of placeholdersIn(text)) found.set(name, [...(found.get(name) ?? []), pointer]);
  }
  return found;
}

/** Returns the names of the placeholders in a text. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(TEMPLATE)].flatMap(([, name]) => name ?? []);
}

/**
 * Replaces the placeholders of a text, and `${!` by `${`. A placeholder without a value stays, and `check` names it. `literal`
 * escapes a `${` or `%{` that stays.
 */
export function fillIn(
  text: string,
  values: PlaceholderValues,
  literal: (brace: string) => string = (brace) => brace,
): string {
  return text.replaceAll(TEMPLATE, (found, name?: string) => {
    if (name === undefined) return literal(found.replace("!", ""));
    return Object.hasOwn(values, name) ? values[name]! : literal(found);
  });
}

/**
 * Replaces the placeholders in the strings of a JSON text and changes nothing else: numbers, blanks and the order of names stay.
 * Values are parts of JSON strings, or references of Terraform.
 */
export function fillInJson(text: string, values: PlaceholderValues, literal?: (brace: string) => string): string {
  return text.replaceAll(JSON_STRING, (string) => {
    const decoded = string.includes("\\u") ? JSON.stringify(JSON.parse(string)) : string;
    const plain = decoded.search(TEMPLATE) < 0 ? string : decoded;
    return fillIn(plain.replaceAll(SIGN_BEFORE_PLACEHOLDER, encoded), values, literal);
  });
}

/** Returns a text as a part of a JSON string, with its placeholders replaced. It can stand before and after any text. */
export function jsonPart(text: string, values: PlaceholderValues, literal?: (brace: string) => string): string {
  return fillInJson(JSON.stringify(text), values, literal).slice(1, -1).replace(/[$%]$/, encoded);
}

/** Returns a copy of a JSON value with the placeholders in its strings replaced. */
export function substitute<T>(value: T, values: PlaceholderValues): T {
  return mapStrings(value as Json, (text) => fillIn(text, values)) as T;
}

// --- internal ---

/** A placeholder, `${!`, or text that is a template for Terraform. */
const TEMPLATE = /\$\{(?:([A-Za-z][A-Za-z0-9_]*)\}|!)|[$%]\{/g;
const JSON_STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** Together with the value, the sign could read as a template, or as the escape of one. */
const SIGN_BEFORE_PLACEHOLDER = /[$%](?=\$\{[A-Za-z][A-Za-z0-9_]*\})/g;

/** Returns a sign as an escape of JSON. */
function encoded(sign: string): string {
  return `\\u00${sign.charCodeAt(0).toString(16)}`;
}

/** Walks all names and strings of a JSON value. */
function* texts(value: Json, pointer: string): Generator<{ text: string; pointer: string }, void, undefined> {
  if (typeof value === "string") yield { text: value, pointer };
  if (!isTree(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const here = `${pointer}/${escapePointer(key)}`;
    if (!Array.isArray(value)) yield { text: key, pointer: here };
    yield* texts(inner, here);
  }
}
