import { numberOf } from "../../../src/base/exact-number";
import type { Json } from "../../../src/base/json";
import { matcherMistakes, mismatches } from "../../../src/testing/matchers";

/** Returns the differences, each as `place: expected -> actual`. */
const compare = (expected: Json, actual: Json | undefined) =>
  mismatches(expected, actual).map(({ place, ...shown }) => `${place}: ${shown.expected} -> ${shown.actual}`);

describe("equal", () => {
  test.each<[string, Json, Json]>([
    ["texts", "a", "a"],
    ["null", null, null],
    ["numbers that are written differently", 1, numberOf("1.0")],
    ["an object with more fields", { a: 1 }, { a: 1, b: 2 }],
    ["objects in another order", { a: 1, b: 2 }, { b: 2, a: 1 }],
    ["lists, with partial items", [{ a: 1 }], [{ a: 1, b: 2 }]],
    ["an empty object, and any object", {}, { a: 1 }],
    ["any value", { a: { $any: true } }, { a: null }],
    ["any value of a type", [{ $any: "number" }, { $any: "array" }], [numberOf("1e400"), []]],
    ["a part of a text", { $contains: "b" }, "abc"],
    ["an item of a list", { $contains: { id: 2 } }, [{ id: 1 }, { id: 2, more: true }]],
    ["a field that is not there", { a: { $absent: true } }, { b: 1 }],
    ["exactly equal objects", { $exact: { a: [1, { b: 2 }] } }, { a: [1, { b: 2 }] }],
    ["a matcher as a value", { $exact: { $any: true } }, { $any: true }],
    ["an object with several fields that start with $", { $ref: 1, $id: 2 }, { $ref: 1, $id: 2 }],
  ])("%s", (_, expected, actual) => {
    expect(compare(expected, actual)).toEqual([]);
  });
});

describe("different", () => {
  test.each<[string, Json, Json | undefined, string[]]>([
    ["types", 1, "1", [': 1 -> "1"']],
    ["digits", 1, numberOf("1.0000000000000000001"), [": 1 -> 1.0000000000000000001"]],
    ["a missing field", { a: { b: 1 } }, { a: {} }, [".a.b: 1 -> nothing"]],
    ["null and nothing", { a: null }, {}, [".a: null -> nothing"]],
    ["an odd name", { "a b": 1 }, { "a b": 2 }, ['["a b"]: 1 -> 2']],
    ["a name of every object", { constructor: 1 }, {}, [".constructor: 1 -> nothing"]],
    ["a list and an object", [], {}, [": [] -> {}"]],
    ["lists of different lengths", [1], [1, 2, 3], ["[1]: nothing -> 2", "[2]: nothing -> 3"]],
    ["a longer list", [1, 2], [1], ["[1]: 2 -> nothing"]],
    ["every place", { a: 1, b: [2, 3] }, { a: 0, b: [0, 3] }, [".a: 1 -> 0", ".b[0]: 2 -> 0"]],
    ["another type than any of one", { $any: "string" }, 1, [": any string -> 1"]],
    ["nothing, where any value is expected", { a: { $any: true } }, {}, [".a: any value -> nothing"]],
    ["a text without the part", { $contains: "x" }, "abc", [': contains "x" -> "abc"']],
    ["a list without the item", { $contains: 3 }, [1, 2], [": contains 3 -> [1,2]"]],
    ["a field that is there", { a: { $absent: true } }, { a: null }, [".a: nothing -> null"]],
    ["more fields than exactly expected", { $exact: { a: { b: 1 } } }, { a: { b: 1, c: 2 } }, [".a.c: nothing -> 2"]],
    ["texts that look alike: a no-break space", "a b", "a\u00a0b", [': "a b" -> "a\\u00a0b"']],
    ["texts that look alike: nothing is visible", "ab", "a\u200bb", [': "ab" -> "a\\u200bb"']],
    ["texts that look alike: an accent of its own", "\u00e9", "e\u0301", [': "\\u00e9" -> "e\\u0301"']],
    ["texts that do not look alike", "日本", "日木", [': "日本" -> "日木"']],
    ["fewer fields than exactly expected", { $exact: { a: 1, b: [2] } }, { a: 1 }, [".b: [2] -> nothing"]],
  ])("%s", (_, expected, actual, differences) => {
    expect(compare(expected, actual)).toEqual(differences);
  });
});

test.each<[string, Json, string[]]>([
  ["an unknown matcher", { a: [{ $conains: 1 }] }, ['/a/0/$conains: "$conains" is not a matcher']],
  [
    "a wrong type",
    { $any: "text" },
    ['/$any: $any must be true, or one of the types string, number, boolean, object, array, null, got: "text"'],
  ],
  ["$absent: false", { a: { $absent: false } }, ["/a/$absent: $absent must be true, got: false"]],
  ["anything inside $exact", { $exact: { $conains: 1, $any: 1, b: 2 } }, []],
  ["a matcher beside a field", { a: { $any: true, b: 1 } }, ["/a/$any: $any must be the only field of its object"]],
  [
    "a matcher inside another one",
    { $contains: { a: { $nothing: 1 } } },
    ['/$contains/a/$nothing: "$nothing" is not a matcher'],
  ],
])("mistake: %s", (_, expected, mistakes) => {
  expect([...matcherMistakes(expected, "")].map(({ pointer, message }) => `${pointer}: ${message}`)).toEqual(mistakes);
});
