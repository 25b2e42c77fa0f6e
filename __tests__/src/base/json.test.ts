import { asObject, formatJson, isObject, mapStrings, objectsOf } from "../../../src/base/json";

test("an object is neither a list nor null", () => {
  expect([{}, [], null, "a", undefined].map(isObject)).toEqual([true, false, false, false, false]);
  expect([{ a: 1 }, [], null, undefined].map(asObject)).toEqual([{ a: 1 }, {}, {}, {}]);
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
