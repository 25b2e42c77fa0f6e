/**
 * Values that are too large to generate. A case contains a short marker instead, and `expand` replaces it.
 * So a case stays small enough to print, and a smaller size is a simpler case.
 */
import fc from "fast-check";

/** The text that replaces the quoted marker in a JSON text, by kind. */
const KINDS: Readonly<Record<string, (size: number) => string>> = {
  "deep-list": (size) => "[".repeat(size) + "]".repeat(size),
  "deep-object": (size) => `${'{"a":'.repeat(size)}1${"}".repeat(size)}`,
  "open-list": (size) => "[".repeat(size),
  "long-list": (size) => `[${Array.from({ length: size }, (_, index) => index).join(",")}]`,
  "long-text-list": (size) => `[${Array.from({ length: size }, (_, index) => `"item ${index}"`).join(",")}]`,
  "many-keys": (size) => `{${Array.from({ length: size }, (_, index) => `"key${index}":${index}`).join(",")}}`,
  "long-text": (size) => `"${"z".repeat(size)}"`,
  "many-lines": (size) => `"${"z\\n".repeat(size)}"`,
  "long-number": (size) => "9".repeat(size),
  "call-path": (size) => `"${"States.Array(".repeat(size)}1${")".repeat(size)}"`,
  "open-call": (size) => `"${"States.Array(".repeat(size)}"`,
  "filter-path": (size) => `"$.a[?(${"(".repeat(size)}@.b == 1${")".repeat(size)})]"`,
  "long-path": (size) => `"$${".a".repeat(size)}"`,
  "bracket-path": (size) => `"$${"[0]".repeat(size)}"`,
  "wide-path": (size) => `"$[${"0,".repeat(size)}0]"`,
  "descent-path": (size) => `"$${"..a".repeat(size)}"`,
  "stars-path": (size) => `"$${"[*]".repeat(Math.min(size, 2000))}"`,
  "jsonata-brackets": (size) => `"{% ${"(".repeat(size)}1${")".repeat(size)} %}"`,
  "jsonata-sum": (size) => `"{% 1${"+1".repeat(size)} %}"`,
  "format-braces": (size) => `"States.Format('${"{}".repeat(size)}', 1)"`,
  "matches-stars": (size) => `"${"*a".repeat(size)}"`,
  "not-rule": (size) => `${'{"Not":'.repeat(size)}{"Variable":"$.a","IsPresent":true}${"}".repeat(size)}`,
  "nested-parallel": (size) => {
    const before = Array.from(
      { length: size },
      (_, index) => `{"Type":"Parallel","End":true,"Branches":[{"StartAt":"deep${index}","States":{"deep${index}":`,
    ).join("");
    return `${before}{"Type":"Succeed"}${"}}]}".repeat(size)}`;
  },
  "nested-map": (size) => {
    const before = Array.from(
      { length: size },
      (_, index) => `{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"each${index}","States":{"each${index}":`,
    ).join("");
    return `${before}{"Type":"Succeed"}${"}}}".repeat(size)}`;
  },
  "chain-document": (size) => {
    const states = Array.from({ length: size }, (_, index) => `"s${index}":{"Type":"Pass","Next":"s${index + 1}"}`);
    return `{"StartAt":"s0","States":{${[...states, `"s${size}":{"Type":"Succeed"}`].join(",")}}}`;
  },
  "dense-document": (size) => {
    const count = Math.min(size, 120);
    const names = Array.from({ length: count }, (_, index) => `d${index}`);
    const states = names.map((name) => {
      const choices = names
        .filter((other) => other !== name)
        .map((other) => `{"Variable":"$.a","IsPresent":true,"Next":"${other}"}`);
      return `"${name}":{"Type":"Choice","Choices":[${choices.join(",")}],"Default":"last"}`;
    });
    return `{"StartAt":"d0","States":{${[...states, '"last":{"Type":"Succeed"}'].join(",")}}}`;
  },
  "ref-schema": (size) => {
    const steps = Array.from({ length: size }, (_, index) => `"d${index}":{"$ref":"#/$defs/d${index + 1}"}`);
    return `{"$ref":"#/$defs/d0","$defs":{${[...steps, `"d${size}":{"type":"object"}`].join(",")}}}`;
  },
  "all-of-schema": (size) => `${'{"allOf":['.repeat(size)}{"type":"object"}${"]}".repeat(size)}`,
  "wide-any-schema": (size) =>
    `{"anyOf":[${Array.from({ length: size }, (_, index) => `{"const":${index}}`).join(",")}]}`,
  "enum-schema": (size) => `{"enum":[${Array.from({ length: size }, (_, index) => `"value ${index}"`).join(",")}]}`,
  "slow-pattern-text": (size) => `"${"a".repeat(size)}!"`,
};

/** Numbers with digits that JavaScript would change. */
const NUMBERS = ["1e400", "-1e400", "9007199254740993", "20261128093015123456", "1.0", "-0", "1E+2", "1e-400", "0.1e1"];

const SIZES = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 60 }) },
  { weight: 10, arbitrary: fc.integer({ min: 100, max: 5000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 5000, max: 100_000 }) },
);

/** A marker of one of these kinds, or of any kind. */
export function giant(...kinds: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(SIZES, fc.constantFrom(...(kinds.length > 0 ? kinds : Object.keys(KINDS))))
    .map(([size, kind]) => `@giant ${kind} ${size}@`);
}

/** A marker of a number with digits that JavaScript would change. */
export const rawNumber: fc.Arbitrary<string> = fc.constantFrom(...NUMBERS).map((digits) => `@number ${digits}@`);

/** Returns the text of a JSON value with its markers replaced. */
export function expand(value: unknown, indent?: number): string {
  return (JSON.stringify(value, null, indent) ?? "null")
    .replaceAll(
      /"@giant ([a-z-]+) (\d+)@"/g,
      (whole, kind: string, size: string) => KINDS[kind]?.(Number(size)) ?? whole,
    )
    .replaceAll(/"@number ([^@"]+)@"/g, "$1");
}
