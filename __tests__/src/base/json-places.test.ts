import { linesOf, placesIn } from "../../../src/base/json-places";

const TEXT = '{\n  "a": [1, {"b": 2}],\n  "a/b~c": {\r\n    "": null}}';

test.each([
  ["", 1, 1],
  ["/a", 2, 3],
  ["/a/0", 2, 9],
  ["/a/1", 2, 12],
  ["/a/1/b", 2, 13],
  ["/a~1b~0c", 3, 3],
  ["/a~1b~0c/", 4, 5],
])("%j is in line %i, column %i", (pointer, line, column) => {
  expect(placesIn(TEXT)(pointer)).toEqual({ line, column });
});

test.each([
  ["/x", 1, 1],
  ["/a/1/c/d", 2, 12],
  ["/a/7", 2, 3],
  ["/a/b", 2, 3],
  ["/a/0/b", 2, 9],
])("%j is missing, and has the place of its object or list", (pointer, line, column) => {
  expect(placesIn(TEXT)(pointer)).toEqual({ line, column });
});

test("a byte order mark is no column", () => {
  expect(placesIn('\uFEFF{"a": 1}')("/a")).toEqual({ line: 1, column: 2 });
});

test("a line has a place at its end, too", () => {
  expect([0, 1, 2, 3].map(linesOf("a\n\nb"))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 2 },
    { line: 2, column: 1 },
    { line: 3, column: 1 },
  ]);
});

test.each(['{"a":', "["])("in a text that nests %s too deeply, every pointer has the place of the start", (open) => {
  expect(placesIn(open.repeat(100_000))("/a/a")).toEqual({ line: 1, column: 1 });
});
