/**
 * Describes the allowed content of a JSON value as data. The tables of state fields and of the SubmitJob request use it.
 */
export type Field =
  | {
      readonly kind: "text";
      readonly oneOf?: readonly string[];
      readonly pattern?: RegExp;
      /** The pattern in words, after "must". */
      readonly rule?: string;
      readonly maxLength?: number;
    }
  | { readonly kind: "number"; readonly minimum?: number; readonly maximum?: number; readonly whole?: boolean }
  | { readonly kind: "boolean" }
  /** Only `true`. */
  | { readonly kind: "true" }
  | { readonly kind: "list"; readonly of: Field; readonly minItems?: number; readonly maxItems?: number }
  | { readonly kind: "map"; readonly of: Field }
  | {
      readonly kind: "object";
      readonly fields: Fields;
      readonly required: readonly string[];
      /** At least one of these sets of fields is complete. */
      readonly anyOf?: readonly (readonly string[])[];
    }
  /** A JSONPath: a filter (or `null`), a reference to one place, or the place of a result (or `null`). */
  | { readonly kind: "path"; readonly use: "filter" | "reference" | "result" }
  /** A timestamp in RFC 3339 format. */
  | { readonly kind: "timestamp" }
  /** A path or a function call. */
  | { readonly kind: "expression" }
  /** JSON in which names that end in `.$` have expressions as values. */
  | { readonly kind: "template" }
  /** `isForeign`: a field of the other query language, which another rule reports. */
  | { readonly kind: "any"; readonly isForeign?: true };

export type ObjectField = Extract<Field, { kind: "object" }>;

/** Fields, by name. */
export type Fields = Readonly<Record<string, Field>>;

type Limits<Kind extends Field["kind"]> = Omit<Extract<Field, { kind: Kind }>, "kind">;

/** A string. */
export function text(limits: Limits<"text"> = {}): Field {
  return { kind: "text", ...limits };
}

/** A number. Use `whole()` for a whole number. */
export function number(limits: Limits<"number"> = {}): Field {
  return { kind: "number", ...limits };
}

/** A whole number. */
export function whole(minimum?: number, maximum?: number): Field {
  return {
    kind: "number",
    whole: true,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

/** A list of values of one kind. */
export function list(of: Field, limits: Omit<Limits<"list">, "of"> = {}): Field {
  return { kind: "list", of, ...limits };
}

/** An object with names that the user chooses. */
export function map(of: Field): Field {
  return { kind: "map", of };
}

/** An object with exactly these fields. */
export function object(fields: Fields, required: readonly string[] = []): ObjectField {
  return { kind: "object", fields, required };
}

export const boolean: Field = { kind: "boolean" };
export const onlyTrue: Field = { kind: "true" };
export const any: Field = { kind: "any" };
export const foreign: Field = { kind: "any", isForeign: true };
export const expression: Field = { kind: "expression" };
export const timestamp: Field = { kind: "timestamp" };
export const template: Field = { kind: "template" };
/** A path for InputPath and OutputPath. `null` stands for an empty object. */
export const path: Field = { kind: "path", use: "filter" };
/** A path to exactly one place. */
export const referencePath: Field = { kind: "path", use: "reference" };
/** A reference path for ResultPath. `null` drops the result. */
export const resultPath: Field = { kind: "path", use: "result" };
