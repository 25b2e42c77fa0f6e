/** Changes a JSON value and its text, as mistakes, merges and attackers do. */
import fc from "fast-check";
import type { Json } from "../../src/base/json";
import { giant, rawNumber } from "./giants";
import { json, objectOf, put, text } from "./texts";

/** One change of a value. A number chooses the place. */
export interface Mutation {
  readonly at: number;
  readonly kind: "remove" | "replace" | "rename" | "misspell" | "add" | "duplicate" | "swap" | "retype" | "wrap";
  readonly key: string;
  readonly fresh: Json;
}

/** Changes that also use the `keys` and `values` of a grammar. */
export function mutations(keys: readonly string[], values: readonly Json[], maxLength = 3): fc.Arbitrary<Mutation[]> {
  const fresh = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...values) },
    { weight: 3, arbitrary: json },
    { weight: 1, arbitrary: rawNumber as fc.Arbitrary<Json> },
    { weight: 1, arbitrary: giant() as fc.Arbitrary<Json> },
  );
  return fc.array(
    fc.record<Mutation>({
      at: fc.nat(100_000),
      kind: fc.constantFrom(
        ...(["remove", "replace", "rename", "misspell", "add", "duplicate", "swap", "retype", "wrap"] as const),
      ),
      key: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...keys) }, { weight: 1, arbitrary: text }),
      fresh,
    }),
    { maxLength },
  );
}

/** Returns a changed copy of the value. */
export function mutate(value: Json, changes: readonly Mutation[]): Json {
  const holder = objectOf([["root", structuredClone(value)]]);
  for (const change of changes) apply(holder, change);
  return holder.root ?? null;
}

/** One change of a text. */
export interface TextEdit {
  readonly at: number;
  readonly kind: "cut" | "insert" | "delete" | "repeat" | "bom" | "byte";
  readonly piece: string;
}

// biome-ignore format: a list
const PIECES = [
  ",", ",,", "// comment\n", "/* c */", "#", "'", "\"", "\\", "\\u00", "\\x", "{", "}", "[", "]", ":", "NaN", "Infinity", "undefined", "+1", "01", ".5", "0x10", "1_000", "tru",
  "\u0000", "\u001b[31m", "\u202e", "\ufeff", "\ud800", "\t", "\r", "\u2028", "\u00a0", "…", "\"__proto__\":1,", "\"Type\":\"Pass\",", "\"a\":1,\"a\":2,",
];

/** Mostly no change, so that most texts can be parsed. */
export const textEdits: fc.Arbitrary<TextEdit[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<TextEdit[]>([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record<TextEdit>({
        at: fc.nat(100_000),
        kind: fc.constantFrom("cut", "insert", "delete", "repeat", "bom", "byte"),
        piece: fc.constantFrom(...PIECES),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  },
);

/** Returns the changed bytes of a text. An inserted byte may break its UTF-8. */
export function editText(original: string, edits: readonly TextEdit[]): Buffer {
  let bytes = Buffer.from(original);
  for (const { at, kind, piece } of edits) {
    const place = bytes.length === 0 ? 0 : at % bytes.length;
    const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
    if (kind === "cut") bytes = Buffer.from(before);
    else if (kind === "insert") bytes = Buffer.concat([before, Buffer.from(piece), after]);
    else if (kind === "delete") bytes = Buffer.concat([before, after.subarray(1)]);
    else if (kind === "repeat") bytes = Buffer.concat([before, after.subarray(0, 20), after]);
    else if (kind === "bom") bytes = Buffer.concat([Buffer.from("\ufeff"), bytes]);
    else bytes = Buffer.concat([before, Buffer.from([0x80 + (at % 128)]), after]);
  }
  return bytes;
}

// --- internal ---

type Holder = Record<string, Json>;

/** The place of a value. */
interface Place {
  readonly holder: Holder;
  readonly name: string;
}

function apply(root: Holder, { at, kind, key, fresh }: Mutation): void {
  const all = [...places(root)];
  const { holder, name } = all[at % all.length]!;
  const old = holder[name]!;
  const set = (value: Json) => put(holder, name, value);
  const isList = Array.isArray(holder);
  if (kind === "replace") set(structuredClone(fresh));
  else if (kind === "wrap") set(at % 2 === 0 ? [old] : objectOf([[key, old]]));
  else if (kind === "retype") set(retyped(old));
  else if (kind === "add" && Array.isArray(old)) old.push(structuredClone(fresh));
  else if (kind === "add" && old !== null && typeof old === "object") put(old, key, structuredClone(fresh));
  else if (kind === "duplicate" && isList) (holder as unknown as Json[]).push(structuredClone(old));
  else if (kind === "duplicate") put(holder, key, structuredClone(old));
  else if (kind === "swap") swap({ holder, name }, all[(at * 7 + 3) % all.length]!);
  else if (isList) (holder as unknown as Json[]).splice(Number(name), 1);
  else if (holder !== root) {
    delete holder[name];
    if (kind === "rename") put(holder, key, old);
    if (kind === "misspell") put(holder, misspelt(name, at), old);
  }
}

/** Swaps two values, unless one contains the other. */
function swap(one: Place, other: Place): void {
  const [first, second] = [one.holder[one.name]!, other.holder[other.name]!];
  if (contains(first, other.holder) || contains(second, one.holder)) return;
  put(other.holder, other.name, first);
  put(one.holder, one.name, second);
}

function retyped(value: Json): Json {
  if (typeof value === "string") return Number.isNaN(Number(value)) ? [value] : Number(value);
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return String(value);
  if (value === null) return {};
  return Array.isArray(value) ? objectOf(value.map((item, index) => [String(index), item])) : Object.values(value);
}

function misspelt(name: string, at: number): string {
  if (name.length < 2) return `${name}x`;
  const place = at % (name.length - 1);
  const [one, other] = [name[place]!, name[place + 1]!];
  const ways = [
    name.slice(0, place) + name.slice(place + 1),
    name.slice(0, place) + other + one + name.slice(place + 2),
    name[0] === name[0]!.toUpperCase() ? name[0]!.toLowerCase() + name.slice(1) : name.toUpperCase(),
    `${name}s`,
  ];
  return ways[at % ways.length]!;
}

function contains(value: Json, holder: object): boolean {
  if (value === null || typeof value !== "object") return false;
  return value === holder || Object.values(value).some((inner) => contains(inner, holder));
}

function* places(holder: Holder): Generator<Place, void, undefined> {
  for (const [name, inner] of Object.entries(holder)) {
    yield { holder, name };
    if (inner !== null && typeof inner === "object") yield* places(inner as Holder);
  }
}
