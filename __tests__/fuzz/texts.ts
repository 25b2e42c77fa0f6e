/** Generates texts and JSON values that break unprepared programs. */
import fc from "fast-check";
import type { Json } from "../../src/base/json";

/** Marks text of a generated case, so that the outputs can be searched for it. */
export const CANARY = "zqx";

// biome-ignore format: a list
const SPECIAL = [
  "__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "__defineGetter__", "length", "then",
  "", " ", "a/b", "~0~1", "a.b", "$", "$.a", "$$", "null", "undefined", "NaN", "-1", "0", "é", "日本", "👩‍👩‍👧", "${Unknown}", "%{if}", "{% 1 %}", "..", "../..", "CON",
];

/** Texts that a terminal, a browser, a spreadsheet or a Markdown renderer interprets. */
// biome-ignore format: a list
const HOSTILE = [
  "\u0000", "\u0007", "\b", "\t", "\n", "\r", "\r\n", "\u001b[31m", "\u001b[2J", "\u001b]0;title\u0007", "\u001b]8;;http://a.b\u001b\\", "\u007f", "\u0085", "\u009b31m", "\u009d0;x\u009c",
  "\u200e", "\u200f", "\u061c", "\u202e", "\u202d", "\u2066", "\u2069", "\u2028", "\u2029", "\u200b", "\ufeff", "\ud800", "\udc00", "\ufffe", "\u3164", "\u{e0041}",
  "<script>", "</script>", "<!--", "-->", "]]>", "<img src=x onerror=alert(1)>", "</svg>", "&lt;", "&#0;", "\"", "'", "`", "```", "````\n", "~~~", "|", "\\", "</details>", "](javascript:a)", "![", "**", "@everyone", "#1",
  "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\";", "\"]", "end\n", "%%{init}%%", "click", "}", "{", "[", "{{", "style x fill:red",
];

/** Short texts of all kinds. Most of them are plain. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/) },
  { weight: 2, arbitrary: fc.constantFrom(...SPECIAL) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(...HOSTILE, CANARY, "x"), { minLength: 1, maxLength: 5 })
      .map((parts) => `${parts.join("")}${CANARY}`),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 400 }).map((length) => "y".repeat(length)) },
);

/** Only hostile texts. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...HOSTILE, "x", " "), { minLength: 1, maxLength: 6 })
  .map((parts) => `${CANARY}${parts.join("")}${CANARY}`);

const NUMBERS = [0, 1, -1, 2.5, 1e-7, 1e21, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324, 255, 256, 3600, 99_999_999];

/** Small JSON values of all types. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true, maxDepth: 3 },
    fc.constantFrom<Json>(null, true, false, {}, []),
    fc.constantFrom(...NUMBERS),
    text,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(text, tie("value")), { maxLength: 3 }).map((entries) => objectOf(entries)),
  ),
})).value;

/** Builds an object as JSON.parse does: `__proto__` is a key like any other. */
export function objectOf(entries: readonly (readonly [string, Json])[]): { [key: string]: Json } {
  const made: { [key: string]: Json } = {};
  for (const [key, value] of entries) put(made, key, value);
  return made;
}

/** Sets a member with any name. */
export function put(holder: object, key: string, value: Json): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}
