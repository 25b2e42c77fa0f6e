import { all } from "../../../../../src/local/data/memory-store";
import { parseCsv, toItem } from "../../../../../src/local/interpreter/distributed/csv";

async function* piecesOf(text: string, length: number) {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

const rowsOf = (text: string, delimiter = ",", length = text.length || 1) =>
  all(parseCsv(piecesOf(text, length), delimiter));

test.each<[string, string, string[][]]>([
  [
    "fields without quotation marks",
    "a,b\nc,d\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  [
    "a last row without a newline",
    "a,b\nc,d",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  [
    "line ends of Windows",
    "a,b\r\nc,d\r\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  ["a carriage return inside a field", "a\rb,c", [["a\rb", "c"]]],
  ["empty lines, which are no rows", "a\n\n\r\n\nb\n", [["a"], ["b"]]],
  ["lines of blanks, which are rows", "a\n  \n", [["a"], ["  "]]],
  [
    "empty fields",
    ',,\n"",""\n',
    [
      ["", "", ""],
      ["", ""],
    ],
  ],
  ["delimiters and newlines in quotation marks", '"a,b","c\nd"\n', [["a,b", "c\nd"]]],
  ["doubled quotation marks", '"a ""b"" c","""d"""\n', [['a "b" c', '"d"']]],
  ["doubled quotation marks in a field without them", '{""a"":""b""},c\n', [['{"a":"b"}', "c"]]],
  ["a quotation mark inside a field", '5" pipe,x\n', [['5" pipe', "x"]]],
  ["backslashes before special characters", 'C:\\\\dir,a\\,b,\\"c\\"\n', [["C:\\dir", "a,b", '"c"']]],
  ["a backslash before another character, which disappears", "a\\b,\\n\n", [["ab", "n"]]],
  ["backslashes in quotation marks", '"a\\"b","c\\\\"\n', [['a"b', "c\\"]]],
  ["no text", "", []],
])("parses %s", async (_, text, rows) => {
  expect(await rowsOf(text)).toEqual(rows);
  expect(await rowsOf(text, ",", 1)).toEqual(rows);
});

test.each(["|", ";", " ", "\t"])("separates fields by %j", async (delimiter) => {
  expect(await rowsOf(`a,b${delimiter}c\n`, delimiter)).toEqual([["a,b", "c"]]);
});

test("gives a text to each header, and leaves out other fields", () => {
  expect(toItem(["one", "two"], ["1"])).toEqual({ one: "1", two: "" });
  expect(toItem(["one"], ["1", "2"])).toEqual({ one: "1" });
});

test("the example of AWS's documentation", async () => {
  const text =
    'abc,123,"This string contains commas, a double quotation marks (""), and a newline (\n)",{""MyKey"":""MyValue""},"[1,2,3]"\n';
  expect(await rowsOf(text)).toEqual([
    [
      "abc",
      "123",
      'This string contains commas, a double quotation marks ("), and a newline (\n)',
      '{"MyKey":"MyValue"}',
      "[1,2,3]",
    ],
  ]);
});
