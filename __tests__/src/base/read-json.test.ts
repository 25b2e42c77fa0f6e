import * as fc from "fast-check";
import { ExactNumber } from "../../../src/base/exact-number";
import { depthOf, type Json, stringifyJson } from "../../../src/base/json";
import { MAX_DEPTH } from "../../../src/base/nesting";
import { describeMistake, parseJson, parseMachineJson, readJson } from "../../../src/base/read-json";

function nested(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}

function mistakes(text: string): string[] {
  const read = readJson(text);
  return "mistakes" in read ? read.mistakes.map(describeMistake) : [];
}

test("reads all that JSON.stringify writes, with or without a byte order mark", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value, null, 2);
      expect(parseJson(text)).toEqual(JSON.parse(text));
      expect(parseJson(`\uFEFF${text}`)).toEqual(JSON.parse(text));
    }),
  );
});

test.each([
  ['{\n  // the input\n  "a": 1\n}', "line 2, column 3: JSON has no comments; remove the comment"],
  ['{"a": 1 /* one */}', "line 1, column 9: JSON has no comments; remove the comment"],
  ["# yaml", "line 1, column 1: JSON has no comments; remove the comment"],
  ['{"a": 1,}', "line 1, column 8: expected no comma after the last item, got: ,; remove the comma"],
  ["[1,\n2,\n]", "line 2, column 2: expected no comma after the last item, got: ,; remove the comma"],
  ["{'a': 1}", "line 1, column 2: ' is not JSON; write \" instead"],
  ["{a: 1}", "line 1, column 2: a is not JSON; put names and strings in double quotes"],
  ["['a']", "line 1, column 2: ' is not JSON; write \" instead"],
  ["[True]", "line 1, column 2: True is not JSON; write true"],
  ["[NaN]", "line 1, column 2: NaN is not JSON; write null or a string"],
  [
    '{"a": 1, "b": 2, "a": 3}',
    'line 1, column 18: "a" occurs twice in the same object; only the second one would count; rename or remove one of the two',
  ],
  [
    nested(MAX_DEPTH + 1),
    "line 1, column 201: objects and lists are nested more than 200 levels deep; nest less deeply",
  ],
])("tells the place of a mistake and what to do: %j", (text, message) => {
  expect(mistakes(text)).toEqual([message]);
});

test("the deepest nesting that is read is 200 levels", () => {
  expect(depthOf(parseJson(nested(MAX_DEPTH)))).toBe(MAX_DEPTH);
  expect(() => parseMachineJson(nested(MAX_DEPTH + 1))).toThrow("nested more than 200 levels deep");
});

test("refuses a hundred thousand brackets without an overflow", () => {
  expect(mistakes(nested(100_000))).toHaveLength(1);
  expect(() => parseMachineJson(nested(100_000))).toThrow("nested more than 200 levels deep");
});

test("reports the first twenty of many duplicate keys", () => {
  expect(mistakes(`{${Array(1000).fill('"a": 1').join(",\n")}}`)).toHaveLength(20);
});

test("keys that every object has from its prototype are keys like others", () => {
  const text = '{"__proto__": {"a": 1}, "constructor": 2, "toString": 3}';
  const value = parseJson(text) as Record<string, Json>;
  expect(Object.keys(value)).toEqual(["__proto__", "constructor", "toString"]);
  expect(mistakes('{"constructor": 1, "__proto__": 2}')).toEqual([]);
});

const NUMBERS = ["20261128093015123456", "9007199254740993", "1e400", "1.0", "1.10", "1E2", "-0", "9".repeat(10_000)];

test.each(NUMBERS)("a number keeps its digits: %.30s", (number) => {
  const text = `{"a": [ ${number},${number}, ${number} ], "b":${number}, "": {"c": ${number}}}`;
  const exact = new ExactNumber(number);
  expect(parseJson(text)).toEqual({ a: [exact, exact, exact], b: exact, "": { c: exact } });
  expect(parseMachineJson(text)).toEqual(parseJson(text));
  expect(parseJson(number)).toEqual(exact);
  expect(parseJson(`\uFEFF ${number}\n`)).toEqual(exact);
});

test("only what a JavaScript number cannot give back is an exact number", () => {
  expect(parseJson("[1, 0, 0.25, 1.0, -1.5e-7]")).toEqual([1, 0, 0.25, new ExactNumber("1.0"), -1.5e-7]);
});

test("a text that looks like a number stays a text", () => {
  const text = String.raw`{"1.0": "1.0", "a": "\", 1.0, \"1e400", "b": [" 1.0 ", ":1.0,"], "__proto__": 1.0, "7": "2.0"}`;
  expect(stringifyJson(parseJson(text))).toBe(
    String.raw`{"7":"2.0","1.0":"1.0","a":"\", 1.0, \"1e400","b":[" 1.0 ",":1.0,"],"__proto__":1.0}`,
  );
});

test("any number is written as it was read", () => {
  const number = fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,30})?([eE][+-]?\d{1,3})?$/);
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      number,
      fc.string().map((text) => JSON.stringify(text)),
      tie("list"),
    ),
    list: fc.array(tie("any") as fc.Arbitrary<string>, { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
  })).any as fc.Arbitrary<string>;
  fc.assert(fc.property(value, (text) => expect(stringifyJson(parseJson(text))).toBe(text)));
});

test("takes exactly the texts that JSON.parse takes", () => {
  const pieces = [
    ...'{}[],:"-0 \n\u00a0',
    '"a"',
    '"b',
    "1.",
    ".5",
    "E+1",
    "true",
    "tru",
    "\\u12",
    "\\n",
    "//",
    "\u0001",
    '{"a":',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 9 }), (parts) => {
      const text = parts.join("");
      const read = readJson(text);
      const isJson = "value" in read || read.mistakes.every(({ kind }) => kind === "duplicate-key");
      expect(isJson).toBe(parses(text));
    }),
    { numRuns: 500 },
  );
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
