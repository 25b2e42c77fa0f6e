import { ExactNumber } from "../../../src/base/exact-number";
import {
  asObject,
  depthOf,
  formatJson,
  isObject,
  type Json,
  mapStrings,
  objectsOf,
  plainNumbers,
  stringifyJson,
} from "../../../src/base/json";

test("an object is neither a list nor null", () => {
  expect([{}, [], null, "a", undefined].map(isObject)).toEqual([true, false, false, false, false]);
  expect([{ a: 1 }, [], null, undefined].map(asObject)).toEqual([{ a: 1 }, {}, {}, {}]);
});

test("an exact number is a value like a number", () => {
  const exact = new ExactNumber("1.0");
  expect(isObject(exact)).toBe(false);
  expect(depthOf([exact])).toBe(1);
  expect(mapStrings([exact, "a"], () => "b")).toEqual([exact, "b"]);
});

test("exact numbers are written as they were read, in the layout of JSON.stringify", () => {
  const layout = { a: [1, "é\u2028", null, true, {}, [], { b: [2] }], undefined, "": -1.5 };
  expect(stringifyJson(layout, 2)).toBe(JSON.stringify(layout, null, 2));
  for (const indent of [0, 2]) {
    const expected = JSON.stringify([layout, 7], null, indent).replace("7", "7.0");
    expect(stringifyJson([layout, new ExactNumber("7.0")], indent)).toBe(expected);
  }
});

test("a copy for readers that compute has plain numbers", () => {
  const value: Json = { a: [new ExactNumber("1.0"), new ExactNumber("1e400"), "1.0"], b: new ExactNumber("-0") };
  expect(plainNumbers(value)).toEqual({ a: [1, Number.MAX_VALUE, "1.0"], b: -0 });
});

test("any value but a list holds no objects", () => {
  expect([[{ a: 1 }, 2, [], null, {}], { a: 1 }, undefined].map(objectsOf)).toEqual([[{ a: 1 }, {}], [], []]);
});

test("all strings of a value are replaced, its keys are not", () => {
  const value = JSON.parse('{"a": ["a", 1, null, {"a": "b"}], "__proto__": "a"}');
  expect(JSON.stringify(mapStrings(value, (text) => `${text}!`))).toBe(
    '{"a":["a!",1,null,{"a":"b!"}],"__proto__":"a!"}',
  );
});

test("JSON that is printed holds nothing that a terminal would act on, and says the same", () => {
  const value = { "\u009b31m": ["\u001b[2J", "\u202e", "\u007f", "a\nb", "é"] };
  const text = formatJson(value);
  expect(text).toBe(
    '{\n  "\\u009b31m": [\n    "\\u001b[2J",\n    "\\u202e",\n    "\\u007f",\n    "a\\nb",\n    "é"\n  ]\n}\n',
  );
  expect(JSON.parse(text)).toEqual(value);
});
