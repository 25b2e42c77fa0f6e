/** The kinds of values that settings have. */
import { asObject, isObject, type JsonObject } from "../base/json";
import { suggest } from "../base/suggest";
import { quote } from "../base/text";

/** A kind of value: the rule, and the function that applies it. */
export interface Kind<T> {
  /** Completes "must be …". */
  readonly rule: string;
  /** The JSON Schema of the values, as far as it can tell good ones from bad ones. Editors use it. */
  readonly schema: JsonObject;
  /** Returns the value that `given` stands for. Returns `undefined` if it breaks the rule. */
  readonly read: (given: unknown) => T | undefined;
  /** Converts the text of an environment variable to a JSON value. Text that cannot be converted stays text. */
  readonly fromText?: (text: string) => unknown;
  /** Describes what is wrong inside a value that breaks the rule. Without it, or if it is empty, the message shows the rule. */
  readonly mistakes?: (given: unknown) => readonly Mistake[];
}

/** A mistake inside a value. */
export interface Mistake {
  /** The names and positions that lead to it, such as `[0, "Effect"]`. */
  readonly path: readonly (string | number)[];
  /** The rest of the sentence that begins with the path, such as `must be "Allow" or "Deny", got: 1`. */
  readonly message: string;
  /** @default to change it where the setting is set */
  readonly fix?: string;
}

/** Text that matches a pattern. */
export function text(pattern: RegExp, rule: string): Kind<string> {
  return kind(rule, textSchema(pattern), (given) => typeof given === "string" && pattern.test(given));
}

/** One of some words. */
export function oneOf<const T extends string>(...words: readonly T[]): Kind<T> {
  return kind(`one of ${words.join(", ")}`, { enum: [...words] }, (given) => words.some((word) => word === given));
}

/** One of some words, or several different ones: a list, or one text in which commas separate them. */
export function someOf<const T extends string>(most: number, ...words: readonly T[]): Kind<readonly T[]> {
  return {
    rule: `one of ${words.join(", ")}, or a list of at most ${most} different ones`,
    schema: {
      anyOf: [
        { enum: [...words] },
        { type: "array", items: { enum: [...words] }, minItems: 1, maxItems: most, uniqueItems: true },
      ],
    },
    read: (given) => {
      const all = (typeof given === "string" ? split(given) : [given].flat()) as T[];
      const isGood = all.every((one) => words.includes(one)) && new Set(all).size === all.length;
      return isGood && all.length > 0 && all.length <= most ? all : undefined;
    },
  };
}

/** A switch: `true` or `false`. */
export const SWITCH: Kind<boolean> = {
  ...kind<boolean>("true or false", { type: "boolean" }, (given) => typeof given === "boolean"),
  fromText: (given) => (given === "true" ? true : given === "false" ? false : given),
};

/** A whole number in a range. `rule` describes a narrower set than the range, with `isAllowed`. */
export function integer(
  least: number,
  most: number,
  rule = `a whole number from ${least} to ${most}`,
  isAllowed: (value: number) => boolean = () => true,
): Kind<number> {
  return {
    ...kind<number>(
      rule,
      { type: "integer", minimum: least, maximum: most },
      (given) => isIntegerFrom(least, given) && given <= most && isAllowed(given),
    ),
    fromText: (given) => (/^\d+$/.test(given) ? Number(given) : given),
  };
}

/** A whole number without an upper limit. */
export function integerFrom(least: number, example: number): Kind<number> {
  return kind(`a whole number of at least ${least}, such as ${example}`, { type: "integer", minimum: least }, (given) =>
    isIntegerFrom(least, given),
  );
}

/** A number above 0. */
export const POSITIVE_NUMBER: Kind<number> = kind(
  "a number above 0, such as 0.25",
  { type: "number", exclusiveMinimum: 0 },
  (given) => Number.isFinite(given) && (given as number) > 0,
);

/** A list of strings that match a pattern, or one text in which commas separate them. `one` completes "must be …" for an item. */
export function list(item: RegExp, rule: string, one: string): Kind<readonly string[]> {
  return {
    rule,
    schema: { anyOf: [{ type: "array", items: textSchema(item) }, { type: "string" }] },
    read: (given) => {
      const all = typeof given === "string" ? split(given) : given;
      return isStrings(all) && all.every((entry) => item.test(entry)) ? all : undefined;
    },
    mistakes: (given) =>
      (Array.isArray(given) ? given : []).flatMap((entry: unknown, index): Mistake[] =>
        typeof entry === "string" && item.test(entry)
          ? []
          : [{ path: [index], message: `must be ${one}, got: ${quote(entry)}` }],
      ),
  };
}

/** A list of any strings. */
export const STRINGS: Kind<readonly string[]> = kind(
  "a list of strings",
  { type: "array", items: { type: "string" } },
  isStrings,
);

/** A command: a list of strings, the program first. */
export const COMMAND: Kind<readonly string[]> = kind(
  'a list of strings, the program first, such as ["/bin/sh", "image/echo.sh"]',
  { type: "array", items: { type: "string" }, minItems: 1 },
  (given) => isStrings(given) && given.length > 0,
);

/** An object whose values are strings. */
export const STRINGS_BY_NAME: Kind<Readonly<Record<string, string>>> = byName("an object of strings", {
  rule: "a string",
  schema: { type: "string" },
  read: (given) => (typeof given === "string" ? given : undefined),
});

/** The names of an object. */
interface NameRule {
  /** Completes "must have a name that is …". */
  readonly rule: string;
  readonly isGood: (name: string) => boolean;
}

/** An object whose names follow a rule, and whose values are of one kind. */
export function byName<T>(rule: string, value: Kind<T>, names?: NameRule): Kind<Readonly<Record<string, T>>> {
  const mistakes = (given: unknown) =>
    Object.entries(asObject(given)).flatMap(([name, member]): Mistake[] => [
      ...(names === undefined || names.isGood(name)
        ? []
        : [{ path: [name], message: `must have a name that is ${names.rule}` }]),
      ...mistakesOf(value, member, [name]),
    ]);
  return {
    rule,
    schema: { type: "object", additionalProperties: value.schema },
    read: (given) =>
      isObject(given) && mistakes(given).length === 0
        ? Object.fromEntries(Object.entries(given).map(([name, member]) => [name, value.read(member)!]))
        : undefined,
    mistakes,
  };
}

/** Returns the mistakes of a value, each with the path that leads to it from `path`. */
export function mistakesOf<T>(kind: Kind<T>, given: unknown, path: Mistake["path"] = []): readonly Mistake[] {
  if (kind.read(given) !== undefined) return [];
  const inside = kind.mistakes?.(given) ?? [];
  return inside.length === 0
    ? [{ path, message: `must be ${kind.rule}, got: ${quote(given)}` }]
    : inside.map((mistake) => ({ ...mistake, path: [...path, ...mistake.path] }));
}

/** A field of an object. Without a default, it is required. */
interface FieldKind<T> {
  readonly kind: Kind<T>;
  readonly default?: T;
}

/** An object with these fields and no others. */
export function fields<T>(rule: string, table: { readonly [K in keyof T]: FieldKind<T[K]> }): Kind<T> {
  const entries = Object.entries(table) as [string, FieldKind<unknown>][];
  const mistakes = (given: JsonObject): Mistake[] => [
    ...Object.keys(given).flatMap((name): Mistake[] => {
      if (Object.hasOwn(table, name)) return [];
      return [{ path: [name], message: "is not a field", fix: suggest(name, Object.keys(table), "fields") }];
    }),
    ...entries.flatMap(([name, field]): Mistake[] => {
      const value = given[name];
      if (value === undefined) return field.default === undefined ? [{ path: [name], message: "is missing" }] : [];
      return [...mistakesOf(field.kind, value, [name])];
    }),
  ];
  return {
    rule,
    schema: {
      type: "object",
      properties: Object.fromEntries(entries.map(([name, { kind }]) => [name, kind.schema])),
      required: entries.filter(([, field]) => field.default === undefined).map(([name]) => name),
      additionalProperties: false,
    },
    read: (given) =>
      isObject(given) && mistakes(given).length === 0
        ? (Object.fromEntries(
            entries.map(([name, field]) => [
              name,
              given[name] === undefined ? field.default : field.kind.read(given[name]),
            ]),
          ) as T)
        : undefined,
    mistakes: (given) => (isObject(given) ? mistakes(given) : []),
  };
}

/** A value that may also be `null`, which stands for no value. */
export function optional<T>(inner: Kind<T>): Kind<T | null> {
  return {
    ...inner,
    schema: { anyOf: [inner.schema, { type: "null" }] },
    read: (given) => (given === null ? null : inner.read(given)),
  };
}

/** Returns the JSON Schema of a text that matches a pattern. JSON Schema has no flags. */
export function textSchema(pattern: RegExp): JsonObject {
  return pattern.flags === "" ? { type: "string", pattern: pattern.source } : { type: "string" };
}

// --- internal ---

/** A kind whose values need no conversion. */
function kind<T>(rule: string, schema: JsonObject, isGood: (given: unknown) => boolean): Kind<T> {
  return { rule, schema, read: (given) => (isGood(given) ? (given as T) : undefined) };
}

function split(given: string): string[] {
  return given.split(",").map((entry) => entry.trim());
}

function isIntegerFrom(least: number, given: unknown): given is number {
  return Number.isSafeInteger(given) && (given as number) >= least;
}

function isStrings(given: unknown): given is string[] {
  return Array.isArray(given) && given.every((entry) => typeof entry === "string");
}
