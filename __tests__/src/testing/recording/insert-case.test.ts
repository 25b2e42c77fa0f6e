import { readJson } from "../../../../src/base/read-json";
import { insertCase, lineOfCase } from "../../../../src/testing/recording/insert-case";

const CASE = { name: "new", input: { list: [1, 2] }, expect: { path: ["one", "two"] } };

test.each<[string, string, string]>([
  [
    "at the end, indented as the text is",
    '{\n    "cases": [\n        { "name":   "old" }\n    ], "Comment": "kept  as it is"\n}\n',
    '{\n    "cases": [\n        { "name":   "old" },\n        {\n            "name": "new",\n            "input": { "list": [1, 2] },\n            "expect": { "path": ["one", "two"] }\n        }\n    ], "Comment": "kept  as it is"\n}\n',
  ],
  [
    "in place of the one with its name",
    '{\n\t"cases": [\n\t\t{ "name": "new", "input": 1 },\n\t\t{ "name": "other" }\n\t]\n}',
    '{\n\t"cases": [\n\t\t{\n\t\t\t"name": "new",\n\t\t\t"input": { "list": [1, 2] },\n\t\t\t"expect": { "path": ["one", "two"] }\n\t\t},\n\t\t{ "name": "other" }\n\t]\n}',
  ],
  [
    "into an empty list",
    '{\n  "cases": []\n}\n',
    '{\n  "cases": [\n    {\n      "name": "new",\n      "input": { "list": [1, 2] },\n      "expect": { "path": ["one", "two"] }\n    }\n  ]\n}\n',
  ],
  [
    "into a file with a byte order mark and line ends of Windows",
    '\uFEFF{\r\n  "cases": [\r\n    { "name": "old" }\r\n  ]\r\n}',
    '\uFEFF{\r\n  "cases": [\r\n    { "name": "old" },\r\n    {\r\n      "name": "new",\r\n      "input": { "list": [1, 2] },\r\n      "expect": { "path": ["one", "two"] }\r\n    }\r\n  ]\r\n}',
  ],
])("writes a case %s", (_, before, after) => {
  expect(insertCase(before, CASE)).toBe(after);
});

test("numbers keep their digits, and long values have a line each", () => {
  const read = readJson(
    `{ "name": "exact", "number": 12345678901234567890.10, "long": ["${"a".repeat(99)}", {}, []] }`,
  );
  const one = "value" in read ? (read.value as never) : expect(read).toHaveProperty("value");
  expect(insertCase('{"cases": []}', one as never)).toBe(
    `{"cases": [\n  {\n    "name": "exact",\n    "number": 12345678901234567890.10,\n    "long": [\n      "${"a".repeat(99)}",\n      {},\n      []\n    ]\n  }\n]}`,
  );
});

test("the line of a case is found by its name", () => {
  const text = '{\n  "cases": [\n    { "name": "a" },\n    { "name": "b" }\n  ]\n}';
  expect(["a", "b", "c"].map((name) => lineOfCase(text, name))).toEqual([3, 4, null]);
});
