/** What a JSON value may hold, as data: the tables of the states' fields and of the SubmitJob request are written in this. */
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
  /** `true` and nothing else. */
  | { readonly kind: "true" }
  | { readonly kind: "list"; readonly of: Field; readonly minItems?: number; readonly maxItems?: number }
  | { readonly kind: "map"; readonly of: Field }
  | {
      readonly kind: "object";
      readonly fields: Fields;
      readonly required: readonly string[];
      /** Of these sets of fields at least one is there as a whole. */
      readonly anyOf?: readonly (readonly string[])[];
    }
  /** A JSONPath: to filter data by (or `null`), to one single place, or to the place where a result goes (or `null`). */
  | { readonly kind: "path"; readonly use: "filter" | "reference" | "result" }
  /** A moment in time as RFC 3339 writes it. */
  | { readonly kind: "timestamp" }
  /** A path or a call of a function. */
  | { readonly kind: "expression" }
  /** JSON in which the values of names that end in `.$` are expressions. */
  | { readonly kind: "template" }
  | { readonly kind: "any" };

/** Fields by name. */
export type Fields = Readonly<Record<string, Field>>;

type Limits<Kind extends Field["kind"]> = Omit<Extract<Field, { kind: Kind }>, "kind">;

/** A string. */
export function text(limits: Limits<"text"> = {}): Field {
  return { kind: "text", ...limits };
}

/** A number; `whole()` for one without a fraction. */
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

/** An object with names of the user's own. */
export function map(of: Field): Field {
  return { kind: "map", of };
}

/** An object with these fields and no others. */
export function object(fields: Fields, required: readonly string[] = []): Field {
  return { kind: "object", fields, required };
}

export const boolean: Field = { kind: "boolean" };
export const onlyTrue: Field = { kind: "true" };
export const any: Field = { kind: "any" };
export const expression: Field = { kind: "expression" };
export const timestamp: Field = { kind: "timestamp" };
export const template: Field = { kind: "template" };
/** A path for InputPath and OutputPath, where `null` stands for an empty object. */
export const path: Field = { kind: "path", use: "filter" };
/** A path to one single place. */
export const referencePath: Field = { kind: "path", use: "reference" };
/** A reference path for ResultPath, where `null` drops the result. */
export const resultPath: Field = { kind: "path", use: "result" };
